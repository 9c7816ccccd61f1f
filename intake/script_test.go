package intake

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestScripts runs testdata/*.txt. A file is a sequence of requests to one server, each followed by checks:
//
//	# a comment
//	POST /path
//	Header: value
//
//	body
//	---
//	status 201
//	header Content-Type application/json     the header has this value; "-": it is not there
//	body contains some text                  or: body lacks some text
//	json problems.0.code email.invalid       a value in the answer
//	save name body regexp with (one group)   or: save name header Location; {name} is replaced from then on
//	same                                     the body is that of the answer before
//	===
//
// In bodies "\x41" is the byte 41 and a line "@repeat 70000 x" is that many x. Lines of multipart bodies, which begin with
// "--", end in CR LF. Cookies are kept. A first line "server PerMinute=3" changes the server's configuration.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("there are no scripts in testdata")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			source, err := os.ReadFile(file)
			must(t, err)
			runScript(t, string(source))
		})
	}
}

type script struct {
	server http.Handler
	saved  map[string]string
	cookie string
	before string // body of the answer before
}

func runScript(t *testing.T, source string) {
	var change func(*Config)
	if first, rest, _ := strings.Cut(source, "\n"); strings.HasPrefix(first, "server PerMinute=") {
		n, err := strconv.Atoi(strings.TrimPrefix(first, "server PerMinute="))
		must(t, err)
		change, source = func(c *Config) { c.PerMinute = n }, rest
	} else {
		change = func(*Config) {}
	}
	s := &script{server: open(t, t.TempDir(), change), saved: make(map[string]string)}
	line := 1
	for step := range strings.SplitSeq(source, "\n===\n") {
		s.step(t, line, step)
		line += strings.Count(step, "\n") + 2
	}
}

func (s *script) step(t *testing.T, line int, source string) {
	request, checks, ok := strings.Cut(source, "\n---\n")
	if !ok {
		t.Fatalf("line %d: the step has no checks; put them after a line ---", line)
	}
	r := s.request(t, request)
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	if c := w.Result().Cookies(); len(c) > 0 {
		s.cookie = c[0].Name + "=" + c[0].Value
	}
	for i, check := range strings.Split(strings.TrimSpace(checks), "\n") {
		if err := s.check(check, w); err != nil {
			at := line + strings.Count(request, "\n") + 2 + i
			t.Fatalf("line %d: %s: %v\n%s %s\n%d %v\n%s", at, check, err, r.Method, r.URL, w.Code, w.Header(), w.Body)
		}
	}
	s.before = w.Body.String()
}

var savedName = regexp.MustCompile(`\{[a-z_]+\}`)

func (s *script) fill(text string) string {
	return savedName.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := s.saved[name[1:len(name)-1]]; ok {
			return value
		}
		return name
	})
}

func (s *script) request(t *testing.T, source string) *http.Request {
	t.Helper()
	lines := strings.Split(s.fill(source), "\n")
	for strings.HasPrefix(lines[0], "#") || lines[0] == "" {
		lines = lines[1:]
	}
	method, target, _ := strings.Cut(lines[0], " ")
	end := 1
	for end < len(lines) && lines[end] != "" {
		end++
	}
	body := ""
	if end < len(lines) {
		body = strings.Join(lines[end+1:], "\n")
	}
	r := httptest.NewRequest(method, target, strings.NewReader(spell(body)))
	if s.cookie != "" {
		r.Header.Set("Cookie", s.cookie)
	}
	for _, l := range lines[1:end] {
		name, value, _ := strings.Cut(l, ": ")
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	return r
}

var (
	hexByte   = regexp.MustCompile(`\\x[0-9a-f]{2}`)
	repeat    = regexp.MustCompile(`@repeat (\d+) (.)`)
	multiline = regexp.MustCompile(`(?m)^--`)
)

// spell writes a body out in bytes.
func spell(body string) string {
	if multiline.MatchString(body) {
		body = strings.ReplaceAll(body, "\n", "\r\n")
	}
	body = repeat.ReplaceAllStringFunc(body, func(s string) string {
		m := repeat.FindStringSubmatch(s)
		n, _ := strconv.Atoi(m[1])
		return strings.Repeat(m[2], n)
	})
	return hexByte.ReplaceAllStringFunc(body, func(s string) string {
		n, _ := strconv.ParseUint(s[2:], 16, 8)
		return string([]byte{byte(n)})
	})
}

func (s *script) check(check string, w *httptest.ResponseRecorder) error {
	what, rest, _ := strings.Cut(check, " ")
	rest = s.fill(rest)
	switch what {
	case "status":
		return differ(strconv.Itoa(w.Code), rest)
	case "header":
		name, want, _ := strings.Cut(rest, " ")
		got, there := w.Header()[http.CanonicalHeaderKey(name)]
		if want == "-" && !there {
			return nil
		}
		return differ(strings.Join(got, ", "), want)
	case "body":
		return checkBody(w.Body.String(), rest)
	case "json":
		path, want, _ := strings.Cut(rest, " ")
		got, err := at(w.Body.Bytes(), path)
		if err != nil {
			return err
		}
		return differ(got, want)
	case "same":
		return differ(w.Body.String(), s.before)
	case "save":
		return s.save(rest, w)
	}
	return fmt.Errorf("there is no such check")
}

func differ(got, want string) error {
	if got != want {
		return fmt.Errorf("got %q", got)
	}
	return nil
}

func checkBody(body, rest string) error {
	how, text, _ := strings.Cut(rest, " ")
	if has := strings.Contains(body, text); how == "contains" && !has || how == "lacks" && has || how != "contains" && how != "lacks" {
		return fmt.Errorf("not so")
	}
	return nil
}

func (s *script) save(rest string, w *httptest.ResponseRecorder) error {
	name, rest, _ := strings.Cut(rest, " ")
	from, rest, _ := strings.Cut(rest, " ")
	if from == "header" {
		s.saved[name] = w.Header().Get(rest)
		return nil
	}
	m := regexp.MustCompile(rest).FindStringSubmatch(w.Body.String())
	if m == nil {
		return fmt.Errorf("no match")
	}
	s.saved[name] = strings.ReplaceAll(m[1], "&amp;", "&")
	return nil
}

// at follows a path such as problems.0.code into a JSON text.
func at(body []byte, path string) (string, error) {
	var v any
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&v); err != nil && err != io.EOF {
		return "", err
	}
	for key := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(in) {
				return "", nil
			}
			v = in[i]
		default:
			return "", nil
		}
	}
	if v == nil {
		return "", nil
	}
	return fmt.Sprint(v), nil
}

// pixel is a PNG of one pixel, for tests that upload.
var pixel, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
