package hq

import (
	"net/http"
	"sync"

	"kandili/internal/fieldwork"
	"kandili/sync/road"
)

// exchanges keeps one handler for each campaign, so that a laptop's newer request finds its older one.
type exchanges struct {
	office *Office

	mu         sync.Mutex
	byCampaign map[string]*road.Handler
}

func (e *exchanges) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := e.office.byID(r.PathValue("id"))
	if s == nil {
		road.Refuse(w, http.StatusNotFound, &fieldwork.Problem{Code: "wrong-campaign", Sentence: "HQ does not have this campaign.", Hint: "Ask HQ for a new invite."})
		return
	}
	id := s.Self().Campaign
	e.mu.Lock()
	h := e.byCampaign[id.String()]
	if h == nil {
		h = &road.Handler{Prove: road.ByToken(func(node uint32, token []byte) error { return e.office.prove(id, node, token) })}
		h.Answerer = answering{e.office, s, h.Limits}
		e.byCampaign[id.String()] = h
	}
	e.mu.Unlock()
	h.ServeHTTP(w, r)
}
