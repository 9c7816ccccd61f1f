package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"

	"recourse/day"
)

// indexFile lists all versions.
const indexFile = "index.jsonl"

// entry is a line of the index.
type entry struct {
	Locale   string  `json:"locale"`
	Page     string  `json:"page"`
	From     day.Day `json:"from"`
	Recorded day.Day `json:"recorded"`
	Title    string  `json:"title"`
	SHA256   string  `json:"sha256"`
	Previous string  `json:"previous"`
	Entry    string  `json:"entry,omitempty"`
}

func (e entry) name() name { return name{e.Locale, e.Page} }

func (e entry) version() Version {
	return Version{Locale: e.Locale, Page: e.Page, From: e.From, Until: day.Unknown, Recorded: e.Recorded, Title: e.Title, SHA256: e.SHA256}
}

// line is the entry as it stands in the index, without the line end.
func (e entry) line() []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // the index is read by people
	if err := encoder.Encode(e); err != nil {
		panic("ledger: an entry of strings and days cannot be written: " + err.Error())
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// sealed is the entry with its hash.
func (e entry) sealed() entry {
	e.Entry = ""
	e.Entry = hash(e.line())
	return e
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// What becomes part of a path; an index may have been written by anybody.
var (
	localeTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
	pageName  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
)

// parse reads a line. It must be exactly as line writes it, so that there is one way only to say a thing.
func parse(line []byte) (e entry, problem string) {
	if err := json.Unmarshal(line, &e); err != nil {
		return e, "is no entry: " + err.Error()
	}
	switch {
	case !localeTag.MatchString(e.Locale) || !pageName.MatchString(e.Page) || e.From == day.Unknown:
		return e, "names no page and day that can be"
	case e.sealed().Entry != e.Entry:
		return e, "was changed after it was written"
	case !bytes.Equal(e.line(), line):
		return e, "is not written the way it was recorded"
	}
	return e, ""
}

// lines are the lines of an index, whatever its line ends became in a checkout.
func lines(index []byte) [][]byte {
	index = unixLines(index)
	if len(index) == 0 {
		return nil
	}
	return bytes.Split(bytes.TrimSuffix(index, []byte("\n")), []byte("\n"))
}

func unixLines(data []byte) []byte { return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")) }
