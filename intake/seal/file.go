package seal

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"time"
)

// Digest takes in a file of any size as it is written or read, to be signed.
type Digest struct {
	hash hash.Hash
	size int64
}

// NewDigest is the digest of an empty file; write the file to it.
func NewDigest() *Digest { return &Digest{hash: sha256.New()} }

func (d *Digest) Write(p []byte) (int, error) {
	d.size += int64(len(p))
	return d.hash.Write(p)
}

const statement = "SHA-256: %x\nSize: %d bytes\n"

func (d *Digest) statement() string { return fmt.Sprintf(statement, d.hash.Sum(nil), d.size) }

// SealBytes returns the signature of a file, to be kept beside it under its name and ".sig".
func (s *Sealer) SealBytes(data []byte, at time.Time) []byte {
	d := NewDigest()
	d.Write(data)
	return s.SealDigest(d, at)
}

// SealDigest is SealBytes for what does not fit into memory.
func (s *Sealer) SealDigest(d *Digest, at time.Time) []byte {
	return []byte(s.seal(ofFile, d.statement(), at))
}

// OpenDetached checks a file by the signature beside it. The file is read only when the signature itself is good.
func OpenDetached(data io.Reader, sig []byte) (Verified, error) {
	v, err := open(ofFile, sig)
	if err != nil {
		return Verified{}, fmt.Errorf("the signature beside it is no good: %w", err)
	}
	d := NewDigest()
	if _, err := io.Copy(d, data); err != nil {
		return Verified{}, err
	}
	if v.Text != d.statement() {
		return Verified{}, d.differs(v.Text)
	}
	return v, nil
}

// differs says how a file is not the one that was signed.
func (d *Digest) differs(signed string) error {
	var sum []byte
	var size int64
	switch _, err := fmt.Sscanf(signed, statement, &sum, &size); {
	case err == nil && d.size < size:
		return fmt.Errorf("%w: it has %d bytes of the %d that were signed; was it cut off when it was copied?", ErrChanged, d.size, size)
	case err == nil && d.size > size:
		return fmt.Errorf("%w: it has %d bytes where %d were signed", ErrChanged, d.size, size)
	}
	return fmt.Errorf("%w: the signature beside it does not match", ErrChanged)
}
