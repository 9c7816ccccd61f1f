package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"recourse": main,
		"ask":      ask,
	})
}

// TestScripts runs testdata/*.txt: shell lines and what they must print. They double as a manual of the command.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("ADDR", free(t))
			env.Setenv("PRIVATE", free(t))
			return nil
		},
	})
}

// ask is a command for scripts: "ask ADDR HOST PATH" prints the status of the answer, where it leads to and what it says. A third argument is
// sent as JSON. It waits until somebody listens.
func ask() {
	args := append(os.Args[1:], "")
	r, err := http.NewRequest(http.MethodGet, "http://"+args[0]+args[2], nil)
	if err == nil && args[3] != "" {
		r, err = http.NewRequest(http.MethodPost, "http://"+args[0]+args[2], strings.NewReader(args[3]))
	}
	if err != nil {
		log.Fatal(err)
	}
	r.Host = args[1]
	r.Header.Set("Content-Type", "application/json")
	var answer *http.Response
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if answer, err = http.DefaultTransport.RoundTrip(r.Clone(context.Background())); err == nil {
			break
		}
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.StatusCode, answer.Header.Get("Location"))
	io.Copy(os.Stdout, answer.Body)
}
