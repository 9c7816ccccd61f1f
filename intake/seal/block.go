package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

const marker = "-- Recourse signature --"

// block is what stands below a signed text.
type block struct {
	at        time.Time
	key       ed25519.PublicKey
	signature []byte
}

func (b block) time() string { return b.at.UTC().Format(time.RFC3339) }

func (b block) String() string {
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("%s\nSigned: %s\nKey: %s\nSignature: %s\n", marker, b.time(), encode(b.key), encode(b.signature))
}

// parseBlock reads the lines below the marker. Base 64 and times can be written in several ways; only the one that
// String writes is taken, so that no byte of a block can change unnoticed.
func parseBlock(below string) (block, error) {
	lines := strings.Split(below, "\n")
	if len(lines) < 3 {
		return block{}, fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	if len(lines) > 3 {
		return block{}, fmt.Errorf("%w: there is text below the signature", ErrChanged)
	}
	b := block{key: decode(lines[1], "Key: "), signature: decode(lines[2], "Signature: ")}
	b.at, _ = time.Parse("Signed: "+time.RFC3339, lines[0])
	switch {
	case len(b.key) != ed25519.PublicKeySize:
		return b, fmt.Errorf("%w: its line \"Key\" cannot be read", ErrDamaged)
	case len(b.signature) != ed25519.SignatureSize:
		return b, fmt.Errorf("%w: its line \"Signature\" cannot be read", ErrDamaged)
	case b.String() != marker+"\n"+below+"\n":
		return b, fmt.Errorf("%w: a character in it is not as it was written", ErrDamaged)
	}
	return b, nil
}

// decode is empty for what cannot be decoded.
func decode(line, label string) []byte {
	encoded, _ := strings.CutPrefix(line, label)
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil
	}
	return data
}

// Ends reports whether a document, or the end of one, ends with a signature, whether or not it is good. The last 4 KiB
// are enough to ask.
func Ends(document []byte) bool {
	_, below, found := split(document)
	return found && strings.Count(below, "\n") == 2
}

// split parts a document at its last marker. Texts may hold the marker too: a signature has none below its own.
func split(document []byte) (text, below string, found bool) {
	folded := fold(string(bytes.TrimRight(document, "\r\n")))
	i := strings.LastIndex(folded, "\n"+marker+"\n")
	if i < 0 {
		return "", "", false
	}
	return folded[:i], folded[i+len(marker)+2:], true
}

// fold gives a text the form in which it is signed: no byte order mark, no carriage returns at the ends of lines. It
// takes time in proportion to the text, whatever is in it.
func fold(text string) string {
	lines := strings.Split(strings.TrimLeft(text, "\uFEFF"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, "\r")
	}
	return strings.Join(lines, "\n")
}
