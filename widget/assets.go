package widget

import (
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"fmt"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

//go:embed *.js *.css
var sources embed.FS

// target is what every browser with <dialog>, constructable stylesheets and class fields understands.
const target = api.ES2022

// assets are the files that are the same for every shop and locale, by path below dist.
type assets struct {
	files  map[string][]byte
	stage  string // name of the second stage's script
	after  string // of what it fetches from the first key on
	notice string // of what draws the dispute notice
	style  string // of the stylesheet for browsers that cannot construct one
}

// makeAssets names every file by its content, those that are named in others first.
func makeAssets(wasm, wasmExec []byte) (*assets, error) {
	a := &assets{files: map[string][]byte{}}
	entry, err := minifyCSS("entry.css")
	if err != nil {
		return nil, err
	}
	forms, err := minifyCSS("widget.css")
	if err != nil {
		return nil, err
	}
	a.style = a.put("widget", "css", append([]byte(entry), forms...))
	define := map[string]string{"STYLE": quote(forms), "RULES": "null"}
	if len(wasm) > 0 {
		define["RULES"] = quote(a.put("rules", "wasm", wasm))
	}
	for name, into := range map[string]*string{"after": &a.after, "notice": &a.notice} {
		if *into, err = a.putJS(name, wasmExec, define); err != nil {
			return nil, err
		}
	}
	define["AFTER"], define["NOTICE"] = quote(a.after), quote(a.notice)
	a.stage, err = a.putJS("forms", wasmExec, define)
	return a, err
}

// putJS adds the module of that name, joined with what it imports, and returns the name of its file.
func (a *assets) putJS(name string, wasmExec []byte, define map[string]string) (string, error) {
	module, err := bundleJS(name+".js", api.FormatESModule, wasmExec, define)
	if err != nil {
		return "", err
	}
	return a.put(name, "js", module), nil
}

// put adds a file under the name of its content and returns that name.
func (a *assets) put(name, ext string, data []byte) string {
	file := name + "." + hash(data) + "." + ext
	a.files["assets/"+file] = data
	return file
}

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
