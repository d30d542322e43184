// Package settings is the place for language, look and name of the laptop. Only ui imports it.
package settings

import (
	"cmp"
	"strconv"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/show"
	"kandili/ui/theme"
)

// Choices are what a person can set.
type Choices struct {
	Name  string  // of the laptop
	Lang  string  // of the window
	Theme string  // light, dark or sunlight
	Scale float32 // of letters, 1.0 to 1.6
	Lock  int     // minutes without anybody after which the window locks; -1: never

	Paused bool // no exchange begins by itself
	Hidden bool // does not look for laptops nearby, and is not seen by them
	// Photos are which photos travel: auto, previews, working, all or none; empty is auto.
	Photos string
}

// Locks changes what opens the laptop.
type Locks interface {
	ChangePassphrase(before, after []byte) error
}

// Screen is the place.
type Screen struct {
	env     *place.Env
	locks   Locks
	change  func(Choices) error
	now     Choices
	name    *kit.Entry
	lang    *kit.Choice
	content fyne.CanvasObject
}

// scales are the sizes of letters to choose, in per cent.
var scales = []int{100, 115, 130, 145, 160}

// New makes the place. change keeps and applies what was chosen; the window is built anew by it. about is what the program says of
// itself: version and folder.
func New(env *place.Env, now Choices, about []string, locks Locks, change func(Choices) error) *Screen {
	w := env.Words
	p := &Screen{env: env, locks: locks, change: change, now: now, name: kit.NewEntry("")}
	var langs, looks, sizes []kit.Option
	for _, l := range show.Langs() {
		langs = append(langs, kit.Option{Value: l.Code, Word: l.Name})
	}
	for _, t := range []string{theme.Light, theme.Dark, theme.Sunlight} {
		looks = append(looks, kit.Option{Value: t, Word: w.T("settings.theme." + t)})
	}
	for _, s := range scales {
		sizes = append(sizes, kit.Option{Value: strconv.Itoa(s), Word: strconv.Itoa(s) + " %"})
	}
	p.lang = kit.NewChoice("", langs...)
	look, scale := kit.NewChoice("", looks...), kit.NewChoice("", sizes...)
	var policies []kit.Option
	for _, s := range []string{"auto", "previews", "working", "all", "none"} {
		policies = append(policies, kit.Option{Value: s, Word: w.T("settings.photos." + s)})
	}
	travel := kit.NewChoice("", policies...)
	travel.SetValue(cmp.Or(now.Photos, "auto"))
	travel.OnPicked = func(s string) { p.now.Photos = s; p.apply() }
	p.lang.SetValue(now.Lang)
	look.SetValue(now.Theme)
	scale.SetValue(strconv.Itoa(int(now.Scale*100 + 0.5)))
	p.name.SetText(now.Name)
	p.lang.OnPicked = func(s string) { p.now.Lang = s; p.apply() }
	look.OnPicked = func(s string) { p.now.Theme = s; p.apply() }
	scale.OnPicked = func(s string) {
		n, _ := strconv.Atoi(s)
		p.now.Scale = float32(n) / 100
		p.apply()
	}
	lock := kit.NewChoice("", lockOptions(w)...)
	lock.SetValue(strconv.Itoa(now.Lock))
	lock.OnPicked = func(s string) {
		p.now.Lock, _ = strconv.Atoi(s) // one of ours
		p.apply()
	}
	byItself := kit.NewChoice("", kit.Option{Value: "yes", Word: w.T("settings.sync.yes")}, kit.Option{Value: "no", Word: w.T("settings.sync.no")})
	nearby := kit.NewChoice("", kit.Option{Value: "yes", Word: w.T("settings.nearby.yes")}, kit.Option{Value: "no", Word: w.T("settings.nearby.no")})
	byItself.SetValue(yesUnless(now.Paused))
	nearby.SetValue(yesUnless(now.Hidden))
	byItself.OnPicked = func(s string) { p.now.Paused = s == "no"; p.apply() }
	nearby.OnPicked = func(s string) { p.now.Hidden = s == "no"; p.apply() }
	p.name.OnSubmitted = func(string) { p.save() }
	said := kit.Column(6)
	for _, s := range about {
		said.Add(kit.NewSub(s))
	}
	card := func(title string, parts ...fyne.CanvasObject) fyne.CanvasObject {
		return kit.Panel(kit.Column(16, append([]fyne.CanvasObject{kit.NewHeading(title)}, parts...)...))
	}
	left := kit.Column(16,
		card(w.T("settings.look"), kit.NewField(w.T("start.language"), p.lang, ""), kit.NewField(w.T("settings.theme"), look, w.T("settings.theme.hint")),
			kit.NewField(w.T("settings.scale"), scale, "")),
		card(w.T("settings.laptop"), kit.NewField(w.T("start.name"), p.name, w.T("start.name.hint")), kit.NewField(w.T("settings.lock"), lock, w.T("settings.lock.hint")),
			kit.Flow(12, kit.Primary(w.T("do.save"), p.save).WithHint("Ctrl S"), kit.Secondary(w.T("settings.passphrase"), p.passphrase))))
	right := kit.Column(16,
		card(w.T("nav.sync"), kit.NewField(w.T("settings.sync"), byItself, w.T("settings.sync.hint")), kit.NewField(w.T("settings.nearby"), nearby, w.T("settings.nearby.hint")),
			kit.NewField(w.T("settings.photos"), travel, w.T("settings.photos.hint"))),
		kit.Panel(kit.Column(10, kit.NewHeading(w.T("settings.about")), said)))
	p.content = kit.Inset(24, kit.Fill(16, kit.NewTitle(w.T("nav.settings")), kit.Scroll(kit.Columns(20, []float32{1, 1}, left, right))))
	return p
}

// lockOptions are the times after which the window locks.
func lockOptions(w *show.Words) (out []kit.Option) {
	for _, minutes := range []int{5, 15, 30, 60} {
		out = append(out, kit.Option{Value: strconv.Itoa(minutes), Word: w.N("settings.lock.minutes", minutes)})
	}
	return append(out, kit.Option{Value: "-1", Word: w.T("settings.lock.never")})
}

func yesUnless(no bool) string {
	if no {
		return "no"
	}
	return "yes"
}

func (p *Screen) save() {
	p.now.Name = p.name.Text
	p.apply()
}

func (p *Screen) apply() {
	if err := p.change(p.now); err != nil {
		p.env.Tell(err)
	}
}

// Content implements place.Place.
func (p *Screen) Content() fyne.CanvasObject { return p.content }

// Enter implements place.Place.
func (p *Screen) Enter(fieldwork.RecordID) { kit.Focus(p.lang) }

// Leave implements place.Place.
func (p *Screen) Leave() {}

// Changed implements place.Place.
func (p *Screen) Changed(store.Event) {}

// Commands implements place.Place.
func (p *Screen) Commands() place.Commands { return place.Commands{Save: p.save} }

// Keys implements place.Place.
func (p *Screen) Keys() string { return p.env.Words.T("settings.keys") }
