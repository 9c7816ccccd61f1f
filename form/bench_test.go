package form_test

import (
	"testing"

	"recourse/form"
)

// A check stands between two keys of a visitor whose telephone is slow.
func BenchmarkCheck(b *testing.B) {
	months := form.NewMonths([]string{"January", "February", "March"}, []string{"1=jan", "2=feb", "3=mar"})
	for _, q := range [][3]string{
		{"withdrawal", "email", "anna@example.com"}, {"withdrawal", "received_on", "2026-march-27"}, {"withdrawal", "name", "Anna Müller"},
		{"complaint", "reason", "late"}, {"complaint", "description", "It came broken, and nobody answered the telephone when we called."},
	} {
		b.Run(q[1], func(b *testing.B) {
			f, _ := form.Lookup(q[0])
			field, _ := f.Field(q[1])
			for b.Loop() {
				field.Check(q[2], 20777, months)
			}
		})
	}
}
