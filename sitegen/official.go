package sitegen

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"image"
	_ "image/jpeg" // sizes of official notices
	_ "image/png"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"recourse/law"
)

// Official notices are artworks and texts that the law wants shown unchanged, such as the EU notice on the legal guarantee. We
// have none of them: the trader puts the file he got from the authority into his project, content/<language>/notices/<id>.<ext>.
// A picture is shown as it is; a text (.txt, paragraphs divided by empty lines) is set in a box.

// officialNotices are those there are in a language.
type officialNotices struct {
	key   string           // tells other files apart
	files map[string]*mold // path below dist -> picture
	drawn map[string]officialNotice
}

// officialNotice is a picture or a text.
type officialNotice struct {
	path          string // below dist, of a picture
	width, height int    // 0: not known
	text          string
}

// noticeFolder is where the official notices of a language lie, below its folder.
const noticeFolder = "notices"

// noticeSums is a file there in which a shop notes what it downloaded; package check reads it.
const noticeSums = "SHA256SUMS"

func readOfficialNotices(content fs.FS, lang string) (n officialNotices, err error) {
	folder := path.Join(lang, noticeFolder)
	list, err := fs.ReadDir(content, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return n, nil
	}
	if err != nil {
		return n, fmt.Errorf("list the official notices in %s: %w", folder, err)
	}
	n = officialNotices{files: map[string]*mold{}, drawn: map[string]officialNotice{}}
	var errs []error
	for _, entry := range list {
		if !entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") && entry.Name() != noticeSums {
			errs = append(errs, n.add(content, lang, path.Join(folder, entry.Name())))
		}
	}
	return n, errors.Join(errs...)
}

// noticeKinds are the files a notice can be in.
var noticeKinds = []string{".svg", ".png", ".jpg", ".txt"}

func (n *officialNotices) add(content fs.FS, lang, file string) error {
	ext := path.Ext(file)
	id := strings.TrimSuffix(path.Base(file), ext)
	fault := func(problem, fix string) error {
		return &Fault{File: file, Text: path.Base(file), Problem: problem, Fix: fix}
	}
	switch {
	case !pageName.MatchString(id):
		return fault("no official notice has this name", "use the id of the notice, for example harmonised"+ext)
	case !slices.Contains(noticeKinds, ext):
		return fault("an official notice cannot be shown from such a file", "take the one the authority offers as "+strings.Join(noticeKinds, ", "))
	case n.has(id):
		return fault("the notice is there in two files", "keep the one that the authority offers for screens")
	}
	data, err := fs.ReadFile(content, file) // as it is
	if err != nil {
		return fmt.Errorf("read the official notice %s: %w", file, err)
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:8])
	n.key += " " + file + " " + hash
	if ext == ".txt" {
		n.drawn[id] = officialNotice{text: string(data)}
		return nil
	}
	o := officialNotice{path: "assets/" + id + "-" + lang + "." + hash + ext}
	if o.width, o.height, err = pictureSize(ext, data); err != nil {
		return fault("this is no picture of the kind its name says: "+err.Error(), "download it again")
	}
	n.drawn[id] = o
	n.files[o.path] = newMold(o.path, data)
	return nil
}

func (n officialNotices) has(id string) bool {
	_, ok := n.drawn[id]
	return ok
}

// pictureSize is in pixels, so that nothing moves when the picture arrives; 0 where a drawing names none.
func pictureSize(ext string, data []byte) (width, height int, err error) {
	if ext == ".svg" {
		return drawingSize(data)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	return c.Width, c.Height, err
}

func drawingSize(svg []byte) (width, height int, err error) {
	var root struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		Width   string   `xml:"width,attr"`
		Height  string   `xml:"height,attr"`
		ViewBox string   `xml:"viewBox,attr"`
	}
	if err := xml.Unmarshal(svg, &root); err != nil {
		return 0, 0, err
	}
	if box := strings.Fields(root.ViewBox); len(box) == 4 {
		root.Width, root.Height = box[2], box[3]
	}
	w, errWidth := strconv.ParseFloat(strings.TrimSuffix(root.Width, "px"), 64)
	h, errHeight := strconv.ParseFloat(strings.TrimSuffix(root.Height, "px"), 64)
	if errWidth != nil || errHeight != nil { // in other units: the browser looks into the file
		return 0, 0, nil
	}
	return int(w), int(h), nil
}

var noticeLayout = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("notice").Parse(`
{{- define "picture"}}<figure class="rc-official">{{with .Link}}<a href="{{.}}">{{end -}}
<img src="{{.Source}}" alt="{{.Words}}"{{if .Width}} width="{{.Width}}" height="{{.Height}}"{{end}}>{{if .Link}}</a>{{end}}</figure>{{end}}
{{- define "text"}}<section class="rc-official"><h2>{{.Words}}</h2>{{range .Paragraphs}}<p>{{.}}</p>{{end}}</section>{{end}}`))
})

// drawnNotice is what the layout of a notice sees.
type drawnNotice struct {
	Source, Words, Link string
	Width, Height       int
	Paragraphs          []string
}

// drawNotice gives nothing where the project holds no such notice. The law's element of the same name leads the reader on.
func (s *scope) drawNotice(id string) (template.HTML, error) {
	o, ok := s.notices.drawn[id]
	if !ok || !s.noticeDue(id) {
		return "", nil
	}
	view := drawnNotice{Link: s.elementURL(id), Width: o.width, Height: o.height, Paragraphs: paragraphs(o.text)}
	kind, key := "picture", "notice."+id+".alt"
	if o.path == "" {
		kind, key = "text", "notice."+id+".heading"
	}
	if !s.language().Has(key) {
		return "", &misuse{fmt.Sprintf(noText+"%q", key), "add it to a .toml file of the language: those who cannot see the notice hear it"}
	}
	view.Words, view.Source = s.language().Text(key), s.base+"../"+o.path
	var out strings.Builder
	err := noticeLayout().ExecuteTemplate(&out, kind, view)
	return template.HTML(out.String()), err
}

func (s *scope) noticeDue(id string) bool {
	if id == law.HarmonisedNotice {
		return s.facts.Law.GuaranteeNotice
	}
	return s.special(id)
}

func (s *scope) elementURL(id string) string {
	for _, e := range s.facts.Law.Special {
		if e.ID == id {
			return e.URL
		}
	}
	return ""
}

func paragraphs(text string) (list []string) {
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}
