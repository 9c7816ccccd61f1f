// Package audit finds what the closed EU platform for online dispute resolution (ODR) left behind
// in a shop's own pages: links to it, and the standard sentences that used to go with them.
//
// The platform took no new complaints from 20 March 2025 and was switched off on 20 July 2025;
// the duty to link to it ended the same day (Regulation (EU) 2024/3228). A link that is still
// there points customers to a remedy that does not exist, and competitors send warning letters
// about it. A dead link is therefore an error. A phrase without a link may be history or news, so
// it is a warning.
//
// The search works on the source text: HTML, templates, Markdown, scripts, translations, saved
// e-mails. It sees through entities, percent signs, JSON escapes, tags and invisible characters,
// and reports the line and column where the text really stands. Comments are searched too: they
// are delivered to every visitor, and to every search for candidates of a warning letter.
//
// PDF and Office files are searched page by page, paragraph by paragraph, cell by cell, with the
// addresses behind their links.
//
// Statements other law requires stay untouched, above all the German sentence about the
// Verbraucherschlichtungsstelle and the French médiateur de la consommation.
package audit

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Level says how bad a finding is.
type Level string

// The two levels. Only errors change the exit code.
const (
	Error   Level = "error"
	Warning Level = "warning"
)

// A Finding is one place that needs a look.
type Finding struct {
	Name   string `json:"name"`             // file name or URL, as given to Scan
	Line   int    `json:"line,omitempty"`   // from 1; none in PDF and Office files
	Column int    `json:"column,omitempty"` // from 1, in code points
	Place  string `json:"place,omitempty"`  // in PDF and Office files: "page 3", "paragraph 12", "sheet \"Prices\", cell B7"
	Level  Level  `json:"level"`
	Rule   string `json:"rule"`           // "odr-link", or "odr-wording-" and the language
	Match  string `json:"match"`          // as it stands in the text, markup included
	Text   string `json:"text"`           // what it is
	Fix    string `json:"fix"`            // what to do
	Keep   string `json:"keep,omitempty"` // close by, and required by other law: not to be removed with it
}

// Scan searches one text, in UTF-8 and below 2 GiB. The name goes into the findings; it also tells
// saved e-mails (.eml) from other texts. Findings come in the order of the text.
func Scan(name string, text []byte) []Finding {
	plain := source(text)
	if isMail(name) {
		plain = unpacked(plain)
	}
	withTags := folded(decoded(plain))
	views := []view{withTags}
	if bytes.IndexByte(withTags.text, '<') >= 0 {
		views = append(views, stripped(withTags))
	}
	var s search
	for _, v := range views {
		s.addresses(v)
		s.wordings(squeezed(v))
	}
	return s.findings(name, text)
}

// A hit is a finding before it is placed: from and to are offsets in the source.
type hit struct {
	from, to int
	wording  *wording // nil for an address
}

// A search collects hits from several views of one text.
type search struct {
	hits []hit
	keep []hit
}

func (s *search) addresses(v view) {
	if !bytes.Contains(v.text, []byte("europa.eu")) {
		return
	}
	for _, m := range patterns().address.FindAllSubmatchIndex(v.text, -1) {
		start, end, host, path := m[0], m[1], m[2], m[3]
		if start == host && otherHost(v.text[:host]) || longerPath.Match(v.text[path:]) {
			continue
		}
		end = start + len(bytes.TrimRight(v.text[start:end], ".,;:!?*_&="))
		from, to := v.span(start, end)
		s.hits = append(s.hits, hit{from: from, to: to})
	}
}

// otherHost reports whether the address goes on to the left: "redress." or "my-" before the host
// makes it somebody else's.
func otherHost(left []byte) bool {
	r, _ := utf8.DecodeLastRune(left)
	return isWord(r) || r == '.' || r == '-' || r == '@'
}

// longerPath tells ".../odra" and ".../odr-news" from the platform. A full stop may end a sentence
// that lost its blank, so what follows one does not matter.
var longerPath = regexp.MustCompile(`^-*[\pL\d_]`)

func (s *search) wordings(v view) {
	all := patterns().wording
	for i := range all {
		w := &all[i]
		for _, p := range w.stale {
			p.each(v.text, func(start, end int) { s.hits = append(s.hits, v.hit(start, end, w)) })
		}
		for _, p := range w.ambiguous {
			p.each(v.text, func(start, end int) {
				if w.nearby(v.text, start, end) {
					s.hits = append(s.hits, v.hit(start, end, w))
				}
			})
		}
		for _, p := range w.keep {
			p.each(v.text, func(start, end int) { s.keep = append(s.keep, v.hit(start, end, w)) })
		}
	}
}

func (v view) hit(start, end int, w *wording) hit {
	from, to := v.span(start, end)
	return hit{from, to, w}
}

// nearbyReach is about two sentences to either side.
const nearbyReach = 300

func (w *wording) nearby(text []byte, start, end int) bool {
	around := text[max(0, start-nearbyReach):min(len(text), end+nearbyReach)]
	return slices.ContainsFunc(w.near, func(p phrase) bool { return p.in(around) })
}

// findings sorts the hits, drops repeats, and gives each its place.
func (s *search) findings(name string, text []byte) []Finding {
	slices.SortStableFunc(s.hits, inOrder)
	slices.SortStableFunc(s.keep, inOrder)
	place := places(text)
	var found []Finding
	for _, h := range s.distinct() {
		f := describe(h)
		f.Name, f.Match = name, string(text[h.from:h.to])
		f.Line, f.Column = place(h.from)
		f.Keep = s.keptNear(h, text)
		found = append(found, f)
	}
	return found
}

// distinct leaves one hit where several overlap: of the phrases the one that starts first and is
// longest, and no phrase that is only part of a link or of a statement to keep.
func (s *search) distinct() []hit {
	var links, phrases []hit
	for _, h := range s.hits {
		if h.wording == nil && !overlaps(links, h) {
			links = append(links, h)
		}
	}
	protected := cover(slices.Concat(links, s.keep))
	for _, h := range s.hits {
		if h.wording != nil && !overlaps(phrases, h) && !protected(h) {
			phrases = append(phrases, h)
		}
	}
	all := append(links, phrases...)
	slices.SortStableFunc(all, inOrder)
	return all
}

// inOrder sorts by start, the longer first.
func inOrder(a, b hit) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
}

// overlaps compares with the last hit only: they are sorted and kept apart.
func overlaps(sorted []hit, h hit) bool {
	return len(sorted) > 0 && sorted[len(sorted)-1].to > h.from
}

// cover tells for hits in ascending order whether one of outer contains them whole.
func cover(outer []hit) func(hit) bool {
	slices.SortFunc(outer, inOrder)
	next, reach := 0, 0 // reach is the farthest end of those that start at or before the hit
	return func(h hit) bool {
		for ; next < len(outer) && outer[next].from <= h.from; next++ {
			reach = max(reach, outer[next].to)
		}
		return h.to <= reach
	}
}

// keptNear names a statement to keep that stands in the neighbourhood of a hit.
func (s *search) keptNear(h hit, text []byte) string {
	const reach = 1000
	i, _ := slices.BinarySearchFunc(s.keep, h.from-reach, func(k hit, from int) int { return cmp.Compare(k.from, from) })
	if i < len(s.keep) && s.keep[i].from < h.to+reach {
		return oneLine(string(text[s.keep[i].from:s.keep[i].to]))
	}
	return ""
}

func describe(h hit) Finding {
	if h.wording == nil {
		return Finding{
			Level: patterns().level,
			Rule:  "odr-link",
			Text:  "link to the EU ODR platform, which closed on 20 July 2025 (Regulation (EU) 2024/3228): a misleading statement",
			Fix:   "remove the link and the sentence around it; keep your e-mail address and your statement on alternative dispute resolution",
		}
	}
	return Finding{
		Level: h.wording.level,
		Rule:  "odr-wording-" + h.wording.language,
		Text:  "standard wording about the EU ODR platform, which closed on 20 July 2025",
		Fix:   "remove it, unless the text reports on the closure; keep your e-mail address and your statement on alternative dispute resolution",
	}
}

// places turns ascending offsets into line and column, reading the text only once: minified files
// are a single line of megabytes.
func places(text []byte) func(offset int) (line, column int) {
	at, line, column := 0, 1, 1
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		at = len("\ufeff") // no editor counts the byte order mark
	}
	return func(offset int) (int, int) {
		for at < offset {
			_, n := utf8.DecodeRune(text[at:])
			column++
			if text[at] == '\n' {
				line, column = line+1, 1
			}
			at += n
		}
		return line, column
	}
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}
