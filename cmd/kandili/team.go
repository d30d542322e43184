package main

import (
	"context"
	"os"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/ui"
)

// Profiles implements ui.Team.
func (d *desk) Profiles() (list []ui.Profile) {
	f := d.open()
	if f == nil {
		return nil
	}
	for _, p := range f.Profiles() {
		list = append(list, ui.Profile{Volunteer: p.Volunteer, Name: p.Name, Pinned: p.Pinned})
	}
	return list
}

// AtWork implements ui.Team.
func (d *desk) AtWork() (ui.Profile, bool) {
	f := d.open()
	if f == nil {
		return ui.Profile{}, false
	}
	p, ok := f.AtWork()
	return ui.Profile{Volunteer: p.Volunteer, Name: p.Name, Pinned: p.Pinned}, ok
}

// AddVolunteer implements ui.Team.
func (d *desk) AddVolunteer(name string) (fieldwork.RecordID, error) {
	f := d.open()
	if f == nil {
		return fieldwork.RecordID{}, errLocked
	}
	return f.AddVolunteer(name)
}

// SignIn implements ui.Team.
func (d *desk) SignIn(volunteer fieldwork.RecordID, pin string) error {
	return d.with(func(f *laptop.Folder) error { return f.SignIn(volunteer, pin) })
}

// SignOut implements ui.Team.
func (d *desk) SignOut() { d.with(func(f *laptop.Folder) error { f.SignOut(); return nil }) }

// ForgetPIN implements ui.Team.
func (d *desk) ForgetPIN(volunteer fieldwork.RecordID, passphrase []byte) error {
	return d.with(func(f *laptop.Folder) error { return f.ForgetPIN(volunteer, passphrase) })
}

// CheckPassphrase implements ui.Team.
func (d *desk) CheckPassphrase(passphrase []byte) error {
	return d.with(func(f *laptop.Folder) error { return f.CheckPassphrase(passphrase) })
}

// ChangePassphrase implements ui.Team.
func (d *desk) ChangePassphrase(before, after []byte) error {
	return d.with(func(f *laptop.Folder) error { return f.ChangePassphrase(before, after) })
}

// with does something with the open folder.
func (d *desk) with(do func(*laptop.Folder) error) error {
	f := d.open()
	if f == nil {
		return errLocked
	}
	return do(f)
}

// Recover implements start.Laptop.
func (d *desk) Recover(code string, passphrase []byte) error {
	f, err := laptop.Recover(d.dir, code, passphrase)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.folder, d.kept = f, f.Settings()
	return nil
}

// JoinPack implements start.Laptop.
func (d *desk) JoinPack(ctx context.Context, path, code string, report func(done, total int64)) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return &fieldwork.Problem{Code: "no-file", Sentence: "The pack cannot be read.", Hint: "Plug the stick in again.", Err: err}
	}
	return d.with(func(f *laptop.Folder) error { return f.JoinPack(ctx, b, code, report) })
}
