package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"recourse/intake/seal"
)

// writeSealed writes a file that only its owner can read, and its signature beside it. Until both are whole and on the disk and check
// has seen the file, there is neither under its name.
func writeSealed(name string, key []byte, now time.Time, write func(io.Writer) error, check func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".recourse-*") // 0600
	if err != nil {
		return fmt.Errorf("write %q: %w", name, err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	digest, buffer := seal.NewDigest(), bufio.NewWriterSize(f, 1<<16)
	if err := write(io.MultiWriter(buffer, digest)); err != nil {
		return err
	}
	if err := errors.Join(buffer.Flush(), f.Sync()); err != nil {
		return fmt.Errorf("write %q: %w", name, err)
	}
	if err := check(f); err != nil {
		return err
	}
	return place(f.Name(), name, seal.New(key).SealDigest(digest, now))
}

// place gives file and signature their names. Between the two the file is unsigned, but never under another's signature.
func place(draft, name string, signature []byte) error {
	sig, err := os.CreateTemp(filepath.Dir(name), ".recourse-*")
	if err != nil {
		return fmt.Errorf("write the signature of %q: %w", name, err)
	}
	defer os.Remove(sig.Name())
	_, err = sig.Write(signature)
	if err = errors.Join(err, sig.Sync(), sig.Close()); err != nil {
		return fmt.Errorf("write the signature of %q: %w", name, err)
	}
	if err := os.Remove(name + ".sig"); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := errors.Join(os.Rename(draft, name), os.Rename(sig.Name(), name+".sig")); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// syncFolder puts names on the disk.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
