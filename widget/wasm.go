package widget

import (
	"embed"
	"fmt"
)

//go:embed all:built
var built embed.FS

// Wasm is the compiled rules of package form for the browser.
func Wasm() ([]byte, error) {
	const file = "built/rules.wasm"
	data, err := built.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the embedded %q: it was not there when this program was built; run make wasm and build again", "widget/"+file)
	}
	return data, nil
}
