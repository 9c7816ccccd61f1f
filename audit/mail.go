package audit

import (
	"bytes"
	"encoding/base64"
	"path"
	"regexp"
	"strings"
)

// Saved e-mails and web archives carry their texts as quoted-printable or base64.
func isMail(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".eml", ".mbox", ".mht", ".mhtml":
		return true
	}
	return false
}

var (
	boundaryParameter = regexp.MustCompile(`(?i)boundary="?([^"\s;]+)`)
	transferEncoding  = regexp.MustCompile(`(?i)^content-transfer-encoding:\s*([a-z0-9-]+)`)
)

// unpacked decodes the bodies of a MIME message. It walks line by line and never fails: what it
// does not understand passes through unchanged, to be searched as it is.
func unpacked(v view) view {
	out := sized(len(v.text))
	delimiters := delimiters(v.text)
	encoding, inBody, bodyStart := "", false, 0
	for i := 0; i < len(v.text); {
		end := lineEnd(v.text, i)
		line := bytes.TrimSpace(v.text[i:end])
		switch {
		case inBody && delimiters[string(bytes.TrimSuffix(line, []byte("--")))]:
			unpackBody(&out, v, bodyStart, i, encoding)
			encoding, inBody, bodyStart = "", false, 0
			fallthrough
		case !inBody:
			if m := transferEncoding.FindSubmatch(line); m != nil {
				encoding = strings.ToLower(string(m[1]))
			}
			copyBytes(&out, v, i, end)
			inBody, bodyStart = len(line) == 0, end
		}
		i = end
	}
	if inBody {
		unpackBody(&out, v, bodyStart, len(v.text), encoding)
	}
	return out
}

func delimiters(text []byte) map[string]bool {
	found := map[string]bool{}
	for _, m := range boundaryParameter.FindAllSubmatch(text, -1) {
		found["--"+string(m[1])] = true
	}
	return found
}

func lineEnd(text []byte, i int) int {
	if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(text)
}

func unpackBody(out *view, v view, i, j int, encoding string) {
	switch encoding {
	case "quoted-printable":
		unpackQuoted(out, v, i, j)
	case "base64":
		unpackBase64(out, v, i, j)
	default:
		copyBytes(out, v, i, j)
	}
}

func copyBytes(out *view, v view, i, j int) {
	for ; i < j; i++ {
		out.keep(v, i)
	}
}

func unpackQuoted(out *view, v view, i, j int) {
	for i < j {
		rest := v.text[i:j]
		switch {
		case bytes.HasPrefix(rest, []byte("=\r\n")):
			i += 3
		case bytes.HasPrefix(rest, []byte("=\n")):
			i += 2
		default:
			i += unpackQuotedByte(out, v, i, j)
		}
	}
}

func unpackQuotedByte(out *view, v view, i, j int) (used int) {
	if v.text[i] == '=' {
		if r, ok := hex(v.text[i:j], 1, 2); ok {
			out.put(string([]byte{byte(r)}), v, i, i+3)
			return 3
		}
	}
	copyBytes(out, v, i, i+1)
	return 1
}

// unpackBase64 decodes groups of four characters; every byte of a group points to the whole group.
func unpackBase64(out *view, v view, i, j int) {
	var group []byte
	first := i
	for ; i < j; i++ {
		if bytes.IndexByte([]byte(" \t\r\n"), v.text[i]) >= 0 {
			continue
		}
		if len(group) == 0 {
			first = i
		}
		if group = append(group, v.text[i]); len(group) < 4 {
			continue
		}
		var plain [3]byte
		n, _ := base64.StdEncoding.Decode(plain[:], group)
		out.put(string(plain[:n]), v, first, i+1)
		group = group[:0]
	}
}
