package hq

import (
	"encoding/base64"
	"net/http"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// mayReview says whether the role decides about records.
func mayReview(role string) bool { return role == "admin" || role == "officer" }

// decision is one form that was sent, of one campaign.
type decision struct {
	s     *store.Store
	who   string // the account
	words *show.Words
	r     *http.Request
}

// outcome is what became of a decision: a sentence, and how to take it back.
type outcome struct {
	said    string
	changes []journal.Change // what Undo takes back; none: it cannot be taken back here
	back    string           // where to go on; empty: where the form was
}

// mostForm bounds a form, in bytes: fifty chosen records and a text.
const mostForm = 256 << 10

// deciding lets officers decide, and leads back to where the form was with what became of it.
func (p *site) deciding(f func(decision) (outcome, error)) http.HandlerFunc {
	return p.guarded(func(w http.ResponseWriter, r *http.Request, v view) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		if err := r.ParseForm(); err != nil {
			p.refuse(w, v, http.StatusBadRequest, "The form did not arrive whole. Nothing was decided.", "Go back and send it again.")
			return
		}
		if !mayReview(v.Role) {
			p.refuse(w, v, http.StatusForbidden, "Your account only looks.", "Ask an officer to decide.")
			return
		}
		s := p.byID(r.PostForm.Get("c"))
		if s == nil && r.URL.Path != "/backups" {
			p.refuse(w, v, http.StatusNotFound, "HQ has no such campaign.", "Go to the overview and choose from there.")
			return
		}
		out, err := f(decision{s, v.Who, v.W, r})
		if err != nil {
			sentence, hint := v.W.Problem(err)
			v.Spoken = sentence != err.Error()
			p.refuse(w, v, http.StatusUnprocessableEntity, sentence, hint)
			return
		}
		http.Redirect(w, r, p.url(out, r, s), http.StatusSeeOther)
	})
}

func (p *site) refuse(w http.ResponseWriter, v view, status int, sentence, hint string) {
	v.Title, v.Error, v.Hint = v.W.T("hq.not-decided"), sentence, hint
	p.show(w, status, "message.html", v)
}

// undo takes back what HQ decided just now.
func (p *site) undo(d decision) (outcome, error) {
	var firsts []fieldwork.RecordID
	for _, text := range strings.Split(d.r.PostForm.Get("undo"), ",") {
		id, err := fieldwork.ParseRecordID(text)
		if err != nil || id.Log.Node != 0 {
			return outcome{}, &fieldwork.Problem{Code: "undo-unknown", Sentence: "Only what HQ decided can be taken back here.", Hint: "Open the record and correct it."}
		}
		firsts = append(firsts, id)
	}
	if _, err := d.s.Undo(fieldwork.RecordID{}, firsts...); err != nil {
		return outcome{}, err
	}
	return outcome{said: "Taken back."}, nil
}

// asOf is what HQ held when a page was made: what came in since was not looked at.
func asOf(s *store.Store) string {
	return base64.RawURLEncoding.EncodeToString(store.AppendHeads(nil, s.Heads()))
}

func asOfForm(r *http.Request) journal.Heads {
	b, err := base64.RawURLEncoding.DecodeString(r.PostForm.Get("asof"))
	if err != nil {
		return journal.Heads{}
	}
	return store.ReadHeads(b)
}
