package audit

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

var (
	textFiles = wordSet(`.html .htm .xhtml .shtml .php .phtml .inc .twig .liquid .tpl .latte .blade .mustache
		.hbs .ejs .njk .jsp .asp .aspx .cshtml .vue .svelte .md .markdown .mdx .rst .adoc .txt .csv .tsv
		.js .mjs .cjs .jsx .ts .tsx .json .css .scss .less .xml .xsl .svg .po .pot .strings .properties
		.yml .yaml .toml .ini .sql .eml .mbox .mht .mhtml`)
	documents = wordSet(`.pdf .doc .docx .odt .rtf .pages .xls .xlsx .ods .ppt .pptx .odp .msg`)
	binaries  = wordSet(`.png .jpg .jpeg .gif .webp .avif .ico .bmp .tif .tiff .psd .woff .woff2 .ttf .otf
		.eot .mp3 .mp4 .m4a .ogg .wav .webm .avi .mov .zip .gz .br .bz2 .xz .zst .7z .rar .tar .jar .phar
		.exe .dll .so .dylib .o .a .class .wasm .pyc .db .sqlite .mo`)
	folders = wordSet(`.git .hg .svn .bzr .jj _darcs CVS node_modules`)
)

// Files searches the text files below root, which may also be a single file. Names in the report
// are prefix and the path in fsys ("public/" and "agb.html"). A file that cannot be read is said
// in the report; the error is for a root that cannot.
func Files(fsys fs.FS, root, prefix string, o Options) (*Report, error) {
	w := walk{fsys: fsys, root: root, prefix: prefix, Options: o.filled()}
	if _, err := fs.Stat(fsys, root); err != nil {
		return nil, fmt.Errorf("audit %q: %w", prefix+root, err)
	}
	err := fs.WalkDir(fsys, root, w.visit)
	return &w.report, err
}

type walk struct {
	Options
	fsys         fs.FS
	root, prefix string
	report       Report
}

func (w *walk) visit(name string, entry fs.DirEntry, err error) error {
	shown := w.prefix + name
	switch pattern, allowed := w.allowed(name, shown); {
	case err != nil:
		w.report.skip(shown, Failed, err.Error())
	case entry.IsDir():
		if name != w.root && folders[entry.Name()] {
			w.report.skip(shown, Folder, "version control or installed packages")
			return fs.SkipDir
		}
	case allowed:
		w.report.skip(shown, Allowed, fmt.Sprintf("allowed by %q", pattern))
	case !entry.Type().IsRegular() && name != w.root:
		w.report.skip(shown, Foreign, "not a regular file")
	default:
		w.file(name, shown)
	}
	return nil
}

func (w *walk) file(name, shown string) {
	extension := strings.ToLower(path.Ext(name))
	switch {
	case documents[extension]:
		w.report.skip(shown, Document, documentReason)
		return
	case binaries[extension]:
		w.report.skip(shown, Binary, "not a text")
		return
	}
	data, err := w.read(name)
	if err != nil {
		w.report.skip(shown, Failed, err.Error())
		return
	}
	if int64(len(data)) > w.Bytes {
		w.report.skip(shown, Large, largerThan(w.Bytes))
		return
	}
	text, ok := utf8Text(data, "")
	if !ok || !textFiles[extension] && !looksLikeText(data) {
		w.report.skip(shown, Binary, "not a text")
		return
	}
	w.report.scan(shown, text)
}

const documentReason = "documents of this kind cannot be read here; look through it for the link yourself"

func largerThan(n int64) string {
	return fmt.Sprintf("larger than %d KiB", n>>10)
}

// read stops one byte above the limit, which tells the caller that there is more.
func (w *walk) read(name string) ([]byte, error) {
	f, err := w.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, w.Bytes+1))
}

func looksLikeText(data []byte) bool {
	return strings.HasPrefix(http.DetectContentType(data), "text/")
}
