package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/andybalholm/brotli"
)

// buildTimes runs the whole command, process start included: first into an empty folder, then unchanged.
func buildTimes(program, shop, out string) error {
	var again []time.Duration
	first, err := timed(program, "build", "--shop", shop, "--out", out)
	if err != nil {
		return err
	}
	for range 9 {
		d, err := timed(program, "build", "--shop", shop, "--out", out)
		if err != nil {
			return err
		}
		again = append(again, d)
	}
	slices.Sort(again)
	fmt.Printf("build of %s: first %d ms, unchanged %d ms (median of %d)\n\n", shop, first.Milliseconds(), again[len(again)/2].Milliseconds(), len(again))
	return nil
}

func timed(name string, args ...string) (time.Duration, error) {
	start := time.Now()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("run %s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return time.Since(start), nil
}

// stages are what one visitor's browser loads, and when. The locale stands for {locale}.
var stages = []struct {
	when     string
	patterns []string
}{
	{"with the shop's page, before intent", []string{"recourse.js"}},
	{"on intent, to open a complaint", []string{"assets/forms.*.js", "{locale}/complaint.*.json"}},
	{"the rules, beside it", []string{"assets/rules.*.wasm"}},
	{"from the first key on", []string{"assets/after.*.js", "{locale}/complaint-after.*.json"}},
	{"a withdrawal instead", []string{"{locale}/withdrawal.*.json", "{locale}/withdrawal-after.*.json"}},
	{"the dispute notice", []string{"assets/notice.*.js", "{locale}/disputes.*.json"}},
	{"only where a page cannot make style sheets", []string{"assets/widget.*.css"}},
}

// sizes lists the files of every stage with their bytes.
func sizes(dist fs.FS, locale string) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "raw\tgzip -9\tbrotli -11\t\t")
	var total [3]int
	for i, stage := range stages {
		sum, err := stageSizes(w, dist, locale, stage.patterns)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%d\t%d\t%d\t  = %s\t\n", sum[0], sum[1], sum[2], stage.when)
		if i < 4 {
			total = plus(total, sum)
		}
	}
	fmt.Fprintf(w, "%d\t%d\t%d\t  = in total for a complaint, from the page to the receipt\t\n", total[0], total[1], total[2])
	return w.Flush()
}

func stageSizes(w io.Writer, dist fs.FS, locale string, patterns []string) (sum [3]int, err error) {
	for _, pattern := range patterns {
		names, err := fs.Glob(dist, strings.ReplaceAll(pattern, "{locale}", locale))
		if err != nil || len(names) == 0 {
			return sum, fmt.Errorf("no file %s in the build: %v", pattern, err)
		}
		for _, name := range names {
			row, err := measure(dist, name)
			if err != nil {
				return sum, err
			}
			sum = plus(sum, row)
			fmt.Fprintf(w, "%d\t%d\t%d\t  %s\t\n", row[0], row[1], row[2], name)
		}
	}
	return sum, nil
}

func plus(a, b [3]int) [3]int { return [3]int{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func measure(fsys fs.FS, name string) (row [3]int, err error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return row, err
	}
	var gz, br bytes.Buffer
	z, _ := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	for _, c := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{z, b} {
		if _, err := c.Write(data); err != nil {
			return row, err
		}
		if err := c.Close(); err != nil {
			return row, err
		}
	}
	return [3]int{len(data), gz.Len(), br.Len()}, nil
}
