// Package seal signs what the server hands out, so that anybody can check it later, offline and without the server.
//
// A text carries its signature below itself, in a block of four lines:
//
//	text, as it was
//
//	-- Recourse signature --
//	Signed: 2026-11-20T13:03:12Z
//	Key: 32 bytes, base64
//	Signature: 64 bytes, base64
//
// A file of any other format has one beside itself: "cases.csv.sig" is such a text, which states the file's SHA-256 and
// size.
//
// The signature is Ed25519 over "Recourse signature 1", the purpose ("text" or "file"), the time and the text, each
// followed by a line feed. The purpose keeps a text that somebody had signed from passing for the signature of a file.
//
// Mail programs and editors convert the ends of lines, add or drop empty lines at the end and put a byte order mark in
// front. That is no change: texts are signed with line feeds and without a mark. Any other byte that differs is found,
// white space and the block's own bytes included.
//
// Whoever writes a receipt asks for one thing:
//
//	sealer := seal.New(key) // once; the key of intake.Key
//	text = sealer.Seal(text, now)
//
// and whoever writes an export for two more, for what is in memory and for what is written in a stream:
//
//	sig := sealer.SealBytes(csv, now) // to be handed out as cases.csv.sig
//
//	digest := seal.NewDigest()
//	io.Copy(io.MultiWriter(file, digest), archive)
//	sig := sealer.SealDigest(digest, now)
//
// A Sealer has no state and is safe for use by several goroutines. The same text, time and key give the same bytes.
package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"time"
)

// purpose separates what is signed, so that a signature of one kind is worth nothing as one of another.
type purpose string

const (
	ofText purpose = "text"
	ofFile purpose = "file"
)

// Sealer signs with the server's key.
type Sealer struct{ private ed25519.PrivateKey }

// New derives the signing key from the server's key, which must be at least 32 random bytes. The links in mails come from
// the same key; deriving keeps the one from telling anything about the other.
func New(key []byte) *Sealer {
	if len(key) < 32 {
		panic("seal: the server's key has fewer than 32 bytes")
	}
	seed, err := hkdf.Key(sha256.New, key, nil, "recourse signature ed25519 1", ed25519.SeedSize)
	if err != nil {
		panic(err) // only for more bytes than SHA-256 can give
	}
	return &Sealer{ed25519.NewKeyFromSeed(seed)}
}

// Public is the key that checks what the Sealer signed.
func (s *Sealer) Public() ed25519.PublicKey { return s.private.Public().(ed25519.PublicKey) }

// Fingerprint is the public key as people compare it.
func (s *Sealer) Fingerprint() string { return Fingerprint(s.Public()) }

// Seal returns the text with a signature below it. The text may be anything, a signed one too; Open gives it back with
// line feeds as ends of lines and without a byte order mark. The time counts in whole seconds.
func (s *Sealer) Seal(text string, at time.Time) string { return s.seal(ofText, fold(text), at) }

// seal signs a folded text.
func (s *Sealer) seal(p purpose, text string, at time.Time) string {
	b := block{at: at, key: s.Public()}
	b.signature = ed25519.Sign(s.private, message(p, b.time(), text))
	return text + "\n" + b.String()
}

func message(p purpose, at, text string) []byte {
	return []byte("Recourse signature 1\n" + string(p) + "\n" + at + "\n" + text + "\n")
}
