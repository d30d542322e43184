// Package start is what stands before the places: the first start, unlocking, joining a campaign. Only ui imports it.
package start

import (
	"context"
	"strings"
	"unicode/utf8"

	"kandili/ui/show"
)

// Laptop is the data folder as far as starting needs it.
type Laptop interface {
	Exists() bool                                // there is a data folder
	Create(name string, passphrase []byte) error // makes one and unlocks it
	Unlock(passphrase []byte) error
	// Recover opens a folder whose passphrase is lost with the code that HQ reads out, and gives it a new one.
	Recover(code string, passphrase []byte) error
	HasCampaign() bool // of an unlocked folder
	// Join uses an invite and brings the campaign's records; report counts records.
	Join(ctx context.Context, invite string, report func(records int)) error
	// JoinPack joins from HQ's pack on a stick, without a network.
	JoinPack(ctx context.Context, path, code string, report func(done, total int64)) error
	// Practice opens the practice campaign, filled with invented data.
	Practice(ctx context.Context) error
	// ReadInvite reads the invite from the picture of its QR.
	ReadInvite(path string) (string, error)
	IsInvite(text string) bool // whole and unharmed; may be called on any goroutine
	// FilmInvite shows the camera's page in the system's browser. seen is called, on another goroutine, for each code that comes into
	// sight, and gives what the page shows about it; gone when the page is closed.
	FilmInvite(w *show.Words, seen func(text string) (tone, title, line string), gone func()) (end func(), err error)
}

// Step is what the window asks for.
type Step int

// The steps, in their order.
const (
	Unlock Step = iota // the folder is there
	Create             // the first start
	Join               // unlocked, no campaign yet
	Done
)

// StepOf is the step that a laptop is at; unlocked says that its folder is open.
func StepOf(l Laptop, unlocked bool) Step {
	switch {
	case !l.Exists():
		return Create
	case !unlocked:
		return Unlock
	case !l.HasCampaign():
		return Join
	}
	return Done
}

// shortest is the length of the shortest passphrase, in characters.
const shortest = 8

// CheckNew judges what a person typed at the first start: what is wrong by field.
func CheckNew(w *show.Words, name, passphrase, repeated string) map[string]string {
	wrong := map[string]string{}
	if strings.TrimSpace(name) == "" {
		wrong["name"] = w.T("problem.no-name") + " " + w.T("problem.no-name.hint")
	}
	if utf8.RuneCountInString(passphrase) < shortest {
		wrong["passphrase"] = w.T("problem.short-passphrase") + " " + w.T("problem.short-passphrase.hint")
	} else if passphrase != repeated {
		wrong["repeated"] = w.T("start.repeat.wrong")
	}
	return wrong
}

// IsPack says whether a file's name is one of a campaign pack.
func IsPack(path string) bool { return strings.HasSuffix(strings.ToLower(path), ".kpack") }

// isPicture says whether what was typed for an invite is the path of a picture of one.
func isPicture(text string) bool {
	low := strings.ToLower(text)
	return !strings.Contains(text, "\n") && (strings.HasSuffix(low, ".png") || strings.HasSuffix(low, ".jpg") || strings.HasSuffix(low, ".jpeg"))
}
