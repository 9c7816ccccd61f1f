package remember

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestGet(t *testing.T) {
	var v Values[int, int]
	var made atomic.Int32
	create := func() (int, error) { return int(made.Add(1)), nil }
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			if got, err := v.Get(1, 2, create); got != 1 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
	group.Wait()
	for i, c := range []struct{ key, want int }{{2, 2}, {1, 1}, {3, 3}, {1, 4}} { // the third finds no room: all is forgotten
		if got, _ := v.Get(c.key, 2, create); got != c.want {
			t.Errorf("%d: key %d is %d, want %d", i, c.key, got, c.want)
		}
	}
	v.Forget()
	if got, _ := v.Get(1, 2, create); got != 5 {
		t.Errorf("after Forget: %d", got)
	}
	wrong := errors.New("wrong")
	if _, err := v.Get(7, 9, func() (int, error) { return 0, wrong }); err != wrong {
		t.Errorf("the error is %v", err)
	}
}
