package sitegen

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"recourse/locale"
)

// A page that a language lacks is shown in another one, which its language.toml may name, else in English. It is that language's page
// from the first word to the last, with its dates and its form, marked as such, below a sentence in the reader's own language.

// fallback lists the languages in which a page is looked for that a language lacks.
func (s Site) fallback(lang string) []string {
	l, ok := s.Locales.Language(lang)
	if !ok {
		return nil
	}
	return l.Fallback
}

// shownIn is the language in which a page is there; the one asked for where it is in none.
func (s Site) shownIn(lang, name string) string {
	for _, tag := range append([]string{lang}, s.fallback(lang)...) {
		if info, err := fs.Stat(s.Content, tag+"/"+name+".md"); err == nil && !info.IsDir() {
			return tag
		}
	}
	return lang
}

// languageOf is the language a page is written in.
func (s Site) languageOf(p *page, asked *locale.Language) *locale.Language {
	tag, _, _ := strings.Cut(p.file, "/")
	if l, ok := s.Locales.Language(tag); ok && tag != asked.Tag {
		return l
	}
	return asked
}

// locale is the tag of the locale the page is made for, in whichever language it is.
func (s *scope) locale() string {
	return locale.Locale{Language: s.asked, Country: s.facts.Locale.Country}.Tag()
}

func (s *scope) foreign() bool { return s.language() != s.asked }

// inLanguage marks words that are not in the language of the page around them.
func (s *scope) inLanguage(html []byte) []byte {
	if !s.foreign() || len(html) == 0 {
		return html
	}
	return fmt.Appendf(nil, `<span lang="%s" dir="%s">%s</span>`, s.language().Tag, s.language().Dir, html)
}

// explained marks a text, and says above it why it is not in the reader's language.
func (s *scope) explained(html []byte) []byte {
	if !s.foreign() || len(html) == 0 {
		return html
	}
	why := s.asked.Text("fallback.page",
		locale.Arg{Name: "language", Value: s.asked.LanguageName(s.asked.Tag)}, locale.Arg{Name: "shown", Value: s.asked.LanguageName(s.language().Tag)})
	var out bytes.Buffer
	fmt.Fprintf(&out, `<p class="rc-note">%s</p><div lang="%s" dir="%s">`, template.HTMLEscapeString(why), s.language().Tag, s.language().Dir)
	out.Write(html)
	out.WriteString("</div>")
	return out.Bytes()
}
