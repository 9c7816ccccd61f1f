package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"recourse/soak/node"
)

// findPocketBase is the program that POCKETBASE names or the one on PATH.
func findPocketBase() string {
	path, err := exec.LookPath(cmp.Or(os.Getenv("POCKETBASE"), "pocketbase"))
	if err != nil {
		return ""
	}
	return path
}

const (
	superuser = "bench@example.org"
	password  = "only for this run"
)

// hook sets the pragma on PocketBase's only writing connection and tells what it is.
const hook = `onBootstrap((e) => {
	e.next()
	%s
})
routerAdd("GET", "/synchronous", (e) => {
	const row = new DynamicModel({ synchronous: 0 })
	$app.nonconcurrentDB().newQuery("PRAGMA synchronous").one(row)
	return e.string(200, String(row.synchronous))
})
`

// pocketBase starts PocketBase with a collection like our table. Its own setting is synchronous=NORMAL, with which a power cut
// may take the last commits back; FULL is what we have.
func (c *contest) pocketBase(ctx context.Context, synchronous string) (*contender, error) {
	dir := c.scratch()
	addr, err := node.FreeAddr()
	if err != nil {
		return nil, err
	}
	set := ""
	if synchronous == "FULL" {
		set = `$app.nonconcurrentDB().newQuery("PRAGMA synchronous=FULL").execute()`
	}
	if err := writeFile(filepath.Join(dir, "hooks", "bench.pb.js"), fmt.Sprintf(hook, set)); err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if said, err := exec.CommandContext(ctx, c.pocketbase, "superuser", "upsert", superuser, password, "--dir", data).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make a superuser of PocketBase: %w\n%s", err, said)
	}
	serve := exec.Command(c.pocketbase, "serve", "--http", addr, "--dir", data, "--hooksDir", filepath.Join(dir, "hooks"), "--hooksWatch=false",
		"--migrationsDir", filepath.Join(dir, "migrations"))
	if err := serve.Start(); err != nil {
		return nil, err
	}
	who := &contender{
		service: service{addr, "/api/collections/cases/records", http.StatusOK, pocketRecord},
		name:    pocketName(synchronous),
		pid:     func() int { return serve.Process.Pid },
		stored:  func() (int, error) { return count("sqlite", filepath.Join(data, "data.db"), "cases") },
		stop: func() error {
			serve.Process.Signal(os.Interrupt)
			serve.Wait()
			return nil
		},
	}
	if err := errors.Join(prepare(addr, synchronous), who.countSyncs("data.db")); err != nil {
		return nil, errors.Join(err, who.stop())
	}
	return who, nil
}

func pocketName(synchronous string) string { return "PocketBase, " + synchronous }

// pocketRecord has the fields of node.Submission, flat.
func pocketRecord(to []byte, id string, number int64) []byte {
	ours := node.Submission(nil, id, number)
	ours = bytes.Replace(ours, []byte(`{"id":`), []byte(`{"submission":`), 1)
	ours = bytes.Replace(ours, []byte(`"fields":{`), nil, 1)
	return append(to, ours[:len(ours)-1]...)
}

// prepare makes the collection, open to everybody as our intake is, and sees that the pragma is what the row says.
func prepare(addr, synchronous string) error {
	base := "http://" + addr
	if err := answers(base + "/api/health"); err != nil {
		return err
	}
	var login struct{ Token string }
	if err := call(http.MethodPost, base+"/api/collections/_superusers/auth-with-password", "", map[string]any{"identity": superuser, "password": password}, &login); err != nil {
		return err
	}
	fields := []map[string]any{{"name": "received", "type": "autodate", "onCreate": true}}
	for _, name := range strings.Fields("submission shop form locale name contract email comment") {
		fields = append(fields, map[string]any{"name": name, "type": "text", "required": name != "comment"})
	}
	err := call(http.MethodPost, base+"/api/collections", login.Token, map[string]any{
		"name": "cases", "type": "base", "createRule": "", "fields": fields,
		"indexes": []string{"CREATE UNIQUE INDEX once ON cases (shop, submission)", "CREATE INDEX by_email ON cases (email, shop, form, received)"},
	}, nil)
	if err != nil {
		return err
	}
	var level int
	if err := call(http.MethodGet, base+"/synchronous", "", nil, &level); err != nil {
		return err
	}
	if want := map[string]int{"NORMAL": 1, "FULL": 2}[synchronous]; level != want {
		return fmt.Errorf("PocketBase has synchronous=%d instead of %d", level, want)
	}
	return nil
}

// answers waits until a server is up.
func answers(url string) error {
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get(url)
		if err == nil {
			answer.Body.Close()
			return nil
		}
		if time.Now().After(until) {
			return err
		}
	}
}

func call(method, url, token string, body, answer any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, url, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return errors.Join(err, fmt.Errorf("%s %s: %s: %s", method, url, response.Status, text))
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
