package sitegen

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"strconv"
	"strings"

	"github.com/tdewolff/minify/v2/css"

	"recourse/style"
)

// look is how pages look: the layouts and the stylesheet, the shop's own where it has them.
type look struct {
	layouts *template.Template
	sheet   sheet
	key     string // tells looks apart
}

// sheet is a stylesheet under a name that changes with its content.
type sheet struct {
	path string
	data []byte
}

const (
	layoutPattern = "layout/*.html"
	styleFile     = "style.css"
)

// Looks are the built-in layouts and the stylesheet, under the names of files that replace them.
func Looks() map[string][]byte {
	files := map[string][]byte{styleFile: style.CSS}
	names, _ := fs.Glob(layoutFiles, layoutPattern) // the pattern is well formed
	for _, name := range names {
		files[name], _ = layoutFiles.ReadFile(name) // embedded
	}
	return files
}

// look reads what the content has to say on the looks; the rest is built in.
func (s Site) look() (*look, error) {
	layouts, key, err := s.layouts()
	if err != nil {
		return nil, err
	}
	source, err := fs.ReadFile(s.Content, styleFile)
	if errors.Is(err, fs.ErrNotExist) {
		source, err = style.CSS, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", styleFile, err)
	}
	sheet, err := s.stylesheet(source)
	return &look{layouts, sheet, key + sheet.path}, err
}

// layouts are the built-in ones, with those of the content in their place.
func (s Site) layouts() (*template.Template, string, error) {
	own, err := fs.Glob(s.Content, layoutPattern)
	if err != nil || len(own) == 0 {
		return builtIn, "", err
	}
	all, err := template.New("").ParseFS(layoutFiles, layoutPattern)
	if err != nil {
		return nil, "", err
	}
	key := sha256.New()
	for _, file := range own {
		source, err := readContent(s.Content, file)
		if err != nil {
			return nil, "", fmt.Errorf("read %s: %w", file, err)
		}
		if _, err := all.New(strings.TrimPrefix(file, "layout/")).Parse(string(source)); err != nil {
			return nil, "", badLayout(file, source, err)
		}
		fmt.Fprintf(key, "%s %d %s", file, len(source), source)
	}
	return all, fmt.Sprintf("%x", key.Sum(nil)), nil
}

// badLayout gives a mistake in a layout its place.
func badLayout(file string, source []byte, err error) error {
	fault := &Fault{File: file, Problem: err.Error(), Fix: "compare it with the built-in one, see recourse eject"}
	if m := place.FindStringSubmatch(err.Error()); m != nil {
		fault.Line, _ = strconv.Atoi(m[1])
		fault.Column, _ = strconv.Atoi(m[2])
		fault.Column = max(fault.Column, 1)
		fault.Problem = strings.TrimPrefix(err.Error(), m[0])
		lines := bytes.Split(source, []byte("\n"))
		fault.Text = strings.TrimSpace(string(lines[min(max(fault.Line-1, 0), len(lines)-1)]))
	}
	return fault
}

// stylesheet minifies a stylesheet, once.
func (s Site) stylesheet(source []byte) (sheet, error) {
	return s.Cache.sheets.get(sha256.Sum256(source), mostContents, func() (sheet, error) {
		var out bytes.Buffer
		if err := css.Minify(minified, &out, bytes.NewReader(source), nil); err != nil {
			return sheet{}, fmt.Errorf("minify the stylesheet %s: %w", styleFile, err)
		}
		hash := sha256.Sum256(out.Bytes())
		return sheet{fmt.Sprintf("assets/site.%x.css", hash[:6]), out.Bytes()}, nil
	})
}
