package inbox

import "recourse/intake/docket"

// note stores what the trader's people tell each other. No letter goes out, and the consumer never sees it.
func (in *inbox) note(j *job) (string, []problem, error) {
	if wrong := written(j.Voice, "note", "inbox.note.label", "inbox.note.required", j.Note); wrong != nil {
		return "", wrong, nil
	}
	m := docket.Message{Side: docket.Note, Author: in.me(j.Request).Login, Text: j.Note, Nonce: j.nonce("note"), Written: in.now()}
	before, err := in.sent(j, m)
	if err == nil && before == nil { // a note answers nobody: it does not matter what has happened meanwhile
		_, err = in.Store.Write(j.Context(), j.c, m, nil)
	}
	if err != nil {
		return "", nil, err
	}
	j.Note = ""
	return "note", nil, nil
}

// mark puts a case into quarantine or, what is one press, says that it is real.
func (in *inbox) mark(j *job) (string, []problem, error) {
	suspect, done := j.PostFormValue("suspect") == "yes", "sound"
	if suspect {
		done = "suspect"
	}
	if suspect == j.c.Suspect {
		return done, nil, nil
	}
	return done, nil, in.Store.Mark(j.Context(), j.c, suspect, in.me(j.Request).Login, in.now())
}

// hold keeps a case from being erased, or with no reason lets it go.
func (in *inbox) hold(j *job) (string, []problem, error) {
	reason, done := "", "unhold"
	if j.Hold != nil {
		reason = *j.Hold
	}
	if wrong := tooLong(j.Voice, "hold", "inbox.hold.label", reason, maxHold); wrong != nil {
		return "", wrong, nil
	}
	if j.Hold = nil; reason != "" {
		done = "hold"
	}
	if reason == j.c.Hold {
		return done, nil, nil
	}
	return done, nil, in.Store.Hold(j.Context(), j.c, reason, in.me(j.Request).Login, in.now())
}
