package audit

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

//go:embed patterns.toml
var patternFile []byte

// patterns are compiled once. The file is part of the program, so a mistake in it is a mistake in
// the program and panics.
var patterns = sync.OnceValue(func() *patternSet {
	set, err := compile(patternFile)
	if err != nil {
		panic("audit: " + err.Error())
	}
	return set
})

type patternSet struct {
	address *regexp.Regexp // submatch 1 is the part from the host on
	level   Level          // of addresses
	wording []wording      // sorted by language, those for any language last
}

type wording struct {
	language         string // "de", or "any"
	level            Level
	stale, ambiguous []phrase
	near, keep       []phrase
}

func compile(data []byte) (*patternSet, error) {
	var file struct {
		Address struct {
			Level Level
			Dead  []string
		}
		Wording map[string]struct {
			Level                        Level
			Stale, Ambiguous, Near, Keep []string
		}
	}
	strict := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := strict.Decode(&file); err != nil {
		return nil, fmt.Errorf("patterns.toml: %w", err)
	}
	set := &patternSet{address: addressPattern(file.Address.Dead), level: file.Address.Level}
	for language, w := range file.Wording {
		set.wording = append(set.wording, wording{
			language: language, level: w.Level,
			stale: phrases(w.Stale), ambiguous: phrases(w.Ambiguous),
			near: phrases(w.Near), keep: phrases(w.Keep),
		})
	}
	slices.SortFunc(set.wording, byLanguage)
	return set, nil
}

func byLanguage(a, b wording) int {
	if (a.language == "any") != (b.language == "any") {
		if a.language == "any" {
			return 1
		}
		return -1
	}
	return strings.Compare(a.language, b.language)
}

// addressPattern matches the dead addresses in a folded view: scheme (people type stray blanks
// into it), host, path, and the rest of the link if it goes on below that path.
func addressPattern(dead []string) *regexp.Regexp {
	var alternatives []string
	for _, a := range dead {
		alternatives = append(alternatives, strings.ReplaceAll(regexp.QuoteMeta(a), "/", "/+"))
	}
	return regexp.MustCompile(`(?:https?\s{0,3}:\s{0,3}/\s?/\s{0,3}|//)?((?:www\.)?(?:` +
		strings.Join(alternatives, "|") + `))(?:[/?#][^\s"'“”„’«»<>\\^(){|}\[\]` + "`" + `]*)?`)
}

// A phrase is a list of pieces with up to longestGap bytes between them, in the notation that
// patterns.toml explains, folded and squeezed like the text it is compared with.
type phrase []string

const longestGap = 80

func phrases(written []string) []phrase {
	var list []phrase
	for _, w := range written {
		var p phrase
		for _, piece := range strings.Split(w, "…") {
			p = append(p, string(squeezed(folded(source([]byte(strings.TrimSpace(piece))))).text))
		}
		list = append(list, p)
	}
	return list
}

// each calls found with the start and end of every occurrence of the phrase.
func (p phrase) each(text []byte, found func(start, end int)) {
	first := p[0]
	if i := strings.IndexAny(first, " ~"); i > 0 {
		first = first[:i]
	}
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(first))
		if i < 0 {
			return
		}
		start := at + i
		at = start + 1
		if end := p.matchAt(text, start); end > 0 {
			found(start, end)
			at = end
		}
	}
}

func (p phrase) in(text []byte) (found bool) {
	p.each(text, func(_, _ int) { found = true })
	return found
}

// matchAt gives the end of the phrase that starts at i, or -1.
func (p phrase) matchAt(text []byte, i int) int {
	if insideWord(text, i) {
		return -1
	}
	end := matchPiece(text, i, p[0])
	for _, piece := range p[1:] {
		if end < 0 {
			return -1
		}
		end = matchAfterGap(text, end, piece)
	}
	if end < 0 || insideWord(text, end) {
		return -1
	}
	return end
}

func matchAfterGap(text []byte, from int, piece string) int {
	for at := from; at < len(text) && at <= from+longestGap; at++ {
		if end := matchPiece(text, at, piece); end > 0 && !insideWord(text, at) {
			return end
		}
	}
	return -1
}

// matchPiece gives the end of the piece that starts at i, or -1.
func matchPiece(text []byte, i int, piece string) int {
	for k := range len(piece) {
		switch c := piece[k]; {
		case c == ' ':
			if i < len(text) && (text[i] == ' ' || text[i] == hyphenation) {
				i++
			}
			continue
		case c == '~':
			i = wordEnd(text, i)
			continue
		default:
			if i < len(text) && text[i] == hyphenation {
				i++
			}
			if i >= len(text) || text[i] != c {
				return -1
			}
			i++
		}
	}
	return i
}

func wordEnd(text []byte, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRune(text[i:])
		if !isWord(r) {
			break
		}
		i += n
	}
	return i
}

// insideWord reports whether letters or digits stand on both sides of i.
func insideWord(text []byte, i int) bool {
	left, _ := utf8.DecodeLastRune(text[:i])
	right, _ := utf8.DecodeRune(text[i:])
	return isWord(left) && isWord(right)
}

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}
