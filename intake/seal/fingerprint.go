package seal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// digits are Crockford's base 32: no I, L, O, U, so that a fingerprint survives being read out.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// symbols of a fingerprint: 120 bits, out of reach of whoever looks for a key that has the same.
const symbols = 24

// Fingerprint is a public key as people compare it: the first 120 bits of its SHA-256 in six groups of four.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return grouped(base32.NewEncoding(digits).EncodeToString(sum[:symbols*5/8]))
}

func grouped(s string) string {
	var groups []string
	for ; len(s) > 4; s = s[4:] {
		groups = append(groups, s[:4])
	}
	return strings.Join(append(groups, s), "-")
}

// ParseFingerprint reads a fingerprint as people type it: any case, with or without hyphens and spaces, O for 0, I or L
// for 1. It must be whole: keys that have a few of its symbols are soon found.
func ParseFingerprint(typed string) (string, error) {
	s := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	if len(s) != symbols || strings.Trim(s, digits) != "" {
		return "", fmt.Errorf("%q is no fingerprint of a key: it has %d letters and digits, %s", typed, symbols, "as in "+grouped(digits[:symbols]))
	}
	return grouped(s), nil
}
