package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"recourse/intake/docket"
)

// ask sends a request with headers, "Name: value".
func (d *desk) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// TestSEC22_AnyPageMaySendAndNoneMayLook: submissions need no cookie and get no right out of one, so any page may send them;
// the inbox answers nobody from elsewhere.
func TestSEC22_AnyPageMaySendAndNoneMayLook(t *testing.T) {
	d := open(t, t.TempDir())
	cookie := d.login(t)
	for _, origin := range []string{"https://shop.example", "https://evil.example", "null", "https://shop.example.evil.example", "https://evilshop.example",
		"http://shop.example", "https://shop.example:8443", "https://SHOP.example", ""} {
		with := "Origin: " + origin
		for _, w := range []*httptest.ResponseRecorder{
			d.ask("OPTIONS", "/api/v1/submissions", "", with, "Access-Control-Request-Method: POST"),
			d.ask("POST", "/api/v1/submissions", withdrawal(t, uuid.NewString()), with, "Content-Type: application/json", "Cookie: "+cookie.String()),
		} {
			h := w.Header()
			if w.Code >= 300 || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" || len(h["Set-Cookie"]) > 0 {
				t.Errorf("origin %q: %d %v", origin, w.Code, h)
			}
		}
		for _, path := range []string{"/inbox/", "/inbox/login", "/status/x", "/receipts/x", "/submissions", "/healthz", "/metrics"} {
			h := d.ask("GET", path, "", with, "Cookie: "+cookie.String()).Header()
			for name := range h {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("origin %q: %s has %s", origin, path, name)
				}
			}
		}
		if h := d.ask("OPTIONS", "/inbox/", "", with, "Access-Control-Request-Method: POST").Header(); h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("origin %q: the inbox answers a preflight", origin)
		}
	}
}

// TestSEC23_OnlyTheInboxChangesItsCases forges what changes a case from another site.
func TestSEC23_OnlyTheInboxChangesItsCases(t *testing.T) {
	d := open(t, t.TempDir())
	cookie := d.login(t)
	if w := d.post(withdrawal(t, uuid.NewString())); w.Code != http.StatusCreated {
		t.Fatal(w.Code)
	}
	before := d.cases(t)[0]
	path := "/inbox/cases/" + before.Reference
	forms := "Content-Type: application/x-www-form-urlencoded"
	for _, headers := range [][]string{
		{"Sec-Fetch-Site: cross-site", forms}, {"Sec-Fetch-Site: same-site", forms}, {"Origin: https://evil.example", forms}, {"Origin: null", forms},
		{"Origin: https://shop.example.evil.example", forms}, {"Origin: http://shop.example", forms},
		{"Sec-Fetch-Site: cross-site", "Content-Type: text/plain"}, {"Sec-Fetch-Site: cross-site", "Content-Type: application/json"},
		{"Sec-Fetch-Site: cross-site", forms, "X-HTTP-Method-Override: POST", "Origin: https://evil.example"},
	} {
		for _, action := range []string{"/state", "/answer"} {
			all := append([]string{"Cookie: " + cookie.Name + "=" + cookie.Value}, headers...)
			if w := d.ask("POST", path+action, "state=closed&outcome=accepted&answer=forged", all...); w.Code != http.StatusForbidden {
				t.Errorf("POST %s with %q is answered %d", action, headers, w.Code)
			}
		}
	}
	for _, way := range []string{"/state?state=closed&outcome=accepted", "/answer?answer=forged", "?_method=POST&state=closed&outcome=accepted"} {
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE"} {
			w := d.ask(method, path+way, "", "Cookie: "+cookie.Name+"="+cookie.Value, "X-HTTP-Method-Override: POST")
			if w.Code == http.StatusSeeOther {
				t.Errorf("%s %s is answered %d", method, way, w.Code)
			}
		}
	}
	// And without the cookie nothing happens, whoever asks.
	if w := d.ask("POST", path+"/state", "state=closed&outcome=accepted", "Sec-Fetch-Site: same-origin", forms); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "no longer logged in") {
		t.Errorf("without a session: %d", w.Code)
	}
	if after := d.cases(t)[0]; after.State != before.State || after.Outcome != before.Outcome {
		t.Errorf("the case is %s, was %s", after.State, before.State)
	}
	if page := d.get(path, cookie).Body.String(); strings.Contains(page, "forged") {
		t.Error("a forged answer is stored")
	}
	if w := d.ask("GET", "/inbox/logout", "", "Cookie: "+cookie.Name+"="+cookie.Value); w.Code == http.StatusSeeOther && d.get("/inbox/", cookie).Code != http.StatusOK {
		t.Error("a link logs out")
	}
}

// everywhere are addresses of all kinds of answers.
func (d *desk) everywhere(t *testing.T) (paths []string, cookie *http.Cookie) {
	t.Helper()
	cookie = d.login(t)
	var answer receipt
	must(t, json.Unmarshal(d.post(withdrawal(t, uuid.NewString())).Body.Bytes(), &answer))
	return []string{"/inbox/login", "/inbox/", "/inbox/cases/" + answer.Reference, "/inbox/cases/0000-0000-000", pathOf(answer.ReceiptURL), pathOf(answer.ReceiptURL) + "/receipt.txt",
		pathOf(answer.StatusURL), "/status/x", "/nothing", "/submissions", "/api/v1/submissions"}, cookie
}

func TestSEC24_NobodyFramesOurPages(t *testing.T) {
	d := open(t, t.TempDir())
	paths, cookie := d.everywhere(t)
	for _, path := range paths {
		h := d.get(path, cookie).Header()
		if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s may be framed: %v", path, h)
		}
	}
}

func TestSEC49_HeadersOfAllAnswers(t *testing.T) {
	d := open(t, t.TempDir())
	paths, cookie := d.everywhere(t)
	for _, path := range paths {
		h := d.get(path, cookie).Header()
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex",
			"Server": "", "X-Powered-By": "", "X-Ratelimit-Limit": "", "X-Ratelimit-Remaining": "", "X-Ratelimit-Reset": ""} {
			if got := h.Get(name); got != want {
				t.Errorf("%s has %s %q, want %q", path, name, got, want)
			}
		}
		if h.Get("Content-Type") == "" {
			t.Errorf("%s does not say what it is", path)
		}
	}
	for _, password := range []string{"wrong", password} {
		for name := range d.form("/inbox/login", url.Values{"login": {"owner"}, "password": {password}}).Header() {
			if strings.HasPrefix(name, "X-Ratelimit") {
				t.Errorf("the answer to a login has %s", name)
			}
		}
	}
}

// TestSEC25_AddressesComeFromTheConfiguration: whatever a request says of our name, links and redirects do not repeat it.
func TestSEC25_AddressesComeFromTheConfiguration(t *testing.T) {
	d := open(t, t.TempDir(), func(c *Config) { c.Proxies = prefixes("192.0.2.0/24") }) // where httptest's requests come from
	forged := []string{"Host: evil.example", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: gopher", "Forwarded: host=evil.example;proto=gopher",
		"X-Original-URL: /inbox/", "X-Rewrite-URL: /inbox/", "X-Forwarded-Prefix: //evil.example", "X-Forwarded-For: evil.example"}
	w := d.ask("POST", "/api/v1/submissions", withdrawal(t, uuid.NewString()), append(forged, "Content-Type: application/json")...)
	var answer receipt
	must(t, json.Unmarshal(w.Body.Bytes(), &answer))
	if !strings.HasPrefix(answer.StatusURL, "https://shop.example/legal/status/") || !strings.HasPrefix(answer.ReceiptURL, "https://shop.example/legal/receipts/") {
		t.Errorf("the links are %s and %s", answer.StatusURL, answer.ReceiptURL)
	}
	const plain = "shop=amber&form=withdrawal&locale=en-DE&name=A&contract=1&email=b@example.org&step=send"
	all := []*httptest.ResponseRecorder{w, d.ask("POST", "/submissions", plain, append(forged, "Content-Type: application/x-www-form-urlencoded")...)}
	for _, path := range []string{pathOf(answer.ReceiptURL), pathOf(answer.StatusURL), "/inbox/", "/inbox", "/inbox/login", "/nothing", "/a/../b"} {
		all = append(all, d.ask("GET", path, "", forged...))
	}
	for _, w := range all {
		if text := fmt.Sprint(w.Header(), w.Body); strings.Contains(text, "evil.example") || strings.Contains(text, "gopher") {
			t.Errorf("an answer repeats a forged header: %s", text)
		}
	}
	for kind, all := range d.outgoing(t) {
		for _, m := range all {
			if text := fmt.Sprint(m.Header, parts(t, m)); strings.Contains(text, "evil.example") {
				t.Errorf("the %s repeats a forged header: %s", kind, text)
			}
		}
	}
}

// TestSEC26_NoRedirectLeavesTheSite: redirects have fixed aims, and no form of a path becomes the name of a host.
func TestSEC26_NoRedirectLeavesTheSite(t *testing.T) {
	d := open(t, t.TempDir())
	cookie := d.login(t)
	aims := []string{"//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example", "//evil.example/%2e%2e", "/%2f%2fevil.example",
		"/%5cevil.example", "/.evil.example", "/@evil.example", "//evil.example@shop.example", "javascript:alert(1)", "%0d%0aLocation:%20https://evil.example", "/legal//evil.example",
		"/legal/..//evil.example", "//evil.example/legal/..", "/;@evil.example", "/?next=//evil.example", "/#//evil.example", "//[::1]/", "/inbox//evil.example/"}
	for _, aim := range aims {
		u := &url.URL{Path: aim}
		if parsed, err := url.ParseRequestURI(aim); err == nil && strings.HasPrefix(aim, "/") {
			u = parsed
			u.Host, u.Path = "", "/"+strings.TrimPrefix(aim, "/")
		}
		for _, base := range []string{"", "/inbox", "/receipts", "/legal"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL = &url.URL{Path: base + u.Path, RawQuery: u.RawQuery}
			r.AddCookie(cookie)
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			staysHere(t, base+aim, w.Header().Get("Location"))
		}
		q := url.QueryEscape(aim)
		for _, param := range []string{"next", "return", "url", "redirect", "page"} {
			w := d.form("/inbox/login?"+param+"="+q, url.Values{"login": {"owner"}, "password": {password}, param: {aim}})
			staysHere(t, "login with "+param+"="+aim, w.Header().Get("Location"))
			w = d.form("/submissions?"+param+"="+q, url.Values{"shop": {"amber"}, "form": {"withdrawal"}, "name": {"A"}, "contract": {"1"}, "email": {"a@example.org"}, "step": {"send"}, param: {aim}})
			if w.Code != http.StatusSeeOther {
				t.Errorf("%s=%s: %d", param, aim, w.Code)
			}
			staysHere(t, "a form with "+param+"="+aim, w.Header().Get("Location"))
		}
	}
}

func staysHere(t *testing.T, about, location string) {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.ContainsAny(location, "\\\r\n") || strings.HasPrefix(location, "//") {
		t.Errorf("%s leads to %q", about, location)
	}
}

// TestSEC28_SlowClientsKeepNobodyWaiting opens many connections that dawdle in their headers and bodies; one that does not
// is answered meanwhile, and the slow ones are closed in the end.
func TestSEC28_SlowClientsKeepNobodyWaiting(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	server := HTTP("", d.Handler, d.config.Log)
	if server.ReadHeaderTimeout > 10*time.Second || server.ReadTimeout > time.Minute || server.WriteTimeout > 2*time.Minute || server.IdleTimeout > 5*time.Minute ||
		server.MaxHeaderBytes > 32<<10 || server.ReadHeaderTimeout*server.ReadTimeout*server.WriteTimeout*server.IdleTimeout == 0 || server.MaxHeaderBytes == 0 {
		t.Errorf("the limits are %+v", server)
	}
	server.ReadHeaderTimeout, server.ReadTimeout = 2*time.Second, 2*time.Second // the test has less patience
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go server.Serve(listener)
	defer server.Close()
	var slow []net.Conn
	for i := range 300 {
		c, err := net.Dial("tcp", listener.Addr().String())
		must(t, err)
		defer c.Close()
		begin := "POST /submissions HTTP/1.1\r\nHost: x\r\nX: "
		if i%2 == 0 {
			begin = "POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nshop="
		}
		io.WriteString(c, begin)
		slow = append(slow, c)
	}
	start := time.Now()
	answer, err := http.Post("http://"+listener.Addr().String()+"/api/v1/submissions", "application/json", strings.NewReader(withdrawal(t, uuid.NewString())))
	must(t, err)
	answer.Body.Close()
	if took := time.Since(start); answer.StatusCode != http.StatusCreated || took > 500*time.Millisecond {
		t.Errorf("beside 300 slow connections: %d after %v", answer.StatusCode, took)
	}
	for i, c := range slow {
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.Copy(io.Discard, c); err != nil { // ends when the server has closed the connection
			t.Fatalf("slow connection %d is still open: %v", i, err)
		}
	}
}

// TestSEC43_AReferenceOpensNothing: it is said on the phone and stands in subjects.
func TestSEC43_AReferenceOpensNothing(t *testing.T) {
	d := open(t, t.TempDir())
	var answer receipt
	must(t, json.Unmarshal(d.post(withdrawal(t, uuid.NewString())).Body.Bytes(), &answer))
	for _, path := range []string{"/status/", "/receipts/", "/"} {
		if w := d.get(path + answer.Reference); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "anna@example.org") {
			t.Errorf("%s and the reference: %d", path, w.Code)
		}
	}
	if w := d.get("/inbox/cases/" + answer.Reference); w.Code != http.StatusSeeOther {
		t.Errorf("the case without a session: %d", w.Code)
	}
	known := d.get("/status/" + answer.Reference).Body.String()
	if unknown := d.get("/status/" + docket.NewReference()).Body.String(); unknown != known {
		t.Error("the answers for a reference that exists and one that does not differ")
	}
}

var secret = regexp.MustCompile(`/(status|receipts)/([\w-]+)$`)

// TestSEC44_LinksOpenOneThing: programs that look at links in mails do not use them up, nearly right is not right, and the
// link to one thing does not open another.
func TestSEC44_LinksOpenOneThing(t *testing.T) {
	d := open(t, t.TempDir())
	var answer receipt
	must(t, json.Unmarshal(d.post(withdrawal(t, uuid.NewString())).Body.Bytes(), &answer))
	for _, address := range []string{answer.StatusURL, answer.ReceiptURL} {
		path := pathOf(address)
		m := secret.FindStringSubmatch(path)
		if m == nil || len(m[2]) < 22 { // 22 symbols of base 64 are 128 bits
			t.Fatalf("the link %s is too short", path)
		}
		for _, method := range []string{"HEAD", "GET", "GET"} {
			w := d.ask(method, path, "", "User-Agent: link-scanner/1.0")
			if w.Code != http.StatusOK || w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %d %v", method, path, w.Code, w.Header())
			}
		}
		other := strings.NewReplacer("/status/", "/receipts/", "/receipts/", "/status/").Replace(path)
		for _, wrong := range []string{path[:len(path)-1], path + "A", flipped(path), other, "/legal/" + m[1] + "/" + docket.HashToken(m[2])} {
			if w := d.get(wrong); w.Code != http.StatusNotFound {
				t.Errorf("GET %s is answered %d", wrong, w.Code)
			}
		}
	}
}

// flipped has another last symbol.
func flipped(path string) string {
	last := byte('A')
	if strings.HasSuffix(path, "A") {
		last = 'g' // further off than the bits a last symbol leaves unused
	}
	return path[:len(path)-1] + string(last)
}
