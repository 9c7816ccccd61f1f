package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"recourse/day"
)

// memory is a folder that may fail: after left more changes nothing works any more.
type memory struct {
	fstest.MapFS
	left int
}

var errCrash = errors.New("crash")

func newMemory() *memory { return &memory{fstest.MapFS{}, 1 << 30} }

func (m *memory) step() error {
	if m.left--; m.left < 0 {
		return errCrash
	}
	return nil
}

func (m *memory) Write(name string, data []byte) error {
	if err := m.step(); err != nil {
		if m.left == -1 { // the one that is cut short
			m.MapFS[name] = &fstest.MapFile{Data: data[:len(data)/2]}
		}
		return err
	}
	m.MapFS[name] = &fstest.MapFile{Data: slices.Clone(data)}
	return nil
}

func (m *memory) Rename(from, to string) error {
	if err := m.step(); err != nil {
		return err
	}
	m.MapFS[to] = m.MapFS[from]
	delete(m.MapFS, from)
	return nil
}

func (m *memory) Remove(name string) error {
	if err := m.step(); err != nil {
		return err
	}
	delete(m.MapFS, name)
	return nil
}

func (m *memory) copy() *memory {
	other := newMemory()
	for name, file := range m.MapFS {
		other.MapFS[name] = &fstest.MapFile{Data: slices.Clone(file.Data)}
	}
	return other
}

func date(t testing.TB, s string) day.Day {
	t.Helper()
	d, ok := day.Parse(s)
	if !ok {
		t.Fatalf("%q is no date", s)
	}
	return d
}

func text(page, words string) Text {
	return NewText("de-DE", page, []byte("Title of "+page), []byte("<p>"+words+"</p>"))
}

func open(t testing.TB, fsys fs.FS) *Ledger {
	t.Helper()
	l, err := Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// record publishes on the day the texts begin to apply.
func record(t testing.TB, m *memory, from string, texts ...Text) []Version {
	t.Helper()
	versions, err := open(t, m).Record(m, texts, date(t, from), date(t, from))
	if err != nil {
		t.Fatal(err)
	}
	return versions
}

// three has two versions of returns and one of privacy.
func three(t testing.TB) *memory {
	t.Helper()
	m := newMemory()
	record(t, m, "2026-03-01", text("returns", "You have 14 days."), text("privacy", "We keep it."))
	record(t, m, "2026-06-01", text("returns", "You have 30 days."), text("privacy", "We keep it."))
	return m
}

func TestRecord(t *testing.T) {
	m := three(t)
	want := []string{"de-DE/privacy/2026-03-01.html", "de-DE/returns/2026-03-01.html", "de-DE/returns/2026-06-01.html", "index.jsonl"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(m.MapFS))); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
	if got, want := string(m.MapFS[want[1]].Data), "<h1>Title of returns</h1>\n<p>You have 14 days.</p>\n"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	l := open(t, m)
	if got := l.Versions("de-DE", "returns"); len(got) != 2 || got[0].Until != date(t, "2026-05-31") || got[1].Until != day.Unknown {
		t.Errorf("versions %+v", got)
	}
	if got := record(t, m, "2026-07-01", text("returns", "You have 30 days.")); got != nil {
		t.Errorf("recorded what did not change: %v", got)
	}
	if got := l.Pages("de-DE"); !slices.Equal(got, []string{"privacy", "returns"}) || !slices.Equal(l.Locales(), []string{"de-DE"}) {
		t.Errorf("pages %v, locales %v", got, l.Locales())
	}
}

func TestAt(t *testing.T) {
	l := open(t, three(t))
	for on, want := range map[string]string{
		"2026-02-28": "", "2026-03-01": "2026-03-01", "2026-05-31": "2026-03-01", "2026-06-01": "2026-06-01", "2040-01-01": "2026-06-01",
	} {
		v, ok := l.At("de-DE", "returns", date(t, on))
		if ok != (want != "") || ok && v.From != date(t, want) {
			t.Errorf("on %s: %v, %v, want %q", on, v.From, ok, want)
		}
	}
	if _, ok := l.At("de-AT", "returns", date(t, "2026-07-01")); ok {
		t.Error("another locale has the version of this one")
	}
}

// What applied stays; what is to come may be changed.
func TestWhatMayBeRecorded(t *testing.T) {
	m := three(t)
	today := date(t, "2026-06-10")
	for _, c := range []struct{ from, problem string }{
		{"2026-06-01", "de-DE/returns: a version from 2026-06-01 is recorded and in force"},
		{"2026-05-01", "de-DE/returns: a version from 2026-05-01 cannot come after the one from 2026-06-01"},
	} {
		before := m.copy()
		_, err := open(t, m).Record(m, []Text{text("terms", "New."), text("returns", "Never.")}, date(t, c.from), today)
		if err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("from %s: %v, want %q", c.from, err, c.problem)
		}
		if diff := cmp.Diff(before.MapFS, m.MapFS); diff != "" {
			t.Errorf("a refusal changed the ledger\n%s", diff)
		}
	}
	for _, words := range []string{"You have 60 days.", "You have 90 days."} {
		if _, err := open(t, m).Record(m, []Text{text("returns", words)}, date(t, "2026-12-01"), today); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, m)
	v, _ := l.At("de-DE", "returns", date(t, "2026-12-01"))
	if html, err := l.HTML(v); err != nil || !strings.Contains(string(html), "90 days") {
		t.Errorf("replaced version: %s, %v", html, err)
	}
	if n := len(l.Versions("de-DE", "returns")); n != 3 {
		t.Errorf("%d versions, want 3: one was replaced", n)
	}
	if n := len(lines(m.MapFS[indexFile].Data)); n != 5 {
		t.Errorf("%d lines, want 5: lines are only added", n)
	}
}

func TestUnrecorded(t *testing.T) {
	l := open(t, three(t))
	got := l.Unrecorded([]Text{text("privacy", "We keep it."), text("returns", "You have 14 days."), text("terms", "New.")})
	if len(got) != 2 || got[0].Page != "returns" || got[1].Page != "terms" {
		t.Errorf("%v", got)
	}
}

// Every kind of tampering is found, at its place.
func TestVerify(t *testing.T) {
	const first, second = "de-DE/returns/2026-03-01.html", "de-DE/returns/2026-06-01.html"
	edit := func(m *memory, name, from, to string) {
		data := string(m.MapFS[name].Data)
		if !strings.Contains(data, from) {
			panic(fmt.Sprintf("%s has no %q", name, from))
		}
		m.MapFS[name] = &fstest.MapFile{Data: []byte(strings.Replace(data, from, to, 1))}
	}
	index := func(m *memory, change func([]string) []string) {
		all := strings.SplitAfter(strings.TrimSuffix(string(m.MapFS[indexFile].Data), "\n")+"\n", "\n")
		m.MapFS[indexFile] = &fstest.MapFile{Data: []byte(strings.Join(change(all[:len(all)-1]), ""))}
	}
	// forged is a line with hashes that are right, as somebody writes who knows how.
	forged := func(m *memory, change func(*entry)) string {
		all := lines(m.MapFS[indexFile].Data)
		last, problem := parse(all[len(all)-1])
		if problem != "" {
			panic(problem)
		}
		e := last
		e.Previous = last.Entry
		change(&e)
		return string(e.sealed().line()) + "\n"
	}
	for name, c := range map[string]struct {
		tamper func(*memory)
		want   []string
	}{
		"nothing":              {func(*memory) {}, nil},
		"no ledger":            {func(m *memory) { clear(m.MapFS) }, nil},
		"line ends of Windows": {func(m *memory) { edit(m, first, "</h1>\n", "</h1>\r\n"); edit(m, indexFile, "\n", "\r\n") }, nil},
		"other files":          {func(m *memory) { m.MapFS["README.md"] = &fstest.MapFile{}; m.MapFS[".git/x.html"] = &fstest.MapFile{} }, []string{".git/x.html is not in"}},
		"text changed":         {func(m *memory) { edit(m, first, "14", "7") }, []string{first + " was changed: its sha256 is"}},
		"text removed":         {func(m *memory) { delete(m.MapFS, first) }, []string{first + " is missing"}},
		"text inserted":        {func(m *memory) { m.MapFS["de-DE/returns/2026-04-01.html"] = m.MapFS[first] }, []string{"de-DE/returns/2026-04-01.html is not in"}},
		"texts swapped": {func(m *memory) { m.MapFS[first], m.MapFS[second] = m.MapFS[second], m.MapFS[first] },
			[]string{first + " was changed", second + " was changed"}},
		"index removed": {func(m *memory) { delete(m.MapFS, indexFile) },
			[]string{"de-DE/privacy/2026-03-01.html is not in", first + " is not in", second + " is not in"}},
		"line changed":          {func(m *memory) { edit(m, indexFile, "Title of returns", "Title") }, []string{"index.jsonl:1 was changed"}},
		"last line changed":     {func(m *memory) { edit(m, indexFile, `"recorded":"2026-06-01"`, `"recorded":"2026-05-01"`) }, []string{"index.jsonl:3 was changed"}},
		"line written anew":     {func(m *memory) { edit(m, indexFile, `{"locale"`, `{ "locale"`) }, []string{"index.jsonl:1 is not written"}},
		"line made nonsense":    {func(m *memory) { edit(m, indexFile, `{"locale"`, `locale`) }, []string{"index.jsonl:1 is no entry", first + " is not in"}},
		"line with a wild path": {func(m *memory) { edit(m, indexFile, `"page":"returns"`, `"page":"../../x"`) }, []string{"index.jsonl:1 names no page", first + " is not in"}},
		"first line removed":    {func(m *memory) { index(m, func(l []string) []string { return l[1:] }) }, []string{"index.jsonl:1 does not follow", first + " is not in"}},
		"middle line removed":   {func(m *memory) { index(m, func(l []string) []string { return slices.Delete(l, 1, 2) }) }, []string{"index.jsonl:2 does not follow", "de-DE/privacy/2026-03-01.html is not in"}},
		"last line removed":     {func(m *memory) { index(m, func(l []string) []string { return l[:2] }) }, []string{second + " is not in"}},
		"version removed":       {func(m *memory) { index(m, func(l []string) []string { return l[1:] }); delete(m.MapFS, first) }, []string{"index.jsonl:1 does not follow"}},
		"lines swapped": {func(m *memory) { index(m, func(l []string) []string { return []string{l[1], l[0], l[2]} }) },
			[]string{"index.jsonl:1 does not follow", "index.jsonl:2 does not follow", "index.jsonl:3 does not follow"}},
		"version forged into the past": {func(m *memory) {
			line := forged(m, func(e *entry) { e.From = day.Of(2026, 4, 1) })
			index(m, func(l []string) []string { return append(l, line) })
			m.MapFS["de-DE/returns/2026-04-01.html"] = m.MapFS[second]
		}, []string{"index.jsonl:4 says de-DE/returns from 2026-04-01 after a version from 2026-06-01"}},
		"version in force replaced": {func(m *memory) {
			line := forged(m, func(e *entry) { e.SHA256 = hash(nil) })
			index(m, func(l []string) []string { return append(l, line) })
			m.MapFS[second] = &fstest.MapFile{}
		}, []string{"index.jsonl:4 says de-DE/returns from 2026-06-01", second + " was changed"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := three(t)
			c.tamper(m)
			findings, err := Verify(m)
			if err != nil {
				t.Fatal(err)
			}
			if len(findings) != len(c.want) {
				t.Fatalf("findings %v, want %v", findings, c.want)
			}
			for i, f := range findings {
				if !strings.HasPrefix(f.String(), c.want[i]) {
					t.Errorf("finding %q, want %q", f, c.want[i])
				}
			}
			if _, err := Open(m); (err != nil) != (len(c.want) > 0) {
				t.Errorf("Open: %v", err)
			}
		})
	}
}

// A publication that is cut short at any step leaves the ledger of before or of after, and the next one finds its way.
func TestCrash(t *testing.T) {
	texts := []Text{text("returns", "You have 60 days."), text("privacy", "We erase it."), text("terms", "New.")}
	from, today := date(t, "2026-12-01"), date(t, "2026-06-10")
	start := three(t)
	if _, err := open(t, start).Record(start, []Text{text("returns", "You have 45 days.")}, from, today); err != nil {
		t.Fatal(err) // to be replaced: the file is there already
	}
	whole := start.copy()
	if _, err := open(t, whole).Record(whole, texts, from, today); err != nil {
		t.Fatal(err)
	}
	before, after := open(t, start).All(), open(t, whole).All()
	sawBefore, sawAfter := 0, 0
	for steps := 0; ; steps++ {
		m := start.copy()
		m.left = steps
		_, err := open(t, m).Record(m, texts, from, today)
		m.left = 1 << 30
		got := open(t, m)
		switch {
		case cmp.Equal(got.All(), before):
			sawBefore++
		case cmp.Equal(got.All(), after):
			sawAfter++
		default:
			t.Fatalf("after %d steps: %v", steps, got.All())
		}
		for _, v := range got.All() {
			if _, err := got.HTML(v); err != nil {
				t.Errorf("after %d steps: %s %v", steps, v.Path(), err)
			}
		}
		if _, errAgain := got.Record(m, texts, from, today); errAgain != nil {
			t.Fatalf("after %d steps, again: %v", steps, errAgain)
		}
		if diff := cmp.Diff(whole.MapFS, m.MapFS); diff != "" {
			t.Fatalf("after %d steps and another call (-want +got)\n%s", steps, diff)
		}
		if err == nil {
			break
		}
	}
	if sawBefore < 3 || sawAfter < 3 {
		t.Errorf("%d crashes left the ledger of before and %d that of after; want some of each", sawBefore, sawAfter)
	}
}

func TestFolder(t *testing.T) {
	f, err := OpenFolder(path.Join(t.TempDir(), "shop", "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := text("returns", "You have 14 days.")
	versions, err := open(t, f.FS()).Record(f, []Text{want}, date(t, "2026-03-01"), date(t, "2026-03-01"))
	if err != nil || len(versions) != 1 {
		t.Fatalf("%v, %v", versions, err)
	}
	if got, err := open(t, f.FS()).HTML(versions[0]); err != nil || string(got) != string(want.HTML) {
		t.Errorf("%s, %v", got, err)
	}
	if err := f.Write("../outside", nil); err == nil {
		t.Error("wrote out of the folder")
	}
}

// FuzzVerify: whatever stands in an index, reading it ends, and no version leads out of the folder.
func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"locale":"de-DE","page":"../..","from":"2026-03-01","recorded":"","title":"","sha256":"","previous":"","entry":"x"}`))
	whole := three(f)
	same := func(index []byte) string { return strings.TrimSuffix(string(unixLines(index)), "\n") }
	f.Add(whole.MapFS[indexFile].Data)
	f.Fuzz(func(t *testing.T, index []byte) {
		m := whole.copy()
		m.MapFS[indexFile] = &fstest.MapFile{Data: index}
		l, findings, err := inspect(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range l.All() {
			if !fs.ValidPath(v.Path()) || strings.Count(v.Path(), "/") != 2 {
				t.Fatalf("a version lies at %q", v.Path())
			}
		}
		if len(findings) == 0 && same(index) != same(whole.MapFS[indexFile].Data) {
			t.Fatalf("not found to be changed:\n%s", index)
		}
	})
}
