package sync

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

func TestMain(m *testing.M) {
	store.CheckMain()
	m.Run()
}

// way is a way home that ends as a test wants. The real one is driven by the journeys.
type way struct {
	err   error
	calls int
	done  func()
	s     *store.Store

	silent bool // answers without receipts

	folder  string // where courier files went
	carried int

	paused bool
	waits  bool  // reports that it waits for a connection
	ended  error // of the context after that
	crowd
}

func (h *way) Sync(ctx context.Context, report func(Progress)) (Result, error) {
	h.calls++
	report(Progress{Sent: 1, ToSend: 2, Up: 3400})
	if h.waits {
		report(Progress{Waiting: true, Up: 79})
		h.ended = ctx.Err()
	}
	if h.done != nil {
		h.done()
	}
	if h.err == nil {
		h.err = ctx.Err()
	}
	if h.err != nil {
		return Result{}, h.err
	}
	if h.silent {
		return Result{Up: 3000, Down: 40}, h.s.SetLastSync(store.LastSync{At: uitest.Noon.Unix()})
	}
	if err := h.s.SetReceived(journal.Heads{h.s.Self().Log: h.s.Heads()[h.s.Self().Log]}); err != nil {
		return Result{}, err
	}
	return Result{Sent: 2, Received: 31, Up: 3000, Down: 400}, h.s.SetLastSync(store.LastSync{At: uitest.Noon.Unix()})
}

func (h *way) Paused() bool { return h.paused }

func (h *way) Photos() PhotoCount { return PhotoCount{Named: 12, Here: 11, ToSend: 3} }

func (h *way) Backup(name string) (string, error) { return "Kandili/" + name, nil }

func (h *way) Sticks() []Stick {
	return []Stick{{Name: "KINGSTON", Path: "/media/KINGSTON", Free: 7_400_000_000}, {Path: "Kandili", Free: 51_000_000_000}}
}

func (h *way) CarryOut(_ context.Context, folder string, report func(done, total int64)) (CarriedOut, error) {
	report(1, 2)
	h.folder = folder
	if h.err != nil {
		return CarriedOut{}, h.err
	}
	h.carried = h.s.Unsent()
	return CarriedOut{Files: []string{folder + "/q7x2.kcourier"}, Changes: h.carried, Bytes: 2310}, nil
}

func (h *way) CarryIn(_ context.Context, path string, _ func(done, total int64)) (CarriedIn, error) {
	h.folder = path
	return CarriedIn{Files: 2, Received: 31, Receipts: true, Waiting: 1, Trouble: []error{&fieldwork.Problem{Code: "not-yet-known", Sentence: "One is damaged.", Hint: "Copy it again."}}}, nil
}

func (h *way) OnTheWay() int { return h.carried }

func open(t *testing.T, home *way, lang string) (*uitest.Desk, *uitest.Window, *Screen) {
	t.Helper()
	home.s = uitest.Store(t)
	person := uitest.Save(t, home.s, fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")))
	uitest.Save(t, home.s, fieldwork.KindAttendance, uitest.Field(fieldwork.AttendancePerson, fieldwork.Ref(person)),
		uitest.Field(fieldwork.AttendanceSession, fieldwork.Ref(person)), uitest.Field(fieldwork.AttendanceKind, fieldwork.Int(fieldwork.AttendanceIn)))
	d := uitest.NewDesk(t, lang)
	w, p := d.Show(t, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(d.Env, home.s, home, nil) })
	return d, w, p.(*Screen)
}

func said(w *uitest.Window) string {
	w.Settle()
	return strings.Join(w.Texts(), " | ")
}

func TestSync_showsWhatIsOnlyHereAndThenHome(t *testing.T) {
	home := &way{}
	d, w, p := open(t, home, "en")
	before := said(w)
	for _, want := range []string{"2 changes made on this laptop", "only here | 2", "at HQ | 0", "Nasieku | attendance · ", "This laptop has never met HQ."} {
		if !strings.Contains(before, want) {
			t.Errorf("before: no %q in %s", want, before)
		}
	}
	w.Golden("before.png")
	p.Start()
	d.Steps.Settle()
	after := said(w)
	for _, want := range []string{"Everything is home.", "2 sent, 31 received, 3.4 KB in all.", "only here | 0", "at HQ | 2", "Nothing waits here."} {
		if !strings.Contains(after, want) {
			t.Errorf("after: no %q in %s", want, after)
		}
	}
	if text, good := p.State().PillWords(d.Env.Words, uitest.Noon.Add(3*time.Hour)); text != "HQ 3 hours ago" || !good {
		t.Errorf("the bar says %q %v", text, good)
	}
	w.Golden("after.png")
}

func TestSync_saysWhatWentWrongAndTriesAgainByItself(t *testing.T) {
	home := &way{err: &fieldwork.Problem{Code: "unreachable", Sentence: "HQ does not answer."}}
	d, w, p := open(t, home, "fr")
	p.Auto(time.Minute)
	d.Steps.Advance(time.Minute)
	if got := said(w); !strings.Contains(got, "Le siège ne répond pas. Tout est enregistré sur cet ordinateur.") || home.calls != 1 {
		t.Errorf("%d calls: %s", home.calls, got)
	}
	d.Steps.Advance(time.Hour)
	if home.calls < 4 || home.calls > 10 {
		t.Errorf("%d tries in an hour without HQ", home.calls)
	}
	home.err = nil
	d.Steps.Advance(15 * time.Minute)
	if got := said(w); !strings.Contains(got, "Tout est au siège.") {
		t.Errorf("once HQ is back: %s", got)
	}
	p.Close()
}

func TestSync_stopsWhenAsked(t *testing.T) {
	home := &way{}
	d, w, p := open(t, home, "en")
	home.done = func() { p.Start() } // pressed once more while it runs
	p.Start()
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "What had arrived stays") || p.Busy() {
		t.Errorf("busy %v: %s", p.Busy(), got)
	}
	p.Close()
}

// TestSync_anAnswerWithoutReceiptsIsNoReceipt: HQ said yes, and confirmed nothing.
func TestSync_anAnswerWithoutReceiptsIsNoReceipt(t *testing.T) {
	home := &way{silent: true}
	d, w, p := open(t, home, "en")
	p.Start()
	d.Steps.Settle()
	got := said(w)
	if strings.Contains(got, "Everything is home.") || !strings.Contains(got, "HQ answered, but has not confirmed 2 changes.") || !strings.Contains(got, "only here | 2") {
		t.Errorf("it says %s", got)
	}
	if text, good := p.State().PillWords(d.Env.Words, uitest.Noon); good || !strings.Contains(text, "2") {
		t.Errorf("the bar says %q %v", text, good)
	}
	p.Close()
}

// TestSync_saysThatHQForgot: HQ was restored from a backup.
func TestSync_saysThatHQForgot(t *testing.T) {
	home := &way{}
	d, w, p := open(t, home, "en")
	p.Start()
	d.Steps.Settle()
	if err := home.s.SetReceived(journal.Heads{}); err != nil {
		t.Fatal(err)
	}
	p.Changed(store.Event{Receipts: true})
	d.Steps.Settle()
	if got := strings.ReplaceAll(said(w), " | ", " "); strings.Contains(got, "Everything is home") || !strings.Contains(got, "HQ was restored from a backup and lacks 2 changes that it had confirmed. They are sent again.") || !strings.Contains(got, "only here 2") {
		t.Errorf("it says %s", got)
	}
	w.Golden("forgot.png")
	p.Start()
	d.Steps.Settle()
	if got := said(w); strings.Contains(got, "restored from a backup") {
		t.Errorf("once they are back: %s", got)
	}
	p.Close()
}

// TestSync_saysWhatCannotBeGivenToHQ: HQ was restored from a backup that is older than what laptops keep of each other's work.
func TestSync_saysWhatCannotBeGivenToHQ(t *testing.T) {
	d := uitest.NewDesk(t, "en")
	if got := forgotWords(d.Env.Words, State{Lost: 1}); !strings.Contains(got, "HQ lacks 1 change of other laptops") || strings.Contains(got, "sent again") {
		t.Errorf("it says %s", got)
	}
	if got := forgotWords(d.Env.Words, State{Forgot: 2, Lost: 3}); !strings.Contains(got, "They are sent again. HQ lacks 3 changes of other laptops") {
		t.Errorf("it says %s", got)
	}
}

func TestSync_aPracticeCampaignIsNeverSent(t *testing.T) {
	st := State{Practice: true}
	d := uitest.NewDesk(t, "en")
	if text, good := st.PillWords(d.Env.Words, uitest.Noon); text != "practice, never sent" || good {
		t.Errorf("%q %v", text, good)
	}
	if again(1, 0) >= again(2, 0) || again(99, 0) != 15*time.Minute || again(0, time.Hour) != time.Hour {
		t.Error("the pauses do not grow up to a quarter of an hour")
	}
}

func TestCourier_writesOnTheStickThatIsThere(t *testing.T) {
	home := &way{}
	d, w, p := open(t, home, "en")
	p.carry.askOut()
	w.Golden("courier-out.png")
	w.Key(fyne.KeyReturn)
	d.Steps.Settle()
	got := said(w)
	for _, want := range []string{"2 changes, 2.3 KB, written and read back: q7x2.kcourier", "2 changes are on their way in courier files"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if home.folder != "/media/KINGSTON" {
		t.Errorf("written to %q", home.folder)
	}
	w.Golden("courier-written.png")
}

func TestCourier_saysOfEachFileWhatItBrought(t *testing.T) {
	home := &way{}
	d, w, p := open(t, home, "en")
	p.Dropped("/media/KINGSTON/answer.kcourier")
	d.Steps.Settle()
	got := said(w)
	for _, want := range []string{"2 files were read; 31 changes are new here.", "HQ confirmed what it holds.", "1 part | waits for others", "One is damaged. Copy it again."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

func TestCourier_aFullStickLosesNothing(t *testing.T) {
	home := &way{err: &fieldwork.Problem{Code: "not-yet-known", Sentence: "The stick is full.", Hint: "Free 3 MB."}}
	d, w, p := open(t, home, "en")
	p.carry.carryOut("/media/KINGSTON")
	d.Steps.Settle()
	if got := said(w); !strings.Contains(got, "The stick is full. Free 3 MB.") || !strings.Contains(got, "only here | 2") {
		t.Error(got)
	}
}
