package hq

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"kandili/internal/store"
)

// url leads back with what to say. It is signed, so that nobody can send a link that puts words into HQ's mouth, or an
// Undo under an officer's finger.
func (p *site) url(o outcome, r *http.Request, s *store.Store) string {
	back := cmp.Or(o.back, r.PostForm.Get("back"))
	to, err := url.Parse(back)
	if err != nil || to.IsAbs() || to.Host != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(back, "//") {
		to = &url.URL{Path: "/review"}
	}
	q := to.Query()
	for _, old := range saidParts {
		q.Del(old)
	}
	q.Set("said", o.said)
	var dots []string
	for i := range o.changes {
		dots = append(dots, o.changes[i].Dot(0).String())
	}
	if len(dots) > 0 && len(dots) <= 50 { // more do not fit into an address; each record's page undoes one
		q.Set("undo", strings.Join(dots, ","))
		q.Set("of", s.Self().Campaign.String())
	}
	q.Set("sign", p.saidSign(q))
	to.RawQuery = q.Encode()
	return to.String()
}

// saidParts are the parts of an address that say what became of a decision.
var saidParts = []string{"said", "undo", "of", "sign"}

// saidSign is what HQ alone can make of what an address says.
func (p *site) saidSign(q url.Values) string {
	h := hmac.New(sha256.New, p.seed)
	fmt.Fprintf(h, "kandili/said/v1 %q %q %q", q.Get("said"), q.Get("undo"), q.Get("of"))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// said is what the page before this one did, with a way to take it back.
type said struct {
	Text, Undo, Of, Back string
}

// saidOf reads what url wrote; what HQ did not write itself is not said.
func (p *site) saidOf(r *http.Request) said {
	q := r.URL.Query()
	if !hmac.Equal([]byte(q.Get("sign")), []byte(p.saidSign(q))) {
		q.Del("said")
		q.Del("undo")
	}
	back := *r.URL
	b := back.Query()
	for _, old := range saidParts {
		b.Del(old)
	}
	back.RawQuery = b.Encode()
	return said{Text: shorterTo(q.Get("said"), 300), Undo: q.Get("undo"), Of: q.Get("of"), Back: back.RequestURI()}
}

// shorterTo keeps a text within so many characters.
func shorterTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
