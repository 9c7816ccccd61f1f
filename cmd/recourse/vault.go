package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"recourse/intake"
	"recourse/intake/store"
	"recourse/intake/store/folder"
	"recourse/intake/store/postgres"
	"recourse/intake/store/sqlite"
)

// vaultFlags say where cases are kept.
type vaultFlags struct {
	Data     string `help:"Folder for the database, attachments, the server's key and, without a mail server, mails." default:"data" type:"path" placeholder:"DIR"`
	Database string `help:"PostgreSQL database that several servers share, instead of the file in --data; RECOURSE_DATABASE keeps its password out of the list of processes." placeholder:"postgres://USER@HOST/NAME"`
}

// vault is what a server keeps: cases, attachments, and the key of links, histories and signatures.
type vault struct {
	*store.Store
	files intake.Files
	key   []byte
	close func() error
}

// vault opens the database and makes what is not there yet. RECOURSE_KEY_FILE names the key where it does not lie in the folder.
func (f vaultFlags) vault(ctx context.Context) (*vault, error) {
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	file := os.Getenv("RECOURSE_KEY_FILE")
	if file == "" {
		file = filepath.Join(f.Data, "key")
	}
	key, err := intake.Key(file)
	if err != nil {
		return nil, err
	}
	v, err := f.with(ctx, key)
	if err != nil {
		return nil, err
	}
	if err := v.same(ctx, file); err != nil {
		return nil, errors.Join(err, v.close())
	}
	return v, nil
}

func (f vaultFlags) with(ctx context.Context, key []byte) (*vault, error) {
	database, err := secret("RECOURSE_DATABASE")
	if err != nil {
		return nil, err
	}
	if database = cmp.Or(f.Database, database); database != "" {
		s, files, err := postgres.Open(ctx, database, key)
		if err != nil {
			return nil, err
		}
		return &vault{s, files, key, s.Close}, nil
	}
	files, err := folder.Open(filepath.Join(f.Data, "files"))
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, filepath.Join(f.Data, "recourse.db"), key)
	if err != nil {
		return nil, errors.Join(err, files.Close())
	}
	return &vault{s, files, key, func() error { return errors.Join(s.Close(), files.Close()) }}, nil
}

// same refuses a key the database was not begun with: links in mails would lead nowhere and no history would fit.
func (v *vault) same(ctx context.Context, file string) error {
	sum := sha256.Sum256(append([]byte("recourse key "), v.key...))
	fingerprint := hex.EncodeToString(sum[:8])
	first, err := v.SetOnce(ctx, "key", fingerprint)
	if err == nil && first != fingerprint {
		err = fmt.Errorf("the key %s is not the one this database was begun with; put that one there, from the first server or a backup, or name it with RECOURSE_KEY_FILE", file)
	}
	return err
}
