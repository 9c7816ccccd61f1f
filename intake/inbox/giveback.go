package inbox

import (
	"net/http"

	"recourse/intake/page"
)

var lostPage = page.Parse(pages, "pages/lost.html")

type lostData struct {
	page.Frame
	Words []lost
	Login string // address
}

// lost is what somebody typed into a field.
type lost struct{ Label, Text string }

// typed are the fields that hold words, with their labels.
var typed = []struct{ name, label string }{
	{"answer", "inbox.answer.label"}, {"proposal", "inbox.proposal.text"}, {"note", "inbox.note.label"}, {"hold", "inbox.hold.label"},
}

// giveBack answers a form whose session has ended: nothing is done, and what was typed is there to be copied.
func (in *inbox) giveBack(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v := in.own(r)
	f := in.frame(r, v, v.Text("lost.title"))
	f.Failed = true
	data := lostData{Frame: f, Login: up(r) + "login" + wanted(r)}
	for _, field := range typed {
		if text := r.PostFormValue(field.name); text != "" {
			data.Words = append(data.Words, lost{v.Text(field.label), text})
		}
	}
	in.write(w, http.StatusUnauthorized, lostPage, data)
}
