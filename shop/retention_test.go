package shop

import "testing"

func TestRetention(t *testing.T) {
	s := withDomains(t, "")
	if s.Retention.Set() || s.Retention.Of("complaint") != 0 {
		t.Errorf("without rules there is %+v", s.Retention)
	}
	file := edit(t, "retention", "-[privacy]\n-retention_months = 36\n+[retention]\n+withdrawal = \"3 years\"\n+complaint = \"1 year\"\n+attachments = \"6 months\"")
	s, err := Parse("shop.toml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if r := s.Retention; r.Of("withdrawal") != 36 || r.Of("complaint") != 12 || r.Attachments != 6 || !r.Differ() || !r.Set() || r.Of("other") != 0 {
		t.Errorf("got %+v", r)
	}
	if s.Privacy.RetentionMonths != 36 {
		t.Errorf("the privacy page says %d months; want what the rules do", s.Privacy.RetentionMonths)
	}
}

func TestPeriod(t *testing.T) {
	for text, want := range map[string]Period{
		"1 month": 1, "6 months": 6, "1 year": 12, "3 years": 36, "18 months": 18, "100 years": 1200,
		"": -1, "3": -1, "3years": -1, "0 years": -1, "-1 months": -1, "101 years": -1, "3  years": -1, "3 weeks": -1, "9999999999999999999 years": -1, "1e3 months": -1,
	} {
		var p Period
		if err := p.UnmarshalText([]byte(text)); err != nil || p != want {
			t.Errorf("%q is %d, %v; want %d", text, p, err, want)
		}
		if want > 0 && p.String() != text {
			t.Errorf("%q is written %q", text, p.String())
		}
	}
}

// The example in a new shop's file is right once its # are taken away.
func TestTemplateRetention(t *testing.T) {
	s := uncommented(t, "[retention]", "withdrawal = ", "complaint = ", "attachments = ")
	if !s.Retention.Set() || s.Retention.Of("complaint").Months() != s.Privacy.RetentionMonths {
		t.Errorf("got %+v and %d months", s.Retention, s.Privacy.RetentionMonths)
	}
}
