package intake

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"time"

	"recourse/intake/docket"
)

// getStatusFile hands out an attachment of the case, of either side. It is never shown in our origin: what it holds is theirs.
func (s *Server) getStatusFile(w http.ResponseWriter, r *http.Request) {
	c, v, ok := s.open(w, r, docket.Status)
	if !ok {
		return
	}
	f, err := s.fileOf(r.Context(), c, r.PathValue("file"))
	if err != nil {
		s.refusePage(w, r, v, err)
		return
	}
	content, err := s.config.Files.Open(f.ID)
	if err != nil {
		s.refusePage(w, r, v, wrong(unavailable, err))
		return
	}
	defer content.Close()
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	http.ServeContent(w, r, "", time.Time{}, content)
}

// fileOf finds a file that came with the case or with a message; those of other cases and of notes are not found, and those that a rule
// of retention has erased.
func (s *Server) fileOf(ctx context.Context, c docket.Case, id string) (docket.File, error) {
	messages, err := s.correspondence(ctx, c)
	if err != nil {
		return docket.File{}, err
	}
	files := slices.Clone(c.Files)
	for _, m := range messages {
		files = append(files, m.Files...)
	}
	i := slices.IndexFunc(files, func(f docket.File) bool { return f.ID == id && f.Size > 0 })
	if i < 0 {
		return docket.File{}, docket.ErrNotFound
	}
	return files[i], nil
}
