package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// report is what a trial has shown: figures, and what is wrong.
type report struct {
	name  string
	lines []string
	wrong []string
}

func skipped(name, why string) *report {
	return &report{name: name, lines: []string{"SKIPPED: " + why}}
}

func (r *report) add(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

// none adds a figure that must be zero.
func (r *report) none(what string, found []string) {
	r.add("%5d %s", len(found), what)
	if n := len(found); n > 0 {
		r.wrong = append(r.wrong, fmt.Sprintf("%d %s: %s", n, what, strings.Join(found[:min(n, 3)], ", ")))
	}
}

func (r *report) print(w io.Writer) (wrong int) {
	fmt.Fprintf(w, "\n%s\n", r.name)
	for _, line := range r.lines {
		fmt.Fprintln(w, "  "+line)
	}
	for _, line := range r.wrong {
		fmt.Fprintln(w, "  WRONG: "+line)
	}
	return len(r.wrong)
}

func (s *stage) report(k kept, length, took time.Duration, peak int64) *report {
	r := &report{name: fmt.Sprintf("%s, %v of load by %d clients", s.name, length.Round(time.Second), clients), wrong: append(s.wrong, s.load.wrong...)}
	s.blows(r, peak)
	s.submissions(r, k)
	s.letters(r, k, took)
	r.none(fmt.Sprintf("faults in the histories of %d cases (%d events)", k.chained, k.events), k.faults)
	if k.damage != nil {
		r.wrong = append(r.wrong, k.damage.Error())
	} else {
		r.add("the database's own check finds no damage")
	}
	return r
}

func (s *stage) blows(r *report, peak int64) {
	counts := map[string]int{}
	for _, d := range s.disruptions {
		counts[d.cause]++
	}
	r.add("%5d kills with SIGKILL, %d restarts of the database, %d times a full disk; peak memory of a node %d MiB",
		counts[killed], counts[restarted], counts[diskFull], peak>>20)
}

func (s *stage) submissions(r *report, k kept) {
	l := s.load
	slices.Sort(l.took)
	r.add("%5d submissions acknowledged, %.0f/s; the median after %v, the slowest after %v, repetitions included", len(l.acknowledged),
		float64(len(l.acknowledged))/max(1, l.span.Seconds()), at(l.took, .5), at(l.took, 1))
	r.add("%5d attempts without an answer, %d answered 503 with text, %d otherwise; %d sent again though acknowledged",
		l.failures["no answer"], l.failures[errUnavailable.Error()], l.failures["other answers"], l.repeats)
	stored, ids := map[string]string{}, map[string]int{}
	for _, c := range k.cases {
		stored[c.id] = c.reference
		ids[c.id]++
	}
	var missing, changed, doubled, unknown []string
	for id, reference := range l.acknowledged {
		switch stored[id] {
		case "":
			missing = append(missing, id)
		case reference:
		default:
			changed = append(changed, id)
		}
	}
	for id, n := range ids {
		if n > 1 {
			doubled = append(doubled, id)
		}
		if l.acknowledged[id] == "" && !l.open[id] {
			unknown = append(unknown, id)
		}
	}
	r.add("%5d cases stored", len(k.cases))
	r.none("acknowledged and missing", missing)
	r.none("stored under another reference than acknowledged", changed)
	r.none("stored twice", doubled)
	r.none("stored and never sent", unknown)
	r.add("%5d sent and never acknowledged until the end", len(l.open))
}

func at(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))].Round(time.Millisecond)
}

// letters compares the outbox with what the mail server has.
func (s *stage) letters(r *report, k kept, took time.Duration) {
	counts := map[string]int{}
	acknowledgements, known := map[string]int{}, map[string]int{}
	var waiting []string
	for _, l := range k.letters {
		counts[l.delivery]++
		if l.delivery == queued {
			waiting = append(waiting, l.message)
		}
		known[l.message]++
		if l.kind == "acknowledgement" {
			acknowledgements[l.submission]++
		}
	}
	arrived := map[string][]delivery{}
	for _, d := range s.sink.deliveries {
		arrived[d.id] = append(arrived[d.id], d)
	}
	r.add("%5d letters: %d sent, %d given up; %d of them had to wait for another attempt, and all that waiting was made to pass in %v",
		len(k.letters), counts[sent], counts[failed], s.late, took.Round(time.Second))
	r.add("      met by the mail server: %s", s.sink.met())
	r.none("letters still waiting in the end", waiting)
	r.none("cases without exactly one acknowledgement", s.unanswered(k, acknowledgements))
	r.none("Message-IDs used for two letters", over(known, 1))
	r.none("letters \"sent\" that never arrived", astray(k.letters, arrived))
	r.none("letters given up that nobody refused", abandoned(k.letters, s.sink.refused))
	r.none("letters that arrived and are in no outbox", strangers(arrived, known))
	s.repetitions(r, arrived)
}

func (s *stage) unanswered(k kept, acknowledgements map[string]int) (found []string) {
	for _, c := range k.cases {
		if acknowledgements[c.id] != 1 {
			found = append(found, c.reference)
		}
	}
	return found
}

func over(counts map[string]int, limit int) (found []string) {
	for key, n := range counts {
		if n > limit {
			found = append(found, key)
		}
	}
	return found
}

// astray are letters that the outbox believes sent though the mail server has not confirmed one.
func astray(letters []storedLetter, arrived map[string][]delivery) (found []string) {
	for _, l := range letters {
		confirmed := slices.ContainsFunc(arrived[l.message], func(d delivery) bool { return !d.dropped })
		if l.delivery == sent && !confirmed {
			found = append(found, l.message)
		}
	}
	return found
}

func abandoned(letters []storedLetter, refused map[string]bool) (found []string) {
	for _, l := range letters {
		if l.delivery == failed && !refused[l.to] {
			found = append(found, l.message)
		}
	}
	return found
}

func strangers(arrived map[string][]delivery, known map[string]int) (found []string) {
	for id := range arrived {
		if known[id] == 0 {
			found = append(found, id)
		}
	}
	return found
}

// settling is how long after a letter's arrival its sender may still be busy to note that.
const settling = 2 * time.Second

// repetitions counts letters that arrived more than once, by what happened between arriving and being noted. A sender cannot rule
// these out; the receiver drops the second by its Message-ID.
func (s *stage) repetitions(r *report, arrived map[string][]delivery) {
	causes := map[string]int{}
	var unexplained []string
	for id, list := range arrived {
		slices.SortFunc(list, func(a, b delivery) int { return a.at.Compare(b.at) })
		for _, d := range list[:len(list)-1] {
			if cause := s.cause(d); cause != "" {
				causes[cause]++
			} else {
				unexplained = append(unexplained, id)
			}
		}
	}
	r.add("%5d arrived again after the mail server dropped its answer, %d after %s, %d after %s, %d after %s (same Message-ID, which a receiver keeps once)",
		causes[string(forgetful)]+causes[string(down)], causes[killed], killed, causes[restarted], restarted, causes[diskFull], diskFull)
	r.none("arrived again without a reason", unexplained)
}

// cause is why a letter that has arrived may come again.
func (s *stage) cause(d delivery) string {
	if d.dropped {
		return string(forgetful)
	}
	for _, x := range s.disruptions {
		if (x.node == everyNode || x.node == d.node) && !d.at.After(x.to) && d.at.Add(settling).After(x.from) {
			return x.cause
		}
	}
	return ""
}

// met tells how many letters met which mood.
func (s *sink) met() string {
	var parts []string
	for _, m := range []mood{well, slow, busy, full, stern, forgetful} {
		parts = append(parts, fmt.Sprintf("%s %d", m, s.moods[m]))
	}
	return strings.Join(parts, ", ")
}
