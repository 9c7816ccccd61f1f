package webhook

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"recourse/shop"
)

const document = "../../docs/webhooks.md"

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// drivers ask the function of the document about the cases that come as JSON, one answer a line.
var drivers = []struct{ language, program, file, code string }{
	{"js", "node", "verify.mjs", `
import { readFileSync } from 'node:fs'
for (const c of JSON.parse(readFileSync(0))) console.log(genuine(c.headers, Buffer.from(c.body), c.secrets))`},
	{"php", "php", "verify.php", `
foreach (json_decode(stream_get_contents(STDIN), true) as $c) echo genuine($c['headers'], $c['body'], $c['secrets']) ? "true\n" : "false\n";`},
	{"python", "python3", "verify.py", `
import json, sys
for c in json.load(sys.stdin): print(str(genuine(c["headers"], c["body"].encode(), c["secrets"])).lower())`},
}

type verification struct {
	Name    string            `json:"-"`
	Want    bool              `json:"-"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Secrets []string          `json:"secrets"`
}

func verifications(t *testing.T) []verification {
	older, newer, other, body := NewSecret(), NewSecret(), NewSecret(), `{"a":"ä €"}`
	by := func(at time.Time, secrets string) map[string]string {
		plain := map[string]string{}
		for name, values := range signed(t, mustParse(t, secrets), NewID(), at, body) {
			plain[strings.ToLower(name)] = values[0]
		}
		return plain
	}
	now := time.Now()
	none, unversioned := by(now, newer), by(now, newer)
	delete(none, "webhook-signature")
	unversioned["webhook-signature"] = "v2" + unversioned["webhook-signature"][2:]
	return []verification{
		{"sound", true, by(now, newer), body, []string{newer}},
		{"four minutes old", true, by(now.Add(-4*time.Minute), newer), body, []string{newer}},
		{"both secrets sign, older known", true, by(now, newer+" "+older), body, []string{older}},
		{"both secrets sign, newer known", true, by(now, newer+" "+older), body, []string{newer}},
		{"older signs, both known", true, by(now, older), body, []string{newer, older}},
		{"another secret", false, by(now, other), body, []string{newer, older}},
		{"another body", false, by(now, newer), body + " ", []string{newer}},
		{"replayed", false, by(now.Add(-6*time.Minute), newer), body, []string{newer}},
		{"ahead", false, by(now.Add(6*time.Minute), newer), body, []string{newer}},
		{"no signature", false, none, body, []string{newer}},
		{"no headers", false, map[string]string{"x": "y"}, body, []string{newer}},
		{"another version", false, unversioned, body, []string{newer}},
		{"no secrets", false, by(now, newer), body, []string{}},
	}
}

// TestSEC37DocumentedCode runs what the document gives to receivers.
func TestSEC37DocumentedCode(t *testing.T) {
	text := read(t, document)
	for _, d := range drivers {
		t.Run(d.language, func(t *testing.T) {
			m := regexp.MustCompile("(?s)\n```" + d.language + "\n(.*?)\n```\n").FindStringSubmatch(text)
			if m == nil {
				t.Fatal("the document has no code in this language")
			}
			program, err := exec.LookPath(d.program)
			if err != nil {
				t.Skipf("not tried: %s is not installed here", d.program)
			}
			file := filepath.Join(t.TempDir(), d.file)
			if err := os.WriteFile(file, []byte(m[1]+d.code), 0o600); err != nil {
				t.Fatal(err)
			}
			cases := verifications(t)
			input, err := json.Marshal(cases)
			if err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), program, file)
			command.Stdin = strings.NewReader(string(input))
			out, err := command.CombinedOutput()
			answers := strings.Fields(string(out))
			if err != nil || len(answers) != len(cases) {
				t.Fatalf("%v: %s", err, out)
			}
			for i, c := range cases {
				if answers[i] != fmt.Sprint(c.Want) {
					t.Errorf("%s: %s", c.Name, answers[i])
				}
			}
		})
	}
}

// The same cases decide alike here.
func TestSEC37Verify(t *testing.T) {
	for _, c := range verifications(t) {
		var secrets Secrets
		if len(c.Secrets) > 0 {
			secrets = mustParse(t, strings.Join(c.Secrets, " "))
		}
		h := http.Header{}
		for name, value := range c.Headers {
			h.Set(name, value)
		}
		if err := secrets.Verify(h, []byte(c.Body)); (err == nil) != c.Want {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

// The document tells of every event and every field, and its example is one that could be sent.
func TestDocument(t *testing.T) {
	text := read(t, document)
	for _, name := range append(shop.WebhookEvents, string(Test)) {
		if !strings.Contains(text, "\n| `"+name+"` |") {
			t.Errorf("the document lacks the event %s", name)
		}
	}
	m := regexp.MustCompile(`(?m)^\{"type".*$`).FindString(text)
	var example Event
	decoder := json.NewDecoder(strings.NewReader(m))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&example); err != nil {
		t.Fatalf("the example %s: %v", m, err)
	}
	var fields struct{ Data map[string]string }
	if err := json.Unmarshal([]byte(m), &fields); err != nil || len(fields.Data) != 6 {
		t.Errorf("%d fields of data: %v", len(fields.Data), err)
	}
	for name, value := range fields.Data {
		if value == "" || !strings.Contains(text, "\n| `data."+name+"` |") {
			t.Errorf("the field %s is empty, or not explained", name)
		}
	}
}
