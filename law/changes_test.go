package law

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"recourse/day"
)

func TestChanges(t *testing.T) {
	b := book(t)
	list, err := b.Changes([]string{"CZ", "CH"}, day.Of(2026, 12, 1), day.Of(2027, 12, 31))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range list {
		got = append(got, c.Day.String()+" "+c.Country+" "+c.Subject)
	}
	if diff := cmp.Diff([]string{"2027-01-01 CZ function", "2027-01-01 CZ labels"}, got); diff != "" {
		t.Error(diff)
	}
	if list, err := b.Changes([]string{"US"}, 0, 0); err != nil || len(list) != 0 {
		t.Errorf("acts of the EU change something in the United States: %v, %v", list, err)
	}
	if _, err := b.Changes([]string{"XX"}, 0, 0); err == nil {
		t.Error("a country nobody knows has changes")
	}
}

// What ends, ends on the day after its last.
func TestChangeEnds(t *testing.T) {
	list, err := book(t).Changes([]string{"DE"}, day.Of(2025, 7, 20), day.Of(2025, 7, 20))
	if err != nil {
		t.Fatal(err)
	}
	ended := false
	for _, c := range list {
		ended = ended || c.Subject == ActODRLink && c.Ends && c.Words() == "this ends: "+c.Text
	}
	if !ended {
		t.Errorf("the duty to link to the ODR platform does not end: %v", list)
	}
}

// On every day on which something changes, the facts differ from those of the day before: what is listed is what the pages do.
func TestChangesAreSeen(t *testing.T) {
	b := book(t)
	for _, country := range b.Countries() {
		list, err := b.Changes([]string{country}, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if !c.Verified || c.Country == "EU" || c.Subject == "labels" {
				continue
			}
			before, _ := b.At(country, c.Day-1)
			after, _ := b.At(country, c.Day)
			before.Day = after.Day
			if cmp.Equal(before, after) {
				t.Errorf("%s: %s changes nothing on %s", country, c.Subject, c.Day)
			}
		}
	}
}

// The files of a notice are known by their sums, or not at all.
func TestKnownFiles(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{"eu.toml", "labels.toml", "countries/de.toml"} {
		text, err := data.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: text}
	}
	fsys["eu.toml"].Data = append(fsys["eu.toml"].Data, "\n[[act.files]]\nlanguage = \"de\"\nsha256 = \"abc\"\nsource = \"https://ec.europa.eu/x\"\n"...)
	if _, err := load(fsys); err == nil || !strings.Contains(err.Error(), "this is no SHA-256") {
		t.Error("a sum of three digits is taken")
	}
}
