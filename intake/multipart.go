package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"recourse/form"
	"recourse/intake/docket"
)

const (
	maxParts = 40
	maxFiles = 5
	maxBody  = maxFiles*form.MaxFileBytes + 1<<20
)

// decodeMultipart reads a body part by part; files go straight to where they are kept.
func (s *Server) decodeMultipart(w http.ResponseWriter, r *http.Request, boundary string, mode strictness) (*submission, error) {
	if boundary == "" {
		return nil, wrong(mediaType, errors.New("read a submission: the boundary is missing"))
	}
	if upload(r) {
		client, size := s.limit.client(r), uploadSize(r)
		if !s.limit.room.take(client, size, s.config.Now()) {
			w.Header().Set("Retry-After", "60")
			return nil, wrong(tooMany, errNoRoom)
		}
		defer s.limit.room.give(client, size)
	}
	in := &submission{Inputs: make(map[string]string)}
	parts := multipart.NewReader(http.MaxBytesReader(w, r.Body, maxBody), boundary)
	seen, room := make(map[string]bool), int64(maxText)
	for range maxParts {
		part, err := parts.NextPart()
		if err == io.EOF {
			return in, nil
		}
		if err != nil {
			return in, cut(err)
		}
		name := part.FormName()
		switch {
		case name == "files":
			err = s.saveFile(in, part)
		case mode == lenient && !ours(name):
			err = skip(part)
		case name == "" || seen[name] || part.FileName() != "":
			err = wrong(malformed, fmt.Errorf("read a submission: part %q cannot be there", clip(name)))
		default:
			seen[name] = true
			err = textPart(in, name, part, &room)
		}
		if err != nil {
			return in, err
		}
	}
	return in, wrong(malformed, fmt.Errorf("read a submission: it has more than %d parts", maxParts))
}

var errNoRoom = errors.New("take an upload: too many bytes of uploads belong to no case yet")

// uploadSize is what an upload may take, as far as can be known beforehand.
func uploadSize(r *http.Request) int64 {
	if r.ContentLength < 0 || r.ContentLength > maxBody {
		return maxBody
	}
	return r.ContentLength
}

// skip reads over a part that is not ours.
func skip(part io.Reader) error {
	if _, err := io.Copy(io.Discard, part); err != nil {
		return cut(err)
	}
	return nil
}

func textPart(in *submission, name string, part io.Reader, room *int64) error {
	value, err := io.ReadAll(io.LimitReader(part, *room+1))
	if err != nil {
		return cut(err)
	}
	if *room -= int64(len(value)); *room < 0 {
		return wrong(tooLarge, fmt.Errorf("read a submission: its texts have more than %d bytes", maxText))
	}
	if err := in.set(name, string(value)); err != nil {
		return wrong(malformed, fmt.Errorf("read a submission: %w", err))
	}
	return nil
}

// saveFile takes one attachment. What is wrong with a file is told at its field; an error ends the request.
func (s *Server) saveFile(in *submission, part *multipart.Part) error {
	name := fileName(part)
	head, err := io.ReadAll(io.LimitReader(part, 512))
	if err != nil {
		return cut(err)
	}
	if name == "" && len(head) == 0 {
		return nil // the input was left empty
	}
	if in.FileCount++; in.FileCount > maxFiles {
		return nil
	}
	mediaType := sniff(head)
	rule := form.CheckFile(name, int64(len(head)))
	if rule == form.OK && mediaType == "" {
		rule = form.FileType
	}
	if rule == form.OK {
		rule, err = s.storeFile(in, docket.File{Name: name, Type: mediaType}, io.MultiReader(bytes.NewReader(head), part))
	}
	if in.FileRule == form.OK {
		in.FileRule = rule
	}
	return err
}

func (s *Server) storeFile(in *submission, f docket.File, content io.Reader) (form.Rule, error) {
	from := &source{r: io.LimitReader(content, form.MaxFileBytes)}
	var err error
	f.ID, f.Size, f.Sum, err = s.config.Files.Save(from)
	switch {
	case err != nil && from.err != nil:
		return form.OK, cut(from.err)
	case err != nil:
		return form.OK, wrong(unavailable, err)
	case f.Size >= form.MaxFileBytes:
		s.config.Files.Remove(f.ID)
		return form.FileTooLarge, nil
	}
	in.Files = append(in.Files, f)
	return form.OK, nil
}

// source remembers whether reading failed, to tell a broken connection from a full disk.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// fileName is what the visitor's computer calls the file, for reading only. Part.FileName cuts folders off as
// this machine writes them; the visitor's may be another.
func fileName(part *multipart.Part) string {
	name := path.Base(strings.ReplaceAll("/"+part.FileName(), `\`, "/"))
	name = form.Clean(form.Line, norm.NFC.String(strings.ToValidUTF8(name, "")))
	if name == "/" || name == "." || name == ".." {
		return ""
	}
	if over := len([]rune(name)) - 120; over > 0 { // keep the ending
		name = string([]rune(name)[over:])
	}
	return name
}

// accepted are the types of content we take; what we do not know could be anything.
var accepted = []string{"image/jpeg", "image/png", "image/webp", "application/pdf"}

// heic are the brands of the pictures phones make (ISO/IEC 23008-12), which net/http does not know.
var heic = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}

// sniff tells the type of a file by its first bytes; empty when it is none we take.
func sniff(head []byte) string {
	if len(head) >= 12 && string(head[4:8]) == "ftyp" && slices.Contains(heic, string(head[8:12])) {
		return "image/heic"
	}
	if found := http.DetectContentType(head); slices.Contains(accepted, found) {
		return found
	}
	return ""
}
