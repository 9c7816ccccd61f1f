package intake

import (
	"context"
	"crypto/hmac"

	"recourse/intake/docket"
)

// byToken finds the case that a token opens for a purpose. A token names its submission; that it is ours is compared in constant time.
func (s *Server) byToken(ctx context.Context, p docket.Purpose, token string) (docket.Case, error) {
	id, ok := docket.TokenSubmission(token)
	if !ok {
		return s.config.Store.ByOldLink(ctx, p, docket.HashToken(token))
	}
	cases, err := s.config.Store.WithSubmission(ctx, id)
	for _, c := range cases {
		if hmac.Equal([]byte(token), []byte(docket.Token(s.config.Key, p, c.Shop, c.Submission))) {
			return c, nil
		}
	}
	if err == nil {
		err = docket.ErrNotFound
	}
	return docket.Case{}, err
}
