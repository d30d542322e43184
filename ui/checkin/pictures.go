package checkin

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/task"
)

// printBadge makes the sheet of one new badge beside the window and says where it is; the door goes on meanwhile.
func (p *Screen) printBadge(person fieldwork.RecordID, name string) {
	w := p.env.Words
	var path string
	file := w.T("people.badge.file") + " " + fieldwork.CodeOf(person) + ".pdf"
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		path, err = p.tools.SavePaper(file, func(out io.Writer) error {
			return p.tools.Badges(out, []fieldwork.RecordID{person}, "")
		})
		return err
	}, func(err error) {
		if err != nil {
			p.env.Tell(err)
			return
		}
		p.env.Say(kit.Good, w.T("checkin.lost.done", name, filepath.Base(path)))
		if err := p.tools.OpenFile(path); err != nil {
			p.env.Tell(err)
		}
	})
}

// picture asks for a picture with a badge: the newest ones are listed, any other can be typed or dropped on the window.
func (p *Screen) picture() {
	if _, open := p.m.Session(); !open {
		p.choose()
		return
	}
	w := p.env.Words
	all := p.tools.Pictures()
	shown := all
	rows := kit.NewRowList(func(i int) kit.RowItem {
		return kit.RowItem{ID: shown[i], Title: filepath.Base(shown[i]), Sub: filepath.Dir(shown[i])}
	})
	rows.SetCount(len(shown))
	rows.SetEmpty(w.T("list.nothing"))
	if len(shown) > 0 {
		rows.SelectID(shown[0])
	}
	name := kit.NewEntry(w.T("checkin.picture.name"))
	name.OnKey = rows.Key
	name.OnChanged = func(s string) {
		shown = matching(all, s)
		rows.SetCount(len(shown))
		if len(shown) > 0 {
			rows.SelectID(shown[0])
		}
	}
	var d *kit.Dialog
	name.OnSubmitted = func(string) { d.Yes() }
	rows.OnOpened = func(string) { d.Yes() }
	d = kit.ShowDialog(p.env.Canvas(), kit.Ask{Title: w.T("checkin.picture"), Line: w.T("checkin.picture.line"), Body: kit.Column(12, name, kit.Fixed(0, 240, rows)),
		Yes: w.T("checkin.picture.yes"), No: w.T("do.cancel"), First: name, Width: 600, OnYes: func() bool {
			path := strings.TrimSpace(name.Text)
			if i := rows.SelectedIndex(); i >= 0 {
				path = shown[i]
			}
			if path == "" {
				return false
			}
			p.read(path)
			return true
		}})
}

// matching are the paths that hold what was typed, whatever the capitals.
func matching(all []string, text string) (out []string) {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, path := range all {
		if strings.Contains(strings.ToLower(path), text) {
			out = append(out, path)
		}
	}
	return out
}

// read decodes a picture beside the window, then lets in whose badge it is.
func (p *Screen) read(path string) {
	if _, open := p.m.Session(); !open {
		return
	}
	p.faces++
	p.v.banner.Clear(p.env.Words.T("checkin.picture.reading"), filepath.Base(path))
	var text string
	p.env.Sched.Run(context.Background(), func(context.Context, task.Progress) (err error) {
		text, err = p.tools.ReadBadgePicture(path)
		return err
	}, func(err error) {
		if err != nil {
			p.answer(Said{}, err)
		} else {
			p.answer(p.m.Picture(text, fieldwork.RecordID{}))
		}
		p.focus()
	})
}

// camera is what the camera's goroutine may know of the door.
type camera struct {
	sync.Mutex
	session fieldwork.RecordID // of the camera's badges
	out     bool
}

func (c *camera) set(session fieldwork.RecordID, out bool) {
	c.Lock()
	defer c.Unlock()
	c.session, c.out = session, out
}

// film opens the camera's page, or closes it.
func (p *Screen) film() {
	if p.camera != nil {
		p.camera()
		return
	}
	if _, open := p.m.Session(); !open {
		p.choose()
		return
	}
	end, err := p.tools.OpenCamera(p.env.Words, p.seen, func() { p.env.Sched.Do(p.filmed) })
	if err != nil {
		p.env.Tell(err)
		return
	}
	p.camera = end
	p.env.Say(kit.Quiet, p.env.Words.T("checkin.camera.opened"))
	p.show()
	p.focus()
}

// filmed says that the camera's page is closed.
func (p *Screen) filmed() {
	p.camera = nil
	p.show()
}

// seen answers a badge that the camera saw. It runs on the camera's goroutine: the window hears of it a moment later.
func (p *Screen) seen(text string, moment int64) (tone, title, line string) {
	p.taking.Lock()
	pass := fieldwork.Pass{Session: p.taking.session, Out: p.taking.out, Text: text, Method: fieldwork.MethodCamera,
		At: moment / 1000, Nonce: fieldwork.ScanNonce(p.taking.session, text, moment)}
	p.taking.Unlock()
	ans, err := p.tools.Admit(pass)
	if err != nil {
		title, line = p.env.Words.Problem(err)
		p.env.Sched.Do(func() { p.answer(Said{}, err) })
		return "bad", title, line
	}
	p.env.Sched.Do(func() { p.answer(p.m.took(pass, ans), nil) })
	return p.m.Brief(ans)
}
