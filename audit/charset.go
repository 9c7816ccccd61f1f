package audit

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

var declaredCharset = regexp.MustCompile(`(?i)(?:charset|encoding)\s*=\s*\\?["']?([a-z0-9_.:-]+)`)

// utf8Text decodes a text. A byte order mark decides; else valid UTF-8 is taken as such whatever
// the text claims, because old templates often claim wrongly; else what the text itself or the
// server declares; else windows-1252, as in browsers. ok is false for what is no text.
func utf8Text(data []byte, contentType string) (text []byte, ok bool) {
	if marked := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")); marked {
		return converted(data, "utf-16")
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, false
	}
	if data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")); utf8.Valid(data) {
		return data, true
	}
	for _, place := range [][]byte{[]byte(contentType), data[:min(len(data), 4096)]} {
		if m := declaredCharset.FindSubmatch(place); m != nil {
			if text, ok := converted(data, string(m[1])); ok {
				return text, true
			}
		}
	}
	return converted(data, "windows-1252")
}

// converted fails for an unknown charset, and for UTF-8, which was tried before.
func converted(data []byte, label string) ([]byte, bool) {
	encoding, name := charset.Lookup(label)
	if encoding == nil || name == "utf-8" {
		return nil, false
	}
	text, err := encoding.NewDecoder().Bytes(data)
	return text, err == nil
}
