package intake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/argon2id"

	"recourse/content"
	stock "recourse/intake/answers"
	"recourse/intake/docket"
	"recourse/intake/mail"
	"recourse/intake/store"
	"recourse/intake/store/folder"
	"recourse/intake/store/sqlite"
	"recourse/law"
	"recourse/locale"
	"recourse/shop"
)

const testShop = `
id = "amber"
name = "Amber & Sons"
website = "https://shop.example/"
publish = "https://shop.example/legal/"
intake = "https://shop.example/legal/"
[trader]
legal_name = "Amber Trading GmbH"
address = ["Hafenstraße 12", "18055 Rostock"]
country = "DE"
email = "service@shop.example"
staff = 14
[markets]
DE = ["en"]
PL = ["en"]
[returns]
cost = "consumer"
[complaints]
answer_days = 14
[disputes]
participation = "no"
`

// noon is a Friday; in Berlin it is 13:03.
var noon = time.Date(2026, 11, 20, 12, 3, 0, 0, time.UTC)

// The password of all users; hashed once with cheap parameters, since its strength is not what is tested.
const password = "open sesame"

var passwordHash = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
})

type desk struct {
	*Server
	http.Handler
	store  *store.Store
	dir    string
	log    *bytes.Buffer
	now    time.Time
	sender mail.Sender
}

// open starts an intake in a folder, as the program does; opening the same folder again is a restart.
func open(t testing.TB, dir string, change ...func(*Config)) *desk {
	t.Helper()
	d := &desk{dir: dir, log: new(bytes.Buffer), now: noon}
	book, err := loadLaw()
	must(t, err)
	languages, err := loadEnglish()
	must(t, err)
	one, err := shop.Parse("shop.toml", []byte(testShop))
	must(t, err)
	files, err := folder.Open(filepath.Join(dir, "files"))
	must(t, err)
	letters, err := mail.NewFolder(filepath.Join(dir, "mail"))
	must(t, err)
	key, err := Key(filepath.Join(dir, "key"))
	must(t, err)
	d.store, err = sqlite.Open(context.Background(), filepath.Join(dir, "recourse.db"), key)
	must(t, err)
	t.Cleanup(func() { d.store.Close() })
	employ(t, d.store, docket.User{Login: "owner", Roles: map[string]docket.Role{docket.EveryShop: docket.Owner}})
	answers, err := stock.Load(content.FS)
	must(t, err)
	c := Config{
		Answers: answers, Fleet: Fleet{Shops: []*shop.Shop{one}}, Law: book, Locales: languages, Store: d.store, Files: files, Mail: letters, Key: key,
		Now: func() time.Time { return d.now }, Log: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		PerMinute: 10000,
	}
	for _, f := range change {
		f(&c)
	}
	d.Server, err = New(c)
	must(t, err)
	d.Handler = d.Server.Handler()
	return d
}

// employ stores a user with the password.
func employ(t testing.TB, s *store.Store, u docket.User) {
	t.Helper()
	hash, err := passwordHash()
	must(t, err)
	u.Hash, u.Created = hash, noon
	must(t, s.SaveUser(context.Background(), u))
}

var loadLaw = sync.OnceValues(law.Load)

// loadEnglish loads the content without the other languages: which of them are finished does not matter here.
var loadEnglish = sync.OnceValues(func() (*locale.Catalog, error) {
	files := make(fstest.MapFS)
	paths, err := fs.Glob(content.FS, "en/*")
	for _, path := range paths {
		data, errRead := fs.ReadFile(content.FS, path)
		files[path], err = &fstest.MapFile{Data: data}, errors.Join(err, errRead)
	}
	if err != nil {
		return nil, err
	}
	return locale.Load(files)
})

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// silent throws the log away, for benchmarks and fuzzing.
func silent(c *Config) { c.Log = slog.New(slog.NewTextHandler(io.Discard, nil)) }
