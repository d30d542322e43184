package hq

import (
	"context"
	"net/http"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
)

// forgetPages adds the page on which a person is forgotten.
func (p *site) forgetPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /c/{campaign}/record/{code}/forget", p.guarded(p.forgetPage))
	mux.HandleFunc("POST /c/{campaign}/record/{code}/forget", p.guarded(p.forget))
}

// forgetView asks once more: it cannot be undone.
type forgetView struct {
	Code, Name, URL string
	Records         []piece // that lose what says something about her
}

func (p *site) forgetPage(w http.ResponseWriter, r *http.Request, v view) {
	s, rec, ok := p.personOf(w, r, v)
	if !ok {
		return
	}
	p.askToForget(w, http.StatusOK, v, s, rec)
}

func (p *site) askToForget(w http.ResponseWriter, status int, v view, s *store.Store, rec fieldwork.Record) {
	rd := newReading(s, p.words)
	f := forgetView{Code: fieldwork.CodeOf(rec.ID), Name: shorter(fieldwork.Name(rec)), URL: recordURL(s, rec.ID)}
	for _, id := range s.AboutPerson(rec.ID) {
		line := rd.link(id)
		if other, ok := s.Record(id); ok {
			line.Text = capital(words(other.Kind.String())) + " · " + line.Text
		}
		f.Records = append(f.Records, line)
	}
	v.Title, v.Body = "Forget a person", f
	p.show(w, status, "forget.html", v)
}

// personOf finds the person of the address, for somebody who may decide this.
func (p *site) personOf(w http.ResponseWriter, r *http.Request, v view) (s *store.Store, rec fieldwork.Record, ok bool) {
	if !mayReview(v.Role) {
		p.refuse(w, v, http.StatusForbidden, "Only an officer or an administrator may forget a person.", "Ask one of them.")
		return nil, rec, false
	}
	if s = p.byID(r.PathValue("campaign")); s != nil {
		var err error
		rec, err = s.ByCode(r.PathValue("code"))
		ok = err == nil && (rec.Kind == fieldwork.KindTrainee || rec.Kind == fieldwork.KindVolunteer)
	}
	if !ok {
		p.missing(w, v, "This is the code of no person.", "Open the person's page and choose from there.")
	}
	return s, rec, ok
}

func (p *site) forget(w http.ResponseWriter, r *http.Request, v view) {
	s, rec, ok := p.personOf(w, r, v)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	code := fieldwork.CodeOf(rec.ID)
	if !strings.EqualFold(strings.TrimSpace(r.PostFormValue("code")), code) {
		v.Error, v.Hint = "Nothing was forgotten: the code that you typed is another one.", "Type "+code+" to confirm."
		p.askToForget(w, http.StatusBadRequest, v, s, rec)
		return
	}
	_, t, err := p.Forget(context.WithoutCancel(r.Context()), s, rec.ID) // a browser that goes away must not leave it half done
	if err != nil {
		p.refuse(w, v, http.StatusInternalServerError, "HQ could not forget the person everywhere. "+err.Error(), fieldwork.Hint(err))
		return
	}
	http.Redirect(w, r, p.url(outcome{said: "Forgotten. A new backup without this person is proven." + spaced(t.destroyed()), back: recordURL(s, rec.ID)}, r, s), http.StatusSeeOther)
}

// Forget forgets a person and proves a backup without her, so that laptops need not keep her any longer and older backups can go. It
// returns how many records lost what was about her.
func (o *Office) Forget(ctx context.Context, s *store.Store, id fieldwork.RecordID) (int, Trial, error) {
	n, err := s.Forget(id)
	if err != nil {
		return 0, Trial{}, err
	}
	t, err := o.Prove(ctx, "")
	if err != nil {
		err = &fieldwork.Problem{Code: "forgotten-unproven", Sentence: "HQ has forgotten the person, but a backup without her could not be proven: " + err.Error(),
			Hint: "Prove one: until then laptops keep sealed copies of what others wrote about her, and older backups hold her.", Err: err}
	}
	return n, t, err
}

// doForget forgets a person by the command line.
func (o *Office) doForget(c Command) (Reply, error) {
	if len(c.Args) != 1 {
		return Reply{}, &fieldwork.Problem{Code: "no-code", Sentence: "Whom is HQ to forget?", Hint: "For example: kandili-hq forget KJ4-0217-X"}
	}
	s, rec, err := o.find(c.Campaign, c.Args[0])
	if err != nil {
		return Reply{}, err
	}
	n, t, err := o.Forget(context.Background(), s, rec.ID)
	if err != nil {
		return Reply{}, err
	}
	return reply(map[string]any{"forgotten": fieldwork.CodeOf(rec.ID), "records": n, "backup": t.Path, "destroyed": t.Destroyed, "elsewhere": t.Elsewhere},
		"Forgotten. %s lost what said who it was; laptops follow at their next contact. A new backup without it is proven.%s Copies of older backups that you made yourself still hold it: destroy them.\n",
		plural(n, "One record", "%s records"), spaced(t.destroyed()))
}

// find finds a record by its code, in the campaign named or in any.
func (o *Office) find(campaign, code string) (s *store.Store, rec fieldwork.Record, err error) {
	if campaign != "" {
		if s, err = o.Campaign(campaign); err == nil {
			rec, err = s.ByCode(code)
		}
		return s, rec, err
	}
	for _, s := range o.Campaigns() {
		if rec, err = s.ByCode(code); err == nil {
			return s, rec, nil
		}
	}
	if err == nil {
		_, err = o.Campaign("")
	}
	return nil, rec, err
}
