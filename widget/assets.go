package widget

import (
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"recourse/remember"
)

//go:embed *.js *.css
var sources embed.FS

// target is what every browser with <dialog>, constructable stylesheets and class fields understands.
const target = api.ES2022

// assets are what is the same for every shop and locale.
type assets struct {
	Made    string            `json:"made"`    // hash of what they are made of
	Files   map[string]string `json:"files"`   // by path below dist, without the rules
	Weights map[string]int    `json:"weights"` // of the scripts that budgets speak of, by name
	Entry   string            `json:"entry"`   // style of the row
	Stage   string            `json:"stage"`   // name of the second stage's script
	After   string            `json:"after"`   // of what it fetches from the first key on
	Notice  string            `json:"notice"`  // of what draws the dispute notice
	Style   string            `json:"style"`   // of the stylesheet for browsers that cannot construct one
	Rules   string            `json:"rules"`   // of the rules; empty: there are none

	files map[string][]byte // with the rules
}

// made keeps assets, since there is but one version of them in a program.
var made remember.Values[string, *assets]

// loadAssets takes the assets that were built into the program if they are made of these sources; otherwise it makes them.
func loadAssets(wasm, wasmExec []byte) (*assets, error) {
	sum := sumSources(wasm, wasmExec)
	return made.Get(sum, 2, func() (*assets, error) {
		a := builtAssets()
		if a == nil || a.Made != sum {
			var err error
			if a, err = makeAssets(wasm, wasmExec); err != nil {
				return nil, err
			}
		}
		a.collect(wasm)
		return a, nil
	})
}

// sumSources is a hash of everything that assets are made of.
func sumSources(wasm, wasmExec []byte) string {
	sum := sha256.New()
	names, _ := fs.Glob(sources, "*") // the pattern is right
	for _, name := range names {
		data, _ := sources.ReadFile(name) // it was listed
		fmt.Fprintln(sum, name, len(data))
		sum.Write(data)
	}
	fmt.Fprintln(sum, len(wasm), len(wasmExec))
	sum.Write(wasm)
	sum.Write(wasmExec)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// makeAssets names every file by its content, those that are named in others first.
func makeAssets(wasm, wasmExec []byte) (*assets, error) {
	a := &assets{Made: sumSources(wasm, wasmExec), Files: map[string]string{}, Weights: map[string]int{}}
	var err error
	if a.Entry, err = minifyCSS("entry.css"); err != nil {
		return nil, err
	}
	forms, err := minifyCSS("widget.css")
	if err != nil {
		return nil, err
	}
	a.Style = a.put("widget", "css", a.Entry+forms)
	define := map[string]string{"STYLE": quote(forms), "RULES": "null"}
	if len(wasm) > 0 {
		a.Rules = nameOf("rules", "wasm", wasm)
		define["RULES"] = quote(a.Rules)
	}
	for name, into := range map[string]*string{"after": &a.After, "notice": &a.Notice} {
		if *into, err = a.putJS(name, wasmExec, define); err != nil {
			return nil, err
		}
	}
	define["AFTER"], define["NOTICE"] = quote(a.After), quote(a.Notice)
	a.Stage, err = a.putJS("forms", wasmExec, define)
	return a, err
}

func (a *assets) collect(wasm []byte) {
	a.files = map[string][]byte{}
	for name, text := range a.Files {
		a.files[name] = []byte(text)
	}
	if a.Rules != "" {
		a.files["assets/"+a.Rules] = wasm
	}
}

// budget is for files that are loaded with a script.
func (a *assets) budget(script string, most int) budget {
	return budget{script, a.Weights[script], most}
}

// putJS adds the module of that name, joined with what it imports, and returns the name of its file.
func (a *assets) putJS(name string, wasmExec []byte, define map[string]string) (string, error) {
	module, err := bundleJS(name+".js", api.FormatESModule, wasmExec, define)
	if err != nil {
		return "", err
	}
	file := a.put(name, "js", string(module))
	a.Weights[file] = weigh(module, brotli.BestCompression)
	return file, nil
}

// put adds a file under the name of its content and returns that name.
func (a *assets) put(name, ext, text string) string {
	file := nameOf(name, ext, []byte(text))
	a.Files["assets/"+file] = text
	return file
}

func nameOf(name, ext string, data []byte) string { return name + "." + hash(data) + "." + ext }

// hash is short enough for an address and long enough to tell the versions of one file apart.
func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}

// whole tells Chromium that nearly everything in a script is called as soon as it is there, so that it compiles all of it
// while it arrives and not function by function later: https://v8.dev/blog/explicit-compile-hints
const whole = "//# allFunctionsCalledOnLoad"

// bundleJS joins an embedded script with what it imports and minifies it. The names in define become the JavaScript
// expressions beside them.
func bundleJS(file string, format api.Format, wasmExec []byte, define map[string]string) ([]byte, error) {
	banner := ""
	if format == api.FormatESModule {
		banner = whole
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{file}, Bundle: true, Format: format, Define: define, Plugins: []api.Plugin{embedded(wasmExec)},
		Target: target, Charset: api.CharsetASCII, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Banner: map[string]string{"js": banner},
	})
	if len(result.Errors) > 0 {
		return nil, scriptError(file, result.Errors)
	}
	return result.OutputFiles[0].Contents, nil
}

// embedded lets esbuild read the sources from the program itself. The host of the rules lies beside this package.
func embedded(wasmExec []byte) api.Plugin {
	read := func(file string) ([]byte, error) {
		if file == "../wasm_exec.js" {
			return wasmExec, nil
		}
		return sources.ReadFile(file)
	}
	return api.Plugin{Name: "embedded", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: path.Clean(a.Path), Namespace: "embedded"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "embedded"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := read(a.Path)
			text := string(data)
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, err
		})
	}}
}

func minifyCSS(file string) (string, error) {
	source, err := sources.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the embedded %q: %w", file, err)
	}
	// Nothing is lowered: a browser without light-dark() takes the colours before it.
	result := api.Transform(string(source), api.TransformOptions{
		Sourcefile: file, Loader: api.LoaderCSS, Charset: api.CharsetASCII, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifySyntax: true,
	})
	if len(result.Errors) > 0 {
		return "", scriptError(file, result.Errors)
	}
	return strings.TrimSpace(string(result.Code)), nil
}

func scriptError(file string, errors []api.Message) error {
	first := errors[0]
	if at := first.Location; at != nil {
		return fmt.Errorf("bundle %s:%d:%d: %s", at.File, at.Line, at.Column+1, first.Text)
	}
	return fmt.Errorf("bundle %s: %s", file, first.Text)
}
