package main

// known is the version of Go whose runtime the cuts fit. To add one, build with it, see what is reported missing, read
// each function named here in both versions, and run the tests of this package and of ../wasm.
const known = "go1.26"

var packages = []string{"runtime", "internal/cpu"}

// early makes functions return before they begin: what only they call is then not linked. A function stands under its
// package, with its receiver before a full stop; behind it stands what it does instead.
var early = map[string]map[string]string{
	"internal/cpu": {
		"processOptions": "return", // GODEBUG=cpu.…
	},
	"runtime": {
		// Execution traces (runtime/trace): nobody can start one.
		"traceEnabled":            "return false",
		"traceAllocFreeEnabled":   "return false",
		"traceShuttingDown":       "return false",
		"traceLocker.ok":          "return false",
		"traceAcquire":            "return traceLocker{}",
		"traceRelease":            "return",
		"traceExitingSyscall":     "return",
		"traceExitedSyscall":      "return",
		"traceLocker.eventWriter": "return traceEventWriter{}",
		"traceEventWriter.event":  "return",
		"traceWriter.event":       "return w",

		// Profiles of memory, locks and goroutines (runtime/pprof): nobody can ask for one.
		"profilealloc":                "return",
		"nextSample":                  "return 1<<63 - 1",
		"mProf_Malloc":                "return",
		"mProf_Free":                  "return",
		"mProf_NextCycle":             "return",
		"mProf_Flush":                 "return",
		"mProf_PostSweep":             "return",
		"blockevent":                  "return",
		"mutexevent":                  "return",
		"saveblockevent":              "return",
		"stkbucket":                   "return nil",
		"tryRecordGoroutineProfile":   "return",
		"tryRecordGoroutineProfileWB": "return",

		// Goroutine traces and dumps of memory after a crash. The module's names are gone anyway (../slim); the
		// engine's own trace stays.
		"gotraceback":         "return 0, false, false",
		"traceback":           "return",
		"traceback1":          "return",
		"traceback2":          "return 0, 0",
		"tracebackothers":     "return",
		"tracebackHexdump":    "return",
		"goroutineheader":     "return",
		"printanycustomtype":  "return",
		"printDebugLog":       "return",
		"schedtrace":          "return",
		"hexdumpWords":        "return",
		"gcDumpObject":        "return",
		"badPointer":          `throw("bad pointer")`,
		"mspan.reportZombies": `throw("marked free object in span")`,
		"unwinder.cgoCallers": "return 0",

		// Numbers in such output: as they lie in memory, without the tables of decimal fractions.
		"printfloat64":    "printhex(*(*uint64)(unsafe.Pointer(&v))); return",
		"printfloat32":    "printhex(uint64(*(*uint32)(unsafe.Pointer(&v)))); return",
		"printcomplex128": "printfloat64(real(c)); return",
		"printcomplex64":  "printfloat32(real(c)); return",

		// Settings from the environment, of which a browser has none. A quarter of the usual share of garbage keeps the
		// memory small: the collector starts at one megabyte, not at four.
		"parseRuntimeDebugVars":      "return",
		"reparsedebugvars":           "return",
		"parsegodebug":               "return",
		"checkFinalizersAndCleanups": "return",
		"readGOGC":                   "return 25",
		"readGOMEMLIMIT":             "return 1<<63 - 1",

		// Self-tests at the start, which the same module has passed wherever it was tested. Only plugins and a second
		// module need types merged.
		"check":             "return",
		"moduledataverify1": "return",
		"typelinksinit":     "return",
		"typesEqual":        "return t == v",

		// Memory returned to the system: WebAssembly cannot.
		"gcenable":             "c := make(chan int, 1); go bgsweep(c); <-c; memstats.enablegc = true; return",
		"gcPaceScavenger":      "return",
		"scavengerState.wake":  "return",
		"scavengerState.ready": "return",
		"pageAlloc.scavenge":   "return 0",

		// Second threads: newosproc panics on WebAssembly (runtime/os_wasm.go), and a thread that sleeps throws
		// (runtime/lock_wasip1.go). There is one processor to steal work for, and nobody to steal from.
		"startm":              `throw("startm")`,
		"newm":                `throw("newm")`,
		"newm1":               `throw("newm1")`,
		"mexit":               `throw("mexit")`,
		"handoffp":            `throw("handoffp")`,
		"stopm":               `throw("stopm")`,
		"p.destroy":           `throw("destroy")`,
		"stealWork":           "return nil, false, now, 0, false",
		"startTemplateThread": "return",
		"wakep":               "return",
	},
}

// debugSettings are fields of the runtime's variable debug with the value they have when GODEBUG does not set them
// (cgocheck and updatemaxprocs apart: there is no C, and one processor). Read as constants, they take what depends on them along.
var debugSettings = map[string]string{
	"adaptivestackstart": "1", "asyncpreemptoff": "0", "cgocheck": "0", "checkfinalizers": "0", "clobberfree": "0",
	"dataindependenttiming": "0", "dontfreezetheworld": "0",
	"efence": "0", "gccheckmark": "0", "gcpacertrace": "0", "gcshrinkstackoff": "0", "gcstoptheworld": "0", "gctrace": "0",
	"inittrace": "0", "invalidptr": "1", "profstackdepth": "128", "sbrk": "0",
	"scavtrace": "0", "scheddetail": "0", "schedtrace": "0", "traceadvanceperiod": "0", "traceCheckStackOwnership": "0",
	"tracebackancestors": "0", "tracefpunwindoff": "0", "updatemaxprocs": "0",
}

// loud are the files of package runtime whose print statements stay: they print the text of panics and fatal errors.
// All others accompany an error with numbers.
var loud = []string{"print.go", "panic.go", "error.go"}
