package shop

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTemplateIsAValidShop(t *testing.T) {
	for _, name := range []string{"Bernsteinladen", `Ann's "best" \ things`, "Łódź\x00\u0085"} {
		s, err := Parse("shop.toml", Template("my-shop", name))
		if err != nil {
			t.Fatalf("template for %q: %v", name, err)
		}
		want := strings.TrimRight(name, "\x00\u0085")
		if s.ID != "my-shop" || s.Name != want {
			t.Errorf("template gave id %q and name %q, want %q", s.ID, s.Name, want)
		}
	}
}

// Every key of the file is in the template, so that the template is the reference.
func TestTemplateExplainsEveryKey(t *testing.T) {
	text := string(Template("my-shop", "My shop"))
	explained := map[string]bool{}
	table := ""
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "# ")
		if strings.HasPrefix(line, "[") {
			table = strings.Trim(line, "[]") + "."
			explained[table] = true
		} else if key, _, ok := strings.Cut(line, " = "); ok {
			explained[table+key] = true
		}
	}
	for _, key := range keys(reflect.TypeFor[Shop](), "") {
		if !explained[key] {
			t.Errorf("template lacks %s", key)
		}
	}
	for _, name := range Exclusions {
		if !strings.Contains(text, name) {
			t.Errorf("template does not name the exclusion %s", name)
		}
	}
}

// keys lists the keys of a struct and of those below it: "trader.email"; a table of free keys is "markets.".
func keys(t reflect.Type, prefix string) (all []string) {
	for _, f := range reflect.VisibleFields(t) {
		key, inner := prefix+f.Tag.Get("toml"), f.Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		switch inner.Kind() {
		case reflect.Struct:
			all = append(all, keys(inner, key+".")...)
		case reflect.Map:
			all = append(all, key+".")
		default:
			all = append(all, key)
		}
	}
	return all
}

func TestDemoShop(t *testing.T) {
	data, err := os.ReadFile("../examples/bernstein/shop.toml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("shop.toml", data)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"de-DE", "en-DE", "de-AT", "en-AT", "it-IT", "en-IT", "pl-PL", "en-PL"}
	if got := s.Locales(); !slices.Equal(got, want) {
		t.Errorf("Locales() = %v, want %v", got, want)
	}
	if got := s.DefaultLocale(); got != "de-DE" {
		t.Errorf("DefaultLocale() = %q, want de-DE", got)
	}
	if !s.Serves("pl-PL") || s.Serves("pl-DE") || s.Serves("") {
		t.Error("Serves does not follow the markets")
	}
	if got := s.Location().String(); got != "Europe/Berlin" {
		t.Errorf("Location() = %s, want Europe/Berlin", got)
	}
}

func TestLocalesWhenTheTraderSellsOnlyAbroad(t *testing.T) {
	s := &Shop{Trader: Trader{Country: "CH"}, Markets: Markets{"FR": {"fr"}, "DE": {"en", "de"}}}
	want := []string{"en-DE", "de-DE", "fr-FR"}
	if got := s.Locales(); !slices.Equal(got, want) {
		t.Errorf("Locales() = %v, want %v", got, want)
	}
}

func TestLocationGivenByTheShop(t *testing.T) {
	s := &Shop{Zone: "America/New_York", Trader: Trader{Country: "DE"}}
	noon := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC).In(s.Location())
	if noon.Hour() != 7 {
		t.Errorf("12:00 UTC in %s is %s, want 07:00", s.Zone, noon.Format("15:04"))
	}
}

func TestEveryCountryZoneExists(t *testing.T) {
	for country, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", country, err)
		}
	}
}

func TestConsumerPaysUnlessTheShopSaysOtherwise(t *testing.T) {
	without := strings.Replace(string(Template("my-shop", "My shop")), `cost = "consumer"`, "", 1)
	s, err := Parse("shop.toml", []byte(without))
	if err != nil {
		t.Fatal(err)
	}
	if s.Returns.Cost != CostConsumer {
		t.Errorf("cost = %q, want %q", s.Returns.Cost, CostConsumer)
	}
}

// each gives the single mistakes of a joined error.
func each(t *testing.T, err error) []*Error {
	t.Helper()
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("error %v does not join single errors", err)
	}
	var all []*Error
	for _, e := range joined.Unwrap() {
		var one *Error
		if !errors.As(e, &one) {
			t.Fatalf("%v is a %T, want *shop.Error", e, e)
		}
		all = append(all, one)
	}
	return all
}
