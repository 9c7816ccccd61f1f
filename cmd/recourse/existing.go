package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
)

// existing opens what a server keeps, and makes nothing where there is none: a folder with a typing error in its name would look like
// a server without cases.
func (f vaultFlags) existing(ctx context.Context) (*vault, error) {
	database, err := secret("RECOURSE_DATABASE")
	if err != nil {
		return nil, err
	}
	must := []string{cmp.Or(os.Getenv("RECOURSE_KEY_FILE"), filepath.Join(f.Data, "key"))}
	if cmp.Or(f.Database, database) == "" {
		must = append(must, filepath.Join(f.Data, "recourse.db"))
	}
	for _, file := range must {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("open the data folder %q: there is no %s; name the folder of \"recourse serve\" with --data", near(f.Data), filepath.Base(file))
		}
	}
	return f.vault(ctx)
}

// programVersion is what a backup says about who wrote it.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown version"
	}
	return info.Main.Version
}
