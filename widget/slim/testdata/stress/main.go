// Command stress puts the collector, growing stacks, panics and recover to work, and says what it sees. It is built for
// the tests of package slim, which expect the same words from the module as built and as slimmed.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"weak"
)

func main() {
	debug.SetGCPercent(5)
	for _, part := range []struct {
		name string
		run  func() any
	}{
		{"allocate", allocate},
		{"deep", func() any { return deep(20_000, nil) }},
		{"on the stack", onStack},
		{"goroutines", goroutines},
		{"recover", recovers},
		{"defers", defers},
		{"nil wrapper", func() any { return caught(nilWrapper) }},
		{"bounds", func() any { return caught(bounds) }},
		{"makefunc", makeFunc},
		{"method value", methodValue},
		{"goexit", goexit},
		{"finalizer", finalizer},
	} {
		fmt.Println(part.name, part.run())
		runtime.GC()
	}
}

type node struct {
	left, right *node
	text        string
	numbers     []int
}

func grow(depth int) *node {
	if depth == 0 {
		return &node{text: strings.Repeat("x", 40)}
	}
	n := &node{left: grow(depth - 1), right: grow(depth - 1), numbers: make([]int, depth)}
	n.numbers[0] = len(n.left.text) + len(n.right.text)
	return n
}

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.count() + n.right.count()
}

func allocate() any {
	kept, total := grow(12), 0
	for range 60 {
		total += grow(8).count()
	}
	return []int{kept.count(), total}
}

// deep grows the stack with pointers into itself and collects at the bottom.
func deep(n int, above *node) int {
	here := node{left: above, numbers: []int{n}}
	if n == 0 {
		runtime.GC()
		return len(grow(6).numbers)
	}
	below := deep(n-1, &here)
	if here.numbers[0] != n || above != nil && above.numbers[0] != n+1 {
		panic("a frame has changed")
	}
	return below + 1
}

// onStack has heap objects that only a variable on the stack keeps, which only a pointer keeps.
func onStack() any {
	var holder node
	p := holder.fill()
	runtime.GC()
	other := grow(10)
	return []int{p.left.count(), other.count()}
}

//go:noinline
func (n *node) fill() *node {
	n.left = grow(8)
	return n
}

func goroutines() any {
	var wait sync.WaitGroup
	sums := make(chan int, 100)
	for i := range 100 {
		wait.Go(func() { sums <- deep(i*10, nil) + grow(3).count() })
	}
	wait.Wait()
	close(sums)
	total := 0
	for s := range sums {
		total += s
	}
	return []int{total, runtime.NumGoroutine()}
}

func caught(f func()) (text string) {
	defer func() {
		switch p := recover().(type) {
		case error:
			text = p.Error()
		default:
			text = fmt.Sprint(p)
		}
	}()
	f()
	return "no panic"
}

type inner struct{ text string }

func (i inner) Value() string      { return i.text }
func (i inner) Recover()           { recover() }
func (i *inner) RecoverByPointer() { recover() }

type outer struct{ inner }

// Through is inlined into the wrappers that promote it, which must not hide it: two functions down, recover is in vain.
func (i inner) Through() { helper() }

type recoverer interface {
	Recover()
	Through()
}

func helper()  { recover() }
func twoDown() { helper() }

// recovers tells which of the ways to call recover stop a panic.
func recovers() any {
	byInterface := recoverer(&outer{})
	ways := []struct {
		name string
		run  func()
	}{
		{"direct", func() { defer func() { recover() }(); panic(1) }},
		{"itself", func() { defer recover(); panic(2) }},
		{"function", func() { defer helper(); panic(3) }},
		{"two down", func() { defer twoDown(); panic(4) }},
		{"two down in a literal", func() { defer func() { twoDown() }(); panic(5) }},
		{"interface of a wrapper", func() { defer byInterface.Recover(); panic(6) }},
		{"inlined into a wrapper", func() { defer byInterface.Through(); panic(14) }},
		{"promoted", func() { defer outer{}.Recover(); panic(7) }},
		{"promoted by pointer", func() { o := outer{}; defer o.RecoverByPointer(); panic(8) }},
		{"method value", func() { f := outer{}.Recover; defer f(); panic(9) }},
		{"method expression", func() { f := (*outer).Recover; defer f(&outer{}); panic(10) }},
		{"reflected", func() { defer reflect.ValueOf(&outer{}).MethodByName("Recover").Call(nil); panic(11) }},
		{"again", func() { defer func() { recover() }(); defer func() { panic("b") }(); panic("a") }},
		{"nested", func() { defer func() { defer func() { recover() }() }(); panic(12) }},
		{"in a loop over a function", func() { defer inRange(); panic(13) }},
		{"runtime error", func() { defer helper(); var m map[string]int; m["x"] = 1 }},
	}
	var out []string
	for _, w := range ways {
		out = append(out, w.name+": "+caught(w.run))
	}
	return strings.Join(out, "; ")
}

func inRange() {
	for range func(yield func() bool) { yield() } {
		recover()
	}
}

func defers() any {
	var out []int
	func() {
		defer func() { out = append(out, recover().(int)) }()
		for i := range 5 {
			defer func() { out = append(out, i, grow(2).count()) }()
		}
		if len(out) == 0 {
			defer func() { out = append(out, 99) }()
		}
		panic(7)
	}()
	return out
}

func nilWrapper() {
	values := []interface{ Value() string }{outer{}, (*inner)(nil)}
	for _, v := range values {
		v.Value()
	}
}

func bounds() {
	s := make([]int, 3)
	fmt.Println(s[len(strings.Repeat("x", 5))])
}

func makeFunc() any {
	swap := func(in []reflect.Value) []reflect.Value {
		runtime.GC()
		return []reflect.Value{in[1], in[0]}
	}
	var f func(*node, string) (string, *node)
	reflect.ValueOf(&f).Elem().Set(reflect.MakeFunc(reflect.TypeOf(f), swap))
	text, n := f(grow(4), strings.Repeat("y", 3))
	return []any{text, n.count()}
}

func methodValue() any {
	v := reflect.ValueOf(&outer{inner{strings.Repeat("z", 3)}}).MethodByName("Value").Interface().(func() string)
	runtime.GC()
	return v()
}

func goexit() any {
	done := make(chan error)
	go func() {
		defer close(done)
		defer func() { done <- errors.Join(errors.New("goexit"), fmt.Errorf("%v", recover())) }()
		runtime.Goexit()
	}()
	return <-done
}

func finalizer() any {
	n := grow(3)
	w := weak.Make(n)
	done := make(chan bool)
	runtime.AddCleanup(n, func(c chan bool) { c <- true }, done)
	runtime.GC()
	return []any{<-done, w.Value() == nil}
}
