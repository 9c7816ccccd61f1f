package inbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
)

func TestPasswordIsDrawnOnce(t *testing.T) {
	dir := t.TempDir()
	hash, fresh, err := Password(dir, "")
	if err != nil || fresh != filepath.Join(dir, plainFile) {
		t.Fatalf("Password = %q, %v", fresh, err)
	}
	plain, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := argon2id.ComparePasswordAndHash(strings.TrimSpace(string(plain)), hash); !ok || err != nil {
		t.Errorf("the password in the file does not fit: %v, %v", ok, err)
	}
	for _, name := range []string{plainFile, hashFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v, %v", name, info.Mode(), err)
		}
	}
	// The owner has read the file and deleted it, as the login page advises.
	if err := os.Remove(fresh); err != nil {
		t.Fatal(err)
	}
	again, fresh, err := Password(dir, "")
	if err != nil || again != hash || fresh != "" {
		t.Errorf("the second start has another password, %q, %v", fresh, err)
	}
}

func TestGivenPasswordCounts(t *testing.T) {
	dir := t.TempDir()
	hash, fresh, err := Password(dir, "correct horse")
	if err != nil || fresh != "" {
		t.Fatalf("Password = %q, %v", fresh, err)
	}
	if ok, err := argon2id.ComparePasswordAndHash("correct horse", hash); !ok || err != nil {
		t.Errorf("the given password does not fit: %v, %v", ok, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("a password from the environment was written to the disk: %v, %v", files, err)
	}
}
