package inbox

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"recourse/day"
	"recourse/intake/docket"
	"recourse/intake/export"
	"recourse/intake/figures"
)

// What the statistics page shows, for other programs. Nothing in these files is about a person: cases have no reference, and
// days instead of moments.

// exporter is a file's media type and how it is made.
type exporter struct {
	media string
	write func(in *inbox, ctx context.Context, b *bytes.Buffer, c choice) error
}

func exporters() map[string]exporter {
	const csv, json = "text/csv; charset=utf-8", "application/json"
	return map[string]exporter{
		"figures.csv":  {csv, (*inbox).figuresCSV},
		"figures.json": {json, (*inbox).figuresJSON},
		"cases.csv":    {csv, (*inbox).casesCSV},
		"cases.json":   {json, (*inbox).casesJSON},
	}
}

// exportStatistics hands out a file. It is made before the first byte is sent: half a table looks like a whole one.
func (in *inbox) exportStatistics(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	e, known := exporters()[name]
	c, problems, ok := in.choose(r, in.own(r))
	if !known || !ok || len(problems) > 0 {
		in.nothing(w, r)
		return
	}
	var b bytes.Buffer
	if err := e.write(in, r.Context(), &b, c); err != nil {
		in.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", e.media)
	w.Header().Set("Content-Disposition", `attachment; filename="recourse-`+c.First.String()+"-"+c.Last.String()+"-"+name+`"`)
	if _, err := b.WriteTo(w); err != nil {
		in.Log.Error("statistics could not be sent", "error", err)
	}
}

func (in *inbox) figuresCSV(ctx context.Context, b *bytes.Buffer, c choice) error {
	f, err := in.figures(ctx, c)
	if err != nil {
		return err
	}
	return lines(b, figures.Columns, f.Rows(), figures.Row.Cells)
}

func (in *inbox) figuresJSON(ctx context.Context, b *bytes.Buffer, c choice) error {
	f, err := in.figures(ctx, c)
	if err != nil {
		return err
	}
	return array(b, f.Rows())
}

func (in *inbox) casesCSV(ctx context.Context, b *bytes.Buffer, c choice) error {
	all, err := in.countedCases(ctx, c)
	if err != nil {
		return err
	}
	return lines(b, countedColumns, all, countedCase.cells)
}

func (in *inbox) casesJSON(ctx context.Context, b *bytes.Buffer, c choice) error {
	all, err := in.countedCases(ctx, c)
	if err != nil {
		return err
	}
	return array(b, all)
}

// lines writes a table. Tables for spreadsheets begin with the mark by which Excel knows UTF-8.
func lines[T any](b *bytes.Buffer, head []string, rows []T, cells func(T) []string) error {
	o := export.CSV{Separator: ','}
	b.WriteString("\ufeff")
	if err := o.Line(b, head); err != nil {
		return err
	}
	for _, r := range rows {
		if err := o.Line(b, cells(r)); err != nil {
			return err
		}
	}
	return nil
}

// array writes one object a line.
func array[T any](b *bytes.Buffer, rows []T) error {
	b.WriteString("[")
	for i, r := range rows {
		object, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		b.Write(object)
	}
	b.WriteString("\n]\n")
	return nil
}

// countedCase is a case as far as it is counted. Days are those of its shop.
type countedCase struct {
	Shop       string `json:"shop"`
	Form       string `json:"form"`
	Reason     string `json:"reason"`
	Locale     string `json:"locale"`
	Received   string `json:"received"`
	Due        string `json:"due"`
	Answered   string `json:"answered"`
	Closed     string `json:"closed"`
	State      string `json:"state"`
	Outcome    string `json:"outcome"`
	Rating     int    `json:"rating"` // 0: none
	Quarantine bool   `json:"quarantine"`
}

var countedColumns = []string{"shop", "form", "reason", "locale", "received", "due", "answered", "closed", "state", "outcome", "rating", "quarantine"}

func (c countedCase) cells() []string {
	rating := ""
	if c.Rating > 0 {
		rating = strconv.Itoa(c.Rating)
	}
	return []string{c.Shop, c.Form, c.Reason, c.Locale, c.Received, c.Due, c.Answered, c.Closed, c.State, c.Outcome, rating, map[bool]string{true: "yes", false: "no"}[c.Quarantine]}
}

// countedCases are the cases that the figures are of.
func (in *inbox) countedCases(ctx context.Context, c choice) (all []countedCase, err error) {
	counter := in.counter(c)
	err = in.summaries(ctx, c, func(m docket.Summary) {
		if !counter.Concerns(m) {
			return
		}
		zone := in.shops[m.Shop].Location()
		all = append(all, countedCase{m.Shop, m.Form, m.Reason, m.Locale, dayOf(m.Received, zone), day.Day(m.DueDay).String(), dayOf(m.Answered, zone),
			dayOf(m.Closed, zone), string(m.State), string(m.Outcome), m.Rating, m.Suspect})
	})
	return all, err
}

// dayOf writes the day of a moment; of none, nothing.
func dayOf(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return docket.DayOf(t, zone).String()
}
