package strict

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

// compare finds keys given twice, keys the type does not have and values of the wrong kind. It gives the offsets of those
// that cannot be decoded.
func (d *Document) compare(t reflect.Type) (wrong []int) {
	bad := map[string]bool{} // below a wrong value everything is wrong; say it once
	seen := map[string]value{}
	for _, v := range d.values {
		if underBad(v.path, bad) {
			continue
		}
		found, misspelt := len(d.errs), false
		want, unknown := descend(t, v.path)
		first, twice := seen[v.key]
		seen[v.key] = v
		switch {
		case twice:
			bad[v.key] = true
			d.errs = append(d.errs, d.givenTwice(v, first))
		case unknown >= 0:
			bad[join(v.path[:unknown+1])] = true
			misspelt = d.unknownKey(v, t, unknown)
		case !accepts(want, v.kind):
			bad[v.key] = true
			d.errs = append(d.errs, d.wrongKind(v, want))
		}
		if len(d.errs) > found {
			d.doubtful = append(d.doubtful, v.key)
		}
		if len(d.errs) > found && !misspelt {
			wrong = append(wrong, v.keyAt)
		}
	}
	return wrong
}

func underBad(path []string, bad map[string]bool) bool {
	for i := range path {
		if bad[join(path[:i+1])] {
			return true
		}
	}
	return false
}

// descend follows a path through a type. It returns the type found, or the step that does not exist.
func descend(t reflect.Type, path []string) (found reflect.Type, unknown int) {
	for i, step := range path {
		switch {
		case isIndex(step) && t.Kind() == reflect.Slice:
			t = t.Elem()
		case t.Kind() == reflect.Map:
			t = t.Elem()
		case t.Kind() == reflect.Struct:
			f, ok := field(t, step)
			if !ok {
				return nil, i
			}
			t = f.Type
		default:
			return nil, i
		}
	}
	return t, -1
}

func field(t reflect.Type, name string) (reflect.StructField, bool) {
	for _, f := range fields(t) {
		if tag(f) == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

var knownFields sync.Map // reflect.Type -> []reflect.StructField

// fields are those of a type; listing them anew for every key would take most of the time.
func fields(t reflect.Type) []reflect.StructField {
	if known, ok := knownFields.Load(t); ok {
		return known.([]reflect.StructField)
	}
	list := reflect.VisibleFields(t)
	knownFields.Store(t, list)
	return list
}

func tag(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
	return name
}

func accepts(t reflect.Type, k kind) bool {
	if reflect.PointerTo(t).Implements(textType) {
		return k == kindString
	}
	switch t.Kind() {
	case reflect.String:
		return k == kindString
	case reflect.Int:
		return k == kindNumber
	case reflect.Bool:
		return k == kindBool
	case reflect.Slice:
		return k == kindList || k == kindTables && t.Elem().Kind() == reflect.Struct
	}
	return k == kindTable
}

// unknownKey reports whether the key stands among those of a struct, where the decoder overlooks it.
func (d *Document) unknownKey(v value, t reflect.Type, at int) (misspelt bool) {
	above, _ := descend(t, v.path[:at])
	e := &Error{File: d.File, Key: join(v.path[:at+1]), Problem: "there is no such key"}
	e.Line, e.Column = d.place(v.keyAt)
	switch above.Kind() {
	case reflect.Struct:
		e.Fix = suggestion(v.path[at], above)
		if best, ok := Nearest(v.path[at], names(above)); ok {
			d.doubtful = append(d.doubtful, join(append(slices.Clone(v.path[:at]), best)))
		}
	case reflect.String:
		e.Fix = fmt.Sprintf("if its name has dots, write it between quotation marks: %q", e.Key)
	}
	d.errs = append(d.errs, e)
	return above.Kind() == reflect.Struct
}

func suggestion(typed string, t reflect.Type) string {
	known := names(t)
	if best, ok := Nearest(typed, known); ok {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "known here are " + strings.Join(known, ", ")
}

func names(t reflect.Type) []string {
	var all []string
	for _, f := range fields(t) {
		if n := tag(f); n != "" {
			all = append(all, n)
		}
	}
	return all
}

func (d *Document) givenTwice(v, first value) *Error {
	line, _ := d.place(first.keyAt)
	e := &Error{File: d.File, Key: v.key, Problem: fmt.Sprintf("this was given on line %d already", line), Fix: "drop one of the two"}
	e.Line, e.Column = d.place(v.keyAt)
	return e
}

func (d *Document) wrongKind(v value, want reflect.Type) *Error {
	e := &Error{File: d.File, Key: v.key, Value: v.text, Problem: "this must be " + string(expected(want)), Fix: example(want)}
	e.Line, e.Column = d.place(v.offset)
	return e
}

func expected(t reflect.Type) kind {
	for _, k := range []kind{kindString, kindNumber, kindBool, kindList, kindTable} {
		if accepts(t, k) {
			return k
		}
	}
	return kindOther
}

func example(t reflect.Type) string {
	switch expected(t) {
	case kindString:
		return `write it between double quotes`
	case kindNumber:
		return "write it without quotes, as in 14"
	case kindBool:
		return "write it without quotes"
	case kindList:
		return `write it as in ["first", "second"]`
	}
	return `write it as in { key = "value" }`
}
