package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"recourse/intake/seal"
)

// verdict is what was found out about a file.
type verdict struct {
	File    string    `json:"file"`
	State   string    `json:"state"`
	Signed  time.Time `json:"signed,omitzero"`
	Key     string    `json:"key,omitempty"`
	Own     bool      `json:"this_server"`
	Problem string    `json:"problem,omitempty"`
}

// verifyFiles looks at each file once; a signature file stands for the file it belongs to.
func verifyFiles(names []string, keys trustedKeys) []verdict {
	verdicts, seen := []verdict{}, map[string]bool{}
	for _, name := range names {
		if name = signedFile(name); !seen[name] {
			verdicts = append(verdicts, verify(name, keys))
		}
		seen[name] = true
	}
	return verdicts
}

// signedFile is cases.csv for cases.csv.sig, where there is one.
func signedFile(name string) string {
	base, found := strings.CutSuffix(name, ".sig")
	if _, err := os.Stat(base); !found || err != nil {
		return name
	}
	return base
}

func verify(name string, keys trustedKeys) verdict {
	v, err := openSigned(name)
	if err == nil && !keys.none() {
		err = v.By(append(slices.Clone(keys.named), keys.own)...)
	}
	if err != nil {
		return verdict{File: name, State: state(err), Problem: err.Error()}
	}
	found := verdict{File: name, State: "genuine", Signed: v.At, Key: v.Fingerprint(), Own: v.Fingerprint() == keys.own}
	if keys.none() {
		found.State = "unchanged"
	}
	return found
}

func state(err error) string {
	switch {
	case errors.Is(err, seal.ErrUnsigned):
		return "unsigned"
	case errors.Is(err, seal.ErrDamaged):
		return "damaged"
	case errors.Is(err, seal.ErrChanged):
		return "changed"
	case errors.Is(err, seal.ErrOtherKey):
		return "other-key"
	}
	return "unreadable"
}

// largestText is read into memory; larger files have their signature beside them.
const largestText = 64 << 20

// openSigned checks a file by the signature at its end or else by the one beside it, for which it may have any size.
func openSigned(name string) (seal.Verified, error) {
	f, err := os.Open(name)
	if err != nil {
		return seal.Verified{}, unreadable(name, err)
	}
	defer f.Close()
	within, size, err := endsSigned(f)
	if err != nil {
		return seal.Verified{}, unreadable(name, err)
	}
	if !within {
		v, err := openBeside(name, f)
		if !errors.Is(err, fs.ErrNotExist) {
			return v, err
		}
	}
	if size > largestText {
		return seal.Verified{}, besideNeither(seal.ErrUnsigned, name)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return seal.Verified{}, unreadable(name, err)
	}
	v, err := seal.Open(text)
	return v, besideNeither(err, name)
}

// endsSigned looks at the end only, since backups are large.
func endsSigned(f *os.File) (bool, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return false, 0, err
	}
	if !info.Mode().IsRegular() {
		return false, 0, errors.New("it is not a file")
	}
	end := make([]byte, min(info.Size(), 4096))
	_, err = f.ReadAt(end, info.Size()-int64(len(end)))
	return seal.Ends(end) && info.Size() <= largestText, info.Size(), err
}

// openBeside checks a file by the signature beside it; fs.ErrNotExist where there is none.
func openBeside(name string, data io.Reader) (seal.Verified, error) {
	f, err := os.Open(name + ".sig")
	if err != nil {
		return seal.Verified{}, unreadable(name, err)
	}
	defer f.Close()
	sig, err := io.ReadAll(io.LimitReader(f, 64<<10)) // a signature has a few hundred bytes
	if err != nil {
		return seal.Verified{}, unreadable(name, err)
	}
	v, err := seal.OpenDetached(data, sig)
	if err != nil && state(err) == "unreadable" {
		err = unreadable(name, err)
	}
	return v, err
}

// unreadable leaves out the name of the file, with which its line begins.
func unreadable(name string, err error) error {
	if cause := new(fs.PathError); errors.As(err, &cause) && cause.Path == name {
		err = cause.Err
	}
	return fmt.Errorf("could not be read: %w", err)
}

func besideNeither(err error, name string) error {
	if errors.Is(err, seal.ErrUnsigned) {
		return fmt.Errorf("%w, and no %s beside it", err, printable(filepath.Base(name)+".sig"))
	}
	return err
}
