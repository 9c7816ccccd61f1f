package check

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// tongues compares the languages the shop serves in a market with those spoken there and those there are texts in.
func (m market) tongues() {
	served := m.Shop.Markets[m.Country]
	for _, tag := range served {
		m.served(tag)
	}
	missing := slices.DeleteFunc(m.spoken(), func(tag string) bool { return slices.Contains(served, tag) })
	switch {
	case len(missing) == 0:
	case len(missing) == len(m.spoken()):
		m.add(languageNone, Finding{Subject: m.key(), Details: missing,
			Message: fmt.Sprintf("The shop sells to %s, but serves none of its languages (%s). What customers cannot read may count as not said.", m.name(), names(missing)),
			Fix:     "Add one to the market. " + m.available(missing)})
	default:
		m.add(languagePartial, Finding{Subject: m.key(), Details: missing,
			Message: fmt.Sprintf("%s is also spoken in %s, but not served there.", names(missing), m.name()),
			Fix:     "Add it if your customers need it. " + m.available(missing)})
	}
}

func (m market) served(tag string) {
	if !slices.Contains(m.Languages, tag) {
		m.add(languageNoTexts, Finding{Subject: m.key(), Language: tag,
			Message: fmt.Sprintf("There are no texts in %s.", languageName(tag)),
			Fix:     fmt.Sprintf("Drop the language, or put your own texts into a folder %q. There are texts in %s.", tag, names(m.Languages))})
	}
	switch labels, ok := m.Law.Labels(tag, m.Country, m.Today); {
	case !m.Function.Due:
	case !ok:
		m.add(labelMissing, Finding{Subject: m.key(), Language: tag,
			Message: fmt.Sprintf("There are no official words for the withdrawal button in %s.", languageName(tag)),
			Fix:     "Serve the market in an official language of the EU instead; nobody may translate the words by hand."})
	case !labels.Official:
		m.add(labelTranslated, Finding{Subject: m.key(), Language: tag,
			Message: fmt.Sprintf("No law gives the words of the withdrawal button in %s; the pages show a translation: %s, %s.", languageName(tag), labels.Withdraw, labels.Confirm),
			Fix:     "Have a lawyer look at the words if many of your customers read them."})
	}
}

// spoken are the languages of the country. Where its law is not known, it is the one language that CLDR takes for
// granted there.
func (m market) spoken() []string {
	if len(m.record.Languages) > 0 {
		return slices.Clone(m.record.Languages)
	}
	base, confidence := language.Make("und-" + m.Country).Base()
	if confidence == language.No {
		return nil
	}
	return []string{base.String()}
}

// available says in which of these languages texts exist.
func (m market) available(tags []string) string {
	have := slices.DeleteFunc(slices.Clone(tags), func(tag string) bool { return !slices.Contains(m.Languages, tag) })
	if len(have) == 0 {
		return "There are no built-in texts yet; your own go into a folder named after the language."
	}
	return "There are texts in " + names(have) + "."
}

// names lists languages in English.
func names(tags []string) string {
	all := make([]string, len(tags))
	for i, tag := range tags {
		all[i] = languageName(tag)
	}
	return strings.Join(all, ", ")
}
