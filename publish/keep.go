package publish

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
)

// Earlier returns what earlier builds have left in dist under names that tell their content, so that tags pinned to them
// and pages still in a cache find what they ask for. manifest.json says which files are ours.
func Earlier(dist fs.FS) (map[string][]byte, error) {
	kept := map[string][]byte{}
	list, err := fs.ReadFile(dist, "manifest.json")
	if err != nil {
		return kept, nil // no earlier build
	}
	var manifest struct{ Files map[string]string }
	if err := json.Unmarshal(list, &manifest); err != nil {
		return nil, fmt.Errorf("read the list of files of an earlier build, manifest.json: %w", err)
	}
	for name := range manifest.Files {
		if data, err := fs.ReadFile(dist, name); err == nil && hashed(path.Base(name)) {
			kept[name] = data
		}
	}
	return kept, nil
}
