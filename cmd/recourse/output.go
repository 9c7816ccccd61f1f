package main

import (
	"maps"
	"os"

	"recourse/publish"
)

// output is where and how build, watch and serve write. Its fields are flags.
type output struct {
	Out      string `help:"Folder to write to." default:"dist" type:"path" placeholder:"DIR"`
	Compress bool   `help:"Lay a .br and a .gz beside every file that gets smaller by it, for web servers that serve these."`
}

// files makes everything that belongs into the folder.
func (o output) files(p *project) (map[string][]byte, error) {
	files, err := p.build()
	if err != nil {
		return nil, err
	}
	if o.Compress {
		maps.Copy(files, publish.Compress(files, os.DirFS(o.Out)))
	}
	return files, nil
}
