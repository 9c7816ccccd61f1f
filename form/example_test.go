package form_test

import (
	"fmt"

	"recourse/day"
	"recourse/form"
)

func ExampleForm_Validate() {
	f, _ := form.Lookup("withdrawal")
	today := day.Of(2026, 11, 20)
	values := map[string]string{"name": "Anna", "email": "anna@example", "received_on": "2026--27"}
	for _, problem := range f.Validate(values, today, nil) {
		fmt.Println(problem.Code())
	}
	// Output:
	// contract.required
	// email.invalid
	// received_on.missing-month
}

func ExampleParseDate() {
	months := form.NewMonths([]string{"gennaio", "febbraio", "marzo"}, []string{"3=mar"})
	for _, value := range []string{"2026-3-27", "2026-Mar.-27", "--27 marzo 2026", "2026-2-30"} {
		received, rule := form.ParseDate(value, months)
		fmt.Printf("%q %q\n", received, rule)
	}
	// Output:
	// "2026-03-27" ""
	// "2026-03-27" ""
	// "2026-03-27" ""
	// "" "unreal"
}

func ExampleClean() {
	fmt.Printf("%q\n", form.Clean(form.Line, " Sinéad\u200b\tO'Connor\r\n"))
	fmt.Printf("%q\n", form.Clean(form.Text, "two lamps\r\none vase\r\n"))
	// Output:
	// "Sinéad O'Connor"
	// "two lamps\none vase"
}
