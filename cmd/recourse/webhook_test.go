package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"recourse/intake/webhook"
	"recourse/shop"
)

// A receiver on the developer's machine gets a test event that is signed with the secret of the environment.
func TestWebhookTest(t *testing.T) {
	secret := webhook.NewSecret()
	secrets, err := webhook.ParseSecrets(secret)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 2)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := secrets.Verify(r.Header, body); err != nil {
			t.Error(err)
		}
		got <- string(body)
	}))
	defer receiver.Close()
	t.Setenv("RECOURSE_WEBHOOK_SECRETS", secret)
	file := filepath.Join(t.TempDir(), "shop.toml")
	if err := os.WriteFile(file, shop.Template("my-shop", "My shop"), 0o600); err != nil {
		t.Fatal(err)
	}
	test := func(options ...string) (int, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"webhook", "test", "--shop", file, "--url", receiver.URL + "/hooks"}, options...), &out, &errs)
		return code, out.String() + errs.String()
	}
	if code, out := test("--allow", "127.0.0.1/32"); code != 0 || out != receiver.URL+"/hooks: delivered\n" {
		t.Errorf("status %d, %s", code, out)
	}
	if body := <-got; !strings.HasPrefix(body, `{"type":"webhook.test",`) || !strings.Contains(body, `"shop":"my-shop"`) {
		t.Errorf("got %s", body)
	}
	if code, out := test(); code != 1 || !strings.Contains(out, "not delivered") || len(got) > 0 {
		t.Errorf("without --allow: status %d, %s", code, out)
	}
}
