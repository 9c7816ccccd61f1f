// Command prebuild writes what is the same in the widget of every shop, to be embedded into the program:
//
//	go run ./widget/prebuild widget/built/assets.json
package main

import (
	"fmt"
	"os"

	"recourse"
	"recourse/widget"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "prebuild:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%d arguments; name the file to write", len(args))
	}
	wasm, err := widget.Wasm()
	if err != nil {
		return err
	}
	data, err := widget.Prebuild(wasm, recourse.WasmExec)
	if err != nil {
		return err
	}
	return os.WriteFile(args[0], data, 0o644)
}
