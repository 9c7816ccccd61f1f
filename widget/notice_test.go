package widget

import (
	"os"
	"strings"
	"testing"
)

// The cases are in testdata/notice.txt: a name, HTML, the title and the tree as JSON, each part under a line of dashes.
func TestParseNotice(t *testing.T) {
	data, err := os.ReadFile("testdata/notice.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(strings.TrimSpace(string(data)), "\n====\n")
	if len(cases) < 8 {
		t.Fatalf("only %d cases in testdata/notice.txt", len(cases))
	}
	for _, c := range cases {
		part := strings.Split(c, "\n----\n")
		if len(part) != 4 {
			t.Fatalf("case %q has %d parts, want 4", part[0], len(part))
		}
		t.Run(part[0], func(t *testing.T) {
			title, nodes, err := parseNotice(part[1])
			if err != nil {
				t.Fatal(err)
			}
			got, err := encode(nodes)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimSpace(part[2]); title != want {
				t.Errorf("title %q, want %q", title, want)
			}
			if want := strings.TrimSpace(part[3]); got != want {
				t.Errorf("tree\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// A comma between two elements keeps the space behind it.
func TestNoticeSpaces(t *testing.T) {
	_, nodes, err := parseNotice("<p><strong>Body</strong>, <a href=\"/x\">site</a> <em>and</em> more</p>")
	if err != nil {
		t.Fatal(err)
	}
	got, err := encode(nodes)
	if want := `[["p",["strong","Body"],", ",["a",{"href":"/x"},"site"]," ",["em","and"]," more"]]`; err != nil || got != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestNoticeLinks(t *testing.T) {
	for href, ok := range map[string]bool{
		"https://adr.example/form": true, "http://adr.example": true, "mailto:a@b.example": true, "tel:+49381": true, "../privacy/": true, "#top": true,
		"javascript:alert(1)": false, " java\tscript:alert(1)": false, "data:text/html,x": false, "vbscript:x": false, "blob:x": false, "JAVASCRIPT:x": false,
	} {
		_, _, err := parseNotice(`<p><a href="` + href + `">x</a></p>`)
		if (err == nil) != ok {
			t.Errorf("link %q: error %v", href, err)
		}
		if err != nil && !strings.Contains(err.Error(), "link to") {
			t.Errorf("link %q: the error %q does not say that it is about a link", href, err)
		}
	}
}

// The notice can be read for other countries, each in a file that locales of the same language share.
func TestNoticesOfCountries(t *testing.T) {
	in := demoInput(t)
	for i := range in.Locales {
		in.Locales[i].Countries = []Country{{"AT", "Austria"}, {"DE", "Germany"}, {"FR", "France"}}
	}
	in.Notices["en-AT"] = noticeOf("<p>For Austria.</p>")
	files := bundle(t, in)
	austria, text := named(t, files, "assets/disputes-en-AT.*.json")
	if got, want := string(text), `{"nodes":[["p","For Austria."]]}`; got != want {
		t.Errorf("%s is %s, want %s", austria, got, want)
	}
	germany, _ := named(t, files, "assets/disputes-en-DE.*.json")
	for _, tag := range []string{"AT", "DE"} {
		_, own := named(t, files, "en-"+tag+"/disputes.*.json")
		want := `"country":"` + tag + `","countries":[` +
			`{"code":"AT","name":"Austria","file":"` + strings.TrimPrefix(austria, "assets/") + `"},` +
			`{"code":"DE","name":"Germany","file":"` + strings.TrimPrefix(germany, "assets/") + `"}]}`
		if !strings.HasSuffix(string(own), want) {
			t.Errorf("the notice of %s is %s, want it to end in %s", tag, own, want)
		}
	}
	in.Notices = nil
	for name := range bundle(t, in) {
		if strings.Contains(name, "disputes") {
			t.Errorf("%s is made although no notice is shown", name)
		}
	}
}
