package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kandili/internal/camera"
	"kandili/internal/chime"
	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/ui/show"
)

// What the door of a session needs of the computer.

func (d *desk) Admit(p fieldwork.Pass) (fieldwork.Answer, error) {
	f := d.open()
	if f == nil {
		return fieldwork.Answer{}, errLocked
	}
	return f.Admit(p)
}

func (d *desk) NewBadge(person, author fieldwork.RecordID) (int64, error) {
	f := d.open()
	if f == nil {
		return 0, errLocked
	}
	return f.NewBadge(person, author)
}

func (d *desk) LateAfter() int64 {
	f := d.open()
	if f == nil {
		return fieldwork.DefaultLateAfter
	}
	return f.LateAfter()
}

func (d *desk) ReadBadgePicture(path string) (string, error) { return laptop.ReadBadgePicture(path) }

// mostPictures is how many of the newest pictures are offered.
const mostPictures = 60

// Pictures are the newest picture files where programs and phones leave them.
func (d *desk) Pictures() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	type file struct {
		path string
		at   time.Time
	}
	var found []file
	for _, dir := range []string{"Pictures", "Images", "Imagens", "Downloads", "Desktop", filepath.Join("Documents", "Kandili"), "Kandili", ""} {
		entries, err := os.ReadDir(filepath.Join(home, dir))
		if err != nil {
			continue // a folder that is not there has no pictures
		}
		for _, e := range entries {
			info, err := e.Info()
			if err == nil && info.Mode().IsRegular() && slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif"}, strings.ToLower(filepath.Ext(e.Name()))) {
				found = append(found, file{filepath.Join(home, dir, e.Name()), info.ModTime()})
			}
		}
	}
	slices.SortFunc(found, func(a, b file) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.path, b.path)) })
	var paths []string
	for _, f := range found[:min(len(found), mostPictures)] {
		paths = append(paths, f.path)
	}
	return paths
}

// bell is made with the first tone.
type bell struct{ bell *chime.Bell }

func (b *bell) close() {
	if b.bell != nil {
		b.bell.Close()
		b.bell = nil
	}
}

// Ring plays a tone elsewhere and returns at once.
func (d *desk) Ring(tone string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folder == nil {
		return
	}
	if d.bell.bell == nil {
		d.bell.bell = chime.New(filepath.Join(d.dir, "sounds"))
	}
	d.bell.bell.Ring(map[string]chime.Tone{"good": chime.Good, "again": chime.Again, "bad": chime.Bad}[tone])
}

// OpenCamera opens the camera's page in the system's browser.
func (d *desk) OpenCamera(w *show.Words, seen func(text string, moment int64) (tone, title, line string), gone func()) (func(), error) {
	return d.film(camera.Options{Words: w, Gone: gone, Seen: func(text string, moment int64) camera.Reply {
		tone, title, line := seen(text, moment)
		return camera.Reply{Tone: tone, Title: title, Line: line}
	}})
}

// FilmInvite opens the camera's page for the QR of an invite.
func (d *desk) FilmInvite(w *show.Words, seen func(text string) (tone, title, line string), gone func()) (func(), error) {
	return d.film(camera.Options{Words: w, Gone: gone, Invite: true, Seen: func(text string, _ int64) camera.Reply {
		tone, title, line := seen(text)
		return camera.Reply{Tone: tone, Title: title, Line: line}
	}})
}

// film opens a page for the camera and shows it.
func (d *desk) film(o camera.Options) (end func(), err error) {
	p, err := camera.Open(o)
	if err != nil {
		return nil, err
	}
	if err := d.OpenFile(p.URL); err != nil {
		p.Close()
		return nil, &fieldwork.Problem{Code: "no-camera-page", Sentence: "The page for the camera cannot be opened.", Hint: "The scanner and typed codes go on working.", Err: err}
	}
	return p.Close, nil
}
