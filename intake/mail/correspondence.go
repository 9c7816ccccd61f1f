package mail

import (
	"fmt"
	"strconv"
	"time"

	"recourse/intake/docket"
	"recourse/intake/wording"
	"recourse/locale"
)

// NewAnswer is the letter that carries what the trader wrote.
func NewAnswer(v wording.Voice, c docket.Case, m docket.Message, links Links) (Message, error) {
	in := content{
		Voice: v, Case: c,
		Subject: v.Text("mail.answer.subject", reference(c)),
		Intro:   v.Text("mail.answer.intro", moment(v, m.Written)),
		Message: m.Text,
		Link:    v.Text("mail.answer.status"),
		URL:     links.Status,
		Closing: []string{v.Text("mail.answer.reply")},
	}
	if n := len(m.Files); n > 0 {
		in.Remarks = []string{v.Plural("mail.answer.files", n)}
	}
	return in.message(v.Shop.Trader.Email)
}

// NewProposal is the letter that carries an offer of the trader. Its link leads to where one press accepts it: mail programs and
// virus scanners follow links, so the link itself accepts nothing.
func NewProposal(v wording.Voice, c docket.Case, p docket.Proposal, links Links) (Message, error) {
	in := content{
		Voice: v, Case: c,
		Subject: v.Text("mail.proposal.subject", reference(c)),
		Intro:   v.Text("mail.proposal.intro", moment(v, p.Made), remedy(v, p)),
		Message: p.Text,
		Link:    v.Text("mail.proposal.link"),
		URL:     links.Status + "#proposal-" + strconv.FormatInt(p.ID, 10),
		Closing: []string{v.Text("mail.answer.reply")},
	}
	return in.message(v.Shop.Trader.Email)
}

// NewWithdrawn tells the consumer that an offer can no longer be accepted.
func NewWithdrawn(v wording.Voice, c docket.Case, p docket.Proposal, links Links) (Message, error) {
	in := content{
		Voice: v, Case: c,
		Subject: v.Text("mail.withdrawn.subject", reference(c)),
		Intro:   v.Text("mail.withdrawn.intro", moment(v, p.Made), remedy(v, p)),
		Link:    v.Text("mail.answer.status"),
		URL:     links.Status,
		Closing: []string{v.Text("mail.answer.reply")},
	}
	return in.message(v.Shop.Trader.Email)
}

// NewClosing tells the consumer that the case is closed, how it ended, and what can be done now. What the trader wrote while closing
// it, and what the law has it say of dispute resolution, is the message; it may be empty.
func NewClosing(v wording.Voice, c docket.Case, o docket.Outcome, l docket.Letter, m docket.Message, links Links) (Message, error) {
	in := content{
		Voice: v, Case: c,
		Subject: v.Text("mail.closing.subject", reference(c)),
		Intro:   v.Text("mail.closing.intro", moment(v, l.Written)),
		Remarks: []string{v.Text("mail.closing.outcome", locale.Arg{Name: "outcome", Value: v.Text("status.outcome." + string(o))})},
		Message: m.Text,
		Link:    v.Text("mail.closing.rate"),
		URL:     links.Status,
		Closing: v.Closing(o),
	}
	return in.message(v.Shop.Trader.Email)
}

// NewNotice tells the trader what the consumer did: wrote (docket.EventMessage), decided on a proposal (docket.EventDecided) or rated
// (docket.EventRated). The message or the proposal it is about is given, for others it is zero. A reply to it goes to the consumer.
func NewNotice(v wording.Voice, c docket.Case, event string, m docket.Message, p docket.Proposal) (Message, error) {
	in := content{
		Voice: v, Case: c,
		Quoted: v.Text("mail.copy.statement"),
		Link:   v.Text("mail.notice.link"),
		URL:    v.InboxURL(c.Reference),
	}
	key := "mail.notice." + event
	switch event {
	case docket.EventMessage:
		in.Intro, in.Quote = v.Text(key+".intro", moment(v, m.Written)), m.Text
		if n := len(m.Files); n > 0 {
			in.Closing = []string{v.Plural("mail.copy.files", n)}
		}
	case docket.EventDecided:
		if p.Decision != docket.Accepted {
			key = "mail.notice.refused"
		}
		in.Intro = v.Text(key+".intro", moment(v, p.Decided), remedy(v, p))
		in.Message = p.Text
	case docket.EventRated:
		in.Intro, in.Quote = v.Plural(key+".intro", c.Rating), c.Opinion
	default:
		return Message{}, fmt.Errorf("write a notice about %s: %w: there is no event %q", c.Reference, ErrRefused, event)
	}
	in.Subject = v.Text(key+".subject", reference(c))
	return in.automatic(c.Email())
}

// Events of reminders: so many days before the date, on it, and after it.
const (
	Soon    = "due-3"
	Today   = "due-0"
	Overdue = "overdue"
)

// NewReminder tells the trader that the date of a case is near or has passed.
func NewReminder(v wording.Voice, c docket.Case, l docket.Letter) (Message, error) {
	left := int(c.Due.Day - docket.DayOf(l.Written, v.Shop.Location()))
	in := content{
		Voice: v, Case: c,
		Subject: v.Text("mail.reminder."+l.Event+".subject", reference(c)),
		Remarks: v.Duty(c.Due),
		Link:    v.Text("mail.notice.link"),
		URL:     v.InboxURL(c.Reference),
	}
	switch l.Event {
	case Soon:
		in.Intro = v.Plural("mail.reminder.soon", left, reference(c))
	case Today:
		in.Intro = v.Text("mail.reminder.today", reference(c))
	case Overdue:
		in.Intro = v.Plural("mail.reminder.over", -left, reference(c))
		// What silence would have meant, it means now.
		in.Remarks = append(in.Remarks[:min(1, len(in.Remarks))], v.Silence("inbox.case.silence.", c.Due)...)
	}
	return in.automatic(v.Shop.Trader.Email)
}

// automatic is a message nobody wrote.
func (in content) automatic(replyTo string) (Message, error) {
	m, err := in.message(replyTo)
	m.Auto = true
	return m, err
}

func moment(v wording.Voice, t time.Time) locale.Arg {
	return locale.Arg{Name: "moment", Value: v.Moment(t)}
}

func remedy(v wording.Voice, p docket.Proposal) locale.Arg {
	return locale.Arg{Name: "remedy", Value: v.Text("follow.remedy." + string(p.Remedy))}
}
