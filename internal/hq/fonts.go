package hq

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"kandili/assets"
)

// pageFonts are the faces that pages and the window share.
var pageFonts = []string{"NotoSans-Regular", "NotoSans-Bold", "NotoSansMono-Regular"}

// serveFont hands out a face. It is the same in every version, so a browser asks for it once.
func serveFont(w http.ResponseWriter, r *http.Request) {
	name, _ := strings.CutSuffix(r.PathValue("name"), ".ttf")
	if !slices.Contains(pageFonts, name) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "font/ttf")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(assets.Font(name)))
}
