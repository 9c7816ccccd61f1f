package docket

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
)

// digits are Crockford's base 32: no I, L, O, U, so that a reference survives being read out.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// checks adds the five values a check symbol modulo 37 can have beyond the digits.
const checks = digits + "*~$=U"

// NewReference draws a reference: ten symbols and a check symbol, "4K7Q-2M3X-9TR". It is random, so it tells
// nobody how many cases there are; it opens nothing.
func NewReference() string {
	for {
		var raw [10]byte
		rand.Read(raw[:])
		for i, b := range raw {
			raw[i] = digits[b%32]
		}
		// The signs among the check symbols are awkward in file names and on the phone: draw again.
		if c := check(string(raw[:])); strings.IndexByte(digits, c) >= 0 {
			return string(raw[:4]) + "-" + string(raw[4:8]) + "-" + string(raw[8:]) + string(c)
		}
	}
}

// ParseReference reads a reference as people type it: any case, with or without hyphens and spaces, O for 0,
// I or L for 1. It reports false when the check symbol does not fit.
func ParseReference(typed string) (string, bool) {
	s := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	if len(s) != 11 || strings.Trim(s, digits) != "" || check(s[:10]) != s[10] {
		return "", false
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:], true
}

func check(symbols string) byte {
	sum := 0
	for i := range len(symbols) {
		sum = (sum*32 + strings.IndexByte(digits, symbols[i])) % 37
	}
	return checks[sum]
}

// Purpose of a token: a receipt's link does not open the status page.
type Purpose string

const (
	Receipt Purpose = "receipt"
	Status  Purpose = "status"
)

// Token opens the receipt or the status page of a submission: it names the submission, which is a UUID, and proves with 128 bits
// made with the server's key that the server has said so. It is derived rather than drawn, because a repeated submission must get
// the same links back, and the database holds nothing that opens a page.
func Token(key []byte, p Purpose, shop, submission string) string {
	id, err := uuid.Parse(submission)
	if err != nil { // nobody stores such a submission
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("recourse link 2\x00" + string(p) + "\x00" + shop + "\x00" + submission))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(id[:])[:32])
}

// TokenSubmission is the submission a token names; it says false for what is no token. Whether the token is genuine shows in comparing
// it with Token's.
func TokenSubmission(token string) (submission string, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != 32 {
		return "", false
	}
	return uuid.UUID(raw[:16]).String(), true
}

// HashToken is what databases of the first version keep of a token.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
