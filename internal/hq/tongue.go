package hq

import (
	"fmt"
	"net/http"
	"strings"

	"kandili/ui/show"
)

// tongues are the words of every language, read once. Pages come in the language that the reader chose, else in the first of her
// browser's that HQ has.
type tongues map[string]*show.Words

func loadTongues() (tongues, error) {
	t := tongues{}
	for _, l := range show.Langs() {
		w, err := show.Load(l.Code)
		if err != nil {
			return nil, fmt.Errorf("HQ's words: %w", err)
		}
		t[l.Code] = w
	}
	return t, nil
}

// langCookie holds the chosen language. It says nothing about anybody, and is there before signing in.
const langCookie = "__Host-kandili-lang"

// of is the language of whoever sent the request.
func (t tongues) of(r *http.Request) *show.Words {
	if c, err := r.Cookie(langCookie); err == nil && t[c.Value] != nil {
		return t[c.Value]
	}
	return t[langFor(r.Header.Get("Accept-Language"))]
}

// langFor is the first language of a browser that HQ has, else English.
func langFor(accept string) string {
	for _, part := range strings.Split(accept, ",") {
		tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		base, _, _ := strings.Cut(tag, "-")
		for _, l := range show.Langs() {
			code := strings.ToLower(l.Code)
			if own, _, _ := strings.Cut(code, "-"); tag == code || base == own || base == "tl" && own == "fil" {
				return l.Code
			}
		}
	}
	return "en"
}

// chooseLang keeps the language that was chosen, and leads back.
func (p *site) chooseLang(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if lang := r.PostFormValue("lang"); p.tongues[lang] != nil {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 86400})
	}
	http.Redirect(w, r, ownPath(r.PostFormValue("back")), http.StatusSeeOther)
}

// ownPath is an address of HQ's own pages, and the first page for any other.
func ownPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// Langs are all languages, for the choice at the end of a page.
func (v view) Langs() []show.Lang { return show.Langs() }

// Num writes a count in the reader's way.
func (v view) Num(n any) string {
	switch x := n.(type) {
	case int:
		return v.W.Number(x)
	case int64:
		return v.W.Number(int(x))
	case uint64:
		return v.W.Number(int(x))
	}
	return fmt.Sprint(n)
}
