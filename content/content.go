// Package content holds the texts visitors read: one folder per language, with pages in
// Markdown and strings in TOML. A shop may lay its own files over them (see Overlay).
package content

import "embed"

// FS has the language folders at its root: "en/returns.md", "en/form.toml".
//
//go:embed ??
var FS embed.FS
