package camera

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"io"
	"net/http"

	"kandili/internal/lens"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// maxFrame is the largest picture that the page sends, in bytes.
const maxFrame = 4 << 20

func (p *Page) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{token}", p.open)
	mux.HandleFunc("POST /{key}/frame", p.frame)
	mux.HandleFunc("POST /{key}/code", p.code)
	mux.HandleFunc("POST /{key}/bye", p.bye)
	return p.guarded(mux)
}

// guarded lets in only what was sent to this very address by its own page: another site's page in the same browser, or a name that was
// bent to this machine, gets nothing.
func (p *Page) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if r.Host != p.host || origin != "" && origin != "http://"+p.host {
			http.Error(w, "", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}

// open serves the page to whoever has the token, once.
func (p *Page) open(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	good := r.PathValue("token") == p.token && !p.opened && !p.closing
	if good {
		p.opened, p.heard = true, p.opt.Now()
	}
	p.mu.Unlock()
	if !good {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusGone)
		io.WriteString(w, p.opt.word("gone"))
		return
	}
	nonce := secret()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; media-src 'self' blob: mediastream:; script-src 'nonce-"+nonce+"'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'")
	words := map[string]string{}
	for _, key := range []string{"title", "hold", "starting", "denied", "missing", "closed", "again", "close"} {
		words[key] = p.opt.word(key)
	}
	pageTemplate.Execute(w, map[string]any{"Lang": p.opt.Words.Code(), "Nonce": nonce, "Key": p.key, "W": words}) // a browser that went away needs no answer
}

// said is what the page hears after each frame.
type said struct {
	Bye   bool   `json:"bye,omitempty"` // close yourself
	New   bool   `json:"new,omitempty"` // a badge that was not in sight before
	Reply *Reply `json:"reply,omitempty"`
}

func (p *Page) frame(w http.ResponseWriter, r *http.Request) {
	p.hear(w, r, func(body []byte) (string, bool) {
		text, err := lens.Glance(body)
		return text, err == nil
	})
}

// code takes what a browser read by itself; empty: nothing is in sight.
func (p *Page) code(w http.ResponseWriter, r *http.Request) {
	p.hear(w, r, func(body []byte) (string, bool) { return string(body), len(body) > 0 && len(body) <= 512 })
}

func (p *Page) hear(w http.ResponseWriter, r *http.Request, read func([]byte) (string, bool)) {
	if r.PathValue("key") != p.key {
		http.Error(w, "", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFrame))
	if err != nil {
		http.Error(w, "", http.StatusRequestEntityTooLarge)
		return
	}
	p.mu.Lock()
	p.heard = p.opt.Now()
	out := said{Bye: p.closing}
	p.mu.Unlock()
	if !out.Bye {
		if text, ok := read(body); ok {
			reply, fresh := p.answer(text)
			out.Reply, out.New = &reply, fresh
		}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(out) // a browser that went away needs no answer
}

// bye says that a person closed the page.
func (p *Page) bye(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("key") == p.key {
		p.Close()
	}
	w.WriteHeader(http.StatusNoContent)
}
