package intake

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"recourse/intake/docket"
	"recourse/intake/inbox"
	"recourse/intake/store"
	"recourse/shop"
)

// inboxAccess says who gets what from every route of the inbox. The objects in a path and a body are those of one shop; a second
// sign marks those of the other shop ({file2} in a case of the first). In the columns are the statuses for nobody, a user who
// was locked out a moment ago, reader, agent and owner of the shop, the same of the other shop, and the owner of all shops.
//
// After "shows" an answer that is not refused must hold what the consumer of the shop wrote, and leave a record with that word of
// who has looked, and change nothing else; after "same" a change that is allowed need not change the database.
const inboxAccess = `
GET /login                              |                                          | 200 200  200 200 200  200 200 200  200 |
POST /login                             | login={new}&password=wrong             | 401 401  401 401 401  401 401 401  401 | same
POST /logout                            |                                          | 303 303  303 303 303  303 303 303  303 | same
GET /{$}                                |                                          | 303 303  200 200 200  200 200 200  200 | shows list
GET /cases/{reference}                  |                                          | 303 303  200 200 200  404 404 404  200 | shows case
GET /cases/{reference}/files/{file}     |                                          | 303 303  200 200 200  404 404 404  200 | shows file
GET /cases/{reference}/files/{file2}    |                                          | 303 303  404 404 404  404 404 404  404 |
GET /cases/{reference2}/files/{file}    |                                          | 303 303  404 404 404  404 404 404  404 |
POST /cases/{reference}/answer          | answer=We+look+into+it&nonce={uuid}      | 401 401  403 303 303  404 404 404  303 |
POST /cases/{reference}/state           | state=in-progress                        | 401 401  403 303 303  404 404 404  303 | same
POST /cases/{reference}/template        | template=none                            | 401 401  403 422 422  404 404 404  422 | shows case
POST /cases/{reference}/proposals       | remedy=refund&proposal=All&nonce={uuid}  | 401 401  403 303 303  404 404 404  303 |
POST /cases/{reference}/proposals/{proposal}/withdraw  |                           | 401 401  403 303 303  404 404 404  303 | same
POST /cases/{reference}/proposals/{proposal2}/withdraw |                           | 401 401  403 409 409  404 404 404  409 | shows case
POST /cases/{reference}/notes           | note=Look&nonce={uuid}                   | 401 401  403 303 303  404 404 404  303 |
POST /cases/{reference}/mark            | suspect=yes                              | 401 401  403 303 303  404 404 404  303 | same
POST /cases/{reference}/mark            | suspect=no                               | 401 401  403 303 303  404 404 404  303 | same
POST /cases/{reference}/hold            | hold={new}                               | 401 401  403 403 303  404 404 404  303 |
GET /statistics                         |                                          | 303 303  200 200 200  200 200 200  200 |
GET /statistics?shop={shop}             |                                          | 303 303  200 200 200  404 404 404  200 |
GET /statistics/cases.csv?shop={shop}   |                                          | 303 303  200 200 200  404 404 404  200 |
GET /people                             |                                          | 303 303  403 403 200  403 403 200  200 |
POST /people                            | login={new}&shop={shop}&role=reader      | 401 401  403 403 200  403 403 404  200 |
POST /people                            | login={new}&shop=*&role=reader           | 401 401  403 403 404  403 403 404  200 |
GET /people/{login}                     |                                          | 303 303  403 403 200  403 403 404  200 |
POST /people/{login}/name               | name={new}                               | 401 401  403 403 303  403 403 404  303 |
POST /people/{login}/role               | shop={shop}&role=reader                  | 401 401  403 403 303  403 403 404  303 |
POST /people/{login}/role               | shop={shop2}&role=owner                  | 401 401  403 403 404  403 403 404  303 |
POST /people/{login}/role               | shop=*&role=owner                        | 401 401  403 403 404  403 403 404  303 |
POST /people/{login}/password           |                                          | 401 401  403 403 200  403 403 404  200 |
POST /people/{login}/disabled           | disabled=yes                             | 401 401  403 403 303  403 403 404  303 |
GET /people/{login}/remove              |                                          | 303 303  403 403 200  403 403 404  200 |
POST /people/{login}/remove             |                                          | 401 401  403 403 303  403 403 404  303 |
POST /people/boss/password              |                                          | 401 401  403 403 404  403 403 404  200 |
POST /people/boss/role                  | shop={shop}&role=reader                  | 401 401  403 403 404  403 403 404  303 |
POST /people/boss/remove                |                                          | 401 401  403 403 404  403 403 404  422 | same
POST /people/both/password              |                                          | 401 401  403 403 404  403 403 404  200 |
POST /people/both/role                  | shop={shop}&role=agent                   | 401 401  403 403 303  403 403 404  303 |
GET /account                            |                                          | 303 303  200 200 200  200 200 200  200 |
POST /account/name                      | name={new}                               | 401 401  303 303 303  303 303 303  303 |
POST /account/password                  | old=open+sesame&new={uuid}&again={uuid}  | 401 401  303 303 303  303 303 303  303 |
POST /account/sessions                  |                                          | 401 401  303 303 303  303 303 303  303 |
GET /…                                  |                                          | 303 303  404 404 404  404 404 404  404 |
`

// statusAccess says what the token of a status page opens: in the columns are the statuses with the right token, that of the
// same case's receipt, and one that nobody has.
const statusAccess = `
GET /receipts/{receipt}                 |                                          | 200 404 404
GET /receipts/{receipt}/receipt.txt     |                                          | 200 404 404
GET /status/{status}                    |                                          | 200 404 404
GET /status/{status}/files/{file}       |                                          | 200 404 404
GET /status/{status}/files/{file2}      |                                          | 404 404 404
GET /status/{status}/case               |                                          | 200 404 404
GET /status/{status}/case.txt           |                                          | 200 404 404
POST /status/{status}/messages          | text=Hello&message=Hello&nonce={uuid}    | 303 404 404
POST /status/{status}/proposals         | proposal={proposal2}&decision=accepted   | 404 404 404
POST /status/{status}/proposals         | proposal={proposal}&decision=accepted    | 303 404 404
POST /status/{status}/rating            | stars=4                                  | 422 404 404
GET /status/{status}/…                  |                                          | 303 303 303
`

const birchShop = `
id = "birch"
name = "Birch"
website = "https://birch.example/"
publish = "https://birch.example/legal/"
intake = "https://birch.example/legal/"
[trader]
legal_name = "Birch Sp. z o.o."
address = ["Długa 1", "00-001 Warszawa"]
country = "PL"
email = "service@birch.example"
staff = 14
[markets]
PL = ["en"]
[returns]
cost = "consumer"
[complaints]
answer_days = 14
[disputes]
participation = "no"
`

// access is a server with two shops, a case in each, and people with every role.
type access struct {
	*desk
	t       *testing.T
	objects map[string]map[string]string // by shop
	asked   int
}

var accessRoles = map[string]map[string]docket.Role{
	"boss":         {docket.EveryShop: docket.Owner},
	"both":         {"amber": docket.Reader, "birch": docket.Reader},
	"amber-reader": {"amber": docket.Reader}, "amber-agent": {"amber": docket.Agent}, "amber-owner": {"amber": docket.Owner},
	"birch-reader": {"birch": docket.Reader}, "birch-agent": {"birch": docket.Agent}, "birch-owner": {"birch": docket.Owner},
	"amber-target": {"amber": docket.Agent}, "birch-target": {"birch": docket.Agent},
}

func openAccess(t *testing.T) *access {
	birch, err := shop.Parse("birch.toml", []byte(birchShop))
	must(t, err)
	a := &access{t: t, objects: make(map[string]map[string]string)}
	a.desk = open(t, memory(t), silent, func(c *Config) { c.Shops = append(c.Shops, birch) })
	a.people()
	must(t, a.store.SaveUser(t.Context(), docket.User{Login: "owner", Disabled: true}))
	a.objects["amber"], a.objects["birch"] = a.submit("amber"), a.submit("birch")
	for name, value := range a.objects["birch"] {
		a.objects["amber"][name+"2"] = value
	}
	for name, value := range a.objects["amber"] {
		if !strings.HasSuffix(name, "2") {
			a.objects["birch"][name+"2"] = value
		}
	}
	a.propose()
	return a
}

// memory is a folder that waits for no disk, where there is one: there are hundreds of requests.
func memory(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "recourse")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// people puts everybody back to where they were.
func (a *access) people() {
	for login, roles := range accessRoles {
		employ(a.t, a.store, docket.User{Login: login, Roles: roles})
	}
}

// secretOf is what the consumer of a shop wrote, and nobody else.
func secretOf(shop string) string { return "Zebra-" + shop }

func (a *access) submit(shop string) map[string]string {
	a.t.Helper()
	id := uuid.NewString()
	var b strings.Builder
	for name, value := range map[string]string{"id": id, "shop": shop, "form": "complaint", "locale": "en-PL", "name": secretOf(shop), "email": shop + "@example.org",
		"reason": "damaged", "description": secretOf(shop)} {
		fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, value)
	}
	fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%%PDF-1.7 %s\r\n--b--\r\n", secretOf(shop))
	w := a.ask("POST", "/api/v1/submissions", b.String(), "Content-Type: multipart/form-data; boundary=b", "User-Agent: "+firefox)
	var got receipt
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusCreated {
		a.t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	c, err := a.store.ByReference(a.t.Context(), got.Reference)
	must(a.t, err)
	last := func(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }
	return map[string]string{"shop": shop, "reference": c.Reference, "file": c.Files[0].ID, "status": last(got.StatusURL), "receipt": last(got.ReceiptURL),
		"login": shop + "-target"}
}

// propose makes a proposal in each case.
func (a *access) propose() {
	a.t.Helper()
	for _, objects := range a.objects {
		for _, mark := range []string{"", "2"} {
			c, err := a.store.ByReference(a.t.Context(), objects["reference"+mark])
			must(a.t, err)
			_, err = a.store.Propose(a.t.Context(), c, docket.Proposal{Remedy: "refund", Text: "All of it", Nonce: c.Submission, Made: noon}, nil)
			must(a.t, err)
			offers, err := a.store.Proposals(a.t.Context(), c.ID)
			must(a.t, err)
			objects["proposal"+mark] = strconv.FormatInt(offers[0].ID, 10)
		}
	}
}

// rows are the lines of a table, split into their columns.
func rows(table string) (all [][]string) {
	for line := range strings.Lines(strings.TrimSpace(table)) {
		columns := strings.Split(line, "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		all = append(all, columns)
	}
	return all
}

var objectName = regexp.MustCompile(`\{[a-z]+2?\}`)

// fill puts the objects of a shop into a path or a body.
func (a *access) fill(text, shop string) string {
	fresh := map[string]string{"{uuid}": uuid.NewString(), "{new}": "n" + uuid.NewString()[:8], "{$}": ""}
	text = strings.NewReplacer("{$}", "", "…", "rating").Replace(text)
	return objectName.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := fresh[name]; ok {
			return value
		}
		value, ok := a.objects[shop][name[1:len(name)-1]]
		if !ok {
			a.t.Fatalf("there is no object %s", name)
		}
		return value
	})
}

// TestSEC45_ObjectChecks asks every route of the inbox for objects of two shops, as everybody there can be.
func TestSEC45_ObjectChecks(t *testing.T) {
	a := openAccess(t)
	table := rows(inboxAccess)
	var known []string
	for _, row := range table {
		known = append(known, row[0])
		t.Run(strings.ReplaceAll(row[0], "/", ":"), func(t *testing.T) {
			a.t = t
			for _, shop := range []string{"amber", "birch"} {
				a.inboxRow(row, shop)
			}
		})
	}
	complete(t, "inboxAccess", known, inbox.Patterns())
}

// complete wants a row for every pattern, and no row for none.
func complete(t *testing.T, table string, known, patterns []string) {
	t.Helper()
	shape := regexp.MustCompile(`\{[a-z]+2?\}|/boss/|/both/|cases\.csv`)
	plain := func(p string) string {
		if !strings.Contains(p, " ") {
			p = "GET " + p + "…" // a route for all methods
		}
		p, _, _ = strings.Cut(p, "?")
		return shape.ReplaceAllString(p, "/*/")
	}
	var want, got []string
	for _, p := range patterns {
		want = append(want, strings.ReplaceAll(plain(p), "//", "/"))
	}
	for _, p := range known {
		got = append(got, strings.ReplaceAll(plain(p), "//", "/"))
	}
	for _, p := range want {
		if !slices.Contains(got, p) {
			t.Errorf("%s lacks a row for the route %s: say who may use it", table, p)
		}
	}
	for _, p := range got {
		if !slices.Contains(want, p) {
			t.Errorf("%s has a row for %s, which is not a route any more", table, p)
		}
	}
}

// visitors in the order of the columns.
func visitors(shop string) []string {
	other := map[string]string{"amber": "birch", "birch": "amber"}[shop]
	return []string{"nobody", "locked", shop + "-reader", shop + "-agent", shop + "-owner", other + "-reader", other + "-agent", other + "-owner", "boss"}
}

func (a *access) inboxRow(row []string, shop string) {
	a.t.Helper()
	method, path, _ := strings.Cut(row[0], " ")
	want := strings.Fields(row[2])
	for i, who := range visitors(shop) {
		a.cell(cell{method: method, path: "/inbox" + path, body: row[1], flag: row[3], who: who, shop: shop, want: want[i]})
	}
}

type cell struct{ method, path, body, flag, who, shop, want string }

func (a *access) cell(c cell) {
	t := a.t
	t.Helper()
	a.people()
	cookie, form := a.enter(c)
	before := a.database()
	w := a.request(c, cookie, form)
	after := a.database()
	at := fmt.Sprintf("%s %s %s as %s", c.method, c.path, c.body, c.who)
	if got := strconv.Itoa(w.Code); got != c.want {
		t.Errorf("%s: status %s, want %s", at, got, c.want)
	}
	refused := c.who == "nobody" || c.who == "locked" || c.want == "401" || c.want == "403" || c.want == "404"
	a.seen(at, c, w.Body.String(), !refused)
	record, looks := strings.CutPrefix(c.flag, "shows ")
	switch {
	case refused || c.method == "GET" && !looks:
		if before != after {
			t.Errorf("%s: status %d, and the database has changed:\n%s", at, w.Code, firstDifference(before, after))
		}
	case looks:
		if !strings.Contains(newLines(before, after), "views "+c.who+" "+record) {
			t.Errorf("%s: there is no record of who has looked:\n%s", at, newLines(before, after))
		}
		if unseen(before) != unseen(after) {
			t.Errorf("%s: status %d, and the database has changed:\n%s", at, w.Code, firstDifference(unseen(before), unseen(after)))
		}
	case c.flag != "same" && before == after:
		t.Errorf("%s: status %d, and nothing has changed", at, w.Code)
	}
}

// unseen is the database without the record of who has looked.
func unseen(database string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(database, "\n"), func(line string) bool { return strings.HasPrefix(line, "views ") }), "\n")
}

// seen looks for what consumers wrote in an answer.
func (a *access) seen(at string, c cell, body string, allowed bool) {
	a.t.Helper()
	other := map[string]string{"amber": "birch", "birch": "amber"}[c.shop]
	member := strings.HasPrefix(c.who, c.shop) || c.who == "boss"
	if strings.Contains(body, secretOf(c.shop)) && (!member || !allowed) {
		a.t.Errorf("%s: the answer holds what a consumer wrote to %s", at, c.shop)
	}
	if strings.Contains(body, secretOf(other)) && (strings.HasPrefix(c.who, c.shop) || !allowed) {
		a.t.Errorf("%s: the answer holds what a consumer wrote to %s", at, other)
	}
	if strings.HasPrefix(c.flag, "shows") && allowed && member && !strings.Contains(body, secretOf(c.shop)) {
		a.t.Errorf("%s: the answer lacks what the consumer wrote", at)
	}
}

// enter logs a visitor in and gives the cookie with the token of the session's forms.
func (a *access) enter(c cell) (cookie, token string) {
	a.t.Helper()
	if c.who == "nobody" {
		return "", ""
	}
	login := c.who
	if login == "locked" {
		login = c.shop + "-owner"
	}
	cookie, token = a.session(login)
	if c.who == "locked" {
		u, err := a.store.User(a.t.Context(), login)
		must(a.t, err)
		u.Disabled = true
		must(a.t, a.store.SaveUser(a.t.Context(), u))
	}
	return cookie, token
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

func (a *access) session(login string) (cookie, token string) {
	a.t.Helper()
	w := a.ask("POST", "/inbox/login", "login="+login+"&password=open+sesame", "Content-Type: application/x-www-form-urlencoded")
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		a.t.Fatalf("the login of %s has status %d", login, w.Code)
	}
	cookie = w.Result().Cookies()[0].Name + "=" + w.Result().Cookies()[0].Value
	found := tokenField.FindStringSubmatch(a.ask("GET", "/inbox/account", "", "Cookie: "+cookie).Body.String())
	if found == nil {
		a.t.Fatal("the account page has no token")
	}
	return cookie, found[1]
}

func (a *access) request(c cell, cookie, token string, header ...string) *httptest.ResponseRecorder {
	body := a.fill(c.body, c.shop)
	if c.method == "POST" && token != "" {
		body += "&token=" + token
	}
	r := httptest.NewRequest(c.method, a.fill(c.path, c.shop), strings.NewReader(body))
	// Everybody comes from an address of their own: wrong passwords are counted for each.
	a.asked++
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:4000", a.asked>>16, a.asked>>8&255, a.asked&255)
	if c.method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

// database is everything in it, a line for each row. Of a record of who has looked, it says so first.
func (a *access) database() string {
	var b strings.Builder
	must(a.t, a.store.Dump(a.t.Context(), func(table store.Table, values []any) error {
		if table.Name == "views" {
			fmt.Fprintf(&b, "views %v %v ", values[2], values[5])
		}
		fmt.Fprintln(&b, table.Name, values)
		return nil
	}))
	return b.String()
}

func newLines(before, after string) string {
	was := strings.Split(before, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(after, "\n"), func(line string) bool { return slices.Contains(was, line) }), "\n")
}

// TestSEC23_EveryPostIsFromTheInbox sends what is allowed from another site, and what says who may do what without the token.
func TestSEC23_EveryPostIsFromTheInbox(t *testing.T) {
	a := openAccess(t)
	for _, row := range rows(inboxAccess) {
		method, path, _ := strings.Cut(row[0], " ")
		if method != "POST" {
			continue
		}
		a.people()
		c := cell{method: method, path: "/inbox" + path, body: row[1], who: "boss", shop: "amber"}
		cookie, token := a.enter(c)
		before := a.database()
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if w := a.request(c, cookie, token, header...); w.Code != http.StatusForbidden || before != a.database() {
				t.Errorf("%s with %v: status %d; the database is as before: %v", row[0], header, w.Code, before == a.database())
			}
		}
		if strings.HasPrefix(path, "/people") || strings.HasPrefix(path, "/account") {
			for _, wrong := range []string{"", "x"} {
				if w := a.request(c, cookie, wrong); w.Code != http.StatusForbidden || before != a.database() {
					t.Errorf("%s with the token %q: status %d", row[0], wrong, w.Code)
				}
			}
		}
	}
}

// TestSEC44_StatusObjectChecks asks for everything below a status page with the token of each case, and with others.
func TestSEC44_StatusObjectChecks(t *testing.T) {
	a := openAccess(t)
	var known []string
	for _, row := range rows(statusAccess) {
		known = append(known, row[0])
		for _, shop := range []string{"amber", "birch"} {
			a.statusRow(row, shop)
		}
	}
	complete(t, "statusAccess", known, statusPatterns(t))
}

func (a *access) statusRow(row []string, shop string) {
	a.t.Helper()
	method, path, _ := strings.Cut(row[0], " ")
	swapped := strings.NewReplacer("{status}", "{receipt}", "{receipt}", "{status}").Replace(path)
	guessed := strings.NewReplacer("{status}", "AAAAAAAAAAAAAAAAAAAAAAAAAAA", "{receipt}", "AAAAAAAAAAAAAAAAAAAAAAAAAAA").Replace(path)
	for i, path := range []string{path, swapped, guessed} {
		want := strings.Fields(row[2])[i]
		before := a.of(shop)
		all := a.database()
		w := a.request(cell{method: method, path: path, body: row[1], shop: shop}, "", "")
		if strconv.Itoa(w.Code) != want {
			a.t.Errorf("%s %s of %s: status %d, want %s\n%s", method, path, shop, w.Code, want, w.Body)
		}
		other := map[string]string{"amber": "birch", "birch": "amber"}[shop]
		if strings.Contains(w.Body.String(), secretOf(other)) || i > 0 && strings.Contains(w.Body.String(), secretOf(shop)) {
			a.t.Errorf("%s %s of %s: the answer holds what somebody else may not see", method, path, shop)
		}
		if changed := all != a.database(); changed != (method == "POST" && want == "303") {
			a.t.Errorf("%s %s of %s: status %d, the database has changed: %v", method, path, shop, w.Code, changed)
		}
		if before != a.of(shop) {
			a.t.Errorf("%s %s of %s changes the other shop's case", method, path, shop)
		}
	}
}

// of is what the database holds of the case of the other shop.
func (a *access) of(shop string) string {
	other := map[string]string{"amber": "birch", "birch": "amber"}[shop]
	c, err := a.store.ByReference(a.t.Context(), a.objects[other]["reference"])
	must(a.t, err)
	events, err := a.store.Events(a.t.Context(), c.ID)
	must(a.t, err)
	offers, err := a.store.Proposals(a.t.Context(), c.ID)
	must(a.t, err)
	messages, err := a.store.Messages(a.t.Context(), c.ID)
	must(a.t, err)
	return fmt.Sprint(c, events, offers, messages)
}

// statusPatterns are the routes that a token opens, read from the source: a mux does not tell what it serves.
func statusPatterns(t *testing.T) (all []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "server.go", nil, 0)
	must(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		pattern := patternOf(call.Args[0])
		if strings.Contains(pattern, " /status/") || strings.Contains(pattern, " /receipts/") {
			all = append(all, pattern)
		}
		return true
	})
	if len(all) == 0 {
		t.Fatal("server.go has no route below /status/")
	}
	return all
}

// patternOf is a pattern in the source; what it is joined with in a loop is "…".
func patternOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return s
	case *ast.BinaryExpr:
		return patternOf(e.X) + "…"
	}
	return ""
}

// TestSEC45_RolesInOtherShops: an owner of one shop is not told what somebody may do in another, and does not hand out that role by pressing
// the button at once.
func TestSEC45_RolesInOtherShops(t *testing.T) {
	a := openAccess(t)
	employ(t, a.store, docket.User{Login: "two", Roles: map[string]docket.Role{"amber": docket.Owner, "birch": docket.Agent}})
	cookie, _ := a.session("birch-owner")
	page := a.ask("GET", "/inbox/people/two", "", "Cookie: "+cookie).Body.String()
	if !strings.Contains(page, `<option value="birch" selected>`) || !strings.Contains(page, `<option value="agent" selected>`) || strings.Contains(page, "amber") {
		t.Errorf("the page of a user of two shops:\n%s", page)
	}
}
