package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	securityRow = regexp.MustCompile(`(?m)^\| SEC-(\d+) \| (.+?) \| (.*?) ?\|$`)
	goTest      = regexp.MustCompile(`(?m)^func TestSEC(\d+)\D`)
	browserTest = regexp.MustCompile(`test\("SEC-(\d+): `)
	place       = regexp.MustCompile("`([^`]+)`")
)

// rows are the numbers of all threats: input, the table, and what comes with several shops.
func rows() (all []int) {
	for _, span := range [][2]int{{1, 4}, {10, 18}, {20, 37}, {40, 49}} {
		for n := span[0]; n <= span[1]; n++ {
			if n != 19 {
				all = append(all, n)
			}
		}
	}
	return all
}

// TestSecurityRows: each row of SECURITY.md names folders that have tests of its number, or says why there is none; and
// there is no test of a row that says so.
func TestSecurityRows(t *testing.T) {
	tests := testsByRow(t)
	var seen []int
	for _, m := range securityRow.FindAllStringSubmatch(read(t, "../SECURITY.md"), -1) {
		n, _ := strconv.Atoi(m[1])
		seen = append(seen, n)
		if without := strings.HasPrefix(m[2], "No test"); without != (len(tests[n]) == 0) || without != (m[3] == "") {
			t.Errorf("SEC-%d says %q and names %q; tests are in %v", n, m[2], m[3], tests[n])
		}
		for _, at := range place.FindAllStringSubmatch(m[3], -1) {
			if !slices.Contains(tests[n], at[1]) {
				t.Errorf("SEC-%d has no test in %s", n, at[1])
			}
		}
	}
	if !slices.Equal(seen, rows()) {
		t.Errorf("the rows are %v, want %v", seen, rows())
	}
}

// testsByRow lists the folders and browser tests that have a test of a row.
func testsByRow(t *testing.T) map[int][]string {
	t.Helper()
	found := map[int][]string{}
	err := filepath.WalkDir("..", func(path string, e os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "node_modules" || len(e.Name()) > 2 && strings.HasPrefix(e.Name(), ".")):
			return filepath.SkipDir
		case strings.HasSuffix(path, "_test.go"):
			note(t, found, path, filepath.Dir(path), goTest)
		case strings.HasSuffix(path, ".test.mjs"):
			note(t, found, path, path, browserTest)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func note(t *testing.T, found map[int][]string, file, place string, test *regexp.Regexp) {
	t.Helper()
	for _, m := range test.FindAllStringSubmatch(read(t, file), -1) {
		n, _ := strconv.Atoi(m[1])
		place, err := filepath.Rel("..", place)
		if err != nil {
			t.Fatal(err)
		}
		found[n] = append(found[n], filepath.ToSlash(place))
	}
}

// TestSEC48_EveryModuleHasItsReason: what others wrote and we ship is there on purpose, and is what its authors published.
func TestSEC48_EveryModuleHasItsReason(t *testing.T) {
	for line := range strings.Lines(read(t, "../go.mod")) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "replace ") || strings.Contains(line, "=>") {
			t.Errorf("a module is replaced: %s", line)
		}
		module, why, _ := strings.Cut(line, " // ")
		if strings.Contains(module, " v") && !strings.HasPrefix(module, "go ") && len(why) < len("indirect") {
			t.Errorf("no reason is given for %s", module)
		}
	}
	if len(read(t, "../go.sum")) == 0 {
		t.Error("there are no sums of modules")
	}
}
