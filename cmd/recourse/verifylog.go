package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"recourse/intake/store"
)

// logReport is what was found out about everything a server keeps.
type logReport struct {
	Version     int           `json:"version"`
	Cases       int           `json:"cases"`
	Events      int           `json:"events"`
	Attachments int           `json:"attachments"`
	Faults      []reportFault `json:"faults"`
}

type reportFault struct {
	Reference string `json:"reference"`
	Event     int    `json:"event,omitempty"`
	What      string `json:"what"`
}

// log verifies what a server keeps, instead of files.
func (c *verifyCommand) log(ctx context.Context, out streams) (err error) {
	f := vaultFlags{Data: c.Data, Database: c.Database}
	if f.Data == "" {
		f.Data = "data"
	}
	v, err := f.existing(ctx)
	if err != nil {
		return unreadLog(err, out.Err)
	}
	defer v.close()
	report, err := verifyLog(ctx, v)
	if err != nil {
		return unreadLog(err, out.Err)
	}
	return report.print(out.Out, c.JSON)
}

// unreadLog: status 1 would say that something was changed.
func unreadLog(err error, w io.Writer) error {
	fmt.Fprintf(w, "recourse: %v\n", err)
	return errUnread
}

// verifyLog goes through the histories of all cases and the bytes of all attachments.
func verifyLog(ctx context.Context, v *vault) (logReport, error) {
	r := logReport{Version: 1, Faults: []reportFault{}}
	var err error
	r.Cases, r.Events, err = v.Verify(ctx, func(f store.Fault) { r.Faults = append(r.Faults, reportFault{f.Reference, f.Event, f.What}) })
	if err != nil {
		return r, err
	}
	var all []store.Attachment // first, since reading bytes takes long and the rows are of one moment
	if err := v.Attachments(ctx, func(a store.Attachment) error { all = append(all, a); return nil }); err != nil {
		return r, err
	}
	for _, a := range all {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if a.Size == 0 { // empty, or erased by a rule of retention
			continue
		}
		r.Attachments++
		if what := v.bytesOf(ctx, a); what != "" {
			r.Faults = append(r.Faults, reportFault{Reference: a.Reference, What: what})
		}
	}
	return r, nil
}

// bytesOf says what is wrong with an attachment. One whose case was erased meanwhile is as it should be.
func (v *vault) bytesOf(ctx context.Context, a store.Attachment) string {
	f, err := v.files.Open(a.ID)
	if err == nil {
		defer f.Close()
		h := sha256.New()
		if _, err = io.Copy(h, f); err == nil && hex.EncodeToString(h.Sum(nil)) == a.Sum {
			return ""
		}
	}
	if known, errKnown := v.Known(ctx, a.ID); !known && errKnown == nil {
		return ""
	}
	if err != nil {
		return fmt.Sprintf("the bytes of the attachment %s cannot be read: %v", a.ID, err)
	}
	return fmt.Sprintf("the bytes of the attachment %s were changed", a.ID)
}

func (r logReport) print(w io.Writer, asJSON bool) error {
	write := r.write
	if asJSON {
		write = r.writeJSON
	}
	if err := write(w); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	if len(r.Faults) > 0 {
		return errFindings
	}
	return nil
}

func (r logReport) write(w io.Writer) error {
	for _, f := range r.Faults {
		if _, err := fmt.Fprintln(w, store.Fault{Reference: f.Reference, Event: f.Event, What: f.What}); err != nil {
			return err
		}
	}
	found := "all as they were written"
	if n := len(r.Faults); n > 0 {
		found = some(n, "fault")
	}
	_, err := fmt.Fprintf(w, "%s with %s and %s: %s\n", some(r.Cases, "case"), some(r.Events, "event"), some(r.Attachments, "attachment"), found)
	return err
}

func (r logReport) writeJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(r)
}
