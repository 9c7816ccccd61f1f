// Package spam scores how much a submission looks like one that a program sent. It is pure: what has been counted and
// checked elsewhere goes in as a Look, a Verdict comes out.
//
// A declaration takes effect when it is received, whoever's software has typed it. So a verdict never refuses, delays or
// hides anything: from Threshold on a case is marked and kept apart in the inbox, stored and acknowledged like any other.
//
// No sign reaches Threshold alone. The hidden input in particular does not: screen readers, password managers and translation tools have been seen to fill such inputs. Language, script, country
// and names are no signs at all.
package spam

import (
	"strings"
	"time"
)

// Threshold is the score from which a submission is kept apart.
const Threshold = 8

// Quick is how fast nobody reads a page and presses its button.
const Quick = 2 * time.Second

// Look is what is known of a submission when it is judged.
type Look struct {
	Values  map[string]string // by field
	Trapped bool              // the hidden input came back with something in it

	// Review is how a plain form came past its review. The widget's time is not asked for: only the visitor's
	// machine could tell it, and a program says what it likes.
	Review Review
	Took   time.Duration // between the review and the sending, where Review is Reviewed

	Agent   string // User-Agent, for its shape; it is not kept
	Network int    // submissions from the same network to the shop in the last hour, without this one
	Mailbox int    // submissions naming the same e-mail address in the last hour, without this one
	Shops   int    // shops that got the same text in the last hour, this one included
}

// Review is how a submission came past the page that shows it once more.
type Review int

const (
	NoReview Review = iota // sent by a script, which has its own
	Skipped                // sent as from that page, which we never drew
	Reviewed
)

// Sign is one reason to think of a program.
type Sign struct {
	Name   string // stable: stored with cases, counted in statistics
	Weight int
	Reason string // why it is one, for people who read the code or the documentation
	shows  func(Look) bool
}

// Verdict is the score of a submission and the names of its signs, in the order of Signs.
type Verdict struct {
	Score int
	Signs []string
}

// Quarantine tells whether the case is kept apart.
func (v Verdict) Quarantine() bool { return v.Score >= Threshold }

// Judge adds up the signs that show.
func Judge(l Look) (v Verdict) {
	for _, s := range Signs {
		if s.shows(l) {
			v.Score += s.Weight
			v.Signs = append(v.Signs, s.Name)
		}
	}
	return v
}

// Signs are all there are.
var Signs = []Sign{
	{"trap", 6, "the input nobody sees was filled in", func(l Look) bool { return l.Trapped }},
	{"quick", 4, "the review was confirmed in less than two seconds", func(l Look) bool { return l.Review == Reviewed && l.Took < Quick }},
	{"unreviewed", 3, "it says that it comes from a review nobody was shown", func(l Look) bool { return l.Review == Skipped }},
	{"agent", 3, "its sender is no browser by its own word, or says nothing", func(l Look) bool { return !browser(l.Agent) }},
	{"links", 4, "it has more than four links", func(l Look) bool { return links(l) > 4 }},
	{"links-many", 3, "it has more than nine links", func(l Look) bool { return links(l) > 9 }},
	{"link-in-name", 5, "there is a link where a name belongs", linkInName},
	{"markup", 4, "links are written in the markup of forums", forumMarkup},
	{"name-again", 3, "another question has the name as its answer", nameAgain},
	{"network", 3, "its network has sent more than ten to the shop in an hour", func(l Look) bool { return l.Network > 10 }},
	{"mailbox", 4, "more than three in an hour name the same e-mail address", func(l Look) bool { return l.Mailbox >= 3 }},
	{"many-shops", 5, "three shops or more got the same text in an hour", func(l Look) bool { return l.Shops >= 3 }},
}

// browser reports whether a User-Agent has the shape all browsers share. Tools that send forms by themselves mostly do
// not take the trouble; those that do are not seen here.
func browser(agent string) bool { return strings.HasPrefix(agent, "Mozilla/5.0 (") }

func links(l Look) (n int) {
	for _, v := range l.Values {
		v = strings.ToLower(v)
		n += strings.Count(v, "http://") + strings.Count(v, "https://") + strings.Count(v, "[url")
	}
	return n
}

// linkInName leaves contract and product alone: people paste the address of an order or of what they bought.
func linkInName(l Look) bool { return strings.Contains(strings.ToLower(l.Values["name"]), "://") }

func forumMarkup(l Look) bool {
	for _, v := range l.Values {
		v = strings.ToLower(v)
		if strings.Contains(v, "[url") || strings.Contains(v, "[link") || strings.Contains(v, "<a href") {
			return true
		}
	}
	return false
}

// nameAgain leaves short answers alone ("n/a").
func nameAgain(l Look) bool {
	name := l.Values["name"]
	for field, v := range l.Values {
		if field != "name" && v == name && len(v) > 12 {
			return true
		}
	}
	return false
}

// Text is what makes two submissions the same text: the answers in people's own words, without the data of a person.
// It is empty where there is too little to compare; "Hello" is nobody's template.
func Text(values map[string]string) string {
	text := strings.Join(strings.Fields(strings.ToLower(values["description"]+" "+values["comment"])), " ")
	if len(text) < 40 {
		return ""
	}
	return text
}
