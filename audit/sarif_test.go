package audit

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

func sarifReport() *Report {
	r := &Report{}
	r.scan("shop/über uns.html", []byte("<p>\nä OS-\nPlattform: "+deadLink+" "+deadLink))
	r.scan("https://shop.example/terms/?a=1", []byte(deadLink))
	r.scan("https://shop.example/", []byte("ODR platform"))
	r.Findings = append(r.Findings, Finding{Name: "agb.pdf", Place: "page 3", Level: Error, Rule: "odr-link", Match: deadLink, Text: "t", Fix: "f"})
	r.scan("/srv/a.txt", []byte(deadLink))
	r.skip("x.pdf", Failed, "damaged")
	r.Unused = []Allow{{Pattern: "old/**", Source: "allow.txt:1"}}
	r.Sort()
	return r
}

// The official schema knows no other keys than its own. The library that carries it reads the log
// into its own types first, so what it wrote again must be the same.
func TestSARIFSchema(t *testing.T) {
	for name, r := range map[string]*Report{"full": sarifReport(), "empty": {}} {
		var out bytes.Buffer
		if err := r.SARIF(&out); err != nil {
			t.Fatal(err)
		}
		log, err := sarif.FromBytes(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Validate(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
		again, err := json.Marshal(log)
		if err != nil {
			t.Fatal(err)
		}
		if lost := missing("", decodedJSON(t, out.Bytes()), decodedJSON(t, again)); lost != "" {
			t.Errorf("%s: the schema's types do not know %s", name, lost)
		}
	}
}

func decodedJSON(t *testing.T, data []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// missing names a key of a that b has not.
func missing(path string, a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		b, _ := b.(map[string]any)
		for key, value := range a {
			if _, ok := b[key]; !ok {
				return path + "." + key
			}
			if lost := missing(path+"."+key, value, b[key]); lost != "" {
				return lost
			}
		}
	case []any:
		b, _ := b.([]any)
		for i := range a {
			if i >= len(b) {
				return path + "[]"
			}
			if lost := missing(path+"[]", a[i], b[i]); lost != "" {
				return lost
			}
		}
	}
	return ""
}

func TestSARIFPlaces(t *testing.T) {
	r := sarifReport()
	rules := sarifRules(r.Findings)
	type place struct {
		uri    string
		region sarifRegion
		rule   string
	}
	var got []place
	prints := map[string]bool{}
	for _, result := range sarifResults(r.Findings, rules) {
		at := result.Locations[0].Physical
		got = append(got, place{at.Artifact["uri"], at.Region, rules[result.RuleIndex].ID})
		prints[at.Artifact["uri"]+result.Fingerprints["primaryLocationLineHash"]] = true
	}
	want := []place{
		{"file:///srv/a.txt", sarifRegion{1, 1, 1, 35}, "odr-link"},
		{"agb.pdf", sarifRegion{StartLine: 1}, "odr-link"},
		{"shop.example", sarifRegion{1, 1, 1, 13}, "odr-wording-any"},
		{"shop.example/terms/%3Fa=1", sarifRegion{1, 1, 1, 35}, "odr-link"},
		{"shop/%C3%BCber%20uns.html", sarifRegion{2, 3, 3, 10}, "odr-wording-de"},
		{"shop/%C3%BCber%20uns.html", sarifRegion{3, 12, 3, 46}, "odr-link"},
		{"shop/%C3%BCber%20uns.html", sarifRegion{3, 47, 3, 81}, "odr-link"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(place{})); diff != "" {
		t.Error(diff)
	}
	if len(prints) != len(want) {
		t.Errorf("%d fingerprints for %d findings", len(prints), len(want))
	}
}

// Lines that move do not make a finding a new one.
func TestFingerprint(t *testing.T) {
	before := Scan("a.html", []byte(deadLink))[0].fingerprint(map[string]int{})
	after := Scan("a.html", []byte("new\n\n  "+deadLink))[0].fingerprint(map[string]int{})
	if before != after {
		t.Errorf("%s became %s", before, after)
	}
}
