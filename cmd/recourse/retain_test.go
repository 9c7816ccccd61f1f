package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"recourse/intake/docket"
	"recourse/intake/retain"
	"recourse/shop"
)

// retention is a data folder with five cases of the shop amber, closed at a time, and the shop's file.
func retention(t *testing.T, closed time.Time, rules string) (k kept, file string) {
	t.Helper()
	k = filled(t, "SQLite", 5)
	v, err := k.vaultFlags().existing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	all, err := v.Cases(t.Context(), docket.Query{All: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range all {
		at := closed
		if i > 0 {
			at = time.Now()
		}
		if err := v.Change(t.Context(), c, docket.Closed, "accepted", "eva", at, nil); err != nil {
			t.Fatal(err)
		}
	}
	file = filepath.Join(t.TempDir(), "shop.toml")
	text := strings.Replace(string(shop.Template("amber", "Amber")), "retention_months = 36\n", "", 1) + rules
	put(t, file, []byte(text))
	return k, file
}

const twoYears = "\n[retention]\nwithdrawal = \"3 years\"\ncomplaint = \"2 years\"\nattachments = \"6 months\"\n"

func TestSEC47_RetainShowsAsksAndErases(t *testing.T) {
	k, file := retention(t, time.Now().AddDate(-2, 0, -2), twoYears)
	args := append([]string{"retain", "--shop=" + file}, k.flags...)
	out := mustRun(t, append(args, "--dry-run")...)
	if !strings.Contains(out, "amber has 5 cases and 5 attachments\n") || !strings.Contains(out, "1 complaint, closed before ") || !strings.Contains(out, "0 attachments of complaints") {
		t.Errorf("a dry run says %s", out)
	}
	if code, _, errs := command(t, args...); code != 1 || !strings.Contains(errs, "say --yes") {
		t.Errorf("without a terminal: status %d, %s", code, errs)
	}
	if out := mustRun(t, append(args, "--yes")...); !strings.Contains(out, "amber: erased 1 case and 0 attachments\n") {
		t.Errorf("it says %s", out)
	}
	if out := mustRun(t, append([]string{"retain", "--log"}, k.flags...)...); !strings.Contains(out, "1 case, 1 attachment  console") || strings.Count(out, "\n") != 1 {
		t.Errorf("the log says %s", out)
	}
	if left, _ := os.ReadDir(filepath.Join(k.dir, "files")); len(left) != 4 {
		t.Errorf("%d attachments are left; want 4", len(left))
	}
	mustRun(t, append([]string{"verify"}, k.flags...)...)
}

func TestOPS7_RetainRefusesMany(t *testing.T) {
	k, file := retention(t, time.Now().AddDate(-3, 0, 0), twoYears)
	v, err := k.vaultFlags().existing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k.exec(t, `UPDATE cases SET closed = '2020-01-01T00:00:00.000000Z'`)
	v.close()
	args := append([]string{"retain", "--yes", "--shop=" + file}, k.flags...)
	if code, _, errs := command(t, args...); code != 1 || !strings.Contains(errs, "5 of 5 cases") || !strings.Contains(errs, "--even-many") {
		t.Errorf("status %d, %s", code, errs)
	}
	if out := mustRun(t, append(args, "--even-many")...); !strings.Contains(out, "erased 5 cases") {
		t.Errorf("it says %s", out)
	}
}

func TestRetainOne(t *testing.T) {
	k, file := retention(t, time.Now(), "")
	if _, _, errs := command(t, append([]string{"retain", "--shop=" + file}, k.flags...)...); !strings.Contains(errs, "there is no [retention]") {
		t.Errorf("without rules: %s", errs)
	}
	v, err := k.vaultFlags().existing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	c, err := v.ByReference(t.Context(), k.first.Reference)
	if err != nil {
		t.Fatal(err)
	}
	typed := strings.ToLower(strings.ReplaceAll(c.Reference, "-", ""))
	args := append([]string{"retain", "--yes", "--case=" + typed}, k.flags...)
	if err := v.Hold(t.Context(), c, "Court of Rostock", "eva", time.Now()); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := command(t, args...); code != 1 || !strings.Contains(errs, "it is held: Court of Rostock") || !strings.Contains(errs, "Art 17(3)(e)") {
		t.Errorf("a held case: status %d, %s", code, errs)
	}
	if err := v.Hold(t.Context(), c, "", "eva", time.Now()); err != nil {
		t.Fatal(err)
	}
	if out := mustRun(t, args...); !strings.Contains(out, c.Reference+" is erased") {
		t.Errorf("it says %s", out)
	}
	if code, _, errs := command(t, args...); code != 1 || !strings.Contains(errs, "not found") {
		t.Errorf("a second time: status %d, %s", code, errs)
	}
	if code, _, errs := command(t, append([]string{"retain", "--case=nonsense"}, k.flags...)...); code != 1 || !strings.Contains(errs, "no reference") {
		t.Errorf("nonsense: status %d, %s", code, errs)
	}
}

// The work of the night erases what is due, and says so in its log without a word of what it was.
func TestSEC47_TheNightErasesByTheRules(t *testing.T) {
	k, file := retention(t, time.Now().AddDate(-2, 0, -2), twoYears)
	sh, err := readShop(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := k.vaultFlags().existing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	var log bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	night := retain.Keeper{Vault: retain.Vault{Store: v.Store, Files: v.files}, Shops: func() []*shop.Shop { return []*shop.Shop{sh} }, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Now: func() time.Time { time.AfterFunc(time.Second, stop); return time.Now() }}
	night.Run(ctx)
	if n, err := v.Count(t.Context(), docket.Query{All: true}); n != 4 || err != nil {
		t.Errorf("%d cases are left, %v", n, err)
	}
	if line := log.String(); !strings.Contains(line, "shop=amber cases=1 attachments=0") || strings.Contains(line, k.first.Reference) {
		t.Errorf("the log says %s", line)
	}
}
