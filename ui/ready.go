package ui

import (
	"context"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/printing"
	"kandili/ui/ready"
	"kandili/ui/task"
)

// Journey is what getting ready to travel needs to know beside the store. Its methods may be called from any goroutine.
type Journey interface {
	LastBackup() int64 // seconds since 1970; 0: never
	FreeSpace() int64  // bytes; 0: not known
	StickCount() int
	HasPrinter() bool
	TestPaper(how printing.How) (printing.Paper, error)
}

// readyMarks are how a check shows: by shape as well as by colour.
var readyMarks = map[ready.State]kit.TodoItem{
	ready.Good: {Mark: "check", Tone: kit.Good}, ready.Look: {Mark: "warning", Tone: kit.Dim}, ready.Bad: {Mark: "cross", Tone: kit.Bad},
}

// askReady asks which way the laptop goes, and shows what is ready and what is not.
func (h *shell) askReady() { h.showReady(ready.Travel) }

func (h *shell) showReady(way ready.Way) {
	now := ready.Facts{Now: h.w.opt.Now(), Offset: h.sync.Offset()}
	_, now.Who = h.w.laptop.AtWork()
	site := h.siteID()
	h.w.opt.Sched.Run(context.Background(), func(context.Context, task.Progress) error {
		l := h.w.laptop
		now.Free, now.Backup, now.Sticks, now.Printer = l.FreeSpace(), l.LastBackup(), l.StickCount(), l.HasPrinter()
		now = ready.Count(h.store, site, now)
		return nil
	}, func(err error) {
		if err != nil {
			h.w.env.Tell(err)
			return
		}
		h.readyDialog(way, ready.Checks(way, now))
	})
}

func (h *shell) readyDialog(way ready.Way, checks []ready.Check) {
	w := h.w.words
	var d *kit.Dialog
	list := kit.NewTodo(w.T("ready.list"))
	items := make([]kit.TodoItem, len(checks))
	for i, c := range checks {
		it := readyMarks[c.State]
		it.Text = w.T("ready."+c.ID+"."+stateWord(c.State), w.Number(c.N))
		if c.To != "" {
			it.Action = w.T("ready.to." + c.To)
			it.OnTapped = func() { d.Close(); h.readyAct(c.To) }
		}
		items[i] = it
	}
	list.SetItems(items...)
	title, other, name := "ready.travel", ready.Leave, "ready.leave.instead"
	if way == ready.Leave {
		title, other, name = "ready.leave", ready.Travel, "ready.travel.instead"
	}
	line := w.T("ready.yes")
	if !ready.Ready(checks) {
		line = w.T("ready.not")
	}
	turn := kit.Secondary(w.T(name), func() { d.Close(); h.showReady(other) })
	d = kit.ShowDialog(h.w.win.Canvas(), kit.Ask{Title: w.T(title), Line: line, Width: 640, Yes: w.T("do.close"),
		Body: kit.Column(16, list, kit.Row(12, turn))})
}

func stateWord(s ready.State) string {
	switch s {
	case ready.Good:
		return "good"
	case ready.Look:
		return "look"
	}
	return "bad"
}

// readyAct goes to where something is mended.
func (h *shell) readyAct(to string) {
	act := map[string]func(){
		"site": h.chooseSite, "who": h.chooseWho, "test-page": h.testPage,
		"sync":    func() { h.goTo(place.Sync, fieldwork.RecordID{}) },
		"courier": func() { h.goTo(place.Sync, fieldwork.RecordID{}); h.sync.CarryOut() },
		"backup":  func() { h.goTo(place.Sync, fieldwork.RecordID{}); h.sync.Backup() },
		"people":  func() { h.goTo(place.People, fieldwork.RecordID{}) },
		"checkin": func() { h.goTo(place.CheckIn, fieldwork.RecordID{}) },
	}[to]
	if act != nil {
		act()
	}
}

// testPage prints a page with rulers, by which a person sees that the printer prints at 100 %, and where the labels of a format are.
func (h *shell) testPage() {
	w := h.w.words
	h.w.env.Print(printing.Job{Title: w.T("ready.test.title"), File: w.T("ready.test.file"), Label: true, Whole: true,
		Make: func(c printing.Wish) (printing.Paper, error) { return h.w.laptop.TestPaper(c.How) }})
}
