package camera

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"kandili/internal/fieldwork"
	"kandili/ui/show"
)

func badge(n uint64) string {
	key := fieldwork.BadgeKey{Campaign: "KAJI", No: 1, Key: [32]byte{7}}
	return key.Payload(fieldwork.CodeOf(fieldwork.RecordID{Log: fieldwork.LogID{Node: 4}, Seq: n}), 0)
}

// frame is what a camera of 640 by 480 sees of a badge held before it.
func frame(t *testing.T, text string) *image.Gray {
	t.Helper()
	q, err := qrcode.New(text, qrcode.High)
	if err != nil {
		t.Fatal(err)
	}
	bits := q.Bitmap()
	img := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range img.Pix {
		img.Pix[i] = 120
	}
	const module = 7
	left, top := (640-len(bits)*module)/2, (480-len(bits)*module)/2
	for y := range len(bits) * module {
		for x := range len(bits) * module {
			v := byte(235)
			if bits[y/module][x/module] {
				v = 20
			}
			img.Pix[(top+y)*img.Stride+left+x] = v
		}
	}
	return img
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// seen gathers what the page reported.
type seen struct {
	sync.Mutex
	texts []string
	first chan string
	gone  chan bool
}

func openPage(t *testing.T, lang string, now func() time.Time) (*Page, *seen) {
	t.Helper()
	w, err := show.Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	s := &seen{first: make(chan string, 10), gone: make(chan bool, 1)}
	p, err := Open(Options{Words: w, Now: now, Gone: func() { s.gone <- true }, Seen: func(text string, _ int64) Reply {
		s.Lock()
		s.texts = append(s.texts, text)
		s.Unlock()
		s.first <- text
		return Reply{"good", "Nasieku Ole Ntutu", w.T("checkin.welcome")}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Close()
		select {
		case <-s.gone:
		case <-time.After(10 * time.Second):
			t.Error("the page never went")
		}
	})
	return p, s
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(b)
}

var keyForm = regexp.MustCompile(`way = "/" \+ "([0-9a-f]{32})"`)

func TestPage_theAddressIsGoodForOneOpening(t *testing.T) {
	p, _ := openPage(t, "fr", nil)
	if code, _ := get(t, "http://"+p.host+"/"+secret()); code != http.StatusGone {
		t.Errorf("a guessed address: %d", code)
	}
	code, page := get(t, p.URL)
	if code != http.StatusOK || !strings.Contains(page, `<html lang="fr" translate="no">`) || !strings.Contains(page, "Caméra pour les badges") {
		t.Errorf("opened: %d %.200s", code, page)
	}
	if code, page := get(t, p.URL); code != http.StatusGone || !strings.Contains(page, "Pointage") {
		t.Errorf("opened again: %d %s", code, page)
	}
}

func TestPage_onlyItsOwnPageIsHeard(t *testing.T) {
	p, s := openPage(t, "en", nil)
	_, page := get(t, p.URL)
	m := keyForm.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no key:\n%s", page)
	}
	send := func(host, origin, key string) int {
		r, err := http.NewRequest("POST", "http://"+p.host+"/"+key+"/code", strings.NewReader(badge(1)))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for name, c := range map[string]struct{ host, origin, key string }{
		"another site":  {p.host, "https://example.org", m[1]},
		"a bent name":   {"camera.example.org", "", m[1]},
		"without a key": {p.host, "http://" + p.host, p.token},
	} {
		if code := send(c.host, c.origin, c.key); code != http.StatusForbidden {
			t.Errorf("%s: %d", name, code)
		}
	}
	if len(s.texts) > 0 {
		t.Errorf("strangers were heard: %q", s.texts)
	}
	if code := send(p.host, "http://"+p.host, m[1]); code != http.StatusOK || len(s.texts) != 1 {
		t.Errorf("its own page: %d %q", code, s.texts)
	}
}

func TestPage_aBadgeHeldBeforeTheCameraIsOneScan(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2027, 3, 9, 9, 0, 0, 0, time.UTC)
	p, s := openPage(t, "en", func() time.Time { mu.Lock(); defer mu.Unlock(); return now })
	_, page := get(t, p.URL)
	key := keyForm.FindStringSubmatch(page)[1]
	one, two := asJPEG(t, frame(t, badge(1))), asJPEG(t, frame(t, badge(2)))
	for i, c := range []struct {
		picture []byte
		later   time.Duration
		fresh   bool
	}{{one, 0, true}, {one, 200 * time.Millisecond, false}, {one, 2900 * time.Millisecond, false}, {two, 200 * time.Millisecond, true}, {one, 200 * time.Millisecond, true}, {one, 4 * time.Second, true}} {
		mu.Lock()
		now = now.Add(c.later)
		mu.Unlock()
		res, err := http.Post("http://"+p.host+"/"+key+"/frame", "image/jpeg", bytes.NewReader(c.picture))
		if err != nil {
			t.Fatal(err)
		}
		var got said
		if err := json.NewDecoder(res.Body).Decode(&got); err != nil || got.Reply == nil || got.New != c.fresh || got.Reply.Title != "Nasieku Ole Ntutu" {
			t.Errorf("frame %d: %+v %v, new: want %v", i, got, err, c.fresh)
		}
		res.Body.Close()
	}
	if len(s.texts) != 4 {
		t.Errorf("%d scans: %q", len(s.texts), s.texts)
	}
}

// A real browser with a camera that plays a file: the badge is drawn, filmed, sent, decoded, answered.
func TestPage_aRealBrowserReadsARealBadge(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("there is no Chromium here; “make test” installs it")
	}
	dir := t.TempDir()
	film := filepath.Join(dir, "badge.y4m")
	if err := os.WriteFile(film, y4m(frame(t, badge(42)), 3), 0o600); err != nil {
		t.Fatal(err)
	}
	p, s := openPage(t, "sw", nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--mute-audio", "--user-data-dir="+filepath.Join(dir, "browser"),
		"--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--use-file-for-fake-video-capture="+film, p.URL)
	cmd.WaitDelay = 5 * time.Second
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cancel(); cmd.Wait() }() // killed on purpose
	select {
	case got := <-s.first:
		if got != badge(42) {
			t.Errorf("read %q, the badge says %q", got, badge(42))
		}
	case <-time.After(60 * time.Second):
		t.Fatalf("the browser never showed the badge:\n%s", out.Bytes())
	}
	time.Sleep(700 * time.Millisecond) // it stays in sight
	s.Lock()
	if len(s.texts) != 1 {
		t.Errorf("held before the camera, it was scanned %d times", len(s.texts))
	}
	s.Unlock()
	p.mu.Lock()
	before := p.heard
	p.mu.Unlock()
	p.Close()
	time.Sleep(farewell)
	p.mu.Lock()
	defer p.mu.Unlock()
	if quiet := time.Since(p.heard); quiet < farewell/2 {
		t.Errorf("told to close, the page went on sending %v ago; before that at %v", quiet, before)
	}
}

// y4m is a film of a still picture, in the form that the browser's fake camera plays.
func y4m(img *image.Gray, frames int) []byte {
	var b bytes.Buffer
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	fmt.Fprintf(&b, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n", w, h)
	for range frames {
		b.WriteString("FRAME\n")
		b.Write(img.Pix)
		b.Write(bytes.Repeat([]byte{128}, w*h/2))
	}
	return b.Bytes()
}
