package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// initialize is what a host calls before anything else in a module that is a library:
// https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md
const initialize = "_initialize"

// begin runs the start of Go's runtime and of all packages once, here, so that no visitor's processor has to. The module
// it gives has the memory and the globals as they are afterwards, and no initialize.
//
// That is safe because a Go module has no other state: goroutines and their stacks are in its memory, the stack pointer
// is a global, and its only table never changes. What the start asks of the system is the same for all visitors: no
// arguments, no environment, a clock at its beginning, and a seed for maps, which here keep nobody's secrets.
func begin(file []byte) (out []byte, err error) {
	defer recoverMalformed(&err)
	sections := parse(file)
	exports := readExports(theSection(sections, exportSection))
	began := func(e export) bool { return e.name == initialize }
	if !slices.ContainsFunc(exports, began) {
		fail("no function %s: the module is no library, or has begun already", initialize)
	}
	globals := readGlobals(theSection(sections, globalSection))
	memory := start(replace(sections, exportSection, encodeExports(slices.Concat(exports, asExports(globals)))), globals)
	sections = replace(sections, exportSection, encodeExports(slices.DeleteFunc(exports, began)))
	sections = replace(sections, globalSection, encodeGlobals(globals))
	sections = replace(sections, memorySection, largerMemory(theSection(sections, memorySection), len(memory)))
	return encode(replace(sections, dataSection, (&image{0, memory}).encode())), nil
}

// start calls initialize, keeps in globals what they are then, and gives the memory. The clock and the chance of wazero
// are the same each time: equal input gives equal output.
func start(sections []section, globals []global) []byte {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer runtime.Close(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, runtime)
	instance, err := runtime.InstantiateWithConfig(ctx, encode(sections), wazero.NewModuleConfig().WithStartFunctions(initialize))
	if err != nil {
		fail("%s: %v", initialize, err)
	}
	for i := range globals {
		globals[i].value = instance.ExportedGlobal(nameOf(i)).Get()
	}
	memory, _ := instance.Memory().Read(0, instance.Memory().Size())
	return slices.Clone(memory)
}

// asExports makes the globals readable from outside.
func asExports(globals []global) (exports []export) {
	for i := range globals {
		exports = append(exports, export{nameOf(i), byte(api.ExternTypeGlobal), i})
	}
	return exports
}

func nameOf(global int) string { return fmt.Sprint("global ", global) }
