package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// order says what pages a server needs. They are built by another process: what building takes in memory is gone with it, and
// the server goes on answering with all of its own.
type order struct {
	Source source
	Output output
	Files  []string // of shops
	Flat   bool     // the only shop's pages lie in the output folder itself
}

// outcome is what came of an order: the mistakes of the shops that could not be built, by file.
type outcome struct{ Failed map[string]string }

// prepareCommand is that other process: an order in, an outcome out.
type prepareCommand struct{}

func (c *prepareCommand) Run(ctx context.Context, out streams) error {
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		return fmt.Errorf("read what to build: %w", err)
	}
	done, err := o.build(out)
	if err != nil {
		return err
	}
	return json.NewEncoder(out.Out).Encode(done)
}

// build makes every shop that can be made; those with mistakes stay as they were.
func (o order) build(out streams) (outcome, error) {
	b := buildCommand{source: o.Source, output: o.Output}
	w, texts := b.buildWorkshop()
	w.several = !o.Flat
	defer w.cache.Saved()
	m := &many{
		workshop: w, output: o.Output, files: o.Files, flat: o.Flat, ids: map[string]string{}, failed: map[string]error{}, progress: bar(out, len(o.Files)),
		stamps: newStamps(o.Source, o.Output, texts), stale: map[string]bool{}, kinds: map[string]bool{},
	}
	m.all()
	failed := m.failed
	m.errs = nil
	if _, err := m.place(); err != nil {
		return outcome{}, err
	}
	m.atOnce(len(m.files), m.remember)
	return outcome{b.words(failed, !o.Flat)}, nil
}

// words are all mistakes of the shops that failed.
func (c *buildCommand) words(failed map[string]error, several bool) map[string]string {
	words := map[string]string{}
	for file, err := range failed {
		words[file] = c.allMistakes([]string{file}, several, err).Error()
	}
	return words
}

// buildElsewhere builds in another process.
func buildElsewhere(ctx context.Context, o order, progress io.Writer) (done outcome, err error) {
	if len(o.Files) == 0 {
		return outcome{}, nil
	}
	self, err := os.Executable()
	if err != nil {
		return outcome{}, fmt.Errorf("build the pages: %w", err)
	}
	question, err := json.Marshal(o)
	if err != nil {
		return outcome{}, err
	}
	var answer bytes.Buffer
	cmd := exec.CommandContext(ctx, self, "prepare")
	cmd.Args[0] = os.Args[0]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(question), &answer, progress
	if err := cmd.Run(); err != nil {
		return outcome{}, fmt.Errorf("build the pages: %w", err)
	}
	return done, json.Unmarshal(answer.Bytes(), &done)
}

// shopFiles are the files that arguments name: a file, a folder with its *.toml, or a pattern. Each is named once.
func shopFiles(args []string) ([]string, error) {
	named := map[string]bool{}
	for _, arg := range args {
		found := []string{arg}
		info, err := os.Stat(arg)
		switch {
		case err == nil && info.IsDir():
			found, err = filepath.Glob(filepath.Join(arg, "*.toml"))
		case errors.Is(err, os.ErrNotExist):
			if matches, _ := filepath.Glob(arg); len(matches) > 0 {
				found = matches
			}
			err = nil // of a file that is not there reading tells
		}
		if err != nil {
			return nil, fmt.Errorf("find the files of shops: %w", err)
		}
		for _, file := range found {
			named[filepath.Clean(file)] = true
		}
	}
	return slices.Sorted(maps.Keys(named)), nil
}
