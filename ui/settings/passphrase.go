package settings

import (
	"context"

	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/start"
	"kandili/ui/task"
)

// passphrase asks for the old passphrase and twice for a new one.
func (p *Screen) passphrase() {
	w := p.env.Words
	old, pass, again := kit.NewSecret(""), kit.NewSecret(""), kit.NewSecret("")
	f := kit.NewForm()
	f.Add("old", kit.NewField(w.T("settings.passphrase.old"), old, ""))
	f.Add("passphrase", kit.NewField(w.T("start.passphrase.new"), pass, w.T("start.passphrase.hint")))
	f.Add("repeated", kit.NewField(w.T("start.repeat"), again, ""))
	var d *kit.Dialog
	busy := false
	act := func() bool {
		wrong := start.CheckNew(w, "-", pass.Text, again.Text)
		f.SetErrors(wrong)
		if len(wrong) > 0 || busy {
			f.FocusFirstError()
			return false
		}
		busy = true
		before, after := []byte(old.Text), []byte(pass.Text)
		p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) error { return p.locks.ChangePassphrase(before, after) }, func(err error) {
			busy = false
			if err != nil {
				f.SetErrors(map[string]string{"old": place.Sentences(w.Problem(err))})
				f.FocusFirstError()
				return
			}
			d.Close()
			p.env.Say(kit.Good, w.T("settings.passphrase.done"))
		})
		return false
	}
	for _, e := range []*kit.Entry{old, pass, again} {
		e.OnSubmitted = func(string) { act() }
	}
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("settings.passphrase"), Line: w.T("settings.passphrase.line"), Body: f.Object(), First: old,
		Yes: w.T("settings.passphrase.yes"), No: w.T("do.cancel"), OnYes: act, Width: 520})
}
