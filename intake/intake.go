// Package intake receives what visitors send, stores it, confirms it, and shows what becomes of it.
//
//	POST /api/v1/submissions   JSON or multipart, from the widget
//	POST /api/v1/checks        the same, only to hear what is wrong with it: 204 or 422
//	POST /submissions          a plain HTML form: step=review, send or edit
//	GET  /receipts/{token}     the visitor's receipt; /receipts/{token}/receipt.txt is the same as a file
//	GET  /status/{token}       the visitor's view of the case; below it files, and the whole case for print (case, case.txt)
//	POST /status/{token}/...   messages, proposals (a decision) and rating: what the visitor has to say
//	     /inbox/...            the trader's side, package inbox
//	GET  /healthz /readyz
//
// A submission goes one way: decode, normalise, validate with the rules the browser has run, then one transaction for
// the case, its files and its letters. Nobody is told "received" before that transaction has reached the disk. Nothing is
// refused for being late, odd or suspicious; such cases are marked for the trader.
//
// Errors have two readers. The visitor gets a status, a title and what to do, in their language (see failure); the log
// gets the cause. What visitors wrote is in neither.
package intake

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"recourse/day"
	stock "recourse/intake/answers"
	"recourse/intake/docket"
	"recourse/intake/inbox"
	"recourse/intake/mail"
	"recourse/intake/metrics"
	"recourse/intake/seal"
	"recourse/intake/webhook"
	"recourse/intake/wording"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

// Store keeps cases: store.Store, in SQLite or PostgreSQL.
type Store interface {
	inbox.Store
	mail.Outbox

	// Submit stores the case with its files and letters in one transaction that has reached the disk when Submit returns.
	// If the shop has a case with the same submission id, that case is returned and nothing is stored.
	Submit(ctx context.Context, c docket.Case, letters []docket.Letter) (stored docket.Case, existed bool, err error)
	ByID(ctx context.Context, id int64) (docket.Case, error)
	BySubmission(ctx context.Context, shop, id string) (docket.Case, error)
	WithSubmission(ctx context.Context, id string) ([]docket.Case, error)
	ByOldLink(ctx context.Context, p docket.Purpose, hash string) (docket.Case, error)

	Proposals(ctx context.Context, caseID int64) ([]docket.Proposal, error)
	// Decide says false where the proposal was decided before: the first decision counts.
	Decide(ctx context.Context, c docket.Case, proposal int64, d docket.Decision, actor string, now time.Time, letters []docket.Letter) (bool, error)
	Rate(ctx context.Context, c docket.Case, stars int, opinion string, now time.Time, letters []docket.Letter) error
	Post(ctx context.Context, c docket.Case, l docket.Letter) error
	// Near lists open cases of a shop whose date is between two days and that no reminder with a name was posted for.
	Near(ctx context.Context, shop string, from, until day.Day, event string, limit int) ([]docket.Case, error)

	// Keep remembers files between the review of a form and its sending, Kept gives them back, Forget drops them.
	Keep(ctx context.Context, shop, submission string, files []docket.File, now time.Time) error
	Kept(ctx context.Context, shop, submission string) ([]docket.File, error)
	Forget(ctx context.Context, before time.Time) error
	Known(ctx context.Context, file string) (bool, error)

	// Tell has f write letters about every event of a case, stored with it.
	Tell(f func(docket.Case, docket.Event) []docket.Letter)

	Ready(ctx context.Context) error
}

// Files keeps the bytes of attachments. store/folder is one.
type Files interface {
	inbox.Files
	Save(r io.Reader) (id string, size int64, sum string, err error)
	Remove(ids ...string)
	Sweep(ctx context.Context, before time.Time, known func(context.Context, string) (bool, error)) (removed int, err error)
}

// Config is what a server needs. What has a default or says what happens without it may be left out.
type Config struct {
	Fleet   // the shops to begin with; Serve replaces them
	Law     *law.Book
	Locales *locale.Catalog
	Store   Store
	Files   Files
	Mail    mail.Sender
	Answers *stock.Book // texts to answer with; nil: none

	// Key makes the links to receipts and status pages; at least 32 random bytes, see Key. Another key makes all
	// links given out before dead ends.
	Key []byte

	// Webhooks says how webhooks are sent; the zero value is right outside of tests.
	Webhooks webhook.Options

	Now func() time.Time // default time.Now
	Log *slog.Logger     // default slog.Default

	// Proxies are the addresses of reverse proxies whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// PerMinute is how many submissions one network may send to one shop in a minute, default 30; an upload counts as
	// four. To all shops together it may send four times as many.
	PerMinute int
	// UploadsPerNetwork and Uploads are the bytes that uploads of one network and of all may take while they belong to
	// no case yet, default 256 MiB and 8 GiB.
	UploadsPerNetwork, Uploads int64

	// Metrics counts what happens; nil: nobody does.
	Metrics *metrics.Meter
	// Folder is where the data lies; GET /readyz looks at the room on its file system. Empty: it does not.
	Folder string
}

// Server is the intake of one or more shops.
type Server struct {
	config Config
	house  wording.House
	worker *mail.Worker
	hooks  hooks
	limit  limiter
	sealer *seal.Sealer
	ready  readiness

	fleet     atomic.Pointer[fleet]
	replacing sync.Mutex // one fleet at a time
}

// New makes a server. Handler answers requests; Run sends the letters.
func New(c Config) (*Server, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.PerMinute == 0 {
		c.PerMinute = 30
	}
	c.UploadsPerNetwork, c.Uploads = cmp.Or(c.UploadsPerNetwork, 256<<20), cmp.Or(c.Uploads, 8<<30)
	if len(c.Key) < 32 {
		return nil, fmt.Errorf("set up the intake: the key has %d bytes; it needs 32 random ones", len(c.Key))
	}
	s := &Server{config: c, limit: newLimiter(c), sealer: seal.New(c.Key)}
	s.house = wording.House{Law: c.Law, Locales: c.Locales, Own: s.ownLocales}
	s.hooks.sender = webhook.NewSender(c.Webhooks)
	s.worker = mail.NewWorker(c.Store, s.carry, mail.Hands(c.Mail), c.Now, c.Log)
	if err := s.Serve(c.Fleet); err != nil {
		return nil, err
	}
	c.Store.Tell(s.announce)
	return s, nil
}

func (s *Server) newInbox(shops []*shop.Shop, house wording.House) (http.Handler, error) {
	c := s.config
	h, err := inbox.New(inbox.Config{
		Shops: shops, House: house, Store: c.Store, Files: c.Files, Answers: c.Answers, Sends: c.Mail.Sends(), Host: s.host,
		Client: s.limit.client, Wake: s.worker.Wake, Now: c.Now, Log: c.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the inbox: %w", err)
	}
	return h, nil
}

// Run sends letters, reminds traders of dates and sweeps out files of forms that were never sent, until ctx ends. The letter on its
// way is finished first.
func (s *Server) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { s.sweep(ctx) })
	all.Go(func() { s.remind(ctx) })
	s.worker.Run(ctx)
	all.Wait()
}

// reviewTime is how long files wait for their form to be sent.
const reviewTime = 24 * time.Hour

func (s *Server) sweep(ctx context.Context) {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		before := s.config.Now().Add(-reviewTime)
		err := s.config.Store.Forget(ctx, before)
		if err == nil {
			// An hour later, for the form that is being sent just now with files forgotten just now.
			_, err = s.config.Files.Sweep(ctx, before.Add(-time.Hour), s.config.Store.Known)
		}
		if err != nil && ctx.Err() == nil {
			s.config.Log.Error("files of forms never sent cannot be removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *Server) statusToken(c docket.Case) string {
	return docket.Token(s.config.Key, docket.Status, c.Shop, c.Submission)
}

func (s *Server) receiptToken(c docket.Case) string {
	return docket.Token(s.config.Key, docket.Receipt, c.Shop, c.Submission)
}
