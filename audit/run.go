package audit

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// Run searches files, folders and web addresses as they are written on a command line, and gives
// one sorted report. It stops at the first target that does not exist or holds no text at all:
// silence about a misspelt path would read as "nothing found".
func Run(ctx context.Context, client *http.Client, targets []string, o Options) (*Report, error) {
	var all Report
	for _, a := range o.Allow {
		if err := a.check(); err != nil {
			return nil, err
		}
	}
	for _, target := range targets {
		r, err := runOne(ctx, client, target, o)
		if err != nil {
			return nil, err
		}
		if r.Read == 0 && r.skipped(Allowed) == 0 && r.skipped(Failed) == 0 {
			return nil, fmt.Errorf("audit %q: nothing could be searched%s", target, firstReason(r))
		}
		all.Add(r)
	}
	all.Sort()
	all.Unused = o.unused(all.used)
	return &all, nil
}

func runOne(ctx context.Context, client *http.Client, target string, o Options) (*Report, error) {
	if strings.Contains(target, "://") {
		return URL(ctx, client, target, o)
	}
	info, err := os.Stat(target)
	if err != nil {
		return nil, fmt.Errorf("audit %q: %w; name a file, a folder, or an address that begins with https://", target, err)
	}
	if !info.IsDir() {
		folder, file := filepath.Split(target)
		return Files(ctx, os.DirFS(cmp.Or(folder, ".")), file, filepath.ToSlash(folder), o)
	}
	return Files(ctx, os.DirFS(target), ".", shownFolder(target), o)
}

// shownFolder is what stands before the names of files in a folder: nothing for the current one.
func shownFolder(target string) string {
	if clean := filepath.ToSlash(filepath.Clean(target)); clean != "." {
		return strings.TrimSuffix(clean, "/") + "/"
	}
	return ""
}

func firstReason(r *Report) string {
	if len(r.Skipped) == 0 {
		return ", the folder is empty"
	}
	return fmt.Sprintf("; %s: %s", r.Skipped[0].Name, r.Skipped[0].Reason)
}
