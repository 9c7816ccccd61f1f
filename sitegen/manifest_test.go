package sitegen

import (
	"encoding/json"
	"testing"
)

func TestManifestEncoding(t *testing.T) {
	for _, files := range []map[string]string{{}, {"a/b.html": "00ff"}, {"de-DE/ü<&>.html": "1", "index.html": "2", "a\"b": "3"}} {
		got, err := manifest{files}.encode()
		want, _ := json.MarshalIndent(manifest{files}, "", " ")
		if err != nil || string(got) != string(want)+"\n" {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}
