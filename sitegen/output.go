package sitegen

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// Changes is what a Write did to a folder. Paths are sorted.
type Changes struct {
	Written   []string
	Removed   []string
	Unchanged int
}

func (c Changes) String() string {
	return fmt.Sprintf("%d written, %d removed, %d unchanged", len(c.Written), len(c.Removed), c.Unchanged)
}

// manifestFile lists what Write has put into a folder: path -> SHA-256. It is how a later Write knows its own
// files from those of others.
const manifestFile = "manifest.json"

// stagingFolder holds new files until all of them are on disk. One Write at a time may work on a folder.
const stagingFolder = ".recourse-staging"

type manifest struct {
	Files map[string]string `json:"files"`
}

// Write makes a folder hold files (path below it, with slashes -> content). Each file appears at once or not
// at all, files that are right already are not touched, files of an earlier Write that are gone are removed unless somebody
// changed them. A file that somebody else put where one of ours belongs is an error. On errors before
// the first file is in place, such as a full disk, the folder stays as it was.
func Write(dir string, files map[string][]byte) (Changes, error) {
	if err := checkPaths(files); err != nil {
		return Changes{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Changes{}, fmt.Errorf("write to %q: %w", dir, err)
	}
	root, err := os.OpenRoot(dir) // nothing leads out of it, symbolic links included
	if err != nil {
		return Changes{}, fmt.Errorf("write to %q: %w", dir, err)
	}
	defer root.Close()
	w := writer{root: root, files: files}
	if err := w.run(); err != nil {
		return Changes{}, fmt.Errorf("write to %q: %w", dir, err)
	}
	return w.changes, nil
}

func checkPaths(files map[string][]byte) error {
	for name := range files {
		if !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || name == "." || name == manifestFile {
			return fmt.Errorf("write %q: not a path for a file of ours below the output folder", name)
		}
	}
	return nil
}

type writer struct {
	root    *os.Root
	files   map[string][]byte
	old     manifest
	changes Changes
}

func (w *writer) run() error {
	steps := []func() error{w.readManifest, w.compare, w.stage, w.announce, w.place, w.removeVanished, w.finish}
	for _, step := range steps {
		if err := step(); err != nil {
			return errors.Join(err, w.root.RemoveAll(stagingFolder))
		}
	}
	return nil
}

func (w *writer) readManifest() error {
	data, err := w.root.ReadFile(manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &w.old); err != nil || w.old.Files == nil {
		return fmt.Errorf("%q is not the list of files written here; empty the folder or choose another one", manifestFile)
	}
	return nil
}

// compare finds out which files to write.
func (w *writer) compare() error {
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		have, err := w.root.ReadFile(filepath.FromSlash(name))
		_, ours := w.old.Files[name]
		switch {
		case err == nil && bytes.Equal(have, w.files[name]):
			w.changes.Unchanged++
		case errors.Is(err, fs.ErrNotExist) || ours:
			w.changes.Written = append(w.changes.Written, name)
		case err != nil:
			return err
		default:
			return fmt.Errorf("%q is there already and not from an earlier build; move it away or choose another folder", name)
		}
	}
	return nil
}

func (w *writer) stage() error {
	if err := w.root.RemoveAll(stagingFolder); err != nil {
		return err
	}
	if len(w.changes.Written) == 0 {
		return nil
	}
	if err := w.root.Mkdir(stagingFolder, 0o755); err != nil {
		return err
	}
	for i, name := range w.changes.Written {
		if err := w.root.WriteFile(staged(i), w.files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

func staged(i int) string { return filepath.Join(stagingFolder, fmt.Sprint(i)) }

// announce claims the new files before they are there: after a crash the next Write knows them.
func (w *writer) announce() error {
	claimed := manifest{maps.Clone(w.old.Files)}
	if claimed.Files == nil {
		claimed.Files = map[string]string{}
	}
	maps.Copy(claimed.Files, w.hashes())
	return w.writeManifest(claimed)
}

func (w *writer) hashes() map[string]string {
	hashes := map[string]string{}
	for name, data := range w.files {
		hashes[name] = hash(data)
	}
	return hashes
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (w *writer) writeManifest(m manifest) error {
	data, err := json.MarshalIndent(m, "", " ") // map keys come out sorted
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if have, err := w.root.ReadFile(manifestFile); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := w.root.WriteFile(manifestFile+".new", data, 0o644); err != nil {
		return err
	}
	return w.root.Rename(manifestFile+".new", manifestFile)
}

func (w *writer) place() error {
	for i, name := range w.changes.Written {
		if err := w.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
			return err
		}
		if err := w.root.Rename(staged(i), filepath.FromSlash(name)); err != nil {
			return err
		}
	}
	return w.root.RemoveAll(stagingFolder)
}

func (w *writer) removeVanished() error {
	for _, name := range slices.Sorted(maps.Keys(w.old.Files)) {
		if _, still := w.files[name]; still || !fs.ValidPath(name) {
			continue
		}
		have, err := w.root.ReadFile(filepath.FromSlash(name))
		if err != nil || hash(have) != w.old.Files[name] {
			continue // gone, or somebody else's by now
		}
		if err := w.root.Remove(filepath.FromSlash(name)); err != nil {
			return err
		}
		w.changes.Removed = append(w.changes.Removed, name)
		w.removeEmpty(path.Dir(name))
	}
	return nil
}

// removeEmpty removes a folder and those above it as long as they are empty.
func (w *writer) removeEmpty(folder string) {
	for folder != "." && w.root.Remove(filepath.FromSlash(folder)) == nil {
		folder = path.Dir(folder)
	}
}

func (w *writer) finish() error { return w.writeManifest(manifest{w.hashes()}) }
