package widget

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"recourse/shop"
)

// A file of the widget is made once for a stand-in, a shop whose words are marks, and cut at these. Filling in the words of
// a shop then costs microseconds, however many shops there are.

// mark stands for the word with that number.
func mark(i int) string { return markStart + strconv.Itoa(i) + markEnd }

// No text can know the marks of a run.
var markStart = "zqw" + strings.ToLower(rand.Text()) + "n"

const markEnd = "w"

// Words of a form that are not the shop's, by the numbers of their marks; the shop's follow.
const (
	versionWord = iota
	afterWord
	firstShopWord
)

// standIn gives a shop with marks for the words of s, and those words. It has no facts but those that forms speak of.
func standIn(s *shop.Shop) (in *shop.Shop, words []string) {
	in = &shop.Shop{Zone: s.Zone, Returns: shop.Returns{Days: s.Returns.Days}}
	in.Trader.Country = s.Trader.Country
	words = make([]string, firstShopWord)
	for _, word := range []struct {
		to *string
		is string
	}{
		{&in.ID, s.ID}, {&in.Name, s.Name}, {&in.Publish, s.Publish}, {&in.Intake, s.Intake}, {&in.Website, s.Website},
		{&in.Trader.LegalName, s.Trader.LegalName}, {&in.Trader.Email, s.Trader.Email}, {&in.Trader.Phone, s.Trader.Phone},
	} {
		if word.is != "" {
			*word.to = mark(len(words))
		}
		words = append(words, word.is)
	}
	return in, words
}

// kindOf is equal for shops that have the same stand-in.
func kindOf(standIn *shop.Shop) string {
	key, _ := json.Marshal(standIn) // plain data
	return string(key)
}

// inQuotes gives words as they stand between the quotes of a string in our JSON.
func inQuotes(words []string) []string {
	quoted := make([]string, len(words))
	for i, word := range words {
		text, _ := encode(word) // a string always has a JSON form
		quoted[i] = text[1 : len(text)-1]
	}
	return quoted
}

// mold is a file cut where words are to be filled in.
type mold struct {
	text  [][]byte // one more than words
	words []int    // numbers of marks
	light func() int
}

// cut makes the mold of a file in which words are marks.
func cut(file []byte) *mold {
	m := &mold{}
	before, rest, found := bytes.Cut(bytes.Clone(file), []byte(markStart))
	for m.text = append(m.text, before); found; m.text = append(m.text, before) {
		number, after, _ := bytes.Cut(rest, []byte(markEnd)) // marks are always whole
		word, _ := strconv.Atoi(string(number))
		m.words = append(m.words, word)
		before, rest, found = bytes.Cut(after, []byte(markStart))
	}
	m.light = sync.OnceValue(func() int { return weigh(m.fill(nil), quick) })
	return m
}

// fill gives the file with the words of a shop, which are written as the file asks for. Words that are not given are empty.
func (m *mold) fill(words []string) []byte {
	size := 0
	for i, text := range m.text {
		size += len(text) + len(m.word(i, words))
	}
	file := make([]byte, 0, size)
	for i, text := range m.text {
		file = append(append(file, text...), m.word(i, words)...)
	}
	return file
}

// word is what stands behind the i-th text.
func (m *mold) word(i int, words []string) string {
	if i >= len(m.words) || m.words[i] >= len(words) {
		return ""
	}
	return words[m.words[i]]
}

// weight is what the file weighs at most with these words, without weighing it again: a word that was there before costs no
// more than the way to it.
func (m *mold) weight(words []string) int {
	const way = 4
	sum := m.light()
	for i, number := range m.words {
		sum += way
		if !slices.Contains(m.words[:i], number) {
			sum += len(m.word(i, words))
		}
	}
	return sum
}
