// Package archive writes everything a server keeps into one file, and puts it back: into the same database or another, since the
// rows in it belong to no engine. A shop grows from SQLite to PostgreSQL by a backup and a restore.
//
// The file is a tar, compressed with gzip. Its members, in this order:
//
//	backup.json               the format, when it was made, the tables and their columns
//	key                       the server's key, unless it was left out
//	tables/cases/000001.jsonl rows as JSON arrays, in pieces of about a megabyte; and so on for every table
//	files/ID                  attachments
//	manifest.json             name, size and SHA-256 of every member above, and the number of rows
//	manifest.json.sig         the server's signature of the manifest, and with it of all the rest
//
// Writing needs memory for one piece and for the names of the attachments, not for the database. What others write meanwhile
// is not held up: all rows are of one moment. Sessions are left out, so everybody logs in again after a restore.
package archive

import (
	"errors"
	"time"

	"recourse/intake/seal"
	"recourse/intake/store"
)

const format = "recourse backup 1"

// Names of members.
const (
	headerName    = "backup.json"
	keyName       = "key"
	tablesFolder  = "tables/"
	filesFolder   = "files/"
	manifestName  = "manifest.json"
	signatureName = manifestName + ".sig"
)

// Header is what must be known before the rest can be read.
type Header struct {
	Format  string        `json:"format"`
	Program string        `json:"program"` // version of the program that wrote it
	Made    time.Time     `json:"made"`
	Key     string        `json:"key"` // fingerprint of the server's key
	Tables  []store.Table `json:"tables"`
}

// Manifest is what the archive holds.
type Manifest struct {
	Rows    map[string]int `json:"rows"`    // of each table
	Queued  int            `json:"queued"`  // letters that waited to be sent
	Missing []string       `json:"missing"` // attachments of cases whose bytes were not there any more
	Members []Member       `json:"members"`
}

// Member is a part of the archive.
type Member struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Sum  string `json:"sha256"`
}

// Contents is an archive that was read to its end and found whole.
type Contents struct {
	Header
	Manifest
	Secret []byte // the server's key; nil: it was left out
	Signed seal.Verified
}

// Errors of archives, told apart with errors.Is.
var (
	ErrDamaged = errors.New("the backup is damaged")
	ErrFormat  = errors.New("this is no backup of this program")
	ErrNewer   = errors.New("the backup was made by a newer program")
)
