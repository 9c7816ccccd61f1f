package intake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/shop"
)

func (d *desk) postFrom(address, agent, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/api/v1/submissions", strings.NewReader(body))
	r.RemoteAddr = address
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", agent)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// TestSEC17_NobodyIsBuriedInMail: 500 submissions from 20 networks name one victim. All are stored; the victim gets three
// letters in the first hour and ten on the first day.
func TestSEC17_NobodyIsBuriedInMail(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	for i := range 500 {
		fields := map[string]string{"name": fmt.Sprint("Victim ", i), "contract": fmt.Sprint(i), "email": "victim@example.org"}
		if w := d.postFrom(fmt.Sprintf("203.0.113.%d:1", i%20), "curl/8", body(t, uuid.NewString(), "withdrawal", fields)); w.Code != http.StatusCreated {
			t.Fatalf("submission %d is answered %d: %s", i, w.Code, w.Body)
		}
	}
	all := d.cases(t)
	apart := 0
	for _, c := range all {
		if c.Suspect {
			apart++
		}
	}
	if len(all) != 500 || apart < 200 {
		t.Errorf("%d cases are stored, %d of them kept apart", len(all), apart)
	}
	for _, step := range []struct {
		after time.Duration
		most  int
	}{{0, 3}, {59 * time.Minute, 3}, {23*time.Hour + 50*time.Minute, 10}} {
		d.now = noon.Add(step.after)
		if n := len(d.outgoing(t)["acknowledgement"]); n != step.most {
			t.Errorf("after %v the victim has %d letters, want %d", step.after, n, step.most)
		}
	}
	if n := len(d.outgoing(t)["copy"]); n != 500 {
		t.Errorf("the shop has %d copies, want 500", n)
	}
}

// TestSEC17_TheAcknowledgementCarriesNoMessageOfOthers: what was declared stands in it as a quotation, and leads nowhere.
func TestSEC17_TheAcknowledgementCarriesNoMessageOfOthers(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	const advert = "Win now at https://evil.example/win\n\nYours, Amber & Sons\nhttps://evil.example"
	fields := map[string]string{"name": "https://evil.example", "contract": "www.evil.example", "email": "a@example.org", "comment": advert}
	d.post(body(t, uuid.NewString(), "withdrawal", fields))
	m := d.outgoing(t)["acknowledgement"][0]
	if strings.Contains(fmt.Sprint(m.Header), "evil.example") {
		t.Errorf("a header repeats what was written: %v", m.Header)
	}
	letter := parts(t, m)
	for line := range strings.Lines(letter["text/plain"]) {
		if strings.Contains(line, "evil.example") && !strings.HasPrefix(line, "  ") {
			t.Errorf("the line %q is not set off as a quotation", line)
		}
	}
	for _, way := range addresses(t, letter["text/html"]) {
		if strings.Contains(way, "evil.example") {
			t.Errorf("the letter leads to %s", way)
		}
	}
}

// TestSEC40_MarksAreNeitherSilenceNorRefusal: what is kept apart is stored, acknowledged and copied like anything else.
func TestSEC40_MarksAreNeitherSilenceNorRefusal(t *testing.T) {
	d := open(t, t.TempDir())
	fields := map[string]string{"name": "Buy http://x.example", "contract": "1", "email": "a@example.org", "subject_line": "x"}
	if w := d.post(body(t, uuid.NewString(), "withdrawal", fields)); w.Code != http.StatusCreated {
		t.Fatalf("it is answered %d", w.Code)
	}
	if all := d.cases(t); len(all) != 1 || !all[0].Suspect {
		t.Errorf("stored are %+v", all)
	}
	if out := d.outgoing(t); len(out["acknowledgement"]) != 1 || len(out["copy"]) != 1 {
		t.Errorf("sent are %v", out)
	}
}

// TestSEC40_PlainForm walks through the form without a script as people, as their software and as programs do.
func TestSEC40_PlainForm(t *testing.T) {
	for _, c := range []struct {
		about   string
		trap    string
		reads   time.Duration
		reviews bool
		apart   bool
	}{
		{"a person", "", 9 * time.Second, true, false},
		{"a person whose software fills everything", "x", 9 * time.Second, true, false},
		{"a person who presses at once", "", time.Second, true, false},
		{"a person who comes back the day after", "", 30 * time.Hour, true, false},
		{"a shop's own program", "", 0, false, false},
		{"a program that fills everything", "x", 0, false, true},
		{"a program that fills everything and presses at once", "x", time.Second, true, true},
	} {
		d := open(t, t.TempDir())
		values := url.Values{"shop": {"amber"}, "form": {"withdrawal"}, "locale": {"en-DE"}, "name": {"Anna"}, "contract": {"1"}, "email": {"a@example.org"}, "subject_line": {c.trap}}
		values.Set("id", uuid.NewString())
		values.Set("step", "review")
		if c.reviews {
			values.Set("stamp", hidden(t, d.form("/submissions", values).Body.String(), "stamp"))
		}
		d.now = noon.Add(c.reads)
		values.Set("step", "send")
		if w := d.form("/submissions", values); w.Code != http.StatusSeeOther {
			t.Errorf("%s is answered %d", c.about, w.Code)
		}
		if all := d.cases(t); len(all) != 1 || all[0].Suspect != c.apart {
			t.Errorf("%s: %d cases, kept apart: %v", c.about, len(all), all[0].Suspect)
		}
	}
}

// TestSEC40_AStampIsForOneForm: nobody draws one review and sends a thousand forms with its stamp.
func TestSEC40_AStampIsForOneForm(t *testing.T) {
	d := open(t, t.TempDir())
	one := &declaration{submission: &submission{ID: uuid.NewString(), Step: "send"}, shop: d.config.Shops[0]}
	stamp := d.stamp(one)
	for about, change := range map[string]func(*declaration){
		"another form": func(x *declaration) { x.submission = &submission{ID: uuid.NewString(), Step: "send", Stamp: stamp} },
		"another time": func(x *declaration) { x.submission = &submission{ID: one.ID, Step: "send", Stamp: "a" + stamp} },
		"another shop": func(x *declaration) {
			x.submission, x.shop = &submission{ID: one.ID, Step: "send", Stamp: stamp}, &shop.Shop{ID: "other"}
		},
		"nothing": func(x *declaration) { x.submission = &submission{ID: one.ID, Step: "send"} },
	} {
		x := *one
		change(&x)
		if got, _ := d.review(&x); got != 1 {
			t.Errorf("%s: review %d", about, got)
		}
	}
	x := *one
	x.submission = &submission{ID: one.ID, Step: "send", Stamp: stamp}
	d.now = noon.Add(5 * time.Second)
	if got, took := d.review(&x); got != 2 || took != 5*time.Second {
		t.Errorf("its own form: review %d after %v", got, took)
	}
}

// TestSEC42_OneFloodSilencesNobodyElse sends a flood from some networks while people elsewhere go on.
func TestSEC42_OneFloodSilencesNobodyElse(t *testing.T) {
	d := open(t, t.TempDir(), silent, func(c *Config) { c.PerMinute = 5 })
	var refused, people, lost atomic.Int32
	var wait sync.WaitGroup
	for network := range 4 {
		wait.Go(func() {
			for range 50 {
				if w := d.postFrom(fmt.Sprintf("203.0.113.%d:1", network), "curl/8", withdrawal(t, uuid.NewString())); w.Code == http.StatusTooManyRequests {
					refused.Add(1)
				}
			}
		})
	}
	wait.Go(func() {
		for i := range 50 {
			fields := map[string]string{"name": "Anna", "contract": "1", "email": fmt.Sprintf("p%d@example.org", i)}
			if w := d.postFrom(fmt.Sprintf("198.51.100.%d:1", i), firefox, body(t, uuid.NewString(), "withdrawal", fields)); w.Code != http.StatusCreated {
				lost.Add(1)
			}
			people.Add(1)
		}
	})
	wait.Wait()
	if people.Load() != 50 || lost.Load() != 0 {
		t.Errorf("%d of %d people were refused", lost.Load(), people.Load())
	}
	if refused.Load() != 4*45 {
		t.Errorf("%d submissions of the flood were refused, want 180", refused.Load())
	}
}

func TestSEC42_WhatIsCounted(t *testing.T) {
	l := newLimiter(Config{PerMinute: 5})
	from := func(address string) *http.Request {
		r := httptest.NewRequest("POST", "/", nil)
		r.RemoteAddr = address
		return r
	}
	let := func(times int, ask func(i int) bool) (n int) {
		for i := range times {
			if ask(i) {
				n++
			}
		}
		return n
	}
	w := func() http.ResponseWriter { return httptest.NewRecorder() }
	for _, c := range []struct {
		about string
		want  int
		ask   func(int) bool
	}{
		{"one shop, one address", 5, func(int) bool { return l.allowShop(w(), from("203.0.113.1:1"), "a") }},
		{"another shop, the same address", 5, func(int) bool { return l.allowShop(w(), from("203.0.113.1:1"), "b") }},
		{"the same shop, another address", 5, func(int) bool { return l.allowShop(w(), from("203.0.113.2:1"), "a") }},
		{"one shop, a /64", 5, func(i int) bool { return l.allowShop(w(), from(fmt.Sprintf("[2001:db8::%x]:1", i+1)), "a") }},
		{"all shops, one address", 20, func(i int) bool { return l.allow(w(), from("203.0.113.3:1")) }},
		{"all shops, a /48", 200, func(i int) bool { return l.allow(w(), from(fmt.Sprintf("[2001:db8:1:%x::1]:1", i))) }},
		{"all shops, many addresses", 300, func(i int) bool { return l.allow(w(), from(fmt.Sprintf("10.0.%d.%d:1", i/200, i%200))) }},
	} {
		if n := let(300, c.ask); n != c.want {
			t.Errorf("%s: %d of 300 are let through, want %d", c.about, n, c.want)
		}
	}
}

// TestSEC42_CountingTakesLittleMemory: an attacker with a new address for every request may not fill ours.
func TestSEC42_CountingTakesLittleMemory(t *testing.T) {
	c := newCounts()
	c.Config(1, time.Minute)
	window := noon
	before := heap()
	for i := range 20 * maxCounts {
		if i%(5*maxCounts) == 0 {
			window = window.Add(time.Minute)
		}
		must(t, c.Increment(fmt.Sprint(i), window))
	}
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("the counts take %d bytes", grown)
	}
	if now, _, _ := c.Get(fmt.Sprint(20*maxCounts-1), window, time.Time{}); now != 1 {
		t.Error("the last one is not counted")
	}
	c.Get("x", window.Add(time.Hour), time.Time{})
	if grown := heap() - before; grown > 1<<20 {
		t.Errorf("an hour later the counts still take %d bytes", grown)
	}
	runtime.KeepAlive(c)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkSEC42_Limits(b *testing.B) {
	l := newLimiter(Config{PerMinute: 30})
	b.RunParallel(func(p *testing.PB) {
		r := httptest.NewRequest("POST", "/", nil)
		for i := 0; p.Next(); i++ {
			r.RemoteAddr = fmt.Sprintf("[2001:db8:%x:%x::1]:1", i>>16&0xffff, i&0xffff)
			w := httptest.NewRecorder()
			l.allow(w, r)
			l.allowShop(w, r, "amber")
			l.note("network x", "mailbox x")
		}
	})
}

// TestSEC42_UnsentUploadsAreLimited: files that belong to no case take the disk that cases need.
func TestSEC42_UnsentUploadsAreLimited(t *testing.T) {
	m := newRoom(Config{UploadsPerNetwork: 1 << 20, Uploads: 2 << 20})
	file := []docket.File{{Size: 900 << 10}}
	now := noon
	if !m.keep("1", "a", file, now) || m.keep("2", "a", file, now) || m.take("a", 200<<10, now) {
		t.Error("a network gets more than its part")
	}
	if !m.keep("3", "b", file, now) || m.take("c", 400<<10, now) {
		t.Error("all together get more than there is")
	}
	m.free("3")
	if !m.take("c", 400<<10, now) {
		t.Error("what was sent is still counted")
	}
	m.give("c", 400<<10)
	now = now.Add(reviewTime + time.Minute)
	if !m.take("a", 1<<20, now) {
		t.Error("what the sweep has taken is still counted")
	}
	m.give("a", 1<<20)
	if m.taken != 0 || len(m.by) != 0 || len(m.waiting) != 0 {
		t.Errorf("in the end %d bytes are taken by %v and %v", m.taken, m.by, m.waiting)
	}
}

func TestSEC42_UploadsBeyondTheLimitAreToldSo(t *testing.T) {
	d := open(t, t.TempDir(), func(c *Config) { c.UploadsPerNetwork = 400 << 10 })
	review := func(size int) int {
		return d.send("/submissions", "multipart/form-data; boundary=b", pictureForm(uuid.NewString(), size)).Code
	}
	if a, b := review(150<<10), review(180<<10); a != 200 || b != 200 {
		t.Errorf("two pictures are answered %d and %d", a, b)
	}
	if w := d.send("/submissions", "multipart/form-data; boundary=b", pictureForm(uuid.NewString(), 180<<10)); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" ||
		!strings.Contains(w.Body.String(), "service@shop.example") {
		t.Errorf("the third is answered %d: %s", w.Code, w.Body)
	}
	if code := review(300 << 10); code != http.StatusTooManyRequests {
		t.Errorf("a fourth is read although there is no room: %d", code)
	}
	if w := d.post(withdrawal(t, uuid.NewString())); w.Code != http.StatusCreated {
		t.Errorf("a text is answered %d", w.Code)
	}
}

// pictureForm is the first step of a complaint with a picture.
func pictureForm(id string, size int) []byte {
	fields := string(multipartOf("id=" + id + "&shop=amber&form=complaint&locale=en-DE&name=Anna&email=a@example.org&reason=late&description=x&step=review"))
	return []byte("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n\x1a\n" + strings.Repeat("x", size) + "\r\n" + fields)
}

// TestFilesThatWaitedTooLongAreMissed: whoever has chosen files is not left to think that they were sent.
func TestFilesThatWaitedTooLongAreMissed(t *testing.T) {
	d := open(t, t.TempDir())
	id := uuid.NewString()
	review := d.send("/submissions", "multipart/form-data; boundary=b", pictureForm(id, 100)).Body.String()
	if !strings.Contains(review, "kept for 24 hours") {
		t.Errorf("the review does not say how long files wait:\n%s", review)
	}
	must(t, d.store.Forget(t.Context(), d.now.Add(time.Second))) // as the sweep does a day later
	values := fieldsOf(t, review)
	values.Set("step", "send")
	w := d.form("/submissions", values)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Your files are no longer here") || len(d.cases(t)) != 0 {
		t.Fatalf("it is answered %d with %d cases:\n%s", w.Code, len(d.cases(t)), w.Body)
	}
	values = fieldsOf(t, w.Body.String())
	values.Set("step", "send")
	if w := d.form("/submissions", values); w.Code != http.StatusSeeOther || len(d.cases(t)) != 1 {
		t.Errorf("sent without them it is answered %d", w.Code)
	}
}

func TestSEC40_MarkedCasesAreFew(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	for i := range 40 { // a busy hour of an office that helps people with their complaints
		fields := map[string]string{"name": fmt.Sprint("Client ", i), "email": "office@example.org", "reason": "late",
			"description": "Our client has ordered and paid, and the goods have not arrived. We ask you to deliver within a week."}
		d.postFrom("203.0.113.1:1", firefox, body(t, uuid.NewString(), "complaint", fields))
	}
	if slices.ContainsFunc(d.cases(t), func(c docket.Case) bool { return c.Suspect }) {
		t.Error("an office that writes for others is kept apart")
	}
}
