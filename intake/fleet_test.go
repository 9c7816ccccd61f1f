package intake

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"recourse/shop"
)

// second is another shop, at the same path of another host.
func second(t testing.TB) *shop.Shop {
	t.Helper()
	text := strings.NewReplacer(`"amber"`, `"pearl"`, "Amber", "Pearl", "shop.example", "pearl.example").Replace(testShop)
	one, err := shop.Parse("pearl.toml", []byte(text))
	must(t, err)
	return one
}

// TestShopsAreReplaced: while shops come, change and go, no request to the others fails, and each shop takes submissions from the
// moment it is served to that at which it is not.
func TestShopsAreReplaced(t *testing.T) {
	d := open(t, t.TempDir(), silent)
	amber, pearl := d.config.Shops[0], second(t)
	var ended atomic.Bool
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for n := 0; n < 20 || !ended.Load(); n++ {
				if w := d.post(withdrawal(t, uuid.NewString())); w.Code != http.StatusCreated {
					t.Errorf("a submission is answered %d: %s", w.Code, w.Body)
					return
				}
			}
		})
	}
	toPearl := func() int {
		return d.post(strings.Replace(withdrawal(t, uuid.NewString()), `"amber"`, `"pearl"`, 1)).Code
	}
	for n := range 50 {
		renamed := *amber
		renamed.Name = strings.Repeat("Amber ", n%3+1)
		must(t, d.Serve(Fleet{Shops: []*shop.Shop{&renamed, pearl}}))
		if got := toPearl(); got != http.StatusCreated {
			t.Errorf("the new shop answers %d", got)
		}
		must(t, d.Serve(Fleet{Shops: []*shop.Shop{amber}}))
		if got := toPearl(); got < 400 {
			t.Errorf("the shop that is gone answers %d", got)
		}
	}
	ended.Store(true)
	clients.Wait()
}

// Letters of a shop that has gone are still written, by what was known of it.
func TestLettersOfAShopThatIsGone(t *testing.T) {
	d := open(t, t.TempDir())
	must(t, d.Serve(Fleet{Shops: []*shop.Shop{d.config.Shops[0], second(t)}}))
	if w := d.post(strings.Replace(withdrawal(t, uuid.NewString()), `"amber"`, `"pearl"`, 1)); w.Code != http.StatusCreated {
		t.Fatal(w.Body)
	}
	must(t, d.Serve(Fleet{Shops: d.config.Shops}))
	c := d.cases(t)[0]
	letters, err := d.store.Letters(t.Context(), c.ID)
	must(t, err)
	if len(letters) == 0 {
		t.Fatal("there is no letter")
	}
	for _, l := range letters {
		if m, err := d.compose(t.Context(), l); err != nil || !strings.Contains(m.Text+m.Subject, "Pearl") {
			t.Errorf("the letter %s: %v %q", l.Kind, err, m.Subject)
		}
	}
}

func TestShopsThatCannotBeServed(t *testing.T) {
	d := open(t, t.TempDir())
	amber, pagesOnly, unknown := d.config.Shops[0], second(t), second(t)
	pagesOnly.Intake = ""
	unknown.Markets = shop.Markets{"DE": {"xx"}}
	for want, shops := range map[string][]*shop.Shop{
		"there is no shop":              nil,
		`two shops have the id "amber"`: {amber, amber},
		"no intake address":             {amber, pagesOnly},
		`find words for shop "pearl"`:   {amber, unknown},
	} {
		if err := d.Serve(Fleet{Shops: shops}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if w := d.post(withdrawal(t, uuid.NewString())); w.Code != http.StatusCreated {
			t.Errorf("after %q a submission is answered %d", want, w.Code)
		}
	}
}

func TestBrokenShopsAreTold(t *testing.T) {
	d := open(t, t.TempDir())
	must(t, d.Serve(Fleet{Shops: d.config.Shops, Broken: true}))
	if code, h := d.health(t); code != http.StatusOK || h.Status != degraded || h.Checks[len(h.Checks)-1].Name != "shops" {
		t.Errorf("ready is %d %+v", code, h)
	}
}

// Whoever is told that there is no such page reads the name of the shop at whose address they are.
func TestStrangersReadTheNameOfTheirShop(t *testing.T) {
	d := open(t, t.TempDir())
	pearl := second(t)
	inFolder := second(t)
	inFolder.ID, inFolder.Name, inFolder.Publish, inFolder.Intake = "jade", "Jade", "https://pearl.example/jade/", "https://pearl.example/jade/"
	must(t, d.Serve(Fleet{Shops: []*shop.Shop{d.config.Shops[0], pearl, inFolder}}))
	for address, want := range map[string]string{
		"https://shop.example/legal/receipts/x": "Amber &amp; Sons", "https://pearl.example/legal/receipts/x": "Pearl &amp; Sons", "https://pearl.example/jade/receipts/x": "Jade",
		"https://PEARL.example/legal/inbox/login": "Pearl &amp; Sons", "https://pearl.example/receipts/x": "Pearl &amp; Sons", "https://unknown.example/legal/receipts/x": "Amber &amp; Sons",
	} {
		w := httptest.NewRecorder()
		d.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
		if !strings.Contains(w.Body.String(), want) || want != "Amber &amp; Sons" && strings.Contains(w.Body.String(), "Amber") {
			t.Errorf("%s: want %q in\n%s", address, want, w.Body)
		}
	}
}

// TestSEC23_ShopsActInNoOtherInbox: shops at hosts of one provider are of one site, so that cookies go along; the inbox at one host takes
// no request from the pages of another.
func TestSEC23_ShopsActInNoOtherInbox(t *testing.T) {
	d := open(t, t.TempDir())
	post := func(from, site string) int {
		r := httptest.NewRequest("POST", "https://shop.example/legal/inbox/login", strings.NewReader("login=x&password=y"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", from)
		r.Header.Set("Sec-Fetch-Site", site)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		return w.Code
	}
	must(t, d.Serve(Fleet{Shops: []*shop.Shop{d.config.Shops[0], second(t)}}))
	if got := post("https://pearl.example", "same-site"); got != http.StatusForbidden {
		t.Errorf("from the other shop: %d", got)
	}
	if got := post("https://shop.example", "same-origin"); got == http.StatusForbidden {
		t.Errorf("from the shop itself: %d", got)
	}
}

func TestBelow(t *testing.T) {
	f := &fleet{bases: map[string]bool{}}
	for _, base := range []string{"/", "/legal/", "/legal/de/", "/x/"} {
		f.base(base)
	}
	for path, want := range map[string]string{
		"": "", "/": "", "/legal": "", "/legal/": "/legal/", "/legal/inbox/": "/legal/", "/legal/de/inbox": "/legal/de/", "/legal/de": "/legal/",
		"/legalx/": "", "/x/legal/": "/x/", "//x/": "", "*": "", strings.Repeat("/", 1<<15): "",
	} {
		if got := f.below(path); got != want {
			t.Errorf("%.20q lies below %q, want %q", path, got, want)
		}
	}
}
