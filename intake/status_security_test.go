package intake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/shop"
)

// TestSEC44_OneTokenOpensOneCase asks every address of the status page, with everything that is no key to the case or is one to
// another, of the same shop and of another one with the same submission id: nothing is shown and nothing is changed.
func TestSEC44_OneTokenOpensOneCase(t *testing.T) {
	d := open(t, t.TempDir(), func(c *Config) {
		second, err := shop.Parse("shop.toml", []byte(strings.Replace(testShop, `id = "amber"`, `id = "beryl"`, 1)))
		must(t, err)
		c.Shops = append(c.Shops, second)
	})
	id := uuid.NewString()
	own, same, abroad := d.submits(t, "amber", id), d.submits(t, "amber", uuid.NewString()), d.submits(t, "beryl", id)
	own.send("messages", "message", "Only for those who have the link.")
	file, proposal := own.keepsFile(), strconv.FormatInt(own.propose("Only for those who have the link."), 10)
	must(t, d.store.Change(t.Context(), own.kase(), docket.Closed, docket.Declined, "x", d.now, nil))
	before := fmt.Sprint(own.everything())

	token := strings.TrimPrefix(own.path, "/legal/status/")
	for name, path := range map[string]string{
		"another case": same.path, "another shop": abroad.path, "the receipt": "/legal/status/" + d.receiptToken(own.kase()), "the reference": "/legal/status/" + own.ref,
		"cut off": "/legal/status/" + token[:len(token)-1], "longer": own.path + "A", "other letter case": "/legal/status/" + strings.ToLower(token), "the submission": "/legal/status/" + id,
	} {
		foreign := path == same.path || path == abroad.path // opens its own case
		for _, where := range []string{"", "/case", "/case.txt", "/files/" + file, "/files/" + file + "/", "/messages", "/proposals", "/rating"} {
			w := d.get(path + where)
			if text := w.Body.String(); strings.Contains(text, "Only for those") || strings.Contains(text, own.ref) {
				t.Errorf("%s opens %s", name, where)
			}
			if strings.HasPrefix(where, "/files") && w.Code != 404 || !foreign && w.Code != 404 && w.Code != 303 {
				t.Errorf("%s at %s: %d", name, where, w.Code)
			}
		}
		if w := d.form(path+"/proposals", url.Values{"proposal": {proposal}, "decision": {"accepted"}}); w.Code != 404 {
			t.Errorf("%s decides a proposal: %d", name, w.Code)
		}
		d.form(path+"/rating", url.Values{"stars": {"1"}})
		d.form(path+"/messages", url.Values{"message": {"Not mine"}})
	}
	if after := fmt.Sprint(own.everything()); after != before {
		t.Errorf("the case was changed:\n%s\n%s", before, after)
	}
}

// submits sends a complaint to a shop.
func (d *desk) submits(t *testing.T, to, id string) *follower {
	t.Helper()
	text := strings.Replace(body(t, id, "complaint", map[string]string{"name": "Ewa", "email": "ewa@example.org", "reason": "late", "description": "x"}), `"amber"`, `"`+to+`"`, 1)
	var answer receipt
	must(t, json.Unmarshal(d.post(text).Body.Bytes(), &answer))
	return &follower{d, t, strings.TrimPrefix(answer.StatusURL, "https://shop.example"), answer.Reference}
}

// keepsFile sends a file with a message and says under which id it lies.
func (f *follower) keepsFile() string {
	f.t.Helper()
	kind, content := withFiles(f.t, "Only for those who have the link.", 1, 10)
	if w := f.ask("POST", f.path+"/messages", string(content), "Content-Type: "+kind); w.Code != 303 {
		f.t.Fatalf("a message with a file: %d", w.Code)
	}
	all, err := f.store.Messages(f.t.Context(), f.kase().ID)
	must(f.t, err)
	return all[len(all)-1].Files[0].ID
}

// everything is all that is stored about the case.
func (f *follower) everything() []any {
	f.t.Helper()
	known, err := f.record(f.t.Context(), f.kase())
	must(f.t, err)
	return []any{f.kase(), known.messages, known.proposals, known.events, len(known.letters)}
}

// TestErasedAttachments: what a rule of retention has erased is no dead link, and no signed file says that it had no bytes.
func TestErasedAttachments(t *testing.T) {
	f := complain(t, open(t, t.TempDir()))
	file := f.keepsFile()
	must(t, f.store.Change(t.Context(), f.kase(), docket.Closed, docket.Declined, "x", f.now, nil))
	if w := f.get(f.path + "/files/" + file); w.Code != 200 {
		t.Fatalf("the file: %d", w.Code)
	}
	_, err := f.store.Strip(t.Context(), []string{file}, docket.Erasure{At: f.now}, f.config.Files.Remove)
	must(t, err)
	if w := f.get(f.path + "/files/" + file); w.Code != 404 {
		t.Errorf("the erased file: %d", w.Code)
	}
	page, text := f.page(), f.get(f.path+"/case.txt").Body.String()
	if strings.Contains(page, file) {
		t.Error("the page leads to the erased file")
	}
	f.wants("page", page, "0.pdf (erased)")
	f.wants("case", text, "0.pdf (erased)", "SHA-256: ")
	if strings.Contains(text, ": 0\n") {
		t.Errorf("the case says that the file had no bytes:\n%s", text)
	}
}
