package wording

import "recourse/intake/docket"

// Signs say what speaks for an automatic sender of a case. Those of another version of the program, which we have no words
// for, are left out; they count in the score all the same.
func (v Voice) Signs(c docket.Case) (all []string) {
	for _, name := range c.Signs {
		if key := "spam.sign." + name; v.Locale.Has(key) {
			all = append(all, v.Text(key))
		}
	}
	return all
}
