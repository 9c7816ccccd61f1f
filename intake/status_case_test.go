package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/day"
	"recourse/intake/docket"
	"recourse/intake/seal"
)

// follower is a consumer with the link to a case.
type follower struct {
	*desk
	t    *testing.T
	path string // of the status page
	ref  string
}

func complain(t *testing.T, d *desk) *follower {
	t.Helper()
	fields := map[string]string{"name": "Ewa", "email": "ewa@example.org", "reason": "defective", "description": "It broke."}
	var answer receipt
	must(t, json.Unmarshal(d.post(body(t, uuid.NewString(), "complaint", fields)).Body.Bytes(), &answer))
	return &follower{d, t, strings.TrimPrefix(answer.StatusURL, "https://shop.example"), answer.Reference}
}

func (f *follower) kase() docket.Case {
	f.t.Helper()
	c, err := f.store.ByReference(f.t.Context(), f.ref)
	must(f.t, err)
	return c
}

func (f *follower) page() string { return f.get(f.path).Body.String() }

func (f *follower) send(where string, pairs ...string) *httptest.ResponseRecorder {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return f.form(f.path+"/"+where, v)
}

func (f *follower) propose(text string) int64 {
	f.t.Helper()
	_, err := f.store.Propose(f.t.Context(), f.kase(), docket.Proposal{Remedy: "repair", Text: text, Author: "secret.login", Nonce: uuid.NewString(), Made: f.now}, nil)
	must(f.t, err)
	all, err := f.store.Proposals(f.t.Context(), f.kase().ID)
	must(f.t, err)
	return all[len(all)-1].ID
}

func (f *follower) wants(about, page string, texts ...string) {
	f.t.Helper()
	for _, text := range texts {
		if gone, found := strings.CutPrefix(text, "!"); found == strings.Contains(page, gone) {
			f.t.Errorf("%s: %q should %sbe there:\n%s", about, gone, map[bool]string{true: "not "}[found], page)
		}
	}
}

// notices are the letters to the trader about what the consumer did.
func (f *follower) notices() (events []string) {
	f.t.Helper()
	letters, err := f.store.Letters(f.t.Context(), f.kase().ID)
	must(f.t, err)
	for _, l := range letters {
		if l.Kind == docket.Notice && l.To == "service@shop.example" {
			events = append(events, l.Event)
		}
	}
	return events
}

func TestSEC44_ScannersDecideNothing(t *testing.T) {
	f := complain(t, open(t, t.TempDir()))
	id := strconv.FormatInt(f.propose("We repair it."), 10)
	for range 3 { // every address of the page, and what its forms would send, as somebody asks who follows links
		for _, path := range []string{"", "/case", "/case.txt", "/proposals?decision=accepted&proposal=" + id, "/messages?message=x", "/rating?stars=1"} {
			f.get(f.path + path)
			f.ask("HEAD", f.path+path, "")
		}
	}
	if p, err := f.proposal(t.Context(), f.kase(), f.firstProposal()); err != nil || p.Decision != docket.Open {
		t.Fatalf("after a scanner the proposal is %v, %v", p.Decision, err)
	}
	if w := f.send("proposals", "proposal", id, "decision", "accepted"); w.Code != 303 || !strings.HasSuffix(w.Header().Get("Location"), "?done=accepted") {
		t.Fatalf("the consumer after the scanner: %d %s", w.Code, w.Body)
	}
}

func (f *follower) firstProposal() int64 {
	all, err := f.store.Proposals(f.t.Context(), f.kase().ID)
	must(f.t, err)
	return all[0].ID
}

func TestProposalsAreDecidedOnce(t *testing.T) {
	d := open(t, t.TempDir())
	f, other := complain(t, d), complain(t, d)
	id := strconv.FormatInt(f.propose("We repair it & pay for the way."), 10)
	f.wants("before", f.page(), "Waiting for your decision", "<h3 id=\"proposal-"+id+"\">Repair</h3>", "We repair it &amp; pay", "In all other respects, you keep your statutory rights", "!secret.login")

	if w := other.send("proposals", "proposal", id, "decision", "accepted"); w.Code != 404 {
		t.Errorf("the proposal of another case: %d", w.Code)
	}
	if w := f.send("proposals", "proposal", id, "decision", "refused"); w.Code != 303 {
		t.Errorf("refusing: %d", w.Code)
	}
	if w := f.send("proposals", "proposal", id, "decision", "refused"); !strings.HasSuffix(w.Header().Get("Location"), "?done=refused") {
		t.Errorf("pressed twice: %s", w.Header().Get("Location"))
	}
	if w := f.send("proposals", "proposal", id, "decision", "accepted"); !strings.HasSuffix(w.Header().Get("Location"), "?done=before") {
		t.Errorf("accepting what was refused: %s", w.Header().Get("Location"))
	}
	f.wants("after", f.page(), "!Waiting for your decision", "You declined the proposal: Repair", "!You accepted")
	f.wants("the whole case", f.get(f.path+"/case").Body.String(), "Declined by the consumer on 20 November 2026, 13:03", "No proposal has been accepted.", "!secret.login")
	if got := fmt.Sprint(f.notices()); got != "[decided]" {
		t.Errorf("the trader was told %s", got)
	}

	second := f.propose("A new one.")
	f.send("proposals", "proposal", strconv.FormatInt(second, 10), "decision", "accepted")
	f.wants("an agreement", f.get(f.path+"/case").Body.String(), "Accepted by the consumer on")
	third := f.propose("Taken back.")
	_, err := f.store.Decide(t.Context(), f.kase(), third, docket.Withdrawn, "secret.login", f.now, nil)
	must(t, err)
	f.send("proposals", "proposal", strconv.FormatInt(third, 10), "decision", "accepted")
	f.wants("taken back", f.page(), "Amber Trading GmbH withdrew the proposal: Repair", "!secret.login")
}

// TestConsumersSeeNothingInternal: notes, quarantine, holds and names of the trader's people stay with the trader.
func TestConsumersSeeNothingInternal(t *testing.T) {
	f := complain(t, open(t, t.TempDir()))
	ctx, c := t.Context(), f.kase()
	id, _, _, err := f.config.Files.Save(strings.NewReader("%PDF-1.7"))
	must(t, err)
	file := []docket.File{{ID: id, Name: "internal.pdf", Type: "application/pdf", Size: 8, Sum: "0"}}
	_, err = f.store.Write(ctx, c, docket.Message{Side: docket.Note, Author: "secret.login", Text: "He always complains.", Nonce: "1", Written: f.now, Files: file}, nil)
	must(t, err)
	must(t, f.store.Mark(ctx, c, true, "secret.login", f.now))
	must(t, f.store.Hold(ctx, c, "We expect a lawsuit", "secret.login", f.now))
	_, err = f.store.Write(ctx, c, docket.Message{Side: docket.Trader, Author: "secret.login", Text: "We look into it.", Nonce: "2", Written: f.now}, nil)
	must(t, err)
	must(t, f.store.Post(ctx, c, docket.Letter{Case: c.ID, Kind: docket.Hook, To: "https://hook.example/secret", MessageID: "x", Written: f.now}))
	must(t, f.store.Post(ctx, c, docket.Letter{Case: c.ID, Kind: docket.Reminder, To: "boss@shop.example", MessageID: "y", Written: f.now}))
	for _, path := range []string{"", "/case", "/case.txt"} {
		text := f.get(f.path + path).Body.String()
		f.wants(path, text, "We look into it.", "!secret.login", "!He always", "!lawsuit", "!internal.pdf", "!"+id, "!hook.example", "!boss@", "!uspect")
	}
	if w := f.get(f.path + "/files/" + id); w.Code != 404 {
		t.Errorf("the file of a note: %d", w.Code)
	}
}

func TestClosedCasesAreRatedAndReopened(t *testing.T) {
	f := complain(t, open(t, t.TempDir()))
	f.propose("A late one.")
	f.wants("open", f.page(), "!Your decision opens it again")
	must(t, f.store.Change(t.Context(), f.kase(), docket.Closed, docket.Declined, "x", f.now, nil))
	f.wants("closed", f.page(), "Your decision opens it again", "How did it go?", "Your rating is voluntary", "This case is closed. If you write, it is opened again.", "closed the case. Outcome: Declined", "If you do not agree")
	for _, wrong := range []string{"", "0", "6", "x"} {
		if w := f.send("rating", "stars", wrong, "opinion", "My opinion"); w.Code != 422 || !strings.Contains(w.Body.String(), "My opinion</textarea>") {
			t.Errorf("a rating of %q: %d %s", wrong, w.Code, w.Body)
		}
	}
	nonce := uuid.NewString()
	for range 2 { // pressed twice
		f.send("rating", "stars", "2", "opinion", "Slow <b>", "nonce", nonce)
	}
	f.wants("rated", f.page(), "You can change your rating here", `value="2" checked`, "Slow &lt;b&gt;</textarea>")
	f.send("rating", "stars", "4", "opinion", "", "nonce", uuid.NewString())
	if c := f.kase(); c.Rating != 4 || c.Opinion != "" {
		t.Errorf("the later rating is not the one that counts: %d %q", c.Rating, c.Opinion)
	}
	if got := fmt.Sprint(f.notices()); got != "[rated rated]" {
		t.Errorf("the trader was told %s", got)
	}
	f.send("messages", "message", "It is not over.")
	if c := f.kase(); c.State != docket.InProgress {
		t.Errorf("a message left the case %s", c.State)
	}
	f.wants("open again", f.page(), "!How did it go?", "!This case is closed.")
	if got := fmt.Sprint(f.notices()); got != "[rated rated message]" {
		t.Errorf("the trader was told %s", got)
	}
}

// TestAnAnswerEndsTheClock: once the trader has answered, the date of the first answer is never held against it again.
func TestAnAnswerEndsTheClock(t *testing.T) {
	f := complain(t, open(t, t.TempDir()))
	f.now = noon.AddDate(0, 0, 20)
	f.wants("late", f.page(), "This date has passed and the case is still open.", "It was 4 December 2026, 6 days ago.", "You can remind Amber Trading GmbH once more")
	answer := func(nonce string) {
		_, err := f.store.Write(t.Context(), f.kase(), docket.Message{Side: docket.Trader, Text: "Sorry.", Nonce: nonce, Written: f.now}, nil)
		must(t, err)
	}
	answer("1")
	f.wants("answered late", f.page(), "last answered you on 10 December 2026", "The answer was due by 4 December 2026. The first one came on 10 December 2026", "!This date has passed")
	f.send("messages", "message", "And now?")
	f.now = f.now.AddDate(0, 1, 0)
	f.wants("written again", f.page(), "Your case is back with Amber Trading GmbH", "!This date has passed", "!by 4 December 2026.</p>\n<h2>")
}

// broken is a store that fails where it is told to.
type broken struct {
	Store
	find, write error
}

func (b *broken) WithSubmission(ctx context.Context, id string) ([]docket.Case, error) {
	if b.find != nil {
		return nil, b.find
	}
	return b.Store.WithSubmission(ctx, id)
}

func (b *broken) Write(ctx context.Context, c docket.Case, m docket.Message, l []docket.Letter) (bool, error) {
	if b.write != nil {
		return false, b.write
	}
	return b.Store.Write(ctx, c, m, l)
}

// TestWordsAreNeverLost: whatever fails, the page that says so has the words, and they can be sent from it.
func TestWordsAreNeverLost(t *testing.T) {
	down := &broken{}
	f := complain(t, open(t, t.TempDir(), func(c *Config) { down.Store = c.Store; c.Store = down }))
	for about, fail := range map[string]*error{"the database cannot be read": &down.find, "the database cannot be written": &down.write} {
		*fail = errors.New("disk full")
		kind, content := withFiles(t, "My <words>", 2, 10)
		w := f.ask("POST", f.path+"/messages", string(content), "Content-Type: "+kind)
		*fail = nil
		f.wants(about, w.Body.String(), "My &lt;words&gt;</textarea>", "We could not store this just now", "Your files were not kept")
		if w.Code != 503 {
			t.Errorf("%s: %d", about, w.Code)
		}
	}
	kind, content := withFiles(t, "My <words>", 6, 10<<20)
	w := f.ask("POST", f.path+"/messages", string(content), "Content-Type: "+kind)
	f.wants("too large", w.Body.String(), "My &lt;words&gt;</textarea>", "too large")
	if w.Code != 413 {
		t.Errorf("60 MiB: %d", w.Code)
	}
	if files, err := f.config.Files.Sweep(t.Context(), f.now.AddDate(1, 0, 0), func(context.Context, string) (bool, error) { return false, nil }); err != nil || files != 0 {
		t.Errorf("%d files of messages that were not sent are left, %v", files, err)
	}
}

// withFiles is a message with files of a size.
func withFiles(t *testing.T, words string, files, size int) (kind string, content []byte) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	must(t, m.WriteField("message", words))
	for i := range files {
		part, err := m.CreateFormFile("files", fmt.Sprint(i, ".pdf"))
		must(t, err)
		_, err = io.WriteString(part, "%PDF-1.7"+strings.Repeat("x", size))
		must(t, err)
	}
	must(t, m.Close())
	return m.FormDataContentType(), b.Bytes()
}

// TestSEC42_ACaseIsNoMegaphone: who has the link cannot fill the shop's mailbox.
func TestSEC42_ACaseIsNoMegaphone(t *testing.T) {
	f := complain(t, open(t, t.TempDir()))
	for range perCase {
		if w := f.send("messages", "message", "x", "nonce", uuid.NewString()); w.Code != 303 {
			t.Fatalf("a message was answered %d", w.Code)
		}
	}
	w := f.send("messages", "message", "one more", "nonce", uuid.NewString())
	if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "one more</textarea>") {
		t.Errorf("message %d was answered %d %v", perCase+1, w.Code, w.Header())
	}
	if w := complain(t, f.desk).send("messages", "message", "x"); w.Code != 303 {
		t.Errorf("another case was answered %d", w.Code)
	}
}

// TestFilesOfTheCaseAreSigned: receipt, attachment of the acknowledgement and whole case can be checked, and one changed byte is
// found in each.
func TestFilesOfTheCaseAreSigned(t *testing.T) {
	f := complain(t, open(t, t.TempDir()))
	f.send("messages", "message", "Trailing spaces   \n\n\n\nand a signature:\n-- Recourse signature --\nSigned: 2026-11-20T13:03:12Z")
	receiptPage := "/legal/receipts/" + f.receiptToken(f.kase())
	attached := parts(t, f.outgoing(t)["acknowledgement"][0])["file"]
	for name, text := range map[string]string{
		"receipt": f.get(receiptPage + "/receipt.txt").Body.String(), "case": f.get(f.path + "/case.txt").Body.String(), "attachment": attached,
	} {
		v, err := seal.Open([]byte(text))
		if err != nil {
			t.Fatalf("the %s: %v\n%s", name, err, text)
		}
		if err := v.By(f.Fingerprint()); err != nil || !v.At.Equal(noon) {
			t.Errorf("the %s was signed at %s: %v", name, v.At, err)
		}
		if strings.Contains(text, " \n") || strings.Contains(text, "\n-- \n") || !strings.Contains(text, f.ref) {
			t.Errorf("the %s:\n%s", name, text)
		}
		for _, i := range []int{0, len(text) / 3, len(text) / 2, len(text) - 3} {
			changed := []byte(text)
			changed[i] ^= 1
			if v, err := seal.Open(changed); err == nil && v.By(f.Fingerprint()) == nil {
				t.Errorf("the %s with byte %d changed is genuine", name, i)
			}
		}
	}
	f.wants("receipt page", f.get(receiptPage).Body.String(), f.Fingerprint(), "recourse verify "+f.ref+".txt --key ")
}

func TestWhoHelpsAcrossBorders(t *testing.T) {
	d := open(t, t.TempDir())
	one := d.config.Shops[0]
	for _, c := range []struct{ tag, centre, abroad string }{
		{"en-DE", "", ""},
		{"en-GB", "UK International Consumer Centre", "this body advises consumers in"},
		{"en-CH", "", ""},
		{"en-UA", "", ""},
	} {
		v, err := d.house.Consumer(one, c.tag, noon)
		must(t, err)
		e := d.escalation(v)
		if e.Centre.Name != c.centre || !strings.Contains(e.Abroad, c.abroad) {
			t.Errorf("%s: %q, %q; want %q", c.tag, e.Centre.Name, e.Abroad, c.centre)
		}
		if e.Nobody() != (c.tag == "en-CH" || c.tag == "en-UA") {
			t.Errorf("%s: somebody to name: %v", c.tag, !e.Nobody())
		}
	}
	v, err := d.house.Consumer(one, "en-PL", noon)
	must(t, err)
	if e := d.escalation(v); e.Centre.Name == "" || !strings.Contains(e.Abroad, "European Consumer Centre") {
		t.Errorf("a consumer in Poland and a trader in Germany: %+v", e)
	}
}

func TestRefundsStayDueAfterAnAnswer(t *testing.T) {
	d := open(t, t.TempDir())
	v, err := d.house.Consumer(d.config.Shops[0], "en-DE", noon)
	must(t, err)
	c := docket.Case{Form: "withdrawal", State: docket.Answered, Answered: noon, Due: docket.Due{Task: docket.Refund, Day: day.Of(2026, 12, 4)}}
	d.now = noon.AddDate(0, 0, 15)
	if k := d.clock(v, c, noon); k.Overdue == "" || k.Waiting || !strings.Contains(strings.Join(k.Lines, " "), "must refund you by 4 December 2026") {
		t.Errorf("a refund that is overdue after an answer: %+v", k)
	}
	c.State, c.Closed = docket.Closed, noon.Add(time.Hour)
	if k := d.clock(v, c, noon); k.Overdue != "" || !strings.Contains(k.Lines[0], "closed this case on 20 November 2026, 14:03") {
		t.Errorf("a closed case: %+v", k)
	}
}
