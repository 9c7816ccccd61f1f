package law

import (
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schema is what people who edit the data check it with, in an editor or elsewhere.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("country.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readTable reads a file of a country as JSON has it.
func readTable(t *testing.T, data []byte) (all map[string]any) {
	t.Helper()
	if err := toml.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSchema(t *testing.T) {
	s := schema(t)
	files, err := data.ReadDir("countries")
	if err != nil || len(files) != 34 {
		t.Fatalf("%d countries, %v; want those of the EU, NO, IS, LI, CH, GB, UA and US", len(files), err)
	}
	for _, f := range files {
		text, err := data.ReadFile(path.Join("countries", f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(readTable(t, text)); err != nil {
			t.Errorf("%s: %v", f.Name(), err)
		}
	}
}

// What the program refuses, the schema refuses too.
func TestSchemaRefuses(t *testing.T) {
	s := schema(t)
	text, err := os.ReadFile("countries/de.toml")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a fact without a source":      {"source = \"https://today.rtl.lu/luxembourg-insider/practical-information/a/2292295.html\"\n", ""},
		"an unknown key":               {"[withdrawal]\n", "[withdrawal]\nvalu = 3\n"},
		"a fact that is not there":     {"[burden]\n", "[burdn]\n"},
		"a period of nothing":          {"value = 14\n", "value = 0\n"},
		"a wrong unit":                 {"unit = \"calendar_days\"", "unit = \"weeks\""},
		"a statute nobody looked up":   {"statute_verified = false\n", ""},
		"a status of its own":          {"status = \"none\"", "status = \"perhaps\""},
		"a day that is no day":         {"reviewed = \"2026-11-20\"", "reviewed = \"20.11.2026\""},
		"an address that is none":      {"url = \"https://www.evz.de\"", "url = \"www.evz.de\""},
		"a body without a name":        {"{ name = \"Verbraucherzentrale\", url", "{ url"},
		"a part that does not exist":   {"done_by = \"pages\"", "done_by = \"magic\""},
		"an id of another form":        {"id = \"de-36-vsbg-wording\"", "id = \"DE 36\""},
		"a value of an unknown period": {"[repair]\nstatus = \"unknown\"\n", "[repair]\nstatus = \"unknown\"\nvalue = 12\nunit = \"months\"\n"},
	} {
		broken := strings.Replace(string(text), change[0], change[1], 1)
		if broken == string(text) {
			t.Errorf("%s: the example does not hold %q any more", name, change[0])
			continue
		}
		if err := s.Validate(readTable(t, []byte(broken))); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// Every key the program reads is in the schema, and no other.
func TestSchemaKeys(t *testing.T) {
	text, err := os.ReadFile("country.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []reflect.Type{reflect.TypeFor[Record](), reflect.TypeFor[Liability](), reflect.TypeFor[Answer](), reflect.TypeFor[Duty](), reflect.TypeFor[Contact](), reflect.TypeFor[Element]()} {
		for _, f := range reflect.VisibleFields(kind) {
			if key := f.Tag.Get("toml"); key != "" && !strings.Contains(string(text), `"`+key+`": `) {
				t.Errorf("the schema has no key %q of %s", key, kind.Name())
			}
		}
	}
	s := schema(t)
	record := reflect.TypeFor[Record]()
	var keys []string
	for _, f := range reflect.VisibleFields(record) {
		keys = append(keys, f.Tag.Get("toml"))
	}
	for key := range s.Properties {
		if !slices.Contains(keys, key) {
			t.Errorf("the program does not read %q", key)
		}
	}
}
