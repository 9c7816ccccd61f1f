package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"recourse/intake"
	"recourse/intake/seal"
)

// signedFolder is the working directory with a key, a receipt, an export and its signature.
func signedFolder(t *testing.T) *seal.Sealer {
	t.Chdir(t.TempDir())
	key, err := intake.Key("key")
	if err != nil {
		t.Fatal(err)
	}
	s, export := seal.New(key), []byte("reference,name\n4K7Q-2M3X-9TR,Zoë\n")
	put(t, "receipt.txt", []byte(s.Seal("Received: your withdrawal\n\nName: Zoë \n", time.Now())))
	put(t, "cases.csv", export)
	put(t, "cases.csv.sig", s.SealBytes(export, time.Now()))
	return s
}

func put(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func verifyStatus(t *testing.T, args ...string) int {
	return run(t.Context(), append([]string{"verify", "--data=."}, args...), io.Discard, io.Discard)
}

func TestVerifyStatus(t *testing.T) {
	signedFolder(t)
	put(t, "plain.txt", []byte("plain"))
	put(t, "empty.txt", nil)
	put(t, "lost.csv.sig", []byte("x"))
	tests := []struct {
		file string
		want int
	}{
		{"receipt.txt", 0}, {"cases.csv", 0}, {"cases.csv.sig", 0}, {"plain.txt", 1}, {"empty.txt", 1}, {"lost.csv.sig", 1}, {"absent.txt", 2}, {".", 2},
	}
	for _, test := range tests {
		if got := verifyStatus(t, "receipt.txt", test.file); got != test.want {
			t.Errorf("verify %s ends with status %d, want %d", test.file, got, test.want)
		}
	}
	if got := verifyStatus(t, "absent.txt", "plain.txt"); got != 1 {
		t.Errorf("what was found goes before what could not be read: status %d", got)
	}
}

// One changed bit anywhere, in the receipt, the export or its signature, is found by the command.
func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	signedFolder(t)
	for name, asked := range map[string]string{"receipt.txt": "receipt.txt", "cases.csv": "cases.csv", "cases.csv.sig": "cases.csv"} {
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			changed := bytes.Clone(good)
			changed[i] ^= 1
			put(t, name, changed)
			if got := verifyStatus(t, asked); got != 1 {
				t.Errorf("%s, byte %d: status %d", name, i, got)
			}
		}
		put(t, name, good)
		if got := verifyStatus(t, asked); got != 0 {
			t.Errorf("%s, as it was: status %d", name, got)
		}
	}
}

// A text too large for memory is looked up beside itself only, and is read as a stream.
func TestVerifyLarge(t *testing.T) {
	s := signedFolder(t)
	put(t, "backup.tar", []byte(s.Seal("inside", time.Now())))
	if err := os.Truncate("backup.tar", largestText+1); err != nil {
		t.Fatal(err)
	}
	if got := verifyStatus(t, "backup.tar"); got != 1 {
		t.Errorf("without a signature: status %d", got)
	}
	f, err := os.Open("backup.tar")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := seal.NewDigest()
	if _, err := io.Copy(d, f); err != nil {
		t.Fatal(err)
	}
	put(t, "backup.tar.sig", s.SealDigest(d, time.Now()))
	if got := verifyStatus(t, "backup.tar"); got != 0 {
		t.Errorf("with its signature: status %d", got)
	}
}

// An export may hold what a consumer wrote, and that may look like a signature: the one beside the file counts then.
func TestVerifyExportThatMentionsSignatures(t *testing.T) {
	s := signedFolder(t)
	export := []byte(s.Seal("a receipt in a case", time.Now()) + "end of the export\n")
	put(t, "cases.json", export)
	if got := verifyStatus(t, "cases.json"); got != 1 {
		t.Errorf("without a signature: status %d", got)
	}
	put(t, "cases.json.sig", s.SealBytes(export, time.Now()))
	if got := verifyStatus(t, "cases.json"); got != 0 {
		t.Errorf("with its signature: status %d", got)
	}
}

// The name of a file cannot forge a line of the report.
func TestVerifyPrintsNamesOnOneLine(t *testing.T) {
	signedFolder(t)
	name := "x\nother.txt: genuine"
	put(t, name, nil)
	var out bytes.Buffer
	run(t.Context(), []string{"verify", name}, &out, io.Discard)
	if strings.Count(out.String(), "\n") != 1 || !strings.HasPrefix(out.String(), `"x\nother.txt: genuine": not signed`) {
		t.Errorf("printed %q", out.String())
	}
	out.Reset()
	run(t.Context(), []string{"verify", "--json", name}, &out, io.Discard)
	var report struct{ Files []verdict }
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || len(report.Files) != 1 || report.Files[0].File != name || report.Files[0].State != "unsigned" {
		t.Errorf("printed %s, %v", out.String(), err)
	}
}

// Who does not trust our program checks with OpenSSL, by the lines in docs/verifying.md.
func TestVerifyWithOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	docs, err := os.ReadFile(filepath.Join("..", "..", "docs", "verifying.md"))
	if err != nil {
		t.Fatal(err)
	}
	recipe := regexp.MustCompile("(?s)```sh\n(.*?)```").FindSubmatch(docs)
	if recipe == nil {
		t.Fatal("docs/verifying.md has no recipe")
	}
	signedFolder(t)
	signed, err := os.ReadFile("receipt.txt")
	if err != nil {
		t.Fatal(err)
	}
	put(t, "windows.txt", append([]byte("\uFEFF"), bytes.ReplaceAll(signed, []byte("\n"), []byte("\r\n"))...))
	for _, test := range []struct {
		file, purpose string
		flip          int
		want          string
	}{
		{"receipt.txt", "text", -1, "Signature Verified Successfully"},
		{"windows.txt", "text", -1, "Signature Verified Successfully"},
		{"cases.csv.sig", "file", -1, "Signature Verified Successfully"},
		{"receipt.txt", "text", 3, "Signature Verification Failure"},
	} {
		data, err := os.ReadFile(test.file)
		if err != nil {
			t.Fatal(err)
		}
		if test.flip >= 0 {
			data[test.flip] ^= 1
		}
		put(t, "checked.txt", data)
		lines := strings.NewReplacer("file=receipt.txt", "file=checked.txt", "purpose=text", "purpose="+test.purpose).Replace(string(recipe[1]))
		if out, _ := exec.CommandContext(t.Context(), "sh", "-c", lines).CombinedOutput(); !strings.Contains(string(out), test.want) {
			t.Errorf("%s: %s", test.file, out)
		}
	}
}
