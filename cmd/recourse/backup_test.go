package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"recourse/intake/docket"
	"recourse/intake/store/pgtest"
	"recourse/intake/store/storetest"
)

// kept is a data folder, or one with a PostgreSQL database beside it, in which there are some cases.
type kept struct {
	flags []string
	dir   string
	photo string // id of an attachment
	first docket.Case
}

func (k kept) vaultFlags() vaultFlags {
	f := vaultFlags{Data: k.dir}
	if len(k.flags) > 1 {
		f.Database = strings.TrimPrefix(k.flags[1], "--database=")
	}
	return f
}

// engines makes an empty place of each kind.
var engines = map[string]func(t *testing.T) kept{
	"SQLite": func(t *testing.T) kept {
		dir := t.TempDir()
		return kept{flags: []string{"--data=" + dir}, dir: dir}
	},
	"PostgreSQL": func(t *testing.T) kept {
		dir := t.TempDir()
		return kept{flags: []string{"--data=" + dir, "--database=" + postgresDatabase(t)}, dir: dir}
	},
}

// postgresDatabase is an empty database on a server that lives as long as the test.
func postgresDatabase(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	s, err := pgtest.Start(t.Context(), dir)
	if err != nil {
		os.RemoveAll(dir)
		fmt.Fprintf(os.Stderr, "SKIPPED %s: %v\n", t.Name(), err)
		t.Skip(err)
	}
	t.Cleanup(func() {
		s.Down(context.Background(), "immediate")
		os.RemoveAll(dir)
	})
	url, err := s.Create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// filled stores cases of the shop amber.
func filled(t *testing.T, engine string, cases int) kept {
	t.Helper()
	k := engines[engine](t)
	v, err := k.vaultFlags().vault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	for i := range cases {
		id, size, sum, err := v.files.Save(strings.NewReader("photo"))
		if err != nil {
			t.Fatal(err)
		}
		c := storetest.Example()
		c.Files = []docket.File{{ID: id, Name: "a.jpg", Type: "image/jpeg", Size: size, Sum: sum}}
		c = storetest.Submit(t, v.Store, c)
		if i == 0 {
			k.first, k.photo = c, id
		}
	}
	return k
}

// command runs the program.
func command(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := command(t, args...)
	if code != 0 {
		t.Fatalf("%s: status %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// The restore drill: a backup of one engine in another folder, where everything verifies.
func TestOPS8_BackupAndRestore(t *testing.T) {
	for _, from := range []string{"SQLite", "PostgreSQL"} {
		for _, to := range []string{"SQLite", "PostgreSQL"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				k := filled(t, from, 3)
				folder := t.TempDir()
				mustRun(t, append([]string{"backup", folder}, k.flags...)...)
				found, _ := filepath.Glob(filepath.Join(folder, "*"))
				if len(found) != 2 || found[1] != found[0]+".sig" {
					t.Fatalf("the folder holds %v", found)
				}
				if info, err := os.Stat(found[0]); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("others can read the backup: %v, %v", info.Mode(), err)
				}
				mustRun(t, "verify", found[0], "--data="+k.dir)
				into := engines[to](t)
				mustRun(t, append([]string{"restore", found[0], "--dry-run"}, into.flags...)...)
				if left, _ := os.ReadDir(into.dir); len(left) != 0 {
					t.Errorf("a dry run has written %v", left)
				}
				if out := mustRun(t, append([]string{"restore", found[0]}, into.flags...)...); out != "3 cases with 3 events and 3 attachments: all as they were written\n" {
					t.Errorf("it says %q", out)
				}
				v, err := into.vaultFlags().existing(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer v.close()
				if _, err := v.ByReference(t.Context(), k.first.Reference); err != nil {
					t.Error(err)
				}
				code, _, errs := command(t, append([]string{"restore", found[0]}, into.flags...)...)
				if code != 1 || !strings.Contains(errs, "has cases already") {
					t.Errorf("a second restore: status %d, %s", code, errs)
				}
			})
		}
	}
}

// A letter that was sent before the backup does not go out again after a restore.
func TestOPS8_SentLettersStaySent(t *testing.T) {
	k := filled(t, "SQLite", 1)
	v, err := k.vaultFlags().existing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	letters, err := v.Claim(t.Context(), now, now.Add(time.Hour), 10)
	if err != nil || len(letters) != 2 {
		t.Fatal(letters, err)
	}
	letters[0].Delivery, letters[0].Done = docket.Sent, now
	if err := v.Settle(t.Context(), letters[0]); err != nil { // the other is on its way while the backup is made
		t.Fatal(err)
	}
	if err := v.close(); err != nil {
		t.Fatal(err)
	}
	file, into := filepath.Join(t.TempDir(), "b"), engines["SQLite"](t)
	mustRun(t, append([]string{"backup", file}, k.flags...)...)
	mustRun(t, append([]string{"restore", file}, into.flags...)...)
	if v, err = into.vaultFlags().existing(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer v.close()
	again, err := v.Claim(t.Context(), now, now.Add(time.Hour), 10)
	if err != nil || len(again) != 1 || again[0].MessageID != letters[1].MessageID {
		t.Errorf("to be sent after the restore: %+v, %v; want the second, with the same Message-ID", again, err)
	}
}

func TestBackupRefusals(t *testing.T) {
	k := filled(t, "SQLite", 1)
	dir := t.TempDir()
	file := filepath.Join(dir, "b")
	mustRun(t, append([]string{"backup", file, "--without-key"}, k.flags...)...)
	for about, c := range map[string]struct {
		prepare func(into kept)
		flags   []string
		want    string
	}{
		"no key anywhere": {func(kept) {}, []string{"restore", file}, "is not in it and not at"},
		"another key":     {func(into kept) { put(t, filepath.Join(into.dir, "key"), storetest.Key) }, []string{"restore", file}, "is not that of the backup"},
		"no file":         {func(kept) {}, []string{"restore", file + "x"}, "no such file"},
		"no backup":       {func(kept) {}, []string{"restore", file + ".sig"}, "no backup of this program"},
		"a typing error":  {func(kept) {}, []string{"backup", file}, "there is no key; name the folder"},
		"no such folder":  {func(into kept) { copyFile(t, filepath.Join(k.dir, "key"), filepath.Join(into.dir, "key")) }, []string{"backup", filepath.Join(dir, "no", "b")}, "there is no recourse.db"},
	} {
		into := engines["SQLite"](t)
		c.prepare(into)
		before, _ := os.ReadDir(into.dir)
		code, out, errs := command(t, append(c.flags, into.flags...)...)
		after, _ := os.ReadDir(into.dir)
		if code != 1 || !strings.Contains(errs, c.want) || len(before) != len(after) {
			t.Errorf("%s: status %d, %s%s; in the folder: %v", about, code, out, errs, after)
		}
	}
	into := engines["SQLite"](t)
	copyFile(t, filepath.Join(k.dir, "key"), filepath.Join(into.dir, "key"))
	mustRun(t, append([]string{"restore", file}, into.flags...)...)
	put(t, file+".sig", []byte("x"))
	if code, _, errs := command(t, append([]string{"restore", file}, engines["SQLite"](t).flags...)...); code != 1 || !strings.Contains(errs, "check the signature") {
		t.Errorf("with a bad signature beside it: status %d, %s", code, errs)
	}
	if code, _, _ := command(t, append([]string{"backup", filepath.Join(dir, "no", "b")}, k.flags...)...); code != 1 {
		t.Errorf("a backup into no folder: status %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".recourse-*")); len(left) > 0 {
		t.Errorf("drafts are left: %v", left)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	put(t, to, data)
}

// A backup on standard output is the same, and signed inside.
func TestBackupToStandardOutput(t *testing.T) {
	k := filled(t, "SQLite", 1)
	code, out, errs := command(t, append([]string{"backup", "-"}, k.flags...)...)
	if code != 0 {
		t.Fatal(code, errs)
	}
	file, into := filepath.Join(t.TempDir(), "b"), engines["SQLite"](t)
	put(t, file, []byte(out))
	mustRun(t, append([]string{"restore", file}, into.flags...)...)
}

// Somebody changes the database behind the program's back: recourse verify says so, in words and as JSON.
func TestVerifyFindsAChangedEvent(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			k := filled(t, engine, 3)
			if out := mustRun(t, append([]string{"verify"}, k.flags...)...); out != "3 cases with 3 events and 3 attachments: all as they were written\n" {
				t.Errorf("it says %q", out)
			}
			k.exec(t, fmt.Sprintf(`UPDATE events SET digest = replace(digest, substr(digest, 1, 1), 'x') WHERE case_id = %d`, k.first.ID))
			code, out, _ := command(t, append([]string{"verify"}, k.flags...)...)
			if code != 1 || !strings.Contains(out, "case "+k.first.Reference+", event 1: its hash does not fit") || !strings.Contains(out, "attachments: 1 fault\n") {
				t.Errorf("status %d, %s", code, out)
			}
			code, out, _ = command(t, append([]string{"verify", "--json"}, k.flags...)...)
			var report logReport
			if err := json.Unmarshal([]byte(out), &report); err != nil || code != 1 || len(report.Faults) != 1 || report.Faults[0].Reference != k.first.Reference {
				t.Errorf("status %d, %s, %v", code, out, err)
			}
		})
	}
}

// exec changes the database as no program of ours would.
func (k kept) exec(t *testing.T, statement string) {
	t.Helper()
	driver, source := "sqlite", filepath.Join(k.dir, "recourse.db")
	if f := k.vaultFlags(); f.Database != "" {
		driver, source = "pgx", f.Database
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyFindsChangedAttachments(t *testing.T) {
	k := filled(t, "SQLite", 2)
	file := filepath.Join(k.dir, "files", k.photo)
	put(t, file, []byte("phot0"))
	code, out, _ := command(t, append([]string{"verify"}, k.flags...)...)
	if code != 1 || !strings.Contains(out, k.first.Reference+": the bytes of the attachment "+k.photo+" were changed") {
		t.Errorf("status %d, %s", code, out)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	code, out, _ = command(t, append([]string{"verify"}, k.flags...)...)
	if code != 1 || !strings.Contains(out, "cannot be read") {
		t.Errorf("status %d, %s", code, out)
	}
	code, _, errs := command(t, append([]string{"backup", filepath.Join(t.TempDir(), "b")}, k.flags...)...)
	if code != 1 || !strings.Contains(errs, "attachment "+k.photo) {
		t.Errorf("a backup without it: status %d, %s", code, errs)
	}
}

func TestVerifyOfNothing(t *testing.T) {
	for _, args := range [][]string{{"verify", "--data=" + t.TempDir()}, {"verify", "--database=postgres://x@127.0.0.1:1/x", "--data=" + t.TempDir()}} {
		if code, _, errs := command(t, args...); code != 2 || !strings.Contains(errs, "there is no key") {
			t.Errorf("%v: status %d, %s", args, code, errs)
		}
	}
	if code, _, errs := command(t, "verify"); code != 2 || !strings.Contains(errs, "name the files") {
		t.Errorf("status %d, %s", code, errs)
	}
}
