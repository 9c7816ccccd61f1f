package pagetest

import "testing"

// TestFinds: each of these would be a hole.
func TestFinds(t *testing.T) {
	const before, after = `<!doctype html><html><head><title>x</title></head><body><main id="main">`, `</main></body></html>`
	if err := Page("a.html", []byte(before+`<p>x <a href="../b/" title="&quot;">y</a></p>`+after)); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`<script>alert(1)</script>`, `<script src="https://evil.example/x.js"></script>`, `<img src="x">`, `<p onclick="x">a</p>`,
		`<p style="x">a</p>`, `<a href="java&#9;script:x">a</a>`, `<a href=" data:x">a</a>`, `<p>a`, `a</p>`, `<em><strong>a</em></strong>`,
		`<p><p>a</p></p>`, `<p>a</p></main><main>`, `<table><p>a</p></table>`, `<!-- a -->`, `<br/>`, `<a href="#ZgotmplZ">a</a>`, "\xff",
		`<svg><a></a></svg>`, `<iframe srcdoc="x"></iframe>`, `<meta http-equiv="refresh" content="0">`,
	} {
		if Page("a.html", []byte(before+text+after)) == nil {
			t.Errorf("nothing is found in %s", text)
		}
	}
	for _, text := range []string{`<h2 id="body">a</h2>`, `<script src="recourse.js"></script>`, `<form></form>`, `<p aria-hidden="true">a</p>`} {
		if Text([]byte(text)) == nil {
			t.Errorf("nothing is found in the text %s", text)
		}
	}
	for name, file := range map[string]string{
		"a.json": `{"a":`, "b.json": "\"\u2028\"", "a.js": `"</SCRIPT>"`, "a.xml": "<a>&b;</a>", "b.xml": "<loc>javascript:x</loc>", "robots.txt": "Sitemap: \u202e",
	} {
		if Page(name, []byte(file)) == nil {
			t.Errorf("nothing is found in %s: %s", name, file)
		}
	}
}
