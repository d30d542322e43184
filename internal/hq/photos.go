package hq

import (
	"net/http"
	"strconv"
	"strings"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/photo"
	"kandili/internal/store"
)

// picture is a photo as a page shows it.
type picture struct {
	Small, Large  string // addresses; empty: that image has not arrived
	Width, Height int    // of the small one, so that the page does not jump when it comes
	Waits         string // what has not arrived, in words; empty: nothing
}

// picture is what HQ has of a photo; nil for a value that is none.
func (r *reading) picture(f *fieldwork.Field, v fieldwork.Value) *picture {
	name, ok := blob.NameOf(v)
	if f == nil || f.Type != fieldwork.TypePhoto || !ok {
		return nil
	}
	state := r.s.PhotoState(name)
	p := &picture{}
	at := "/c/" + r.s.Self().Campaign.String() + "/photo/" + name.String()
	if state.Of(blob.Preview).Whole {
		p.Small = at + "-small.jpg"
		if m, err := r.s.PhotoManifest(name); err == nil && m.Image(blob.Preview) != nil {
			im := m.Image(blob.Preview)
			p.Width, p.Height = im.Width, im.Height
		}
	}
	if state.Of(blob.Working).Whole {
		p.Large = at + ".jpg"
	}
	switch {
	case p.Small == "" && p.Large == "":
		p.Waits = "The photo has not arrived yet. It comes when the laptop that took it syncs."
	case p.Large == "":
		p.Waits = "The larger picture has not arrived yet: " + arrived(r.s, name) + "."
	}
	return p
}

// arrived says how much of a working image is here.
func arrived(s *store.Store, name blob.Name) string {
	m, err := s.PhotoManifest(name)
	if im := m.Image(blob.Working); err == nil && im != nil {
		return strconv.Itoa(s.PhotoState(name).Of(blob.Working).Chunks.Count()) + " of " + strconv.Itoa(im.Count()) + " pieces are here"
	}
	return "nothing of it is here"
}

// photoFile serves an image that a record names. It came from a laptop, so it is decoded and encoded anew, and the
// browser is told to take it for a picture and nothing else.
func (p *site) photoFile(w http.ResponseWriter, r *http.Request, v view) {
	s := p.byID(r.PathValue("campaign"))
	text, small := strings.CutSuffix(strings.TrimSuffix(r.PathValue("file"), ".jpg"), "-small")
	name, ok := blob.ParseName(text)
	if s == nil || !ok || !strings.HasSuffix(r.PathValue("file"), ".jpg") || !s.PhotoWanted(name) {
		p.missing(w, v, "HQ has no such photo.", "Open the record again: the photo may have been replaced.")
		return
	}
	size := blob.Working
	if small {
		size = blob.Preview
	}
	file, err := s.Photo(name, size)
	if err == nil {
		file, err = photo.Again(r.Context(), file)
	}
	if err != nil {
		p.missing(w, v, "This photo has not arrived at HQ yet, or is no picture.", "It comes when the laptop that took it syncs.")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("Content-Disposition", `inline; filename="photo.jpg"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.Write(file) // the reader went away: nobody to tell
}
