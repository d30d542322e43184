package hq

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
)

// recoveryPages adds the page from which the office reads a recovery code out.
func (p *site) recoveryPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /c/{campaign}/laptop/{node}/recovery", p.guarded(p.recoveryPage))
	mux.HandleFunc("POST /c/{campaign}/laptop/{node}/recovery", p.guarded(p.recover))
}

func recoveryURL(s *store.Store, node int64) string {
	return fmt.Sprintf("/c/%s/laptop/%d/recovery", s.Self().Campaign, node)
}

// recoveryView asks once more, then shows the code.
type recoveryView struct {
	Name, Letters, URL string
	Revoked            string // on which day; empty: it was not
	Read, By           string // when it was last shown, and to whom; empty: never
	None               bool   // HQ has no code of this laptop
	Code               string // empty: it is not shown yet
}

// laptopOf finds the laptop of the address, for somebody who may open one.
func (p *site) laptopOf(w http.ResponseWriter, r *http.Request, v view) (s *store.Store, node fieldwork.Record, number uint32, ok bool) {
	v.Spoken = true
	refuse := func(status int, key string) {
		v.Title, v.Error, v.Hint = v.W.T("hq.recovery.title"), v.W.T(key), v.W.T(key+".hint")
		p.show(w, status, "message.html", v)
	}
	if !mayReview(v.Role) {
		refuse(http.StatusForbidden, "hq.recovery.officers")
		return nil, node, 0, false
	}
	n, err := strconv.ParseUint(r.PathValue("node"), 10, 32)
	if s = p.byID(r.PathValue("campaign")); s != nil && err == nil && n != 0 {
		s.Each(fieldwork.KindNode, func(x fieldwork.Record) bool {
			if m, _ := x.Get(fieldwork.NodeNumber).Int(); uint64(m) == n {
				node, ok = x, true
			}
			return !ok
		})
	}
	if !ok {
		refuse(http.StatusNotFound, "hq.recovery.unknown")
	}
	return s, node, uint32(n), ok
}

func (p *site) recoveryPage(w http.ResponseWriter, r *http.Request, v view) {
	if s, node, n, ok := p.laptopOf(w, r, v); ok {
		p.showRecovery(w, http.StatusOK, v, p.recoveryOf(v, s, node, n))
	}
}

// recoveryOf is what is known before the code is shown.
func (p *site) recoveryOf(v view, s *store.Store, node fieldwork.Record, n uint32) recoveryView {
	rd := newReading(s, v.W)
	out := recoveryView{Name: node.Get(fieldwork.NodeName).Text(), Letters: node.Get(fieldwork.NodeLetters).Text(), URL: recoveryURL(s, int64(n))}
	if at, ok := node.Get(fieldwork.NodeRevokedAt).Int(); ok {
		out.Revoked = v.W.Date(time.Unix(at, 0).In(rd.zone))
	}
	var k keptRecovery
	if json.Unmarshal(p.box.Get(recoveryName(s.Self().Campaign, n)), &k) != nil || len(k.Secrets) == 0 {
		out.None = true
	}
	if k.Read > 0 {
		out.Read, out.By = rd.moment(k.Read), k.By
		if k.By == "" {
			out.By = v.W.T("hq.recovery.command")
		}
	}
	return out
}

func (p *site) showRecovery(w http.ResponseWriter, status int, v view, body recoveryView) {
	v.Spoken, v.Title, v.Body = true, v.W.T("hq.recovery.title"), body
	p.show(w, status, "recovery.html", v)
}

// recover shows the code to who typed the laptop's name. The answer is kept nowhere but in HQ's note of who saw it.
func (p *site) recover(w http.ResponseWriter, r *http.Request, v view) {
	s, node, n, ok := p.laptopOf(w, r, v)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	body := p.recoveryOf(v, s, node, n)
	if fieldwork.Fold(strings.TrimSpace(r.PostFormValue("name"))) != fieldwork.Fold(body.Name) {
		v.Error, v.Hint = v.W.T("hq.recovery.other-name"), v.W.T("hq.recovery.other-name.hint", body.Name)
		p.showRecovery(w, http.StatusBadRequest, v, body)
		return
	}
	code, err := p.RecoveryCode(s.Self().Campaign, n, v.Who)
	if err != nil {
		v.Error, v.Hint = v.W.T("hq.recovery.none"), v.W.T("hq.recovery.none.hint")
		p.showRecovery(w, http.StatusNotFound, v, body)
		return
	}
	body.Code = code
	p.showRecovery(w, http.StatusOK, v, body)
}
