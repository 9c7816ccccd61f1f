package docs

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every flag of the command has its row, and no row is left of a flag that is gone.
func TestAuditFlags(t *testing.T) {
	source, err := os.ReadFile("../cmd/recourse/audit.go")
	if err != nil {
		t.Fatal(err)
	}
	_, fields, _ := strings.Cut(string(source), "type auditCommand struct {")
	fields, _, _ = strings.Cut(fields, "\n}")
	want := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t([A-Z]\w+) .*help:`).FindAllStringSubmatch(fields, -1) {
		if m[1] != "Targets" {
			want[flagName(m[1])] = true
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(--[a-z-]+)").FindAllStringSubmatch(read(t, "auditing.md"), -1) {
		if !want[m[1]] {
			t.Errorf("auditing.md has a row for %s, which the command does not know", m[1])
		}
		delete(want, m[1])
	}
	for flag := range want {
		t.Errorf("auditing.md has no row for %s", flag)
	}
}

// flagName is the flag of a field: "AllowFile" is "--allow-file", "JSON" is "--json".
func flagName(field string) string {
	words := regexp.MustCompile(`[A-Z][a-z]+|[A-Z]+`).FindAllString(field, -1)
	return "--" + strings.ToLower(strings.Join(words, "-"))
}
