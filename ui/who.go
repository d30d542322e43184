package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/ui/kit"
	"kandili/ui/place"
)

// Team is who works on this laptop. Its methods may be called from any goroutine.
type Team interface {
	// Profiles lists the volunteers, who worked here last first.
	Profiles() []Profile
	// AtWork is the volunteer who stands on every change that is saved now.
	AtWork() (Profile, bool)
	// AddVolunteer puts a name on the team list.
	AddVolunteer(name string) (fieldwork.RecordID, error)
	// SignIn takes over the work with a PIN, which is chosen at the first time.
	SignIn(volunteer fieldwork.RecordID, pin string) error
	SignOut()
	// ForgetPIN lets a volunteer choose a new PIN, for whoever knows the laptop's passphrase.
	ForgetPIN(volunteer fieldwork.RecordID, passphrase []byte) error
	CheckPassphrase(passphrase []byte) error
	ChangePassphrase(before, after []byte) error
}

// Profile is a volunteer on this laptop.
type Profile struct {
	Volunteer fieldwork.RecordID
	Name      string
	Pinned    bool // a PIN was chosen here
}

// whoWords are what the pill on top says.
func (h *shell) whoWords() string {
	if p, ok := h.w.laptop.AtWork(); ok {
		return p.Name
	}
	return h.w.words.T("who.nobody")
}

// chooseWho asks who is at work. Somebody who is on nobody's list yet is put there by name.
func (h *shell) chooseWho() {
	w := h.w.words
	profiles := h.w.laptop.Profiles()
	find := func(text string) (out []kit.PickItem) {
		key := fieldwork.Fold(text)
		for _, p := range profiles {
			if strings.Contains(fieldwork.Fold(p.Name), key) && len(out) < 40 {
				item := kit.PickItem{Value: p.Volunteer.String(), Word: p.Name, Sub: fieldwork.CodeOf(p.Volunteer)}
				if p.Pinned {
					item.Sub += " · " + w.T("who.here_before")
				}
				out = append(out, item)
			}
		}
		return out
	}
	who := kit.NewPicker(w.T("who.find"), find)
	fresh := kit.NewEntry("")
	pin := kit.NewSecret("")
	pinField := kit.NewField(w.T("who.pin"), pin, w.T("who.pin.hint"))
	f := kit.NewForm()
	f.Add("who", kit.NewField(w.T("who.name"), who, ""))
	f.Add("new", kit.NewField(w.T("who.new"), fresh, w.T("who.new.hint")))
	f.Add("pin", pinField)
	hint := func() {
		key := "who.pin.hint"
		if p := profileOf(profiles, who.Value()); p != nil && !p.Pinned || strings.TrimSpace(fresh.Text) != "" {
			key = "who.pin.choose"
		}
		pinField.SetHint(w.T(key))
	}
	who.OnPicked = func(string) { hint() }
	fresh.OnChanged = func(string) { hint() }
	var first fyne.Focusable = who.Target()
	if last := profiles; len(last) > 0 && last[0].Pinned {
		who.SetValue(last[0].Volunteer.String(), last[0].Name)
		first = pin
	}
	var d *kit.Dialog
	pin.OnSubmitted = func(string) { d.Yes() }
	d = kit.ShowDialog(h.w.win.Canvas(), kit.Ask{Title: w.T("who.title"), Line: w.T("who.line"), Body: f.Object(), First: first, Width: 520,
		Yes: w.T("who.yes"), No: w.T("do.cancel"), OnYes: func() bool {
			if name := strings.TrimSpace(fresh.Text); name != "" {
				return h.signInNew(f, name, pin.Text)
			}
			p := profileOf(profiles, who.Value())
			if p == nil {
				f.SetErrors(map[string]string{"who": w.T("who.choose")})
				return false
			}
			return h.signIn(f, p.Volunteer, pin.Text)
		}})
}

// profileOf finds a profile by the value that a picker holds.
func profileOf(list []Profile, value string) *Profile {
	for i := range list {
		if value != "" && list[i].Volunteer.String() == value {
			return &list[i]
		}
	}
	return nil
}

// signInNew puts a name on the team list and lets the volunteer work. A PIN that is none leaves no name behind.
func (h *shell) signInNew(f *kit.Form, name, pin string) bool {
	w := h.w.words
	if !validPIN(pin) {
		f.SetErrors(map[string]string{"pin": w.T("problem.short-pin")})
		return false
	}
	id, err := h.w.laptop.AddVolunteer(name)
	if err != nil {
		f.SetErrors(map[string]string{"new": place.Sentences(w.Problem(err))})
		return false
	}
	return h.signIn(f, id, pin)
}

func validPIN(pin string) bool {
	return len(pin) >= 4 && len(pin) <= 8 && strings.Trim(pin, "0123456789") == ""
}

// signIn takes the PIN. Where it is forgotten the laptop's passphrase in its place lets a new one be chosen, as the hint of a wrong
// one says.
func (h *shell) signIn(f *kit.Form, id fieldwork.RecordID, pin string) bool {
	if !validPIN(pin) && h.w.laptop.ForgetPIN(id, []byte(pin)) == nil {
		f.SetErrors(map[string]string{"pin": h.w.words.T("who.pin.choose")})
		return false
	}
	if err := h.w.laptop.SignIn(id, pin); err != nil {
		f.SetErrors(map[string]string{"pin": place.Sentences(h.w.words.Problem(err))})
		return false
	}
	h.pills()
	h.w.env.Say(kit.Good, h.w.words.T("who.done", h.whoWords()))
	return true
}
