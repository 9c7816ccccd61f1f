package shop

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed template.toml
var template string

// Template is a commented shop.toml that Parse accepts as long as id is a slug: the start for
// somebody who has none.
func Template(id, name string) []byte {
	r := strings.NewReplacer("{{id}}", quote(id), "{{name}}", quote(name), "{{exclusions}}", exclusionLines(),
		"{{events}}", strings.Join(WebhookEvents, ", "))
	return []byte(r.Replace(template))
}

// quote writes a TOML basic string. Control characters are left out: no name contains one.
func quote(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// exclusionLines lists the names in comment lines of readable length.
func exclusionLines() string {
	var b strings.Builder
	for i, name := range Exclusions {
		switch {
		case i == 0:
		case i%5 == 0:
			b.WriteString(",\n# ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	return b.String()
}
