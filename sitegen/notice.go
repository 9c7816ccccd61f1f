package sitegen

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// notices renders the disputes page for every language of the shop and every country in the law book.
func (s Site) notices(locales []*localePages) (map[string]*mold, error) {
	var tags []string
	var of []*localePages
	for _, first := range locales {
		lang := first.facts.Locale.Language.Tag
		for _, country := range s.Law.Countries() {
			tag := lang + "-" + country
			if slices.Contains(tags, tag) {
				continue
			}
			l := first
			if i := slices.IndexFunc(locales, func(l *localePages) bool { return l.tag == tag }); i >= 0 {
				l = locales[i]
			}
			tags, of = append(tags, tag), append(of, l)
		}
	}
	molds, errs := make([]*mold, len(tags)), make([]error, len(tags))
	atOnce(len(tags), func(i int) {
		render := func() (*mold, error) {
			text, err := s.notice(of[i], tags[i])
			return newMold("notice.html", []byte(text)), err
		}
		if s.passing() {
			molds[i], errs[i] = render()
		} else {
			molds[i], errs[i] = s.Cache.notices.Get(fmt.Sprint(of[i].number, " ", tags[i]), mostNotices, render)
		}
	})
	found := make(map[string]*mold, len(tags))
	for i, tag := range tags {
		found[tag] = molds[i]
	}
	return found, errors.Join(distinct(errs)...)
}

// notice is the disputes page as it reads in the country of tag, for the shop's own pages: relative links would lead
// elsewhere there, so they lead to the pages of l.
func (s Site) notice(l *localePages, tag string) (string, error) {
	i := slices.IndexFunc(l.kept, func(p *page) bool { return p.name == disputesPage })
	if i < 0 {
		return "", nil
	}
	facts, err := s.facts(tag)
	if err != nil {
		return "", err
	}
	sc := s.scope(l.kept[i], l.kept, facts, l.notices)
	sc.base = s.home(l.tag)
	html, err := l.kept[i].body.render(sc)
	return strings.TrimSpace(string(html)), err
}
