package strict

import (
	"fmt"
	"strings"
	"testing"
)

type level int

func (l *level) UnmarshalText(b []byte) error {
	if string(b) != "low" {
		return fmt.Errorf("%q is no level", b)
	}
	*l = 1
	return nil
}

type base struct {
	Status string `toml:"status"`
}

type file struct {
	base
	Count int               `toml:"count"`
	On    bool              `toml:"on"`
	Level level             `toml:"level"`
	Tags  []string          `toml:"tags"`
	Words map[string]string `toml:"words"`
	Items []struct {
		Name string `toml:"name"`
		Deep []struct {
			Size int `toml:"size"`
		} `toml:"deep"`
	} `toml:"items"`
}

func TestDecode(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"sound", "status = 'a'\ncount = 1\non = true\nlevel = 'low'\ntags = ['x']\nwords = { any = 'thing' }\n[[items]]\nname = 'n'\n[[items.deep]]\nsize = 1\n", ""},
		{"dotted keys", "words.a = 'x'\nwords.b = 'y'\n", ""},
		{"empty list of tables", "items = []\n", ""},
		{"key of an embedded struct", "statsu = 'a'", `f:1:1: statsu: there is no such key; did you mean "status"?`},
		{"unknown below an element", "[[items]]\n[[items]]\n[[items.deep]]\nsiez = 1", `f:4:1: items[1].deep[0].siez: there is no such key; did you mean "size"?`},
		{"everything below an unknown table is said once", "[itmes]\na = 1\nb = 2\n[itmes.c]\nd = 3", `f:1:2: itmes: there is no such key; did you mean "items"?`},
		{"table where a list is wanted", "[tags]\nx = 1", `f:1:2: tags: this must be a list in [ ]; write it as in ["first", "second"]`},
		{"list where a table is wanted", "words = ['x']", `f:1:1: words: this must be a table; write it as in { key = "value" }`},
		{"value inside a map", "words = { a = 1 }", `f:1:15: words.a = 1: this must be a text in quotes; write it between double quotes`},
		{"text with a meaning", "level = 'high'", `f:1:9: level = 'high': "high" is no level`},
		{"date where a text is wanted", "level = 2026-11-20", `f:1:9: level = 2026-11-20: this must be a text in quotes; write it between double quotes`},
		{"given twice in a table", "[words]\na = 'x'\na = 'y'", `f:3:1: words.a: this was given on line 2 already; drop one of the two`},
		{"table given twice", "[words]\na = 'x'\n[words]", `f:3:2: words: this was given on line 1 already; drop one of the two`},
		{"columns count characters", "status = 'é'\ntags = ['éé', 2]", `f:2:15: tags[1] = 2: this must be a text in quotes; write it between double quotes`},
		{"a byte order mark", "\ufeffstatus = 'a'\n", ""},
		{"columns after a byte order mark", "\ufeffcount = 'a'\n", "f:1:9: count = 'a': this must be a whole number"},
		{"end of file", "count = ", "f:1:8: this is not TOML"},
		{"not UTF-8", "status = '\xff'", "f:1:11: the file is not UTF-8 text; save it with the encoding UTF-8"},
		{"long values are cut", "count = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
			"f:1:9: count = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: this must be a whole number; write it without quotes, as in 14"},
		{"in the order of the file", "on = 1\nx = 1\ncount = true", "f:1:6: on = 1: this must be true or false; write it without quotes\n" +
			"f:2:1: x: there is no such key; known here are status, count, on, level, tags, words, items\n" +
			"f:3:9: count = true: this must be a whole number; write it without quotes, as in 14"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var v file
			err := Decode("f", []byte(tt.text), &v).Err()
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.want != "" && err == nil:
				t.Errorf("accepted, want %s", tt.want)
			case tt.want != "" && !strings.HasPrefix(err.Error(), tt.want):
				t.Errorf("got\n%v\nwant\n%s", err, tt.want)
			case tt.want != "" && strings.Count(err.Error(), "\n") != strings.Count(tt.want, "\n"):
				t.Errorf("more than was wanted: %v", err)
			}
		})
	}
}

func TestDecodeFills(t *testing.T) {
	var v file
	doc := Decode("f", []byte("status = 'a'\nlevel = 'low'\n[[items]]\nname = 'n'\n[[items.deep]]\nsize = 7\n"), &v)
	if err := doc.Err(); err != nil {
		t.Fatal(err)
	}
	if v.Status != "a" || v.Level != 1 || len(v.Items) != 1 || v.Items[0].Deep[0].Size != 7 {
		t.Errorf("decoded %+v", v)
	}
	for key, want := range map[string]bool{
		"status": true, "items": true, "items[0]": true, "items[0].name": true, "items[0].deep[0].size": true,
		"stat": false, "items[1]": false, "items[0].nam": false, "count": false,
	} {
		if got := doc.Has(key); got != want {
			t.Errorf("Has(%q) = %t", key, got)
		}
	}
}

func TestWrongFindsThePlace(t *testing.T) {
	var v file
	doc := Decode("f", []byte("status = 'a'\nwords.x = 'y'\n\n[[items]]\nname = 'n'\n"), &v)
	doc.Wrong("items[0].name", "too short", "")
	doc.Wrong("items[0].deep", "missing", "add it")
	doc.Wrong("words.q", "missing", "")
	doc.Wrong("count", "missing", "")
	want := "f:1:1: count: missing\n" +
		"f:2:1: words.q: missing\n" +
		"f:4:3: items[0].deep: missing; add it\n" +
		"f:5:8: items[0].name = 'n': too short"
	if got := doc.Err().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"name", "email", "participation", "days"}
	for typed, want := range map[string]string{
		"nmae": "name", "Name": "name", "mail": "email", "particpation": "participation", "partizipation": "participation",
		"day": "days", "colour": "", "x": "", "": "",
	} {
		if got, _ := Nearest(typed, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", typed, got, want)
		}
	}
}
