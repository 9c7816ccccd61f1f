package ledger

import (
	"strings"
	"testing"
)

func TestSeen(t *testing.T) {
	l := open(t, three(t))
	v, ok := l.Published(text("returns", "You have 14 days."))
	if !ok || v.From != date(t, "2026-03-01") {
		t.Fatalf("%+v, %v", v, ok)
	}
	if _, ok := l.Published(text("returns", "You have 7 days.")); ok {
		t.Error("a text nobody published is found")
	}
	seen := v.Seen().String()
	if !strings.HasPrefix(seen, "returns/2026-03-01/") {
		t.Errorf("written %q", seen)
	}
	if got, ok := ParseSeen(seen); !ok || got != v.Seen() {
		t.Errorf("read %+v, %v", got, ok)
	}
	hash := v.SHA256
	for _, bad := range []string{"", "returns", "returns/2026-03-01", "returns/2026-03-01/", "../2026-03-01/" + hash, "returns/2026-02-30/" + hash,
		"returns/2026-03-01/" + strings.ToUpper(hash), seen + "/", " " + seen, seen + "\n", "returns/2026-03-01/" + hash[1:]} {
		if got, ok := ParseSeen(bad); ok {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}
