package plot

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the drawings in testdata anew; look at them in a browser")

const hostile = `"><script>alert(1)</script><svg onload='x()'> & {{.}} ` + "\u202e&#x0;"

// drawings are one of each kind, as pages have them, at the edges and with names somebody means harm with.
func drawings() map[string]template.HTML {
	all := map[string]template.HTML{"fills": Fills()}
	for _, rtl := range []bool{false, true} {
		add := func(name string, h template.HTML) {
			if rtl {
				name += "-rtl"
			}
			all[name] = h
		}
		three := []Bar{{"1 May", "1/5", []int{1, 2, 0}}, {"2 May", "", []int{0, 0, 0}}, {"3 May", "3/5", []int{4, 0, 3}}}
		add("stack", Stack{"Cases by day", []string{"Late", "Damaged", "Other"}, three, rtl}.HTML())
		add("stack-one", Stack{"Cases", []string{"Late"}, []Bar{{"May", "May", []int{1}}}, rtl}.HTML())
		add("stack-empty", Stack{Alt: "Nothing", RTL: rtl}.HTML())
		add("stack-hostile", Stack{hostile, []string{hostile, hostile}, []Bar{{hostile, hostile, []int{-5, 1 << 40}}}, rtl}.HTML())
		add("histogram", Histogram{"Days", []Bar{{"0", "0", []int{3}}, {"1", "", []int{5}}, {"2", "2", []int{1}}}, 1.5, "Median: 1 day", rtl}.HTML())
		add("histogram-outside", Histogram{hostile, []Bar{{"0", "0", []int{0}}}, 7, hostile, rtl}.HTML())
		add("histogram-empty", Histogram{Alt: "Nothing", Name: "Median", RTL: rtl}.HTML())
		add("level", Level{"Outcomes", []Row{{"Accepted", "1 of 1,001", 1, 0}, {"Declined", "1,000 of 1,001", 1000, 1}, {"Other", "0", 0, 0}}, rtl}.HTML())
		add("level-hostile", Level{hostile, []Row{{hostile, hostile, -3, 9}}, rtl}.HTML())
		add("level-empty", Level{Alt: "Nothing", RTL: rtl}.HTML())
		add("dots", Dots{"Ratings", []Row{{"5", "60", 60, 0}, {"1", "1", 1, 0}, {"3", "0", 0, 0}}, Each(60), rtl}.HTML())
		add("dots-hostile", Dots{hostile, []Row{{hostile, hostile, -3, 0}, {"", "", 1 << 40, 0}}, 0, rtl}.HTML())
	}
	return all
}

// TestDrawings: they are the files of testdata, which were looked at.
func TestDrawings(t *testing.T) {
	for name, got := range drawings() {
		file := filepath.Join("testdata", name+".svg.html")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is drawn otherwise; look at it after go test ./intake/plot -update:\n%s", name, got)
		}
	}
}

// TestDrawingsAreWhole: what is drawn is XML with numbers that are numbers, inside the drawing, and names stay text.
func TestDrawingsAreWhole(t *testing.T) {
	for name, drawing := range drawings() {
		for _, e := range elements(t, name, string(drawing)) {
			for _, a := range e.Attr {
				if problem := wrong(e.Name.Local, a); problem != "" {
					t.Errorf("%s: %s", name, problem)
				}
			}
		}
	}
}

func elements(t *testing.T, name, drawing string) (all []xml.StartElement) {
	d := xml.NewDecoder(strings.NewReader("<all>" + drawing + "</all>"))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s is no XML: %v\n%s", name, err, drawing)
		}
		if e, ok := token.(xml.StartElement); ok {
			all = append(all, e)
		}
	}
}

// drawn are the elements and attributes our drawings are made of: a name that became one of them would be another.
const drawn = " all div span svg defs pattern rect circle path line text title "

func wrong(element string, a xml.Attr) string {
	name := a.Name.Local
	switch {
	case !strings.Contains(drawn, " "+element+" "):
		return "there is an element " + element
	case strings.HasPrefix(name, "on") || name == "style" || strings.Contains(name, "href"):
		return "there is an attribute " + name
	case strings.Contains(" x y x1 x2 y1 y2 width height cx cy r ", " "+name+" "):
		return outside(element, a)
	}
	return ""
}

// outside says whether a number is none or lies outside the drawing.
func outside(element string, a xml.Attr) string {
	text, percent := strings.CutSuffix(a.Value, "%")
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n != n || percent && (n < 0 || n > 100) || n > 300 || n < -10 {
		return fmt.Sprintf("%s has %s=%q", element, a.Name.Local, a.Value)
	}
	return ""
}

// TestMirrored: read from the right, a bar is as far from the right side as it was from the left.
func TestMirrored(t *testing.T) {
	left, right := bars(page{}, []Bar{{"a", "a", []int{1}}, {"b", "b", []int{2}}}, nil), bars(page{true}, []Bar{{"a", "a", []int{1}}, {"b", "b", []int{2}}}, nil)
	if left.Boxes[0].X != right.Boxes[1].X || left.Boxes[1].X != right.Boxes[0].X || left.Boxes[0].Height != right.Boxes[0].Height {
		t.Errorf("%+v is mirrored as %+v", left.Boxes, right.Boxes)
	}
}

func TestCeiling(t *testing.T) {
	for most, want := range map[int]int{-1: 2, 0: 2, 1: 2, 2: 2, 3: 4, 7: 8, 9: 10, 10: 10, 11: 20, 20: 20, 21: 30, 81: 100, 101: 200, 1 << 40: 2_000_000_000_000} {
		if got := ceiling(most); got != want {
			t.Errorf("an axis for %d ends at %d, want %d", most, got, want)
		}
	}
}

func TestDotsFitInTheirRow(t *testing.T) {
	for _, longest := range []int{0, 1, 25, 26, 1000} {
		each := Each(longest)
		if n := strings.Count(string(Dots{Rows: []Row{{N: longest}}, Each: each}.HTML()), "<circle"); n > most || n*each < longest || (n-1)*each >= longest && longest > 0 {
			t.Errorf("%d are %d dots of %d", longest, n, each)
		}
	}
}
