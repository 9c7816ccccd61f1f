package check

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"testing/fstest"

	"recourse/content"
	"recourse/day"
	"recourse/law"
	"recourse/shop"
)

// noticeFindings checks a shop whose project holds these files.
func noticeFindings(t *testing.T, files map[string]string, today day.Day, country string, tags ...string) (found []Finding) {
	t.Helper()
	s := sound()
	s.Markets = shop.Markets{country: tags}
	if country == "FR" {
		s.Disputes.Bodies = []shop.Body{mediator("FR")}
	}
	in := input(t, s)
	own := fstest.MapFS{}
	for name, text := range files {
		own[name] = &fstest.MapFile{Data: []byte(text)}
	}
	in.Content, in.Folder, in.Today = content.Overlay(own, content.FS), texts, today
	for _, f := range check(t, in) {
		if f.ID == noticeMissing.ID || f.ID == noticeAltered.ID || f.ID == noticeOwn.ID {
			found = append(found, f)
		}
	}
	return found
}

func TestNoticeMissing(t *testing.T) {
	compare(t, noticeFindings(t, nil, today, "DE", "de", "en", "uk"), []string{
		"error notice-missing DE markets.DE: no harmonised notice on the legal guarantee in German",
		"error notice-missing DE markets.DE: no harmonised notice on the legal guarantee in English",
	})
	compare(t, noticeFindings(t, map[string]string{"de/notices/harmonised.svg": "x"}, today, "DE", "de"), nil)
	compare(t, noticeFindings(t, nil, day.Of(2026, 9, 26), "DE", "de"), nil)
	compare(t, noticeFindings(t, nil, today, "CH", "de"), nil)
	compare(t, noticeFindings(t, map[string]string{"fr/notices/harmonised.svg": "x"}, today, "FR", "fr"),
		[]string{"warning notice-own FR markets.FR: in a box"})
}

// A file is compared with what was noted when it was downloaded.
func TestNoticeAltered(t *testing.T) {
	line := fmt.Sprintf("%x  harmonised.svg\n", sha256.Sum256([]byte("official")))
	files := map[string]string{"de/notices/harmonised.svg": "official", "de/notices/SHA256SUMS": "0 other.png\n" + line}
	compare(t, noticeFindings(t, files, today, "DE", "de"), nil)
	files["de/notices/harmonised.svg"] = "Official"
	found := noticeFindings(t, files, today, "DE", "de")
	compare(t, found, []string{"error notice-altered DE de/notices/harmonised.svg: not the file its authority published"})
	if want := "texts/de/notices/harmonised.svg"; found[0].File != want {
		t.Errorf("found in %q, want %q", found[0].File, want)
	}
}

// A sum that the law's data holds counts for its language.
func TestNoticeKnownSum(t *testing.T) {
	act := law.Act{Files: []law.File{{Language: "de", SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte("official")))}}}
	in := input(t, sound())
	in.Content = content.Overlay(fstest.MapFS{"de/notices/harmonised.svg": &fstest.MapFile{Data: []byte("other")}}, content.FS)
	for tag, want := range map[string]int{"de": 1, "en": 0} {
		m := market{run: newRun(in)}
		if m.unaltered(tag, "de/notices/harmonised.svg", act); len(m.found) != want {
			t.Errorf("%s: %v, want %d findings", tag, m.found, want)
		}
	}
}
