package hq

import (
	"strings"
	"testing"
	"time"
)

func TestFonts_everyFaceOfThePagesIsThere(t *testing.T) {
	o, _ := newOffice(t, &clock{time.Unix(1_800_000_000, 0)})
	at, browser := serve(t, o)
	_, css := get(t, browser, at+"/look.css")
	for _, name := range pageFonts {
		if !strings.Contains(css, "/fonts/"+name+".ttf") {
			t.Errorf("the pages do not name %s", name)
		}
		if status, body := get(t, browser, at+"/fonts/"+name+".ttf"); status != 200 || len(body) < 100_000 {
			t.Errorf("%s: %d, %d bytes", name, status, len(body))
		}
	}
	if status, _ := get(t, browser, at+"/fonts/..%2fOFL.txt"); status == 200 {
		t.Error("another file was handed out as a face")
	}
}
