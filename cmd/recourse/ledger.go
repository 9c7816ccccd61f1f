package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"recourse/ledger"
)

// ledgerFolder is where the ledger of a shop lies: "ledger" beside its shop.toml, or, since many files of shops may lie
// in one folder, "amber.ledger" beside amber.toml.
func (w *workshop) ledgerFolder(file, id string) string {
	switch {
	case w.Ledger != "" && w.several:
		return filepath.Join(w.Ledger, id)
	case w.Ledger != "":
		return w.Ledger
	case filepath.Base(file) == "shop.toml":
		return filepath.Join(filepath.Dir(file), "ledger")
	}
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".ledger"
}

// openLedger reads the ledger of the shop; nil where it has none.
func (p *project) openLedger() (*ledger.Ledger, error) {
	if _, err := os.Stat(p.ledgerDir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	l, err := ledger.Open(os.DirFS(p.ledgerDir))
	if err != nil {
		return nil, fmt.Errorf("read the ledger %q: %w", p.ledgerDir, err)
	}
	return l, nil
}
