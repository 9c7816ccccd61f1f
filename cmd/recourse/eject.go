package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"recourse/content"
	"recourse/sitegen"
	"recourse/strict"
)

type ejectCommand struct {
	Names   []string `arg:"" optional:"" help:"What to copy: a file (en/returns.md), a folder (de) or a pattern ('*/site.toml')." placeholder:"NAME"`
	Shop    string   `help:"The shop's file." default:"shop.toml" type:"path" placeholder:"FILE"`
	Content string   `help:"Folder of own texts, instead of the one the shop's file names." type:"path" placeholder:"DIR"`
	List    bool     `help:"List what there is, and what of it lies in the own folder already." xor:"do"`
	Diff    bool     `help:"Show how own copies differ from what is built into this version." xor:"do"`
	Force   bool     `help:"Overwrite own copies." xor:"do"`
}

func (c *ejectCommand) Help() string {
	return `Example: recourse eject en/returns.md
         recourse eject de layout/page.html style.css
         recourse eject --diff

Copies built-in texts, strings, layouts and the stylesheet into the folder of own texts, to be edited there. What lies there
takes the place of what is built in; an unchanged copy changes nothing. Own copies are never overwritten without --force: one
that is named is an error, of a folder or pattern only what is missing is copied.

After an update, --diff shows what your copies say (+) in place of what is built in now (-).`
}

func (c *ejectCommand) Run(io streams) error {
	own, err := c.folder()
	if err != nil && !c.List {
		return err
	}
	if err != nil {
		fmt.Fprintln(io.Err, err) // what there is can be told all the same
	}
	e := ejection{streams: io, folder: own, own: os.DirFS(own)}
	if e.builtIn, err = builtInFiles(); err != nil {
		return err
	}
	names, err := e.find(c.Names)
	switch {
	case err != nil:
		return err
	case c.List:
		return e.list(names, len(c.Names) == 0)
	case c.Diff:
		return e.diff(names, c.Names)
	case len(c.Names) == 0:
		return errors.New(`name what to copy, as in "recourse eject en/returns.md"; "recourse eject --list" shows what there is`)
	}
	return e.copy(names, c.Names, c.Force)
}

// folder is where own texts lie. It need not be there yet.
func (c *ejectCommand) folder() (string, error) {
	if c.Content != "" {
		return c.Content, nil
	}
	sh, err := readShop(c.Shop)
	if err != nil {
		return "", err
	}
	if own := ownContent(c.Shop, sh); own != "" {
		return own, nil
	}
	return "", fmt.Errorf(`find the folder of own texts: %s names none; add the line

    content = "texts"

to it, above the first line in [brackets], or name a folder with --content`, c.Shop)
}

// builtInFiles are the texts, strings and looks a shop may replace, by their place in its folder.
func builtInFiles() (map[string][]byte, error) {
	files := sitegen.Looks()
	err := fs.WalkDir(content.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = content.FS.ReadFile(name)
		return err
	})
	return files, err
}

// ejection copies built-in files into a shop's own folder, or compares the two.
type ejection struct {
	streams
	folder  string
	own     fs.FS
	builtIn map[string][]byte
}

// find lists the files that names stand for, sorted; all where there is no name.
func (e ejection) find(names []string) ([]string, error) {
	all := slices.Sorted(maps.Keys(e.builtIn))
	if len(names) == 0 {
		return all, nil
	}
	chosen := map[string]bool{}
	var errs []error
	for _, name := range names {
		found := slices.DeleteFunc(slices.Clone(all), func(file string) bool { return !matches(name, file) })
		if len(found) == 0 {
			errs = append(errs, unknownName(name, all))
		}
		for _, file := range found {
			chosen[file] = true
		}
	}
	return slices.Sorted(maps.Keys(chosen)), errors.Join(errs...)
}

// matches: a name is a file, a folder, or a pattern for either.
func matches(name, file string) bool {
	name = path.Clean(filepath.ToSlash(name))
	whole, _ := path.Match(name, file)
	above, _ := path.Match(name, path.Dir(file))
	return whole || above
}

func unknownName(name string, all []string) error {
	known := slices.Clone(all)
	for _, file := range all {
		known = append(known, path.Dir(file), strings.TrimSuffix(file, path.Ext(file)))
	}
	slices.Sort(known)
	hint := `"recourse eject --list" shows what there is`
	if near, ok := strict.Nearest(path.Clean(filepath.ToSlash(name)), slices.Compact(known)); ok {
		if i := slices.IndexFunc(all, func(file string) bool { return strings.TrimSuffix(file, path.Ext(file)) == near }); i >= 0 {
			near = all[i]
		}
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return fmt.Errorf("find %q: nothing built in has this name; %s", name, hint)
}

// state says whether a built-in file is overlaid.
func (e ejection) state(name string) (string, error) {
	data, err := e.read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "built in", nil
	case err != nil:
		return "", err
	case string(data) == string(e.builtIn[name]):
		return "own copy, as built in", nil
	}
	return "own copy, changed", nil
}

// read gives an own file, with the line ends the built-in ones have.
func (e ejection) read(name string) ([]byte, error) {
	if e.folder == "" {
		return nil, fs.ErrNotExist
	}
	data, err := fs.ReadFile(e.own, name)
	return []byte(strings.ReplaceAll(string(data), "\r\n", "\n")), err
}

// list prints the state of files and, where others is set, own files that take no other's place.
func (e ejection) list(names []string, others bool) error {
	for _, name := range names {
		state, err := e.state(name)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(e.Out, "%-24s %s\n", name, state); err != nil {
			return err
		}
	}
	if !others || e.folder == "" {
		return nil
	}
	for _, pattern := range []string{"*/*.md", "*/*.toml", "layout/*.html"} {
		found, err := fs.Glob(e.own, pattern)
		if err != nil {
			return err
		}
		for _, name := range found {
			if e.builtIn[name] == nil {
				fmt.Fprintf(e.Out, "%-24s own, in no other's place\n", name)
			}
		}
	}
	return nil
}

// diff says of files that are asked for by name also that there is nothing to compare.
func (e ejection) diff(names, asked []string) error {
	for _, name := range names {
		own, err := e.read(name)
		if errors.Is(err, fs.ErrNotExist) {
			if slices.Contains(asked, name) {
				fmt.Fprintf(e.Err, "%s: %s has no copy of it\n", name, e.shown())
			}
			continue
		}
		if err != nil {
			return err
		}
		mine := filepath.ToSlash(filepath.Join(e.shown(), name))
		if _, err := fmt.Fprint(e.Out, udiff.Unified("built-in/"+name, mine, string(e.builtIn[name]), string(own))); err != nil {
			return err
		}
	}
	return nil
}

// shown is the folder as people name it from where they are.
func (e ejection) shown() string {
	here, err := os.Getwd()
	if err != nil {
		return e.folder
	}
	if relative, err := filepath.Rel(here, e.folder); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return e.folder
}

// copy writes files into the own folder: all of them or, as long as none is in its place, nothing.
func (e ejection) copy(names, asked []string, force bool) error {
	todo, err := e.missing(names, asked, force)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(e.folder, 0o755); err != nil {
		return fmt.Errorf("make the folder of own texts: %w", err)
	}
	root, err := os.OpenRoot(e.folder) // symbolic links do not lead out of it
	if err != nil {
		return fmt.Errorf("open the folder of own texts: %w", err)
	}
	defer root.Close()
	for _, name := range todo {
		if err := stageFile(root, name, e.builtIn[name]); err != nil {
			return errors.Join(fmt.Errorf("write %q into %q: %w", name, e.folder, err), dropStaged(root, todo))
		}
	}
	for _, name := range todo {
		if err := root.Rename(stagedName(name), name); err != nil {
			return errors.Join(fmt.Errorf("write %q into %q: %w", name, e.folder, err), dropStaged(root, todo))
		}
		fmt.Fprintln(e.Out, filepath.Join(e.shown(), filepath.FromSlash(name)))
	}
	return nil
}

// missing leaves out what the own folder has, and says so.
func (e ejection) missing(names, asked []string, force bool) (todo []string, err error) {
	var errs []error
	for _, name := range names {
		_, err := fs.Stat(e.own, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			todo = append(todo, name)
		case err != nil:
			errs = append(errs, err)
		case force:
			fmt.Fprintf(e.Err, "overwriting %s\n", filepath.Join(e.shown(), name))
			todo = append(todo, name)
		case slices.Contains(asked, name):
			errs = append(errs, fmt.Errorf("copy %q: %q has it already; --diff shows how it differs, --force overwrites it", name, e.shown()))
		default:
			fmt.Fprintf(e.Err, "kept %s\n", filepath.Join(e.shown(), name))
		}
	}
	return todo, errors.Join(errs...)
}

// stagedName begins with a dot: nobody reads such a file, and watch does not look at it.
func stagedName(name string) string { return path.Join(path.Dir(name), ".new-"+path.Base(name)) }

func stageFile(root *os.Root, name string, data []byte) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return root.WriteFile(stagedName(name), data, 0o644)
}

func dropStaged(root *os.Root, names []string) error {
	var errs []error
	for _, name := range names {
		if err := root.Remove(stagedName(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
