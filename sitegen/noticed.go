package sitegen

import (
	"errors"
	"slices"
)

// Notice is the text of a dispute notice as HTML, in parts: words of the shop stand between texts that it shares with all
// shops of the same facts.
type Notice struct {
	Text  [][]byte // one more than words
	Words []string // as they are written there
}

// Notices are the texts of the disputes page, with absolute links: for each language of the shop and each country in the law
// book, "de-FR", since a customer may live where the shop does not sell.
func (p *Print) Notices() (map[string]Notice, error) {
	f, notices := newFiller(p.words), make(map[string]Notice, len(p.molds.notices))
	var errs []error
	for tag, text := range p.molds.notices {
		n, err := f.notice(text)
		notices[tag], errs = n, append(errs, err)
	}
	return notices, errors.Join(distinct(errs)...)
}

func (f *filler) notice(m *mold) (Notice, error) {
	if slices.ContainsFunc(m.gaps, func(g gap) bool { return g.part != nil || g.word == none || g.word >= len(f.words) }) {
		whole, err := f.fill(m)
		return Notice{Text: [][]byte{whole}}, err
	}
	n := Notice{m.text, make([]string, len(m.gaps))}
	for i := range m.gaps {
		var err error
		if n.Words[i], err = f.write(&m.gaps[i]); err != nil {
			return n, err
		}
	}
	return n, nil
}
