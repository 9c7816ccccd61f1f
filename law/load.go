package law

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"recourse/day"
	"recourse/strict"
)

//go:embed eu.toml labels.toml countries/*.toml
var data embed.FS

// Load reads the embedded data and checks it. An error is a mistake in the data, not in the
// caller; it names file, line and column of every mistake.
func Load() (*Book, error) { return load(data) }

func load(fsys fs.FS) (*Book, error) {
	b := &Book{countries: map[string]Record{}}
	errs := []error{b.loadEU(fsys), b.loadLabels(fsys)}
	files, err := fs.Glob(fsys, "countries/*.toml")
	errs = append(errs, err)
	for _, file := range files { // Glob sorts, so codes are sorted too
		errs = append(errs, b.loadCountry(fsys, file))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("load the law: %w", err)
	}
	return b, nil
}

func read(fsys fs.FS, file string, into any) (*strict.Document, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	return strict.Decode(path.Join("law", file), text, into), nil
}

func (b *Book) loadCountry(fsys fs.FS, file string) error {
	var r Record
	doc, err := read(fsys, file, &r)
	if err != nil {
		return err
	}
	if doc.Readable() {
		checkCountry(doc, r, strings.TrimSuffix(path.Base(file), ".toml"))
	}
	b.countries[r.Code] = r
	b.codes = append(b.codes, r.Code)
	return doc.Err()
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
		Official []wording `toml:"official"`
		National []wording `toml:"national"`
	}
	doc, err := read(fsys, "labels.toml", &file)
	if err != nil {
		return err
	}
	if doc.Readable() {
		checkLabels(doc, "official", file.Official)
		checkLabels(doc, "national", file.National)
	}
	b.official, b.national = file.Official, file.National
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
