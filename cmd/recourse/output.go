package main

import (
	"maps"
	"os"

	"recourse/publish"
)

// output is where and how build, watch and serve write. Its fields are flags.
type output struct {
	Out        string `help:"Folder to write to." default:"dist" type:"path" placeholder:"DIR"`
	Compress   bool   `help:"Lay a .br and a .gz beside every file that gets smaller by it, for web servers that serve these."`
	Keep       bool   `help:"Keep the files of earlier builds that have a hash in their name, for tags pinned to them."`
	Widget     bool   `help:"Make the widget; --no-widget for pages alone." default:"true" negatable:""`
	Overview   bool   `help:"Make the pages that have all texts of a locale below each other; --no-overview leaves them out." default:"true" negatable:""`
	Fragment   bool   `help:"Lay the text of each page alone beside the page, as fragment.html with absolute links, and list these in fragments.json: to paste into a CMS."`
	Playground bool   `help:"Add a page to try the widget on: playground/."`
}

// differsFromPlain reports whether files come from elsewhere than the shop's texts.
func (o output) differsFromPlain() bool { return o.Compress || o.Keep || o.Playground }

// files makes everything that belongs into the folder.
func (o output) files(p *project) (map[string][]byte, error) {
	p.pagesOnly, p.fragments, p.noOverview = !o.Widget, o.Fragment, !o.Overview
	files, err := p.build()
	if err != nil {
		return nil, err
	}
	if o.Playground {
		if err := p.load(); err != nil {
			return nil, err
		}
		page, err := p.playground()
		if err != nil {
			return nil, err
		}
		maps.Copy(files, page)
	}
	dist := os.DirFS(o.Out)
	if o.Keep {
		earlier, err := publish.Earlier(dist)
		if err != nil {
			return nil, err
		}
		maps.Copy(earlier, files)
		files = earlier
	}
	if o.Compress {
		maps.Copy(files, publish.Compress(files, dist))
	}
	return files, nil
}
