package audit

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// SARIF 2.1.0 (OASIS), the part of it that says where something is and what to do about it.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Language    string            `json:"language"`
		ColumnKind  string            `json:"columnKind"`
		NewLines    []string          `json:"newlineSequences"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Language       string      `json:"language"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string            `json:"id"`
		ShortDescription sarifText         `json:"shortDescription"`
		FullDescription  sarifText         `json:"fullDescription"`
		Help             sarifText         `json:"help"`
		HelpURI          string            `json:"helpUri"`
		Default          map[string]Level  `json:"defaultConfiguration"`
		Properties       map[string]string `json:"properties"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        Level             `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact map[string]string `json:"artifactLocation"`
		Region   sarifRegion       `json:"region"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
)

// regulation is the law that ended the platform.
const regulation = "https://eur-lex.europa.eu/eli/reg/2024/3228/oj"

// SARIF writes the report as a SARIF 2.1.0 log for code scanning.
func (r *Report) SARIF(w io.Writer) error {
	rules := sarifRules(r.Findings)
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool:        sarifTool{sarifDriver{"recourse audit", regulation, "en", rules}},
			Invocations: []sarifInvocation{r.sarifInvocation()},
			Language:    "en",
			ColumnKind:  "unicodeCodePoints",
			NewLines:    []string{"\r\n", "\n"},
			Results:     sarifResults(r.Findings, rules),
		}},
	})
}

// sarifRules describes each rule that found something, sorted.
func sarifRules(findings []Finding) []sarifRule {
	rules := []sarifRule{} // [], never null
	for _, f := range findings {
		if ruleIndex(rules, f.Rule) < 0 {
			rules = append(rules, sarifRule{
				ID: f.Rule, ShortDescription: sarifText{ruleTitle(f.Rule)}, FullDescription: sarifText{sentence(f.Text)},
				Help: sarifText{"To do: " + f.Fix + "."}, HelpURI: regulation,
				Default: map[string]Level{"level": f.Level}, Properties: map[string]string{"problem.severity": string(f.Level)},
			})
		}
	}
	slices.SortFunc(rules, func(a, b sarifRule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

func ruleTitle(rule string) string {
	language, isWording := strings.CutPrefix(rule, "odr-wording-")
	switch {
	case !isWording:
		return "Link to the closed EU ODR platform"
	case language == "any":
		return "Wording about the closed EU ODR platform"
	}
	return "Wording about the closed EU ODR platform (" + language + ")"
}

func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

func ruleIndex(rules []sarifRule, id string) int {
	return slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == id })
}

// sarifInvocation says what could not be read, and which patterns nobody needs.
func (r *Report) sarifInvocation() sarifInvocation {
	run := sarifInvocation{Successful: r.skipped(Failed) == 0}
	for _, s := range r.Skipped {
		if s.Kind == Failed {
			run.Notifications = append(run.Notifications, sarifNotification{"error", sarifText{s.Name + ": " + s.Reason}})
		}
	}
	for _, a := range r.Unused {
		run.Notifications = append(run.Notifications, sarifNotification{"warning", sarifText{a.unused()}})
	}
	return run
}

func sarifResults(findings []Finding, rules []sarifRule) []sarifResult {
	results := []sarifResult{}
	seen := map[string]int{}
	for _, f := range findings {
		results = append(results, sarifResult{
			RuleID: f.Rule, RuleIndex: ruleIndex(rules, f.Rule), Level: f.Level,
			Message: sarifText{f.message()}, Locations: []sarifLocation{f.location()},
			Fingerprints: map[string]string{"primaryLocationLineHash": f.fingerprint(seen)},
		})
	}
	return results
}

func (f Finding) message() string {
	where := f.Place
	if isAddress(f.Name) {
		where = strings.TrimSuffix(f.Name+", "+f.Place, ", ")
	}
	if where != "" {
		where = " (" + where + ")"
	}
	return fmt.Sprintf("%s%s: %s. To do: %s%s.", quoted(f.Match), where, sentence(f.Text)[:len(f.Text)], f.Fix, kept(f))
}

// location is a line and column in texts. PDF and Office files have none, but readers of SARIF insist
// on one; the message says the page.
func (f Finding) location() sarifLocation {
	at := sarifLocation{Physical: sarifPhysical{Artifact: map[string]string{"uri": f.artifact()}, Region: sarifRegion{StartLine: 1}}}
	if f.Place != "" {
		at.Logical = []sarifLogical{{f.Place}}
		return at
	}
	lines := strings.Count(f.Match, "\n")
	endColumn := utf8.RuneCountInString(f.Match[strings.LastIndexByte(f.Match, '\n')+1:]) + 1
	if lines == 0 {
		endColumn += f.Column - 1
	}
	at.Physical.Region = sarifRegion{f.Line, f.Column, f.Line + lines, endColumn}
	return at
}

// artifact is the file relative to where the command ran. Web pages look the same, "shop.example/terms",
// because GitHub turns away a whole log over one address that begins with https://.
func (f Finding) artifact() string {
	name := f.Name
	if isAddress(name) {
		_, name, _ = strings.Cut(name, "://")
		name = strings.TrimSuffix(name, "/")
	}
	if path.IsAbs(name) {
		return (&url.URL{Scheme: "file", Path: name}).String()
	}
	return (&url.URL{Path: path.Clean(name)}).String()
}

func isAddress(name string) bool { return strings.Contains(name, "://") }

// fingerprint stays the same when lines move: what was found, and the how manieth of its kind it is in
// the file.
func (f Finding) fingerprint(seen map[string]int) string {
	sum := sha256.Sum256([]byte(f.Rule + "\n" + strings.ToLower(oneLine(f.Match))))
	hash := fmt.Sprintf("%x", sum[:8])
	seen[f.Name+"\n"+hash]++
	return fmt.Sprintf("%s:%d", hash, seen[f.Name+"\n"+hash])
}
