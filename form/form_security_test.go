package form_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"recourse/form"
)

var types = []form.Type{form.Line, form.Email, form.Date, form.Choice, form.Text, form.Files, form.Items}

// TestSEC2_NothingInvisibleIsLeft goes through all characters: controls, byte order mark, zero-width space and bidi controls
// disappear everywhere, line breaks have one form, and what people can see stays.
func TestSEC2_NothingInvisibleIsLeft(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 || unicode.In(r, unicode.Co) {
			continue
		}
		for _, typ := range types {
			several := typ == form.Text || typ == form.Files || typ == form.Items
			want := "a" + string(r) + "b"
			switch {
			case r >= '\n' && r <= '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
				want = map[bool]string{true: "a\nb", false: "a b"}[several]
			case r == '\t' && !several:
				want = "a b"
			case r == '\t':
			case unicode.Is(unicode.Cc, r), r == 0xfeff, r == 0x200b, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
				want = "ab"
			case (typ == form.Email || typ == form.Date) && hiddenInAddress(r):
				want = "ab"
			}
			if got := form.Clean(typ, "a"+string(r)+"b"); got != want {
				t.Fatalf("%s: %U between a and b becomes %+q, want %+q", typ, r, got, want)
			}
		}
	}
	for _, typ := range types {
		if got := form.Clean(typ, "\u00a0\u3000 a \u2003\n"); got != "a" {
			t.Errorf("%s: white space around a value leaves %+q", typ, got)
		}
	}
}

// hiddenInAddress: soft hyphen, joiners and marks of direction mean something in words, and in an address or a date nothing.
func hiddenInAddress(r rune) bool {
	return strings.ContainsRune("\u00ad\u061c\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064", r)
}

// TestSEC2_WhatPeopleWroteStays: names keep their apostrophes, brackets, joiners and accents.
func TestSEC2_WhatPeopleWroteStays(t *testing.T) {
	for _, text := range []string{"O'Connor & <b>", "=1+1", "می\u200cخواهم", "👩\u200d👩\u200d👧", "Zoë", "Łódź", "a\u0301", "Z" + strings.Repeat("\u0335", 12), "100 %", "C:\\x", "“quoted”"} {
		if got := form.Clean(form.Line, norm.NFC.String(text)); got != norm.NFC.String(text) {
			t.Errorf("%+q becomes %+q", text, got)
		}
	}
}

func TestSEC3_NoNULIsLeft(t *testing.T) {
	for _, typ := range types {
		if got := form.Clean(typ, "\x00a\x00b\x00"); got != "ab" {
			t.Errorf("%s: %+q", typ, got)
		}
	}
}

// TestSEC20_EMailAddresses is the list of what other parsers let through. The WebAssembly module runs the same rule
// and is held against the same tables.
func TestSEC20_EMailAddresses(t *testing.T) {
	f, _ := form.Lookup("withdrawal")
	email, _ := f.Field("email")
	for _, wrong := range []string{"Foo <a@b.de>", "a@b.de (x)", "<a@b.de>", "x:a@b.de;", "a@[127.0.0.1]", "a@127.0.0.1", "a@-b.de", "a@b-.de", "a@b_c.de", "a@b", "a@b..de", "a@.b.de",
		"a@b.de.", strings.Repeat("a", 65) + "@b.de", "a@" + strings.Repeat("b.", 127) + "de", "a@" + strings.Repeat("b", 64) + ".de", "a@@b.de", "a@b@c.de", "\"a\"@b.de", "a b@c.de", ".a@b.de", "a.@b.de", "a..b@c.de",
		"a@b.de,c@d.de", "a@b.de;c@d.de", "a@b.de\r\nBcc: c@d.de", "a@b.d", "a@b.12", "a(x)@b.de", "a@b.de\\", "@b.de", "a@"} {
		if rule, _ := email.Check(wrong, 0, nil); rule == form.OK {
			t.Errorf("%q is accepted", wrong)
		}
	}
	for _, right := range []string{"a@b.de", "o'connor+x@sub.example.org", "a@b\u200b.de", "\u202aa@b.de\u202c", "jürgen@müller.de", "иван@пример.бг", strings.Repeat("a", 64) + "@b.de"} {
		if rule, _ := email.Check(right, 0, nil); rule != form.OK {
			t.Errorf("%q is refused: %s", right, rule)
		}
	}
}
