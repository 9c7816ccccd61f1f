package seal_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"recourse/intake/seal"
)

var (
	server  = seal.New(bytes.Repeat([]byte("server"), 8))
	other   = seal.New(bytes.Repeat([]byte("others"), 8))
	moment  = time.Date(2026, 11, 20, 14, 3, 12, 345e6, time.FixedZone("CET", 3600))
	receipt = "Received: your withdrawal\n\nReference: 4K7Q-2M3X-9TR \nName: Zoë Müller\n\tItem  2\n"
)

const marker = "-- Recourse signature --\n"

// same is what counts as no change, written down a second time: byte order marks in front, carriage returns before
// line feeds, ends of lines at the end.
func same(a, b string) bool { return plain(a) == plain(b) }

var (
	marks = regexp.MustCompile("^\uFEFF+")
	ends  = regexp.MustCompile(`\r*\n`)
	last  = regexp.MustCompile(`[\r\n]+$`)
)

func plain(s string) string {
	return last.ReplaceAllString(ends.ReplaceAllString(marks.ReplaceAllString(s, ""), "\n"), "")
}

// The format is frozen: what was signed once is to be checked in ten years.
func TestFormat(t *testing.T) {
	const want = receiptStart + `
-- Recourse signature --
Signed: 2026-11-20T13:03:12Z
Key: UXbh44YordO5WCEFgfkh+bq0OBMsesN3VTHRxyml/NM=
Signature: osa1YT+LtbNil0GqmEMY1vFGVSqkjjJQ14krQh9O3AVDu3BGD449N5OCErKPym1N0hOPlaVRt1nqKJZ9AgcZBA==
`
	if got := server.Seal(receiptStart, moment); got != want {
		t.Errorf("signed:\n%s\nwant:\n%s", got, want)
	}
}

const receiptStart = "Received: your withdrawal\n"

func TestOpen(t *testing.T) {
	texts := []string{
		"", "\n", "no line feed at the end", receipt, "\n\n text \n\n", "a\rb\n", "\xff\x00 not UTF-8 \xfe\n", "in the middle \uFEFF\n",
		marker, "quoted:\n" + marker + "and more", "\n" + marker + "Signed: no\nKey: no\nSignature: no\n", server.Seal(receipt, moment), other.Seal("", moment),
	}
	for _, text := range texts {
		v, err := seal.Open([]byte(server.Seal(text, moment)))
		if err != nil || v.Text != text {
			t.Errorf("%q became %q, %v", text, v.Text, err)
		}
		if !v.At.Equal(moment.Truncate(time.Second)) || !v.Key.Equal(server.Public()) || v.Fingerprint() != server.Fingerprint() {
			t.Errorf("%q: signed %s by %s", text, v.At, v.Fingerprint())
		}
	}
}

// What happens to files on their way.
func TestHarmless(t *testing.T) {
	signed := server.Seal(receipt, moment)
	crlf := strings.ReplaceAll(signed, "\n", "\r\n")
	for _, document := range []string{
		crlf, strings.ReplaceAll(crlf, "\n", "\r\n"), "\uFEFF" + signed, "\uFEFF\uFEFF" + crlf, strings.TrimSuffix(signed, "\n"), strings.TrimSuffix(crlf, "\n"),
		signed + "\n\r\n",
	} {
		if v, err := seal.Open([]byte(document)); err != nil || v.Text != receipt {
			t.Errorf("%q: %q, %v", document, v.Text, err)
		}
	}
	for _, text := range []string{"\uFEFF" + receipt, strings.ReplaceAll(receipt, "\n", "\r\n"), receipt[:len(receipt)-1] + "\r\r\n"} {
		if got := server.Seal(text, moment); got != signed {
			t.Errorf("%q is signed as %q", text, got)
		}
	}
	for text, want := range map[string]string{"a\r": "a", "\uFEFF": "", "\r\n\r": "\n", "\uFEFF\r\n\uFEFF": "\n\uFEFF"} {
		if v, err := seal.Open([]byte(server.Seal(text, moment))); err != nil || v.Text != want {
			t.Errorf("%q became %q, %v", text, v.Text, err)
		}
	}
}

// Every change of one bit in every byte is found: no flip makes an end of line of another one.
func TestEveryFlippedBit(t *testing.T) {
	data := []byte("reference,name\n4K7Q-2M3X-9TR,Zoë\n")
	sig := server.SealBytes(data, moment)
	tests := map[string]struct {
		document []byte
		open     func([]byte) error
	}{
		"receipt": {[]byte(server.Seal(receipt, moment)), openText},
		"file":    {data, func(data []byte) error { return openFile(data, sig) }},
		"sig":     {sig, func(sig []byte) error { return openFile(data, sig) }},
	}
	for name, test := range tests {
		if err := test.open(test.document); err != nil {
			t.Fatalf("%s, unchanged: %v", name, err)
		}
		for i := range test.document {
			for bit := range 8 {
				changed := bytes.Clone(test.document)
				changed[i] ^= 1 << bit
				if err := test.open(changed); !found(err) {
					t.Errorf("%s: byte %d, bit %d: %v", name, i, bit, err)
				}
			}
		}
	}
}

// Bytes put in, taken out, doubled, replaced, and everything cut off from there on.
func TestEveryEdit(t *testing.T) {
	signed := server.Seal(receipt, moment)
	sig := string(server.SealBytes([]byte(receipt), moment))
	for i := range len(signed) {
		for _, put := range []string{"", " ", "\n", "\r", "\r\n", "\t", "=", "A", "a", "0", "\x00", "\uFEFF", "\u00a0", signed[i : i+1]} {
			try(t, "receipt", signed, signed[:i]+put+signed[i:], openText)
			try(t, "receipt", signed, signed[:i]+put+signed[i+1:], openText)
		}
		try(t, "receipt", signed, signed[:i], openText)
		try(t, "receipt", signed, signed[i:], openText)
	}
	for i := range len(sig) {
		openSig := func(sig []byte) error { return openFile([]byte(receipt), sig) }
		for _, put := range []string{"", " ", "\n", "\r", "=", "A", "0", "\uFEFF"} {
			try(t, "sig", sig, sig[:i]+put+sig[i:], openSig)
			try(t, "sig", sig, sig[:i]+put+sig[i+1:], openSig)
		}
		try(t, "sig", sig, sig[:i], openSig)
	}
	for i := range len(receipt) {
		for _, changed := range []string{receipt[:i], receipt[i+1:], receipt[:i] + "\r" + receipt[i:], receipt + receipt[:i+1]} {
			if err := openFile([]byte(changed), []byte(sig)); !errors.Is(err, seal.ErrChanged) {
				t.Errorf("file %q: %v", changed, err)
			}
		}
	}
}

func try(t *testing.T, name, original, changed string, open func([]byte) error) {
	t.Helper()
	err := open([]byte(changed))
	if harmless := same(original, changed); harmless && err != nil || !harmless && !found(err) {
		t.Errorf("%s %q: %v", name, changed, err)
	}
}

func found(err error) bool {
	return errors.Is(err, seal.ErrChanged) || errors.Is(err, seal.ErrDamaged) || errors.Is(err, seal.ErrUnsigned)
}

func openText(document []byte) error { _, err := seal.Open(document); return err }

func openFile(data, sig []byte) error {
	_, err := seal.OpenDetached(bytes.NewReader(data), sig)
	return err
}

// What is wrong is said in words, and can be told apart.
func TestErrors(t *testing.T) {
	signed, block := server.Seal(receipt, moment), server.Seal("", moment)
	later := server.Seal(receipt, moment.Add(time.Second))
	text, blockOf := signed[:len(receipt)], func(s string) string { return s[strings.Index(s, "\n"+marker):] }
	sig := string(server.SealBytes([]byte(receipt), moment))
	lines := strings.SplitAfter(signed, "\n")
	end := len(lines) - 1 // behind the last line feed is nothing
	tests := map[string]struct {
		document string
		want     error
		says     string
	}{
		"empty":                 {"", seal.ErrUnsigned, "no signature at the end"},
		"plain":                 {receipt, seal.ErrUnsigned, "no signature at the end"},
		"utf-16":                {"\xff\xfeR\x00e\x00", seal.ErrUnsigned, "UTF-16"},
		"a word":                {strings.Replace(signed, "withdrawal", "complaint", 1), seal.ErrChanged, "does not match"},
		"a space at a line end": {strings.Replace(signed, "9TR \n", "9TR\n", 1), seal.ErrChanged, "does not match"},
		"text below":            {signed + "P.S. I agree\n", seal.ErrChanged, "text below"},
		"text above":            {"I agree\n" + signed, seal.ErrChanged, "does not match"},
		"block of another":      {text + blockOf(server.Seal("another", moment)), seal.ErrChanged, "does not match"},
		"block of a later one":  {text + blockOf(later), nil, ""},
		"two blocks":            {signed + blockOf(later), seal.ErrChanged, "two signatures"},
		"two blocks, no space":  {signed + blockOf(later)[1:], seal.ErrChanged, "two signatures"},
		"two blocks, other key": {signed + blockOf(other.Seal(receipt, moment)), seal.ErrChanged, "two signatures"},
		"times swapped":         {strings.Replace(signed, "13:03:12Z", "13:03:13Z", 1), seal.ErrChanged, "does not match"},
		"other zone":            {strings.Replace(signed, "13:03:12Z", "14:03:12+01:00", 1), seal.ErrDamaged, "a character"},
		"fraction":              {strings.Replace(signed, "13:03:12Z", "13:03:12.0Z", 1), seal.ErrDamaged, "a character"},
		"no time":               {strings.Replace(signed, "13:03:12Z", "yesterday", 1), seal.ErrDamaged, "a character"},
		"other key":             {strings.Replace(signed, lines[end-2], strings.SplitAfter(other.Seal(receipt, moment), "\n")[end-2], 1), seal.ErrChanged, "does not match"},
		"lines swapped":         {text + "\n" + marker + lines[end-3] + lines[end-1] + lines[end-2], seal.ErrDamaged, `"Key"`},
		"short key":             {strings.Replace(signed, lines[end-2], "Key: AAAA\n", 1), seal.ErrDamaged, `"Key"`},
		"short signature":       {strings.Replace(signed, lines[end-1], "Signature: AAAA\n", 1), seal.ErrDamaged, `"Signature"`},
		"cut off":               {strings.TrimSuffix(signed, lines[end-1]), seal.ErrDamaged, "end is missing"},
		"block in block":        {signed + block, seal.ErrChanged, "two signatures"},
		"signature of a file":   {sig, seal.ErrChanged, "does not match"},
	}
	for name, test := range tests {
		_, err := seal.Open([]byte(test.document))
		if !errors.Is(err, test.want) || !strings.Contains(fmt.Sprint(err), test.says) {
			t.Errorf("%s: %v, want %v, %q", name, err, test.want, test.says)
		}
	}
}

// Base 64 leaves bits of the last character unused, and decoders forgive line ends: neither is a second way to write
// a signature.
func TestBase64IsWrittenOneWay(t *testing.T) {
	signed := server.Seal(receipt, moment)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for _, label := range []string{"Key: ", "Signature: "} {
		line := regexp.MustCompile(label + "[^=]+").FindStringIndex(signed)
		i := line[1] - 1
		for _, c := range alphabet {
			if changed := signed[:i] + string(c) + signed[i+1:]; changed != signed && openText([]byte(changed)) == nil {
				t.Errorf("%q is as good as %q", changed, signed)
			}
		}
	}
}

func TestDetached(t *testing.T) {
	data := []byte("a,b\r\n1,2\r\n")
	sig := server.SealBytes(data, moment)
	v, err := seal.OpenDetached(bytes.NewReader(data), sig)
	if err != nil || !v.At.Equal(moment.Truncate(time.Second)) || !v.Key.Equal(server.Public()) || !strings.HasSuffix(v.Text, "\nSize: 10 bytes\n") {
		t.Errorf("%v, %v", v, err)
	}
	digest := seal.NewDigest()
	io.Copy(digest, iotest.OneByteReader(bytes.NewReader(data)))
	if streamed := server.SealDigest(digest, moment); !bytes.Equal(streamed, sig) {
		t.Errorf("in a stream: %s\nat once: %s", streamed, sig)
	}
	crlf := bytes.ReplaceAll(sig, []byte("\n"), []byte("\r\n"))
	if err := openFile(data, crlf); err != nil {
		t.Errorf("line ends of the signature: %v", err)
	}
	tests := map[string]struct {
		data, sig []byte
		want      error
		says      string
	}{
		"cut off":        {data[:4], sig, seal.ErrChanged, "4 bytes of the 10"},
		"longer":         {append(data[:10:10], 0), sig, seal.ErrChanged, "11 bytes where 10"},
		"same size":      {[]byte("a,b\r\n1,3\r\n"), sig, seal.ErrChanged, "does not match"},
		"line ends":      {[]byte("a,b\n1,2\n"), sig, seal.ErrChanged, "8 bytes of the 10"},
		"of another":     {data, server.SealBytes(data[:4], moment), seal.ErrChanged, "10 bytes where 4"},
		"nothing":        {data, nil, seal.ErrUnsigned, "beside it"},
		"a signed text":  {data, []byte(server.Seal(v.Text, moment)), seal.ErrChanged, "beside it is no good"},
		"block replaced": {data, []byte(v.Text + server.Seal("", moment)), seal.ErrChanged, "beside it is no good"},
	}
	for name, test := range tests {
		if err := openFile(test.data, test.sig); !errors.Is(err, test.want) || !strings.Contains(fmt.Sprint(err), test.says) {
			t.Errorf("%s: %v, want %v, %q", name, err, test.want, test.says)
		}
	}
	broken := errors.New("disk")
	if _, err := seal.OpenDetached(iotest.ErrReader(broken), sig); !errors.Is(err, broken) || found(err) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

func TestBy(t *testing.T) {
	forged, err := seal.Open([]byte(other.Seal(receipt, moment)))
	if err != nil {
		t.Fatal(err)
	}
	if err := forged.By(server.Fingerprint()); !errors.Is(err, seal.ErrOtherKey) || !strings.Contains(err.Error(), other.Fingerprint()) {
		t.Errorf("another key: %v", err)
	}
	if err := forged.By(); !errors.Is(err, seal.ErrOtherKey) {
		t.Errorf("no key: %v", err)
	}
	if err := forged.By(server.Fingerprint(), other.Fingerprint()); err != nil {
		t.Errorf("one of two keys: %v", err)
	}
}

func TestFingerprint(t *testing.T) {
	print := server.Fingerprint()
	if !regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(print) || print == other.Fingerprint() {
		t.Errorf("fingerprints %s and %s", print, other.Fingerprint())
	}
	if print != seal.Fingerprint(server.Public()) {
		t.Error("one key has two fingerprints")
	}
	spoken := strings.NewReplacer("0", "o", "1", "L").Replace(" " + strings.ToLower(strings.ReplaceAll(print, "-", " ")))
	if got, err := seal.ParseFingerprint(spoken); err != nil || got != print {
		t.Errorf("%q read as %q, %v", spoken, got, err)
	}
	for _, typed := range []string{"", "4K7Q", print[:28], print + "0", "U" + print[1:], "Ü" + print[2:]} {
		if got, err := seal.ParseFingerprint(typed); err == nil || got != "" || !strings.Contains(err.Error(), "0123-4567-") {
			t.Errorf("%q read as %q, %v", typed, got, err)
		}
	}
}

func TestKeys(t *testing.T) {
	key := bytes.Repeat([]byte("server"), 8)
	if !seal.New(key).Public().Equal(server.Public()) || server.Public().Equal(other.Public()) {
		t.Error("the signing key does not follow from the server's key")
	}
	if plain := ed25519.NewKeyFromSeed(key[:32]).Public().(ed25519.PublicKey); plain.Equal(server.Public()) {
		t.Error("the server's key itself signs")
	}
	defer func() {
		if recover() == nil {
			t.Error("31 bytes are taken for a key")
		}
	}()
	seal.New(key[:31])
}

func TestEnds(t *testing.T) {
	signed := server.Seal(strings.Repeat(receipt, 100), moment)
	for document, want := range map[string]bool{
		signed: true, signed[len(signed)-300:]: true, strings.ReplaceAll(signed, "\n", "\r\n") + "\r\n": true, strings.TrimSuffix(signed, "=\n"): true,
		"": false, receipt: false, signed + "text": false, "\n" + marker + "a\nb": false, marker + "a\nb\nc": false,
	} {
		if got := seal.Ends([]byte(document)); got != want {
			t.Errorf("%q ends with a signature: %v", document, got)
		}
	}
}

// A consumer's text must not keep the server busy.
func TestTimeIsLinear(t *testing.T) {
	text := strings.Repeat("\r", 1<<20) + "\n" + strings.Repeat("\n"+marker, 1<<15)
	begin := time.Now()
	if _, err := seal.Open([]byte(server.Seal(text, moment))); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("two megabytes took %s", took)
	}
}

// FuzzOpen signs a text, opens it again, and replaces a part of what was signed.
func FuzzOpen(f *testing.F) {
	f.Add(receipt, uint(3), uint(1), "x")
	f.Add("\uFEFFa\r\n\r", uint(4), uint(0), "\r")
	f.Add(server.Seal(receipt, moment), uint(150), uint(30), "\n"+marker)
	f.Add("", uint(1), uint(200), other.Seal("", moment))
	f.Fuzz(func(t *testing.T, text string, from, length uint, put string) {
		seal.Open([]byte(text)) // anything may come from outside
		signed := server.Seal(text, moment)
		v, err := seal.Open([]byte(signed))
		if err != nil || plain(v.Text+"\n.") != plain(text+"\n.") {
			t.Fatalf("%q became %q, %v", text, v.Text, err)
		}
		if again := server.Seal(v.Text, v.At); again != signed {
			t.Errorf("%q is signed as %q, and again as %q", text, signed, again)
		}
		i := int(from % uint(len(signed)+1))
		j := i + int(length%uint(len(signed)-i+1))
		changed := signed[:i] + put + signed[j:]
		v, err = seal.Open([]byte(changed))
		if good := err == nil && v.By(server.Fingerprint()) == nil; good != same(signed, changed) {
			t.Errorf("%q for %q: %v, %v", changed, signed, v, err)
		}
	})
}
