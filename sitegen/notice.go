package sitegen

import (
	"slices"
	"strings"
)

// notices renders the disputes page for every language of the shop and every country in the law book.
func (s Site) notices(locales []*localePages) (map[string]*mold, error) {
	found := map[string]*mold{}
	for _, first := range locales {
		lang := first.facts.Locale.Language.Tag
		for _, country := range s.Law.Countries() {
			tag := lang + "-" + country
			if _, done := found[tag]; done {
				continue
			}
			l := first
			if i := slices.IndexFunc(locales, func(l *localePages) bool { return l.tag == tag }); i >= 0 {
				l = locales[i]
			}
			text, err := s.notice(l, tag)
			if err != nil {
				return nil, err
			}
			found[tag] = newMold("notice.html", []byte(text))
		}
	}
	return found, nil
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
	sc := s.scope(l.kept[i], l.kept, facts)
	sc.base = s.home(l.tag)
	html, err := l.kept[i].body.render(sc)
	return strings.TrimSpace(string(html)), err
}
