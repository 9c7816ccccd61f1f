package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"
)

const (
	memoryBase    = 64 << 20 // a build may use this and so much for each page
	memoryPage    = 1 << 10
	memoryNoise   = 1.1 // with shared texts memory must not grow; the garbage collector is not more exact than this
	unchangedTime = 500 * time.Millisecond
)

// built is the runs of one size.
type built struct {
	hugo         []usage
	fresh, again map[string][]usage // by mode
	known        []usage            // with shared texts that an earlier build has seen
	write        []usage            // of the same files
}

// builds prints the table of builds.
func (r *rig) builds(sizes []size) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\npages\ttexts\tbuild\twall\tCPU\tpeak\tas fast as Hugo\tgoals")
	smallest := map[string]int64{}
	for _, s := range sizes {
		b, err := r.measure(s)
		if err != nil {
			return errors.Join(err, w.Flush())
		}
		b.print(w, s, smallest)
	}
	return w.Flush()
}

// measure interleaves the programs, so that what else the machine does hits both.
func (r *rig) measure(s size) (built, error) {
	b := built{fresh: map[string][]usage{}, again: map[string][]usage{}}
	for range s.runs {
		if err := r.round(s, &b); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (r *rig) round(s size, b *built) error {
	outputs := map[string]string{}
	if r.hugo != "" {
		outputs[modeHugo] = r.output()
		u, err := r.buildHugo(s, outputs[modeHugo])
		if err != nil {
			return err
		}
		b.hugo = append(b.hugo, u)
	}
	for _, mode := range []string{modeOwn, modeShared} {
		outputs[mode] = r.output()
		cache := r.output()
		u, err := r.build(s, mode, outputs[mode], cache)
		if err != nil {
			return err
		}
		b.fresh[mode] = append(b.fresh[mode], u)
		if u, err = r.build(s, mode, outputs[mode], cache); err != nil {
			return err
		}
		b.again[mode] = append(b.again[mode], u)
		if mode != modeShared {
			continue
		}
		if u, err = r.build(s, mode, r.output(), cache); err != nil {
			return err
		}
		b.known = append(b.known, u)
	}
	u, err := r.write(outputs[modeShared], r.output())
	b.write = append(b.write, u)
	return errors.Join(err, sameText(s, outputs))
}

// print writes the lines of one size. The smallest size leaves its memory for the others to be held against.
func (b built) print(w io.Writer, s size, smallest map[string]int64) {
	var hugo usage
	if b.hugo != nil {
		hugo = median(b.hugo)
		line(w, s, "the same", "hugo", hugo, "", "")
	}
	for _, mode := range []string{modeOwn, modeShared} {
		fresh, again := median(b.fresh[mode]), median(b.again[mode])
		if smallest[mode] == 0 {
			smallest[mode] = fresh.peak
		}
		b.compared(w, s, mode, "recourse", fresh, hugo, memoryGoal(s, mode, fresh.peak, smallest[mode]))
		if mode == modeShared {
			b.compared(w, s, mode, "  texts seen before", median(b.known), hugo, "")
		}
		line(w, s, mode, "  unchanged", again, "", fmt.Sprintf("under %s: %s", seconds(unchangedTime), verdict(again.wall < unchangedTime)))
	}
	line(w, s, "", "the files, written", median(b.write), "", "no generator is faster on this disk")
}

// compared is the line of a build that is held against Hugo's.
func (b built) compared(w io.Writer, s size, mode, build string, u, hugo usage, goals string) {
	times := ""
	if b.hugo != nil {
		factor := hugo.wall.Seconds() / u.wall.Seconds()
		times = fmt.Sprintf("%.1f times, by CPU %.1f", factor, hugo.cpu.Seconds()/u.cpu.Seconds())
		goals = fmt.Sprintf("%g times: %s; ", s.faster[mode], verdict(factor >= s.faster[mode])) + goals
	}
	line(w, s, mode, build, u, times, goals)
}

func line(w io.Writer, s size, texts, build string, u usage, times, goals string) {
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", pagesOf(s.shops), texts, build, seconds(u.wall), seconds(u.cpu), mebibytes(u.peak), times, goals)
}

func memoryGoal(s size, mode string, peak, smallest int64) string {
	limit := int64(memoryBase + memoryPage*pagesOf(s.shops))
	goal := fmt.Sprintf("under %s: %s", mebibytes(limit), verdict(peak < limit))
	if mode == modeShared && s.shops > 1 {
		goal += fmt.Sprintf("; not more than with 1 shop: %s", verdict(float64(peak) <= memoryNoise*float64(smallest)))
	}
	return goal
}
