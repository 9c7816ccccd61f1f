// Command bench prints what a visitor's browser loads, in bytes, how long the demo shop takes to build, and with
// -generator or -quick how the generator compares with Hugo, and with -intake how the server takes submissions.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	program := flag.String("program", "bin/recourse", "the built command")
	shop := flag.String("shop", "examples/bernstein/shop.toml", "shop to build")
	locale := flag.String("locale", "de-DE", "locale whose visitor is looked at")
	fixture := flag.String("fixture", "", "write what recourse build DIR/*.toml --content DIR/strings reads into the folder `DIR` and stop")
	shops := flag.Int("shops", 1, "how many shops a fixture has; 144 pages each")
	mode := flag.String("mode", modeShared, "texts of a fixture: "+modeShared+" by all shops, each shop's "+modeOwn+", or those of a project for "+modeHugo)
	compare := flag.Bool("generator", false, "compare the generator with Hugo at 144, 2,880 and 28,800 pages")
	quick := flag.Bool("quick", false, "compare at 144 and 2,880 pages only")
	intake := flag.Bool("intake", false, "measure how recourse serve takes submissions, on SQLite and PostgreSQL, beside PocketBase")
	only := flag.String("only", "", "measure with -intake only servers whose name begins so: SQLite, PostgreSQL, PocketBase")
	length := flag.Duration("for", 10*time.Second, "how long each row of -intake is measured")
	write := flag.String("write", "", "write files like those in -like into the folder `DIR` and say how long that took")
	like := flag.String("like", "", "folder to read for -write")
	flag.Parse()

	var err error
	switch {
	case *write != "":
		err = writeAlike(*like, *write)
	case *fixture != "":
		err = writeFixture(*fixture, *shops, *mode)
	case *intake:
		err = takings(*program, *only, *length)
	case *quick:
		err = generator(*program, allSizes[:2])
	case *compare:
		err = generator(*program, allSizes)
	default:
		err = visitor(*program, *shop, *locale)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func writeFixture(dir string, shops int, mode string) error {
	switch mode {
	case modeOwn, modeShared:
		return writeRecourse(dir, shops, mode)
	case modeHugo:
		return writeHugo(dir, shops)
	}
	return fmt.Errorf("read -mode %q: it is %s, %s or %s", mode, modeShared, modeOwn, modeHugo)
}

// visitor prints the sizes.
func visitor(program, shop, locale string) error {
	out, err := os.MkdirTemp("", "recourse-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(out)
	if err := buildTimes(program, shop, filepath.Join(out, "dist")); err != nil {
		return err
	}
	return sizes(os.DirFS(filepath.Join(out, "dist")), locale)
}
