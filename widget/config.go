package widget

import (
	"bytes"
	"encoding/json"
	"fmt"

	"recourse/locale"
)

// config is what the pasted script knows of its shop; loader.js names it CONFIG.
type config struct {
	Base    string   `json:"base"`  // where dist is served, for a script that cannot see its own address
	Stage   string   `json:"stage"` // file names below assets/
	Style   string   `json:"style"`
	RTL     []string `json:"rtl"` // locales written from right to left
	Locales locales  `json:"locales"`
}

// entry is a link of the row: its label and, where a dialog can be opened, the hash in the name of its file.
type entry []string

// entries are the links in the order in which they are shown, the same on every page (WCAG 3.2.6).
type entries struct {
	Withdrawal entry `json:"withdrawal,omitempty"`
	Complaint  entry `json:"complaint,omitempty"`
	Disputes   entry `json:"disputes,omitempty"`
}

func (c *config) add(l locale.Locale, e entries) {
	c.Locales = append(c.Locales, tagged{l.Tag(), e})
	if l.Dir == "rtl" {
		c.RTL = append(c.RTL, l.Tag())
	}
}

type tagged struct {
	tag     string
	entries entries
}

// locales is a JSON object that keeps its order: the first locale is the default.
type locales []tagged

func (l locales) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, t := range l {
		json, err := encode(t.entries)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%c%s:%s", "{,"[min(i, 1)], quote(t.tag), json)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encodeBytes writes JSON as it is read by people and compressors: "&" and "<" stay themselves.
func encodeBytes(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

func encode(v any) (string, error) {
	b, err := encodeBytes(v)
	return string(b), err
}

// quote writes s as a JavaScript string.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string always has a JSON form
	return string(b)
}
