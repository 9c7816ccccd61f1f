package mail

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Address gives the form of a typed address that goes into headers and envelopes: the domain in ASCII. It refuses
// whatever is more than one plain address, since net/mail also reads names, comments, groups and routes.
func Address(typed string) (string, error) {
	parsed, err := mail.ParseAddress(typed)
	if err != nil {
		return "", fmt.Errorf("read an email address: %w", err)
	}
	at := strings.LastIndexByte(typed, '@')
	if parsed.Address != typed || parsed.Name != "" || at < 1 || strings.ContainsFunc(typed, control) {
		return "", fmt.Errorf("read an email address: it holds more than one plain address")
	}
	domain, err := idna.Lookup.ToASCII(typed[at+1:])
	if err != nil {
		return "", fmt.Errorf("read the domain of an email address: %w", err)
	}
	if at > 64 || at+1+len(domain) > 254 || !strings.Contains(domain, ".") || strings.HasPrefix(domain, "[") {
		return "", fmt.Errorf("read an email address: mail servers would not take it")
	}
	return typed[:at+1] + domain, nil
}

// control reports what nobody sees: idna would drop some of it, and mail would go to another domain than the one typed.
func control(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }
