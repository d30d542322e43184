package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"kandili/internal/fieldwork"
	"kandili/ui/help"
	"kandili/ui/kit"
	"kandili/ui/place"
)

// menu has every command with its keys: menu keys are the only ones that work whatever has the focus.
func (h *shell) menu() *fyne.MainMenu {
	w := h.w.words
	quit := fyne.NewMenuItem(w.T("menu.quit"), h.w.close)
	quit.IsQuit = true
	quit.Shortcut = ctrl(fyne.KeyQ)
	program := fyne.NewMenu(w.T("app.name"),
		fyne.NewMenuItem(w.T("nav.settings"), func() { h.goTo(place.Settings, fieldwork.RecordID{}) }),
		h.item("menu.site", fyne.KeyL, h.chooseSite),
		h.item("menu.who", fyne.KeyU, h.chooseWho),
		h.item("menu.ready", fyne.KeyR, h.askReady),
		h.item("menu.lock", fyne.KeyK, h.w.lock),
		fyne.NewMenuItemSeparator(), quit)
	var to []*fyne.MenuItem
	for _, n := range numbers {
		if n.key != "" {
			to = append(to, h.item("nav."+n.id, n.key, func() { h.goTo(n.id, fieldwork.RecordID{}) }))
		}
	}
	do := func(key string, k fyne.KeyName, pick func(place.Commands) func()) *fyne.MenuItem {
		return h.item(key, k, func() { h.command(pick) })
	}
	return fyne.NewMainMenu(program,
		fyne.NewMenu(w.T("menu.go"), to...),
		fyne.NewMenu(w.T("menu.do"),
			do("do.new", fyne.KeyN, func(c place.Commands) func() { return c.New }),
			do("do.find", fyne.KeyF, func(c place.Commands) func() { return c.Find }),
			do("do.save", fyne.KeyS, func(c place.Commands) func() { return c.Save }),
			do("do.print", fyne.KeyP, func(c place.Commands) func() { return c.Print }),
			do("do.arrange", fyne.KeyT, func(c place.Commands) func() { return c.Arrange }),
			do("import.menu", fyne.KeyI, func(c place.Commands) func() { return c.Import }),
			do("do.export", fyne.KeyE, func(c place.Commands) func() { return c.Export }),
			h.item("do.undo", fyne.KeyZ, h.undo)),
		fyne.NewMenu(w.T("menu.help"), fyne.NewMenuItem(w.T("menu.help.page")+"  F1", h.help)))
}

func (h *shell) item(key string, k fyne.KeyName, act func()) *fyne.MenuItem {
	it := fyne.NewMenuItem(h.w.words.T(key), act)
	it.Shortcut = ctrl(k)
	return it
}

// ctrl is a key with Ctrl. Fyne sends those that texts know under names of their own, and a menu item is found by the name.
func ctrl(k fyne.KeyName) fyne.Shortcut {
	if k == fyne.KeyZ {
		return &fyne.ShortcutUndo{}
	}
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierControl}
}

// command does what the place in front has for a key; while a dialog is open, nothing behind it moves.
func (h *shell) command(pick func(place.Commands) func()) {
	if h.at == "" || h.w.win.Canvas().Overlays().Top() != nil {
		return
	}
	if act := pick(h.places[h.at].Commands()); act != nil {
		act()
	}
}

// undo takes back what was typed while a field has the focus and something in it, else the last save.
func (h *shell) undo() {
	if e, ok := h.w.win.Canvas().Focused().(*kit.Entry); ok && e.Text != "" {
		e.TypedShortcut(&fyne.ShortcutUndo{})
		return
	}
	h.command(func(c place.Commands) func() {
		if c.Undo != nil {
			return c.Undo
		}
		return h.undoLast
	})
}

// undoLast takes back what was saved last on this laptop, in whichever place, one record or many.
func (h *shell) undoLast() {
	env, w := h.w.env, h.w.words
	act, err := h.store.UndoLast(fieldwork.RecordID{})
	if err != nil {
		env.Tell(err)
		return
	}
	env.Saved()
	if r, ok := h.store.Record(act.Records[0]); ok && len(act.Records) == 1 {
		name := fieldwork.Name(r)
		if name == fieldwork.CodeOf(r.ID) { // it has no name of its own
			name = w.T("kind."+r.Kind.String()) + " " + name
		}
		env.Say(kit.Good, w.T("undo.done", name))
		return
	}
	env.Say(kit.Good, w.N("undo.records", len(act.Records)))
}

// help opens the page of the place in front, with its keys.
func (h *shell) help() {
	w := h.w.words
	var keys [][2]string
	for _, k := range [][2]string{{"Ctrl 1 … 9", "places"}, {"Ctrl N", "new"}, {"Ctrl F", "find"}, {"Ctrl S", "save"}, {"Ctrl P", "print"}, {"Ctrl T", "arrange"},
		{"Ctrl E", "export"}, {"Ctrl Z", "undo"}, {"Ctrl L", "site"}, {"Ctrl U", "who"}, {"Ctrl R", "ready"}, {"Ctrl K", "lock"}, {"Tab", "tab"}, {w.T("key.esc"), "esc"}} {
		keys = append(keys, [2]string{k[0], w.T("help.key." + k[1])})
	}
	var tour func()
	if h.store.Self().Practice {
		tour = func() { h.tour.begin(0) }
	}
	if err := help.Show(h.w.win.Canvas(), w, h.at, keys, tour); err != nil {
		h.w.env.Tell(err)
	}
}
