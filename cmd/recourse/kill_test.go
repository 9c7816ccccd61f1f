package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledBuild kills builds at any moment: every page is the old or the new one, whole, and the next build puts all
// right.
func TestKilledBuild(t *testing.T) {
	dir := t.TempDir()
	dist, shop := filepath.Join(dir, "dist"), filepath.Join(dir, "shop.toml")
	rename := func(n int) {
		if err := os.WriteFile(shop, []byte(strings.Replace(shopText(0, "", fmt.Sprintf("Name-%d-", n)), `content = ""`, "", 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	start := func() *exec.Cmd {
		cmd := exec.Command(program(t), "build", shop, "--no-widget", "--out", dist)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	rename(0)
	began := time.Now()
	if err := start().Wait(); err != nil {
		t.Fatal(err)
	}
	usual, chance := time.Since(began), rand.New(rand.NewPCG(3, 5))
	killed := 0
	for n := 1; n <= 25; n++ {
		rename(n)
		cmd := start()
		time.Sleep(time.Duration(chance.Int64N(int64(usual))))
		_ = cmd.Process.Kill()
		if cmd.Wait() != nil {
			killed++
		}
		whole(t, dist, n)
	}
	if killed == 0 {
		t.Error("every build was done before it was killed")
	}
	if err := start().Wait(); err != nil {
		t.Fatal(err)
	}
	for name, data := range tree(t, dist) {
		if strings.HasSuffix(name, ".html") && !bytes.Contains(data, []byte("Name-25-")) {
			t.Errorf("%s is not of the last build", name)
		}
		if strings.Contains(name, "staging") {
			t.Errorf("%s is left over", name)
		}
	}
}

// whole looks at each page: it is of one build, and has an end.
func whole(t *testing.T, dist string, last int) {
	t.Helper()
	for name, data := range tree(t, dist) {
		if !strings.HasSuffix(name, ".html") || strings.Contains(name, "staging") {
			continue
		}
		names := 0
		for n := 0; n <= last; n++ {
			if bytes.Contains(data, fmt.Appendf(nil, "Name-%d-", n)) {
				names++
			}
		}
		if names != 1 || !bytes.HasSuffix(data, []byte("</html>\n")) {
			t.Fatalf("after kill %d %s is of %d builds, or cut off:\n%s", last, name, names, data)
		}
	}
}

// program is this test's own binary, as the command (see TestMain).
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "recourse")
	if err := os.Symlink(self, link); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	return link
}
