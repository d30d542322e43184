package hq

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/show"
)

// reviewPages adds the pages on which the office decides: accept, ask, conflicts, duplicates, quarantine, backups.
// Whatever is decided is a change in HQ's own log, so it reaches every laptop by every road.
func (p *site) reviewPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /review", p.guarded(p.reviewPage))
	mux.HandleFunc("GET /review/accept", p.guarded(p.acceptPage))
	mux.HandleFunc("POST /review/accept", p.deciding(p.accept))
	mux.HandleFunc("GET /review/conflicts", p.guarded(p.conflictsPage))
	mux.HandleFunc("POST /review/decide", p.deciding(p.decide))
	mux.HandleFunc("POST /review/belongs", p.deciding(p.belongs))
	mux.HandleFunc("GET /review/questions", p.guarded(p.questionsPage))
	mux.HandleFunc("POST /review/ask", p.deciding(p.ask))
	mux.HandleFunc("POST /review/settle", p.deciding(p.settle))
	mux.HandleFunc("GET /review/duplicates", p.guarded(p.duplicatesPage))
	mux.HandleFunc("POST /review/same", p.deciding(p.same))
	mux.HandleFunc("GET /review/quarantine", p.guarded(p.quarantinePage))
	mux.HandleFunc("POST /review/quarantine", p.deciding(p.quarantined))
	mux.HandleFunc("POST /review/undo", p.deciding(p.undo))
	mux.HandleFunc("GET /backups", p.guarded(p.backupsPage))
	mux.HandleFunc("POST /backups", p.deciding(p.proveNow))
}

// hub is the first page of the review.
type hub struct {
	Said      said
	Campaigns []hubCampaign
	Backup    backupLine
	Receipt   string // what was typed
	Answer    string // about it
	Known     bool
}

type hubCampaign struct {
	ID, Name                                                                              string
	Waiting, Conflicts, Doubles, Open, Answered, Duplicates, Apart, ApartChanges, Laptops int
}

func (p *site) reviewPage(w http.ResponseWriter, r *http.Request, v view) {
	v.Spoken, v.Title = true, v.W.T("hq.review")
	h := hub{Said: p.saidOf(r), Backup: p.backupLine(v.W), Receipt: strings.TrimSpace(r.FormValue("receipt"))}
	for _, s := range p.ordered() {
		c := hubCampaign{ID: s.Self().Campaign.String(), Name: campaignRecord(s).Get(fieldwork.CampaignName).Text(),
			Waiting: s.WaitingCount(), Conflicts: len(s.Contested()), Doubles: len(s.Doubles()), Duplicates: len(p.twins(s, false))}
		s.Each(fieldwork.KindQuestion, func(q fieldwork.Record) bool {
			switch {
			case fieldwork.IsOpen(q):
				c.Open++
			case q.Get(fieldwork.QuestionSettledAt).IsZero():
				c.Answered++
			}
			return true
		})
		runs, err := s.Apart()
		if err != nil {
			p.refuse(w, v, http.StatusInternalServerError, "What is kept apart cannot be read.", "Run “kandili-hq verify”.")
			return
		}
		for _, a := range runs {
			if !a.Left {
				c.Apart++
				c.ApartChanges += int(a.Last - a.First + 1)
			}
		}
		h.Campaigns = append(h.Campaigns, c)
		if h.Receipt != "" && !h.Known {
			h.Answer, h.Known = p.receiptAnswer(v.W, s, h.Receipt)
		}
	}
	v.Body = h
	p.show(w, http.StatusOK, "review.html", v)
}

func (p *site) receiptAnswer(w *show.Words, s *store.Store, number string) (answer string, known bool) {
	c, err := p.CheckReceipt(s, number)
	if err != nil {
		sentence, hint := w.Problem(err)
		return sentence + " " + hint, false
	}
	return receiptWords(w, s, c), c.Given
}

// ordered returns the campaigns by name.
func (p *site) ordered() []*store.Store {
	list := p.Campaigns()
	slices.SortFunc(list, func(a, b *store.Store) int {
		name := func(s *store.Store) string {
			return fieldwork.Fold(campaignRecord(s).Get(fieldwork.CampaignName).Text())
		}
		return cmp.Or(cmp.Compare(name(a), name(b)), cmp.Compare(a.Self().Campaign.String(), b.Self().Campaign.String()))
	})
	return list
}

// chosen is the campaign that a page is about: by the address, else the first by name. Nil: there is none.
func (p *site) chosen(r *http.Request) *store.Store {
	if s := p.byID(r.FormValue("c")); s != nil {
		return s
	}
	for _, s := range p.ordered() {
		return s
	}
	return nil
}

// Top is what all pages of the review begin with.
type Top struct {
	Said      said
	Campaigns []hubCampaign
	Campaign  string // id of the chosen one
	Here      string // the page's own address, to come back to
	AsOf      string
	May       bool // the account decides
}

func (p *site) top(r *http.Request, s *store.Store, v view) Top {
	t := Top{Said: p.saidOf(r), AsOf: asOf(s), May: mayReview(v.Role), Campaign: s.Self().Campaign.String()}
	t.Here = t.Said.Back
	for _, o := range p.ordered() {
		t.Campaigns = append(t.Campaigns, hubCampaign{ID: o.Self().Campaign.String(), Name: campaignRecord(o).Get(fieldwork.CampaignName).Text()})
	}
	return t
}

func (p *site) noCampaign(w http.ResponseWriter, v view) {
	p.missing(w, v, "There is no campaign yet.", "Make the first one on this machine: kandili-hq campaign create NAME --country CC")
}
