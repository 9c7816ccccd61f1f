package sitegen

import (
	"bytes"
	"cmp"
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
	"strings"
)

// Changes is what a Write did to a folder. Paths are sorted.
type Changes struct {
	Written   []string
	Removed   []string
	Unchanged int
}

// Add gives both as one; of the paths only their number is left to be told.
func (c Changes) Add(other Changes) Changes {
	return Changes{slices.Concat(c.Written, other.Written), slices.Concat(c.Removed, other.Removed), c.Unchanged + other.Unchanged}
}

func (c Changes) String() string {
	return fmt.Sprintf("%d written, %d removed, %d unchanged", len(c.Written), len(c.Removed), c.Unchanged)
}

// Below gives the changes as those of a folder further up.
func (c Changes) Below(folder string) Changes {
	under := func(names []string) []string {
		moved := make([]string, len(names))
		for i, name := range names {
			moved[i] = path.Join(folder, name)
		}
		return moved
	}
	return Changes{under(c.Written), under(c.Removed), c.Unchanged}
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
	staged, err := Stage(dir, files)
	if err != nil {
		return Changes{}, err
	}
	return staged.Place()
}

// Staged is a Write whose files are on disk, beside those they replace. Place or Drop it.
type Staged struct {
	dir     string
	fresh   string // where a folder lies that becomes dir as a whole; then there is no root
	root    *os.Root
	old     manifest
	sums    map[string]string
	changes Changes
	patched []byte // the manifest of a change that brings no new files and takes none away; nil: it is made of sums
}

// Stage does all of a Write that can fail for want of room or rights, and changes nothing in the folder's own files.
func Stage(dir string, files map[string][]byte) (*Staged, error) {
	if err := checkPaths(files); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return stageFresh(dir, files)
	}
	root, err := os.OpenRoot(dir) // nothing leads out of it, symbolic links included
	if err != nil {
		return nil, fmt.Errorf("write to %q: %w", dir, err)
	}
	s := &Staged{dir: dir, root: root, sums: make(map[string]string, len(files))}
	for name, data := range files {
		s.sums[name] = hash(data)
	}
	return s, s.run(files, s.readManifest, s.compare, s.stage)
}

// StageChanges is Stage for a folder of which only some files change and some go.
func StageChanges(dir string, changed map[string][]byte, gone []string) (*Staged, error) {
	if err := checkPaths(changed); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("write to %q: %w", dir, err)
	}
	s := &Staged{dir: dir, root: root}
	if len(gone) == 0 && s.patches(changed) {
		return s, s.run(changed, s.compare, s.stage)
	}
	readSums := func(map[string][]byte) error {
		s.sums = maps.Clone(s.old.Files)
		if s.sums == nil {
			return errors.New("there is no earlier build to change")
		}
		for _, name := range gone {
			delete(s.sums, name)
		}
		for name, data := range changed {
			s.sums[name] = hash(data)
		}
		return nil
	}
	return s, s.run(changed, s.readManifest, readSums, s.compare, s.stage)
}

func (s *Staged) run(files map[string][]byte, steps ...func(map[string][]byte) error) error {
	for _, step := range steps {
		if err := step(files); err != nil {
			return errors.Join(fmt.Errorf("write to %q: %w", s.dir, err), s.Drop())
		}
	}
	return nil
}

// stageFresh makes a folder that is not there yet, under another name.
func stageFresh(dir string, files map[string][]byte) (*Staged, error) {
	parent, name := filepath.Split(filepath.Clean(dir))
	if err := os.MkdirAll(cmp.Or(parent, "."), 0o755); err != nil {
		return nil, fmt.Errorf("write to %q: %w", dir, err)
	}
	s := &Staged{dir: dir, fresh: filepath.Join(parent, stagingFolder+"-"+name), sums: make(map[string]string, len(files))}
	if err := s.writeFresh(files); err != nil {
		return nil, errors.Join(fmt.Errorf("write to %q: %w", dir, err), s.Drop())
	}
	return s, nil
}

// writeFresh works on the branches of the folder at once: making folders takes longer than writing the files in them.
func (s *Staged) writeFresh(files map[string][]byte) error {
	if err := os.RemoveAll(s.fresh); err != nil {
		return err
	}
	if err := os.Mkdir(s.fresh, 0o755); err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(files))
	branches, sums := branches(names), make([]string, len(names))
	errs := make([]error, len(branches))
	atOnce(len(branches), func(i int) {
		b := branches[i]
		errs[i] = s.writeBranch(names[b.from:b.to], files, sums[b.from:b.to])
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for i, name := range names {
		s.sums[name] = sums[i]
	}
	s.changes.Written = names
	list, err := manifest{s.sums}.encode()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.fresh, manifestFile), list, 0o644)
}

// branch is a range of sorted names with the same first folder, or of one file in none.
type branch struct{ from, to int }

func branches(names []string) (list []branch) {
	for from := 0; from < len(names); {
		to := from + 1
		if folder, _, below := strings.Cut(names[from], "/"); below {
			for to < len(names) && strings.HasPrefix(names[to], folder+"/") {
				to++
			}
		}
		list, from = append(list, branch{from, to}), to
	}
	return list
}

// writeBranch writes files and notes their hashes.
func (s *Staged) writeBranch(names []string, files map[string][]byte, sums []string) error {
	made := map[string]bool{}
	for i, name := range names {
		file := filepath.Join(s.fresh, filepath.FromSlash(name))
		if err := makeFolder(filepath.Dir(file), made); err != nil {
			return err
		}
		if err := os.WriteFile(file, files[name], 0o644); err != nil {
			return err
		}
		sums[i] = hash(files[name])
	}
	return nil
}

// makeFolder makes a folder and those above it, each once.
func makeFolder(folder string, made map[string]bool) error {
	if made[folder] {
		return nil
	}
	made[folder] = true
	err := os.Mkdir(folder, 0o755)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeFolder(filepath.Dir(folder), made); err != nil {
			return err
		}
		err = os.Mkdir(folder, 0o755)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// Dir is the folder that is written to.
func (s *Staged) Dir() string { return s.dir }

// Needed reports whether Place would change anything.
func (s *Staged) Needed() bool {
	return s.fresh != "" || len(s.changes.Written) > 0 || !maps.Equal(s.old.Files, s.sums)
}

// Place puts the staged files where they belong.
func (s *Staged) Place() (Changes, error) {
	if s.fresh != "" {
		if err := os.Rename(s.fresh, s.dir); err != nil {
			return Changes{}, errors.Join(fmt.Errorf("write to %q: %w", s.dir, err), s.Drop())
		}
		return s.changes, nil
	}
	for _, step := range []func() error{s.announce, s.place, s.removeVanished, s.finish} {
		if err := step(); err != nil {
			return Changes{}, errors.Join(fmt.Errorf("write to %q: %w", s.dir, err), s.Drop())
		}
	}
	return s.changes, s.root.Close()
}

// Drop leaves the folder as it was.
func (s *Staged) Drop() error {
	if s.fresh != "" {
		return os.RemoveAll(s.fresh)
	}
	return errors.Join(s.root.RemoveAll(stagingFolder), s.root.Close())
}

func checkPaths(files map[string][]byte) error {
	for name := range files {
		if !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || name == "." || name == manifestFile {
			return fmt.Errorf("write %q: not a path for a file of ours below the output folder", name)
		}
	}
	return nil
}

func (s *Staged) readManifest(map[string][]byte) error {
	data, err := s.root.ReadFile(manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &s.old); err != nil || s.old.Files == nil {
		return fmt.Errorf("%q is not the list of files written here; empty the folder or choose another one", manifestFile)
	}
	return nil
}

// patches reports whether a change concerns files of the manifest only. Then what it says of them is written over, and the hundreds
// of others are not even read: in watch an edit may concern many shops.
func (s *Staged) patches(changed map[string][]byte) bool {
	data, err := s.root.ReadFile(manifestFile)
	if err != nil {
		return false
	}
	s.old.Files, s.sums = map[string]string{}, map[string]string{}
	for name, file := range changed {
		s.sums[name] = hash(file)
		at := sumIn(data, name)
		if at < 0 {
			s.old, s.sums = manifest{}, nil
			return false
		}
		s.old.Files[name] = string(data[at : at+sumLength])
		copy(data[at:], s.sums[name])
	}
	s.patched = data
	return true
}

const sumLength = 2 * sha256.Size

// sumIn finds where a manifest as we write it has the hash of a file, -1 if it is not there.
func sumIn(manifest []byte, name string) int {
	line := []byte("\n  \"" + name + "\": \"")
	i := bytes.Index(manifest, line)
	if i < 0 || len(manifest) < i+len(line)+sumLength+1 || manifest[i+len(line)+sumLength] != '"' {
		return -1
	}
	return i + len(line)
}

// compare finds out which files to write.
func (s *Staged) compare(files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		have, err := s.have(name)
		_, ours := s.old.Files[name]
		switch {
		case err == nil && bytes.Equal(have, files[name]):
			s.changes.Unchanged++
		case errors.Is(err, fs.ErrNotExist) || ours:
			s.changes.Written = append(s.changes.Written, name)
		case err != nil:
			return err
		default:
			return fmt.Errorf("%q is there already and not from an earlier build; move it away or choose another folder", name)
		}
	}
	return nil
}

// have reads a file that is there. In a folder without an earlier Write most are not, and looking is cheaper.
func (s *Staged) have(name string) ([]byte, error) {
	if s.old.Files == nil {
		if _, err := os.Lstat(filepath.Join(s.dir, filepath.FromSlash(name))); errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return s.root.ReadFile(filepath.FromSlash(name))
}

func (s *Staged) stage(files map[string][]byte) error {
	if err := s.root.RemoveAll(stagingFolder); err != nil {
		return err
	}
	if len(s.changes.Written) == 0 {
		return nil
	}
	if err := s.root.Mkdir(stagingFolder, 0o755); err != nil {
		return err
	}
	for i, name := range s.changes.Written {
		if err := s.root.WriteFile(staged(i), files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

func staged(i int) string { return filepath.Join(stagingFolder, fmt.Sprint(i)) }

// announce claims the new files before they are there: after a crash the next Write knows them. Those that replace others
// are known already.
func (s *Staged) announce() error {
	if !slices.ContainsFunc(s.changes.Written, func(name string) bool { return s.old.Files[name] == "" }) {
		return nil
	}
	claimed := manifest{maps.Clone(s.old.Files)}
	if claimed.Files == nil {
		claimed.Files = map[string]string{}
	}
	maps.Copy(claimed.Files, s.sums)
	return s.writeManifest(claimed)
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// encode writes what json.MarshalIndent would, in a tenth of the time.
func (m manifest) encode() ([]byte, error) {
	out := append(make([]byte, 0, 128*len(m.Files)+16), "{\n \"files\": {"...)
	separator := "\n  "
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		out = append(append(append(append(out, separator...), quoted...), ": \""...), m.Files[name]...)
		out, separator = append(out, '"'), ",\n  "
	}
	if len(m.Files) > 0 {
		out = append(out, "\n "...)
	}
	return append(out, "}\n}\n"...), nil
}

func (s *Staged) writeManifest(m manifest) error {
	data, err := m.encode()
	if err != nil {
		return err
	}
	if have, err := s.root.ReadFile(manifestFile); err == nil && bytes.Equal(have, data) {
		return nil
	}
	return s.replaceManifest(data)
}

func (s *Staged) replaceManifest(data []byte) error {
	if err := s.root.WriteFile(manifestFile+".new", data, 0o644); err != nil {
		return err
	}
	return s.root.Rename(manifestFile+".new", manifestFile)
}

func (s *Staged) place() error {
	for i, name := range s.changes.Written {
		if err := s.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
			return err
		}
		if err := s.root.Rename(staged(i), filepath.FromSlash(name)); err != nil {
			return err
		}
	}
	return s.root.RemoveAll(stagingFolder)
}

func (s *Staged) removeVanished() error {
	if s.patched != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(s.old.Files)) {
		if _, still := s.sums[name]; still || !fs.ValidPath(name) {
			continue
		}
		have, err := s.root.ReadFile(filepath.FromSlash(name))
		if err != nil || hash(have) != s.old.Files[name] {
			continue // gone, or somebody else's by now
		}
		if err := s.root.Remove(filepath.FromSlash(name)); err != nil {
			return err
		}
		s.changes.Removed = append(s.changes.Removed, name)
		s.removeEmpty(path.Dir(name))
	}
	return nil
}

// removeEmpty removes a folder and those above it as long as they are empty.
func (s *Staged) removeEmpty(folder string) {
	for folder != "." && s.root.Remove(filepath.FromSlash(folder)) == nil {
		folder = path.Dir(folder)
	}
}

func (s *Staged) finish() error {
	if s.patched != nil {
		return s.replaceManifest(s.patched)
	}
	return s.writeManifest(manifest{s.sums})
}
