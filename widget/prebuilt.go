package widget

import "encoding/json"

// Prebuild makes the content of built/assets.json: what is the same for every shop, bundled and weighed, which takes a large
// part of a second. A program without it, or with one of other sources, makes the same when it runs.
func Prebuild(wasm, wasmExec []byte) ([]byte, error) {
	a, err := makeAssets(wasm, wasmExec)
	if err != nil {
		return nil, err
	}
	return encodeBytes(a)
}

// builtAssets gives what Prebuild made, nil where there is none.
func builtAssets() *assets {
	data, err := built.ReadFile("built/assets.json")
	var a assets
	if err != nil || json.Unmarshal(data, &a) != nil {
		return nil
	}
	return &a
}
