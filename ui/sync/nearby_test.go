package sync

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/uitest"
)

// crowd is who is nearby, as a test wants. The real ones meet in internal/laptop and cmd/kandilictl.
type crowd struct {
	there   []Nearby
	friends []uint32
	sent    []uint32 // away
	forgot  []uint32
	called  []string
	during  func()
	fails   error
	near    func()
	network func()
	own     []string
}

func (c *crowd) Nearby() []Nearby { return slices.Clone(c.there) }

func (c *crowd) Exchange(ctx context.Context, url string, told func(Met), report func(Progress)) (Result, error) {
	c.called = append(c.called, url)
	report(Progress{Sent: 3, ToSend: 5, Received: 1, ToReceive: 31, Up: 2300, Left: 4 * time.Second})
	if c.during != nil {
		c.during()
	}
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	for _, n := range c.there {
		if n.URL == url && !slices.Contains(c.friends, n.Node) {
			told(n.Met)
			return Result{}, &fieldwork.Problem{Code: "peer-confirm", Sentence: "first"}
		}
	}
	return Result{Sent: 5, Received: 31, Up: 2300, Down: 1100}, c.fails
}

func (c *crowd) LetIn(node uint32) error  { c.friends = append(c.friends, node); return nil }
func (c *crowd) SendAway(node uint32)     { c.sent = append(c.sent, node) }
func (c *crowd) Forget(node uint32) error { c.forgot = append(c.forgot, node); return nil }
func (c *crowd) Addresses() []string      { return c.own }
func (c *crowd) OnNearby(f func())        { c.near = f }
func (c *crowd) OnNetwork(f func())       { c.network = f }

var (
	fatou  = Nearby{Met: Met{2, "Fatou-2", "417 052"}, URL: "https://192.168.1.22:8438", Here: true, Friend: true, Knows: true, Brings: 31, Takes: 5}
	oldie  = Nearby{Met: Met{3, "Kajiado 3", "100 200"}, URL: "https://192.168.1.23:8438", Here: true}
	guest  = Nearby{Met: Met{4, "Kajiado 4", "333 444"}, URL: "https://192.168.1.24:8438", Here: true, Asks: true}
	nobody = Nearby{URL: "https://192.168.1.25:8438", Here: true, Why: "peer-unknown"}
	away   = Nearby{Met: Met{5, "Enkare", "555 666"}, Friend: true, Last: uitest.Noon.Add(-26 * time.Hour).Unix()}
)

// flat is what is said, without where lines wrap.
func flat(w *uitest.Window) string { return strings.ReplaceAll(said(w), " | ", " ") }

func village(list ...Nearby) *way {
	return &way{crowd: crowd{there: list, friends: []uint32{2}, own: []string{"192.168.1.20:8438"}}}
}

// heard makes what changed nearby arrive.
func heard(d *uitest.Desk, h *way) {
	h.near()
	d.Steps.Advance(time.Second)
	d.Steps.Settle()
}

func TestNearby_eachLaptopSaysHowItIs(t *testing.T) {
	home := village(guest, fatou, oldie, nobody, away)
	_, w, _ := open(t, home, "en")
	got := said(w)
	for _, want := range []string{"They find each other by themselves.",
		"Kajiado 4 | asks to exchange: compare the code | Compare the code",
		"Fatou-2 | has 31 changes that this one lacks · lacks 5 of this one | Exchange",
		"Kajiado 3 | never met: nothing moves before both people agree | Connect",
		"A laptop that this one does not know | of this campaign, but new here: sync both laptops with HQ once",
		"Enkare | not here now · last exchange 1 day ago | Forget"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	w.Golden("nearby.png")
}

func TestNearby_aloneSaysSo(t *testing.T) {
	home := village()
	d, w, _ := open(t, home, "fr")
	if got := flat(w); !strings.Contains(got, "Aucun ordinateur de cette campagne n'est sur ce réseau en ce moment. Les autres joignent celui-ci à 192.168.1.20:8438.") {
		t.Error(got)
	}
	home.there = []Nearby{fatou}
	heard(d, home)
	if got := said(w); !strings.Contains(got, "a 31 changements qui manquent ici") {
		t.Errorf("somebody came: %s", got)
	}
}

// tabTo moves the focus to the button of the text.
func tabTo(t *testing.T, w *uitest.Window, text string) {
	t.Helper()
	for range 40 {
		if b, ok := w.Canvas().Focused().(*kit.Button); ok && b.Text() == text {
			return
		}
		w.Tab()
	}
	t.Fatalf("Tab never comes to %q", text)
}

func TestNearby_exchangesByKeyboard(t *testing.T) {
	home := village(fatou)
	d, w, _ := open(t, home, "en")
	var during string
	home.during = func() { d.Env.Sched.Do(func() {}) }
	tabTo(t, w, "Exchange")
	w.Key(fyne.KeyReturn)
	during = said(w)
	if !strings.Contains(during, "Calling Fatou-2") || !strings.Contains(during, "Stop") {
		t.Errorf("while it runs: %s", during)
	}
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "Both laptops hold the same now. | 5 sent, 31 received, 3.4 KB in all.") || len(home.called) != 1 {
		t.Errorf("after: %s", got)
	}
	if b, ok := w.Canvas().Focused().(*kit.Button); !ok || b.Text() != "Exchange" {
		t.Error("the focus did not stay on the laptop's button")
	}
}

func TestNearby_firstMeetingShowsTheCodeBeforeAnythingMoves(t *testing.T) {
	home := village(oldie)
	d, w, _ := open(t, home, "en")
	tabTo(t, w, "Connect")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "First meeting with Kajiado 3") || !strings.Contains(got, "100 200") {
		t.Fatalf("the question: %s", got)
	}
	w.Golden("nearby-code.png")
	w.Key(fyne.KeyEscape)
	if len(home.friends) != 1 {
		t.Fatal("Esc let it in")
	}
	tabTo(t, w, "Connect")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	w.Key(fyne.KeyReturn) // the codes are the same
	d.Steps.Settle()
	if got := said(w); !slices.Contains(home.friends, 3) || len(home.called) != 3 || !strings.Contains(got, "Both laptops hold the same now.") {
		t.Errorf("friends %v, called %v: %s", home.friends, home.called, got)
	}
}

func TestNearby_whoAsksIsToldEverywhereAndLetInByNoScanner(t *testing.T) {
	home := village()
	d, w, p := open(t, home, "en")
	home.there = []Nearby{guest}
	heard(d, home)
	heard(d, home)
	if n := len(d.Said); n != 1 || !strings.Contains(d.Said[0], "Kajiado 4 asks to exchange") || p.Asking() != "Kajiado 4" {
		t.Fatalf("said %q, asking %q", d.Said, p.Asking())
	}
	tabTo(t, w, "Compare the code")
	w.Key(fyne.KeyReturn)
	if got := said(w); !strings.Contains(got, "333 444") {
		t.Fatal(got)
	}
	w.Key(fyne.KeyReturn) // a scanner's Enter
	if len(home.friends) != 1 || !slices.Equal(home.sent, []uint32{4}) {
		t.Fatalf("friends %v, sent away %v", home.friends, home.sent)
	}
	tabTo(t, w, "Compare the code")
	w.Key(fyne.KeyReturn)
	tabTo(t, w, "The codes are the same")
	w.Key(fyne.KeyReturn)
	if !slices.Contains(home.friends, 4) {
		t.Errorf("friends %v", home.friends)
	}
}

func TestNearby_stopsFailsAndForgets(t *testing.T) {
	home := village(fatou, away)
	d, w, p := open(t, home, "en")
	home.during = p.cancel
	tabTo(t, w, "Exchange")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "Stopped. | What had arrived stays") {
		t.Errorf("stopped: %s", got)
	}
	home.during, home.fails = nil, &fieldwork.Problem{Code: "peer-unreachable"}
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "The other laptop does not answer.") {
		t.Errorf("nobody there: %s", got)
	}
	tabTo(t, w, "Forget")
	w.Key(fyne.KeyReturn)
	tabTo(t, w, "Forget")
	w.Key(fyne.KeyReturn)
	if !slices.Equal(home.forgot, []uint32{5}) {
		t.Errorf("forgot %v", home.forgot)
	}
	home.there = nil
	heard(d, home)
	if w.Canvas().Focused() == nil {
		t.Error("the focus went with the row")
	}
	tabTo(t, w, "Type an address …")
	w.Key(fyne.KeyReturn)
	w.Type("192.168.1.77")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	if home.called[len(home.called)-1] != "192.168.1.77" {
		t.Errorf("called %v", home.called)
	}
}

func TestSync_byItselfUnlessPausedAndSoonAfterTheNetworkCame(t *testing.T) {
	home := village()
	d, w, p := open(t, home, "en")
	p.Auto(time.Minute)
	home.network()
	d.Steps.Settle()
	d.Steps.Advance(6 * time.Second)
	if home.calls != 1 {
		t.Errorf("%d exchanges after the network came", home.calls)
	}
	d.Steps.Advance(4 * time.Minute)
	if home.calls != 1 {
		t.Errorf("%d exchanges within four minutes with nothing new", home.calls)
	}
	d.Steps.Advance(2 * time.Minute)
	if home.calls != 2 {
		t.Errorf("%d exchanges, one every five minutes was due", home.calls)
	}
	home.paused = true
	p.Auto(time.Minute)
	home.network()
	d.Steps.Advance(time.Hour)
	if home.calls != 2 {
		t.Errorf("%d exchanges while paused", home.calls)
	}
	p.Start()
	d.Steps.Settle()
	if got := flat(w); home.calls != 3 || !strings.Contains(got, "Paused: it syncs only when you press the button.") {
		t.Errorf("by hand: %d, %s", home.calls, got)
	}
	p.Close()
}

func TestSync_byItselfDoesNotInsistWhereNobodyAnswers(t *testing.T) {
	home := village()
	d, w, p := open(t, home, "en")
	home.waits = true
	p.Auto(time.Minute)
	d.Steps.Advance(time.Minute)
	if got := flat(w); !strings.Contains(got, "HQ does not answer. Everything is saved on this laptop.") || p.Busy() || home.ended == nil {
		t.Errorf("by itself: busy %v, ended %v: %s", p.Busy(), home.ended, got)
	}
	home.ended = nil
	p.Start() // a person may insist
	d.Steps.Settle()
	if home.ended != nil {
		t.Error("by hand it gave up at once")
	}
	p.Close()
}

func TestSync_theBarOnTopCounts(t *testing.T) {
	d := uitest.NewDesk(t, "en")
	st := State{Unsent: 126, Last: store.LastSync{At: uitest.Noon.Add(-72 * time.Hour).Unix()}}
	for want, x := range map[string]Progress{"HQ 3 days ago · sending 88 of 214": {Sent: 88, ToSend: 214}, "HQ 3 days ago · receiving 1 of 31": {Received: 1, ToReceive: 31},
		"HQ 3 days ago · 126 to send": {Waiting: true, ToSend: 126}, "HQ 3 days ago · syncing …": {}} {
		if got := st.BusyWords(d.Env.Words, uitest.Noon, x); got != want {
			t.Errorf("%+v is %q, want %q", x, got, want)
		}
	}
	if a, b, c := leftWords(d.Env.Words, 3*time.Second), leftWords(d.Env.Words, 150*time.Second), leftWords(d.Env.Words, 0); a != "about 3 s left" || b != "about 3 min left" || c != "" {
		t.Errorf("%q %q %q", a, b, c)
	}
}
