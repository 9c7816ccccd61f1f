package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// One flipped byte of an export, or of its signature, is found by recourse verify.
func TestExportIsSignedToTheByte(t *testing.T) {
	for _, format := range []string{"csv", "json"} {
		k := filled(t, "SQLite", 2)
		file := filepath.Join(t.TempDir(), "cases")
		mustRun(t, append([]string{"export", file, "--format=" + format}, k.flags...)...)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others can read the export: %v, %v", info.Mode(), err)
		}
		mustRun(t, "verify", file, "--data="+k.dir)
		for _, name := range []string{file, file + ".sig"} {
			good, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i := range good {
				if len(good) > 1000 && i%29 != 0 {
					continue
				}
				good[i] ^= 1
				put(t, name, good)
				if code, out, _ := command(t, "verify", file, "--data="+k.dir); code != 1 {
					t.Errorf("%s, byte %d: status %d, %s", filepath.Base(name), i, code, out)
				}
				good[i] ^= 1
			}
			put(t, name, good)
		}
	}
}

func TestExportChooses(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			k := filled(t, engine, 3) // received on 2026-11-20 at 12:03 UTC
			for options, want := range map[string]int{
				"": 3, "--shop=amber": 3, "--shop=other": 0, "--shop=other --shop=amber": 3, "--state=new": 3, "--state=closed": 0, "--form=withdrawal": 0, "--form=complaint": 3,
				"--from=2026-11-20 --until=2026-11-20": 3, "--from=2026-11-21": 0, "--until=2026-11-19": 0, "--until=2026-11-20 --zone=Pacific/Kiritimati": 0,
			} {
				args := append([]string{"export", "--format=json"}, k.flags...)
				var cases []map[string]any
				if err := json.Unmarshal([]byte(mustRun(t, append(args, strings.Fields(options)...)...)), &cases); err != nil || len(cases) != want {
					t.Errorf("%q: %d cases, %v; want %d", options, len(cases), err, want)
				}
			}
			out := mustRun(t, append([]string{"export", "--separator=;", "--bom", "--with-messages"}, k.flags...)...)
			if !strings.HasPrefix(out, "\ufeff\"reference\";\"shop\";") || !strings.Contains(out, ";\"messages\"\r\n") {
				t.Errorf("it begins with %.60q", out)
			}
			v, err := k.vaultFlags().existing(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer v.close()
			views, err := v.Views(t.Context(), 0, 100)
			if err != nil || len(views) != 14 || views[0].Login != "console" || views[0].What != "export" || views[0].Shop != "*" || views[0].Detail != "3 cases, csv" {
				t.Errorf("%d views, %+v, %v", len(views), views[0], err)
			}
		})
	}
	for _, args := range [][]string{{"export", "--state=old"}, {"export", "--format=xml"}, {"export", "--separator=x"}, {"export", "--from=today"}, {"export", "--zone=Berlin"}} {
		if code, _, _ := command(t, args...); code != 2 {
			t.Errorf("%v: status %d", args, code)
		}
	}
}
