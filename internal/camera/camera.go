// Package camera reads badges and invites with the computer's camera and no driver of our own: a page on this machine only, opened in the system's
// browser, sends what the camera sees, and the codes in it are read here. cmd/kandili imports it.
package camera

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"kandili/internal/fieldwork"
)

// Words are the sentences of one language.
type Words interface {
	T(key string, args ...any) string
	Code() string
}

// Reply is what the page shows about a badge.
type Reply struct {
	Tone  string `json:"tone"` // "good", "again" or "bad"
	Title string `json:"title"`
	Line  string `json:"line"`
}

// Options are what a page works with. Its functions are called from goroutines of the page.
type Options struct {
	Words  Words
	Invite bool                                  // the page asks for an invite of HQ, not for badges
	Seen   func(text string, moment int64) Reply // a code came into sight; moment tells one sight from the next, in milliseconds since 1970
	Gone   func()                                // the page was closed, or nobody opened it
	Now    func() time.Time                      // nil: time.Now
}

// word is a sentence of the page. Some are others where it asks for an invite.
func (o *Options) word(key string) string {
	if o.Invite && slices.Contains([]string{"title", "hold", "missing", "gone"}, key) {
		key = "invite." + key
	}
	return o.Words.T("camera." + key)
}

// Page is the page while it is open.
type Page struct {
	URL string // to be opened in a browser, once

	opt    Options
	host   string
	token  string // in the address; good for one opening
	key    string // of the page that was opened
	server *http.Server

	mu      sync.Mutex
	opened  bool
	closing bool
	heard   time.Time // the page's last word
	last    sight
	once    sync.Once
	done    chan struct{}
}

// sight is a badge as long as it is held before the camera.
type sight struct {
	text  string
	until time.Time
	reply Reply
}

const (
	again    = 3 * time.Second  // out of sight for so long, a badge is a new scan
	unopened = 90 * time.Second // nobody opens the page
	silent   = 20 * time.Second // the page says nothing more: its browser is gone
	farewell = 1500 * time.Millisecond
)

// Open makes the page and begins to answer. Close ends it.
func Open(o Options) (*Page, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, &fieldwork.Problem{Code: "no-camera-page", Sentence: "The page for the camera cannot be opened.", Hint: "The scanner and typed codes go on working.", Err: err}
	}
	p := &Page{opt: o, host: l.Addr().String(), token: secret(), key: secret(), done: make(chan struct{}), heard: o.Now()}
	p.URL = "http://" + p.host + "/" + p.token
	p.server = &http.Server{Handler: p.routes(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: time.Minute}
	go p.server.Serve(l) // ends with the server
	go p.watch()
	return p, nil
}

func secret() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Close tells the page to close itself and ends it. It returns at once.
func (p *Page) Close() {
	p.mu.Lock()
	p.closing = true
	p.mu.Unlock()
	p.once.Do(func() { close(p.done) })
}

// watch ends the page: when it was closed on either side, was never opened, or its browser is gone.
func (p *Page) watch() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	gone := false
	for !gone {
		select {
		case <-p.done:
			time.Sleep(farewell) // the page hears of it with its next frame
			gone = true
		case <-tick.C:
			gone = p.forgotten()
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if p.server.Shutdown(ctx) != nil {
		p.server.Close()
	}
	if p.opt.Gone != nil {
		p.opt.Gone()
	}
}

func (p *Page) forgotten() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	quiet := p.opt.Now().Sub(p.heard)
	return p.opened && quiet > silent || !p.opened && quiet > unopened
}

// answer decides about a code in sight: the same badge held before the camera is one scan.
func (p *Page) answer(text string) (Reply, bool) {
	now := p.opt.Now()
	p.mu.Lock()
	if text == p.last.text && now.Before(p.last.until) {
		p.last.until = now.Add(again)
		defer p.mu.Unlock()
		return p.last.reply, false
	}
	p.last = sight{text: text, until: now.Add(again)}
	p.mu.Unlock()
	r := p.opt.Seen(text, now.UnixMilli())
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.text == text {
		p.last.reply = r
	}
	return r, true
}
