package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"

	"recourse/intake"
	"recourse/intake/seal"
)

type verifyCommand struct {
	Files       []string      `arg:"" optional:"" help:"Signed texts, or files that have their signature beside them as FILE.sig."`
	Key         []fingerprint `help:"Insist on this key, named by its fingerprint; repeatable." placeholder:"FINGERPRINT" sep:"none"`
	Data        string        `help:"Insist on the key of the server that has this data folder; without files, verify what it keeps." type:"path" placeholder:"DIR"`
	Database    string        `help:"Verify what is kept in this PostgreSQL database, with the key in --data." placeholder:"postgres://USER@HOST/NAME"`
	Fingerprint bool          `help:"Print the fingerprint of the key in --data, to publish it."`
	JSON        bool          `name:"json" help:"Print the report as JSON."`
}

func (c *verifyCommand) Help() string {
	return `Example: recourse verify receipt.txt --key 7ZK2-M9QD-4WXA-0T3H-B8RC-VN5E
         recourse verify --data /var/lib/recourse receipts/*.txt cases.csv
         recourse verify --data /var/lib/recourse --fingerprint
         recourse verify --data /var/lib/recourse

Tells whether files are as they were signed. It asks nobody and needs no network. Without --key or --data it cannot know whose
key it is: compare the fingerprint with the one the shop publishes.

Without files it verifies what the server keeps: the history of every case, which is chained by the server's key, and the bytes
of every attachment. What was changed, removed or put in by anybody but this program is named, one line each.

Status 1 means that a file or a case is not as it was signed or written, not signed, or signed with another key; status 2 that
something could not be read.`
}

func (c *verifyCommand) Validate() error {
	if c.Fingerprint && c.Data == "" {
		return errors.New("--fingerprint needs --data DIR, the data folder of the server")
	}
	if len(c.Files) == 0 && !c.Fingerprint && c.Data == "" && c.Database == "" {
		return errors.New("name the files to check, or the server's data folder with --data")
	}
	if len(c.Files) > 0 && c.Database != "" {
		return errors.New("--database is for verifying what a server keeps, without files")
	}
	return nil
}

func (c *verifyCommand) Run(ctx context.Context, out streams) error {
	if len(c.Files) == 0 && !c.Fingerprint {
		return c.log(ctx, out)
	}
	keys, err := c.trusted()
	if err != nil { // status 1 would say that a file was changed
		fmt.Fprintf(out.Err, "recourse: %v\n", err)
		return errUnread
	}
	if c.Fingerprint {
		if _, err := fmt.Fprintln(out.Out, keys.own); err != nil || len(c.Files) == 0 {
			return err
		}
	}
	return c.report(verifyFiles(c.Files, keys), out.Out)
}

// fingerprint of a key, as people type it.
type fingerprint string

func (f *fingerprint) UnmarshalText(typed []byte) error {
	s, err := seal.ParseFingerprint(string(typed))
	*f = fingerprint(s)
	return err
}

// trustedKeys are the fingerprints of the keys that somebody vouches for.
type trustedKeys struct {
	named []string
	own   string // of this server
}

func (c *verifyCommand) trusted() (trustedKeys, error) {
	var keys trustedKeys
	for _, f := range c.Key {
		keys.named = append(keys.named, string(f))
	}
	if c.Data == "" {
		return keys, nil
	}
	file := filepath.Join(c.Data, "key")
	if _, err := os.Stat(file); err != nil { // where there is none, intake.Key would draw one
		return keys, fmt.Errorf("read the server's key: %w; is this the folder of \"recourse serve --data\"?", err)
	}
	key, err := intake.Key(file)
	if err != nil {
		return keys, err
	}
	keys.own = seal.New(key).Fingerprint()
	return keys, nil
}

func (k trustedKeys) none() bool { return k.own == "" && len(k.named) == 0 }

func (c *verifyCommand) report(verdicts []verdict, w io.Writer) error {
	write := writeVerdicts
	if c.JSON {
		write = writeVerdictsJSON
	}
	if err := write(w, verdicts); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	var unread error
	for _, v := range verdicts {
		switch v.State {
		case "genuine", "unchanged":
		case "unreadable":
			unread = errUnread
		default:
			return errFindings
		}
	}
	return unread
}

func writeVerdictsJSON(w io.Writer, verdicts []verdict) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		Version int       `json:"version"`
		Files   []verdict `json:"files"`
	}{1, verdicts})
}

func writeVerdicts(w io.Writer, verdicts []verdict) error {
	var lines strings.Builder
	good, unknown := 0, false
	for _, v := range verdicts {
		fmt.Fprintf(&lines, "%s: %s\n", printable(v.File), v)
		unknown = unknown || v.State == "unchanged"
		if v.Problem == "" {
			good++
		}
	}
	if len(verdicts) > 1 {
		fmt.Fprintf(&lines, "%d of %d files passed\n", good, len(verdicts))
	}
	if unknown {
		lines.WriteString("\nUnchanged since whoever holds that key signed it. Whose key it is, a file cannot prove: compare the fingerprint with the one\n" +
			"the shop publishes, or name that one with --key.\n")
	}
	_, err := io.WriteString(w, lines.String())
	return err
}

func (v verdict) String() string {
	by := "key " + v.Key
	if v.Own {
		by = "this server, " + by
	}
	if v.Problem != "" {
		return v.Problem
	}
	return fmt.Sprintf("%s, signed %s by %s", v.State, v.Signed.Format(time.RFC3339), by)
}

// printable quotes the name of a file that could pass for another line of the report.
func printable(name string) string {
	if strings.ContainsFunc(name, unicode.IsControl) {
		return strconv.Quote(name)
	}
	return name
}
