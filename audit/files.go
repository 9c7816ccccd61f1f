package audit

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"runtime"
	"strings"
	"sync"
)

var (
	textFiles = wordSet(`.html .htm .xhtml .shtml .php .phtml .inc .twig .liquid .tpl .latte .blade .mustache
		.hbs .ejs .njk .jsp .asp .aspx .cshtml .vue .svelte .md .markdown .mdx .rst .adoc .txt .csv .tsv
		.js .mjs .cjs .jsx .ts .tsx .json .css .scss .less .xml .xsl .svg .po .pot .strings .properties
		.yml .yaml .toml .ini .sql .eml .mbox .mht .mhtml .fodt .fods .fodp`)
	documents = wordSet(`.pdf .docx .docm .dotx .xlsx .xlsm .xltx .pptx .pptm .ppsx .potx .odt .ott .ods .ots .odp .otp`)
	unread    = wordSet(`.doc .xls .ppt .rtf .pages .numbers .key .msg .epub .xlsb`)
	binaries  = wordSet(`.png .jpg .jpeg .gif .webp .avif .ico .bmp .tif .tiff .psd .woff .woff2 .ttf .otf
		.eot .mp3 .mp4 .m4a .ogg .wav .webm .avi .mov .zip .gz .br .bz2 .xz .zst .7z .rar .tar .jar .phar
		.exe .dll .so .dylib .o .a .class .wasm .pyc .db .sqlite .mo`)
	folders = wordSet(`.git .hg .svn .bzr .jj _darcs CVS node_modules`)
)

// Files searches the files below root, which may also be a single file, several at a time. Names in
// the report are prefix and the path in fsys ("public/" and "agb.html"). A file that cannot be read
// is said in the report; the error is for a root that cannot. Symbolic links are not followed.
func Files(ctx context.Context, fsys fs.FS, root, prefix string, o Options) (*Report, error) {
	w := walk{fsys: fsys, root: root, prefix: prefix, Options: o.filled()}
	if _, err := fs.Stat(fsys, root); err != nil {
		return nil, fmt.Errorf("audit %q: %w", prefix+root, err)
	}
	if err := fs.WalkDir(fsys, root, w.visit); err != nil {
		return nil, err
	}
	w.readAll(ctx)
	w.report.Sort()
	return &w.report, context.Cause(ctx)
}

type walk struct {
	Options
	fsys         fs.FS
	root, prefix string
	files        []string
	report       Report
}

func (w *walk) visit(name string, entry fs.DirEntry, err error) error {
	shown := w.prefix + name
	switch a, allowed := w.allowed(name, shown); {
	case err != nil:
		w.report.skip(shown, Failed, err.Error())
	case entry.IsDir():
		if name != w.root && folders[entry.Name()] {
			w.report.skip(shown, Folder, "version control or installed packages")
			return fs.SkipDir
		}
	case allowed:
		w.report.allow(shown, a)
	case !entry.Type().IsRegular() && name != w.root:
		w.report.skip(shown, Foreign, "not a regular file")
	default:
		w.files = append(w.files, name)
	}
	return nil
}

// readAll reads as many files at a time as there are processors. The reports are joined in the order
// of the walk, whichever is finished first.
func (w *walk) readAll(ctx context.Context) {
	reports := make([]*Report, len(w.files))
	queue := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(w.files)) {
		workers.Go(func() {
			for i := range queue {
				reports[i] = w.file(ctx, w.files[i])
			}
		})
	}
	for i := range w.files {
		if ctx.Err() != nil {
			break
		}
		queue <- i
	}
	close(queue)
	workers.Wait()
	for _, r := range reports {
		if r != nil {
			w.report.Add(r)
		}
	}
}

// file searches one file. Its extension may spare reading it; what it is, its content decides.
func (w *walk) file(ctx context.Context, name string) *Report {
	extension, shown := strings.ToLower(path.Ext(name)), w.prefix+name
	switch {
	case unread[extension]:
		return skipped(shown, Document, unreadReason)
	case binaries[extension]:
		return skipped(shown, Binary, "not a text")
	}
	data, err := w.read(name, max(w.Bytes, w.DocumentBytes))
	if err != nil {
		return skipped(shown, Failed, err.Error())
	}
	if read := readerOf(data); read != nil || documents[extension] {
		return w.document(ctx, shown, data, read)
	}
	return w.text(shown, data, textFiles[extension])
}

func (w *walk) document(ctx context.Context, shown string, data []byte, read documentReader) *Report {
	switch {
	case int64(len(data)) > w.DocumentBytes:
		return skipped(shown, Large, largerThan(w.DocumentBytes))
	case read == nil:
		return skipped(shown, Failed, "could not be read: damaged, locked by a password, or not what its name says")
	}
	return searchDocument(ctx, shown, data, read)
}

func (w *walk) text(shown string, data []byte, surely bool) *Report {
	if int64(len(data)) > w.Bytes {
		return skipped(shown, Large, largerThan(w.Bytes))
	}
	text, ok := utf8Text(data, "")
	if !ok || !surely && !looksLikeText(data) {
		return skipped(shown, Binary, "not a text")
	}
	var r Report
	r.scan(shown, text)
	return &r
}

const unreadReason = "documents of this kind cannot be read here; save it as PDF, or look through it for the link yourself"

func skipped(name string, kind Kind, reason string) *Report {
	var r Report
	r.skip(name, kind, reason)
	return &r
}

func largerThan(n int64) string {
	return fmt.Sprintf("larger than %d KiB", n>>10)
}

// read stops one byte above the limit, which tells the caller that there is more.
func (w *walk) read(name string, limit int64) ([]byte, error) {
	f, err := w.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

func looksLikeText(data []byte) bool {
	return strings.HasPrefix(http.DetectContentType(data), "text/")
}
