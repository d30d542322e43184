package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
	"kandili/ui/printing"
	"kandili/ui/settings"
	uisync "kandili/ui/sync"
)

// desk is the data folder for the window: it joins laptop.Folder to what ui asks for. Its methods are safe from any goroutine.
type desk struct {
	dir    string
	system string           // language of the system
	alone  bool             // this run meets no laptops nearby
	over   settings.Choices // flags of this run; zero values say nothing

	mu     sync.Mutex
	kept   laptop.Settings
	folder *laptop.Folder // nil while locked
	bell   bell
	near   neighbours
}

var errLocked = &fieldwork.Problem{Code: "no-campaign", Sentence: "This laptop has not joined a campaign yet.", Hint: "Join with an invite from HQ."}

func (d *desk) open() *laptop.Folder {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.folder
}

func (d *desk) Exists() bool { return laptop.Exists(d.dir) }

func (d *desk) Create(name string, passphrase []byte) error {
	f, err := laptop.Init(d.dir, name, passphrase)
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.folder = f
	kept := d.kept
	kept.Name = name
	d.mu.Unlock()
	return d.keep(kept)
}

func (d *desk) Unlock(passphrase []byte) error {
	defer debug.SetGCPercent(debug.SetGCPercent(whileOpening)) // nearly all that is made now stays: looking for garbage in between costs and finds nothing
	f, err := laptop.Open(d.dir, passphrase)
	if err != nil {
		if f != nil {
			return errors.Join(err, f.Close())
		}
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.folder, d.kept = f, f.Settings()
	return nil
}

// whileOpening is how much memory, in percent of what is in use, may be taken before garbage is looked for.
const whileOpening = 200

func (d *desk) HasCampaign() bool { return d.Store() != nil }

// Join brings the records at once; where that breaks, the next sync goes on.
func (d *desk) Join(ctx context.Context, invite string, report func(int)) error {
	f := d.open()
	if err := f.Join(ctx, invite); err != nil {
		return err
	}
	_, err := f.Sync(ctx, func(p exchange.Progress) { report(p.Received) })
	if ctx.Err() != nil {
		return nil // joined; the person did not want to wait for the rest
	}
	_ = err // the folder remembers what went wrong, and the place of syncing says it
	return nil
}

func (d *desk) Practice(context.Context) error { return d.open().Practice(practiceSeed, 0) }

// practiceSeed makes the same practice campaign everywhere, so that a trainer can speak of it.
const practiceSeed = 7

func (d *desk) ReadInvite(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", &fieldwork.Problem{Code: "no-qr", Sentence: "No QR can be read in this picture.", Hint: "Choose the picture of the invite, or paste its text.", Err: err}
	}
	return laptop.ReadInvitePicture(b)
}

// IsInvite says whether a text is a whole invite, without asking HQ.
func (d *desk) IsInvite(text string) bool { return laptop.IsInvite(text) }

func (d *desk) Store() *store.Store {
	f := d.open()
	if f == nil {
		return nil
	}
	return f.Store()
}

func (d *desk) Campaign() (fieldwork.Record, bool) {
	f := d.open()
	if f == nil {
		return fieldwork.Record{}, false
	}
	return f.CampaignRecord()
}

// Choices are what holds now: this run's flags, else what was kept, else the system's language and the light look.
func (d *desk) Choices() settings.Choices {
	d.mu.Lock()
	defer d.mu.Unlock()
	return settings.Choices{Name: d.kept.Name, Lang: cmp.Or(d.over.Lang, d.kept.Lang, d.system),
		Theme: cmp.Or(d.over.Theme, d.kept.Theme, "light"), Scale: cmp.Or(d.over.Scale, d.kept.Scale, 1), Lock: cmp.Or(d.kept.Lock, lockAfter),
		Paused: d.kept.Paused, Hidden: d.kept.Hidden, Photos: d.kept.Photos}
}

// lockAfter is after how many minutes without anybody the window locks, where nothing else was chosen.
const lockAfter = 15

// Keep takes a choice over; it overrules the flag that this run was started with.
func (d *desk) Keep(c settings.Choices) error {
	d.mu.Lock()
	kept := d.kept
	d.over = settings.Choices{}
	d.mu.Unlock()
	kept.Lang, kept.Theme, kept.Scale, kept.Lock = c.Lang, c.Theme, c.Scale, c.Lock
	kept.Paused, kept.Hidden, kept.Photos = c.Paused, c.Hidden, c.Photos
	kept.Name = cmp.Or(c.Name, kept.Name)
	return d.keep(kept)
}

func (d *desk) keep(s laptop.Settings) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folder != nil {
		s.Campaign = d.folder.Settings().Campaign
		if err := d.folder.SetSettings(s); err != nil {
			return err
		}
	}
	d.kept = s
	return nil
}

func (d *desk) About() []string { return []string{laptop.Program, d.dir} }

func (d *desk) Close() error {
	d.near.close()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folder == nil {
		return nil
	}
	d.bell.close()
	err := d.folder.Close()
	d.folder = nil
	return err
}

// Badges writes badges without asking how: as labels were printed last, from the next free label on.
func (d *desk) Badges(w io.Writer, people []fieldwork.RecordID, _ string) error {
	f := d.open()
	if f == nil {
		return errLocked
	}
	how, then := printing.Last(d.Remembered(), len(people))
	if err := f.Badges(w, people, d.how(how)); err != nil {
		return err
	}
	return d.Remember(then)
}

// Sync implements the way home.
func (d *desk) Sync(ctx context.Context, report func(uisync.Progress)) (uisync.Result, error) {
	f := d.open()
	if f == nil {
		return uisync.Result{}, errLocked
	}
	res, err := f.Sync(ctx, func(p exchange.Progress) {
		report(progressOf(p))
	})
	return resultOf(res), err
}

// Photos says how the photos of the campaign are spread.
func (d *desk) Photos() uisync.PhotoCount {
	f := d.open()
	if f == nil || f.Store() == nil {
		return uisync.PhotoCount{}
	}
	n := laptop.CountPhotos(f.Store())
	return uisync.PhotoCount{Named: n.Named, Here: n.Here, ToSend: n.ToSend}
}

// Backup writes a backup among the person's own files.
func (d *desk) Backup(name string) (string, error) {
	f := d.open()
	if f == nil {
		return "", errLocked
	}
	dir, err := papers()
	if err != nil {
		return "", err
	}
	path := free(dir, name)
	return path, f.Backup(path)
}

// SavePaper writes what is to be printed among the person's own files, under a name that is not taken yet.
func (d *desk) SavePaper(name string, write func(io.Writer) error) (string, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return "", err
	}
	dir, err := papers()
	if err != nil {
		return "", err
	}
	path := free(dir, fileName(name))
	if err := vault.WriteFileAtomic(path, b.Bytes(), 0o600); err != nil {
		return "", &fieldwork.Problem{Code: "paper-unsaved", Sentence: "The PDF could not be saved.", Hint: "Check that the disk has space and try again.", Err: err}
	}
	return path, nil
}

// fileName makes a name of a village or a person into one of a file: no system's separators and wildcards, and it leads nowhere else.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune("/\\:*?\"<>|", r) {
			return '-'
		}
		return r
	}, name)
	return cmp.Or(strings.TrimLeft(strings.TrimSpace(name), ". "), "Kandili")
}

// papers is the folder for what people print or carry away: Kandili among their documents.
func papers() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(home, "Kandili")
	if s, err := os.Stat(filepath.Join(home, "Documents")); err == nil && s.IsDir() {
		dir = filepath.Join(home, "Documents", "Kandili")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", &fieldwork.Problem{Code: "paper-unsaved", Sentence: "The folder for papers cannot be made.", Hint: "Check that the disk has space and belongs to you.", Err: err}
	}
	return dir, nil
}

// free is a path for the name that is not taken: "badges.pdf", "badges 2.pdf".
func free(dir, name string) string {
	ext := filepath.Ext(name)
	path := filepath.Join(dir, name)
	for i := 2; ; i++ {
		if _, err := os.Lstat(path); err != nil {
			return path
		}
		path = filepath.Join(dir, name[:len(name)-len(ext)]+" "+strconv.Itoa(i)+ext)
	}
}

// OpenFile shows a file with the system's own program for it.
func (d *desk) OpenFile(path string) error {
	name, args := "xdg-open", []string{path}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", path}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return &fieldwork.Problem{Code: "no-viewer", Sentence: "This computer has no program to show a PDF.", Hint: "The file is saved; print it from another computer.", Err: err}
	}
	return cmd.Process.Release()
}
