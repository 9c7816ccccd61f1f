package seal

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What can be wrong, in words for people. Errors say more after these, and are told apart with errors.Is.
var (
	ErrUnsigned = errors.New("not signed: there is no signature at the end")
	ErrDamaged  = errors.New("the signature is damaged")
	ErrChanged  = errors.New("changed after it was signed")
	ErrOtherKey = errors.New("signed with another key")
)

// Verified is what a good signature says. It does not say whose key it is: see By.
type Verified struct {
	Text string    // what was signed, with line feeds; of a file the statement of its hash and size
	At   time.Time // when it was signed, by the clock of whoever did
	Key  ed25519.PublicKey
}

// Fingerprint is the key as people compare it.
func (v Verified) Fingerprint() string { return Fingerprint(v.Key) }

// By insists on one of several keys, given as Fingerprint writes them.
func (v Verified) By(fingerprints ...string) error {
	if slices.Contains(fingerprints, v.Fingerprint()) {
		return nil
	}
	return fmt.Errorf("%w, %s", ErrOtherKey, v.Fingerprint())
}

// Open checks a text that carries its signature.
func Open(document []byte) (Verified, error) { return open(ofText, document) }

func open(p purpose, document []byte) (Verified, error) {
	text, below, found := split(document)
	if !found {
		return Verified{}, unsigned(document)
	}
	b, err := parseBlock(below)
	if err != nil {
		return Verified{}, err
	}
	if !ed25519.Verify(b.key, message(p, b.time(), text), b.signature) {
		return Verified{}, mismatch(text)
	}
	return Verified{Text: text, At: b.at, Key: b.key}, nil
}

// unsigned names what makes signed files look unsigned.
func unsigned(document []byte) error {
	if s := string(document); strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff") {
		return fmt.Errorf("%w that can be read in UTF-16; save the text as UTF-8, or take the file as it was sent", ErrUnsigned)
	}
	return ErrUnsigned
}

func mismatch(text string) error {
	if Ends([]byte(text)) {
		return fmt.Errorf("%w: it has two signatures, and the last does not match", ErrChanged)
	}
	return fmt.Errorf("%w: the signature does not match", ErrChanged)
}
