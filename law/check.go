package law

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"recourse/strict"
)

// checkCountry records everything in a country's file that the types alone cannot refuse.
func checkCountry(doc *strict.Document, r Record, name string) {
	if r.Code != strings.ToUpper(name) {
		doc.Wrong("code", fmt.Sprintf("the file is named %q", name), "let the file name be the code in lower case")
	}
	required(doc, "code", "name", "eu", "eea", "languages")
	checkSpan(doc, "withdrawal", r.Withdrawal, CalendarDays)
	checkEntry(doc, "function", r.Function)
	checkSpan(doc, "guarantee", r.Guarantee.Span, Months)
	if n := r.Guarantee.Durable; n != 0 && n <= r.Guarantee.Value {
		doc.Wrong("guarantee.durable", "goods meant to last longer have no longer period", "write more months than value, or drop the key")
	}
	checkSpan(doc, "repair", r.Repair, Months)
	checkSpan(doc, "burden", r.Burden, Months)
	checkAnswer(doc, r.Complaint)
	checkSpan(doc, "notice", r.Notice, Months)
	checkDuty(doc, r.ADR)
	checkBodies(doc, "list", r.List)
	checkBodies(doc, "residual", r.Residual)
	checkBodies(doc, "ecc", r.ECC)
	checkBodies(doc, "authority", r.Authority)
	for i, e := range r.Special {
		checkElement(doc, item("special", i), e, r.Code)
	}
}

// required asks for keys that must be written out, even as false: what is left out by mistake
// must not read as an answer.
func required(doc *strict.Document, keys ...string) {
	for _, k := range keys {
		if !doc.Has(k) {
			doc.Wrong(k, "this key is missing", "add it")
		}
	}
}

func checkEntry(doc *strict.Document, key string, e Entry) {
	if !doc.Has(key) {
		doc.Wrong(key, "this fact is missing", `add the table; with status = "unknown" when nothing is known`)
		return
	}
	required(doc, key+".status", key+".verified", key+".reviewed")
	if !slices.Contains([]Status{Set, None, Unknown}, e.Status) {
		doc.Wrong(key+".status", "there is no such status", "write set, none or unknown")
	}
	if e.Status == Unknown && e.Verified {
		doc.Wrong(key+".verified", "what is unknown cannot be verified", "write false, or set the status")
	}
	checkSource(doc, key, e.Source, e.Verified)
	checkSpell(doc, key, e.Spell)
	checkStatute(doc, key, e)
}

func checkStatute(doc *strict.Document, key string, e Entry) {
	switch {
	case e.Statute == "" && e.StatuteVerified:
		doc.Wrong(key+".statute_verified", "there is no statute to verify", "name the statute or drop the key")
	case e.Statute != "" && !doc.Has(key+".statute_verified"):
		doc.Wrong(key+".statute", "it is not said whether the source names this provision", "add statute_verified")
	case e.StatuteVerified && !e.Verified:
		doc.Wrong(key+".statute_verified", "the fact itself is not verified", "write false")
	}
}

func checkSource(doc *strict.Document, key, source string, verified bool) {
	if source == "" {
		if verified {
			doc.Wrong(key+".verified", "a verified fact needs a source", "add the address of the text that was read, or write false")
		}
		return
	}
	checkURL(doc, key+".source", source)
}

func checkURL(doc *strict.Document, key, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		doc.Wrong(key, "this is not a web address", "write it in full, with https://")
	}
}

func checkSpell(doc *strict.Document, key string, s Spell) {
	if s.Until != 0 && s.Until < s.From {
		doc.Wrong(key+".until", "it ends before it begins on "+s.From.String(), "look at both dates")
	}
}

func checkSpan(doc *strict.Document, key string, s Span, unit Unit) {
	checkEntry(doc, key, s.Entry)
	switch {
	case s.Status != Set && (s.Value != 0 || s.Unit != ""):
		doc.Wrong(key+".value", fmt.Sprintf("status %q has no value", s.Status), "drop value and unit, or set the status")
	case s.Status == Set && s.Value <= 0:
		doc.Wrong(key+".value", "a rule that is set needs a value above zero", "add it, or change the status")
	case s.Status == Set && unit != "" && s.Unit != unit:
		doc.Wrong(key+".unit", "this fact is counted in "+string(unit), "convert it")
	}
}

func checkAnswer(doc *strict.Document, a Answer) {
	checkSpan(doc, "complaint", a.Span, "")
	if a.Status != Set {
		return
	}
	if !slices.Contains([]Unit{CalendarDays, WorkingDays, Months}, a.Unit) {
		doc.Wrong("complaint.unit", "there is no such unit", "write calendar_days, working_days or months")
	}
	if !slices.Contains([]Scope{ScopeAll, ScopeConformity, ScopeRemedy, ScopeOfficial, ScopeCommercial}, a.Scope) {
		doc.Wrong("complaint.scope", "there is no such scope", "write all, conformity, remedy, official or commercial")
	}
	if !slices.Contains([]Silence{SilenceAccepts, SilenceWithdraws, SilenceOffence, SilenceDispute, SilenceOpen}, a.Silence) {
		doc.Wrong("complaint.silence", "there is no such consequence", "write accepts, withdraws, offence, dispute or open")
	}
}

func checkDuty(doc *strict.Document, d Duty) {
	checkEntry(doc, "adr", d.Entry)
	if d.Status == Set && d.Text == "" {
		doc.Wrong("adr.text", "the duty is not described", "say in plain English what the trader must do")
	}
	if d.SmallStaff < 0 {
		doc.Wrong("adr.small_staff", "a number of staff is not negative", "write 0 where there is no exemption")
	}
}

func checkBodies(doc *strict.Document, key string, b Bodies) {
	checkEntry(doc, key, b.Entry)
	if (b.Status == Set) != (len(b.Bodies) > 0) {
		doc.Wrong(key+".bodies", fmt.Sprintf("status %q and %d bodies contradict each other", b.Status, len(b.Bodies)), "name a body, or change the status")
	}
	for i, c := range b.Bodies {
		checkContact(doc, item(key+".bodies", i), c)
	}
}

func checkContact(doc *strict.Document, key string, c Contact) {
	required(doc, key+".name")
	if c.URL == "" {
		if c.URLVerified {
			doc.Wrong(key+".url_verified", "there is no address to verify", "add url or drop the key")
		}
		return
	}
	required(doc, key+".url_verified")
	checkURL(doc, key+".url", c.URL)
}

func checkElement(doc *strict.Document, key string, e Element, country string) {
	required(doc, key+".id", key+".mandatory", key+".text", key+".verified", key+".reviewed")
	if !strings.HasPrefix(e.ID, strings.ToLower(country)+"-") {
		doc.Wrong(key+".id", "an id begins with the country", "write "+strings.ToLower(country)+"-...")
	}
	if !slices.Contains([]Part{PartNone, PartPages, PartIntake, PartNotice}, e.DoneBy) {
		doc.Wrong(key+".done_by", "there is no such part", "write pages, intake or notice, or drop the key where the shop has to see to it")
	}
	checkSource(doc, key, e.Source, e.Verified)
	checkSpell(doc, key, e.Spell)
	if e.URL != "" {
		checkURL(doc, key+".url", e.URL)
	}
}

func checkActs(doc *strict.Document, acts []Act) {
	ids := map[string]bool{}
	for i, a := range acts {
		key := item("act", i)
		required(doc, key+".id", key+".title", key+".text", key+".from", key+".verified", key+".reviewed")
		checkSource(doc, key, a.Source, a.Verified)
		checkSpell(doc, key, a.Spell)
		checkFiles(doc, key+".files", a.Files)
		if ids[a.ID] {
			doc.Wrong(key+".id", "this id is taken", "give each act its own")
		}
		ids[a.ID] = true
	}
	for _, id := range []string{ActODRLink, ActFunction, ActNotice} {
		if !ids[id] {
			doc.Wrong("act", fmt.Sprintf("the act %q is missing", id), "add it: what is due depends on it")
		}
	}
}

func checkFiles(doc *strict.Document, key string, files []File) {
	for i, f := range files {
		at := item(key, i)
		required(doc, at+".language", at+".sha256", at+".source")
		if sum, err := hex.DecodeString(f.SHA256); err != nil || len(sum) != sha256.Size {
			doc.Wrong(at+".sha256", "this is no SHA-256", "write the 64 digits that sha256sum prints")
		}
		checkURL(doc, at+".source", f.Source)
	}
}

func checkLabels(doc *strict.Document, list string, all []wording) {
	for i, w := range all {
		key := item(list, i)
		required(doc, key+".lang", key+".withdraw", key+".confirm", key+".verified", key+".reviewed")
		checkSource(doc, key, w.Source, w.Verified)
		if list == "national" {
			required(doc, key+".country", key+".law")
			if w.Verified {
				required(doc, key+".from")
			}
		}
	}
}

func item(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
