package law

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"recourse/day"
	"recourse/strict"
)

//go:embed eu.toml labels.toml countries/*.toml
var data embed.FS

// Load reads the embedded data and checks it. An error is a mistake in the data, not in the
// caller; it names file, line and column of every mistake.
func Load() (*Book, error) { return load(data) }

// Open is Load, but a country is read when somebody asks for it: most shops sell to few. A mistake in its file is told then.
func Open() (*Book, error) { return open(data) }

func load(fsys fs.FS) (*Book, error) {
	b, err := open(fsys)
	errs := []error{err}
	for _, code := range b.codes {
		_, err := b.countries[code]()
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("load the law: %w", err)
	}
	return b, nil
}

func open(fsys fs.FS) (*Book, error) {
	b := &Book{countries: map[string]func() (Record, error){}}
	files, err := fs.Glob(fsys, "countries/*.toml")
	for _, file := range files { // Glob sorts, so codes are sorted too
		code := strings.ToUpper(strings.TrimSuffix(path.Base(file), ".toml"))
		b.codes = append(b.codes, code)
		b.countries[code] = sync.OnceValues(func() (Record, error) { return readCountry(fsys, file) })
	}
	return b, errors.Join(b.loadEU(fsys), b.loadLabels(fsys), err)
}

func read(fsys fs.FS, file string, into any) (*strict.Document, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	return strict.Decode(path.Join("law", file), text, into), nil
}

func readCountry(fsys fs.FS, file string) (r Record, err error) {
	doc, err := read(fsys, file, &r)
	if err != nil {
		return r, err
	}
	if doc.Readable() {
		checkCountry(doc, r, strings.TrimSuffix(path.Base(file), ".toml"))
	}
	return r, doc.Err()
}

func (b *Book) loadEU(fsys fs.FS) error {
	var eu struct {
		Network Contact `toml:"network"`
		Acts    []Act   `toml:"act"`
	}
	doc, err := read(fsys, "eu.toml", &eu)
	if err != nil {
		return err
	}
	if doc.Readable() {
		checkContact(doc, "network", eu.Network)
		checkActs(doc, eu.Acts)
	}
	b.network, b.acts = eu.Network.body(), eu.Acts
	return doc.Err()
}

func (b *Book) loadLabels(fsys fs.FS) error {
	var file struct {
		Official   []wording `toml:"official"`
		National   []wording `toml:"national"`
		Translated []wording `toml:"translated"`
	}
	doc, err := read(fsys, "labels.toml", &file)
	if err != nil {
		return err
	}
	if doc.Readable() {
		checkLabels(doc, "official", file.Official)
		checkLabels(doc, "national", file.National)
		checkLabels(doc, "translated", file.Translated)
	}
	b.official, b.national, b.translated = file.Official, file.National, file.Translated
	return doc.Err()
}

// wording is one pair of labels in labels.toml.
type wording struct {
	Country  string  `toml:"country"` // national only
	Lang     string  `toml:"lang"`
	Law      string  `toml:"law"`
	From     day.Day `toml:"from"`
	Withdraw string  `toml:"withdraw"`
	Confirm  string  `toml:"confirm"`
	Source   string  `toml:"source"`
	Verified bool    `toml:"verified"`
	Reviewed day.Day `toml:"reviewed"`
	Note     string  `toml:"note"`
}
