// Package recourse holds the one file of the product that lies at the top of the repository:
// the small host that runs the Go rules in the visitor's browser.
package recourse

import _ "embed"

// WasmExec is wasm_exec.js, an ES module.
//
//go:embed wasm_exec.js
var WasmExec []byte
