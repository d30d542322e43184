// Package place is what the window gives to each of its places and what it asks of them. ui and its places import it.
package place

import (
	"io"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/kit"
	"kandili/ui/printing"
	"kandili/ui/show"
	"kandili/ui/task"
)

// The places, in the order of the column on the left.
const (
	Today    = "today"
	People   = "people"
	CheckIn  = "checkin"
	Lamps    = "lamps"
	Training = "training"
	Sync     = "sync"
	Settings = "settings"
)

// New stands for a record to Enter with: somebody or something new.
var New = fieldwork.RecordID{Log: fieldwork.LogID{Node: ^uint32(0), Epoch: ^uint32(0)}, Seq: ^uint64(0)}

// Env is what a place works with. Its functions are called on the window's goroutine.
type Env struct {
	Words  *show.Words
	Sched  task.Scheduler
	Now    func() time.Time
	Canvas func() fyne.Canvas
	Say    func(tone kit.Tone, text string)          // a short message that goes by itself
	Saved  func()                                    // something was saved just now: the line at the bottom says so
	GoTo   func(place string, at fieldwork.RecordID) // to another place, and there to a record; zero: just there
	Site   func() fieldwork.RecordID                 // the village where the laptop is at work; zero: not chosen
	Files  Files                                     // where papers and tables go
	Keys   func(text string)                         // the keys that matter changed, for the line at the bottom; may be nil in a test
	Papers Papers                                    // what can be printed
	Print  func(printing.Job)                        // opens the dialog for printing
	// Pictures are the newest picture files among the person's own; nil: none are listed.
	Pictures func() []string
	// Offer is Say with something to do about it: "Undo", whose keys work whatever has the focus.
	Offer func(tone kit.Tone, text, word, keys string, act func())
	// Done says that something was saved, and offers to take it back.
	Done func(text string)
}

// Files puts papers and tables where a person finds them, and opens them with the system's own program. SavePaper may be called from any
// goroutine; when write fails, no file is left.
type Files interface {
	SavePaper(name string, write func(io.Writer) error) (path string, err error)
	OpenFile(path string) error
}

// Papers makes what is printed. Its methods may be called from any goroutine.
type Papers interface {
	BadgePaper(people []fieldwork.RecordID, how printing.How) (printing.Paper, error)
	WithoutBadge(people []fieldwork.RecordID) []fieldwork.RecordID // of these, who has no printed badge yet
	TagPaper(count int, how printing.How) (printing.Paper, error)
	RosterPaper(session fieldwork.RecordID, how printing.How) (printing.Paper, error)
	CertificatePaper(certificates []fieldwork.RecordID, how printing.How) (printing.Paper, error)
	HandOverPaper(site fieldwork.RecordID, how printing.How) (printing.Paper, error)
}

// Today is the laptop's date in days since 1970-01-01.
func (e *Env) Today() int64 { return e.Now().Unix() / 86400 }

// Tell says what went wrong and what to do next.
func (e *Env) Tell(err error) {
	sentence, hint := e.Words.Problem(err)
	e.Say(kit.Bad, Sentences(sentence, hint))
}

// Failed stands where a place could not be read: what went wrong, what to do next, and a button to try again.
func (e *Env) Failed(err error, again func()) fyne.CanvasObject {
	sentence, hint := e.Words.Problem(err)
	return kit.NewFailed(e.Words.T("list.failed"), Sentences(sentence, hint), kit.Secondary(e.Words.T("do.retry"), again))
}

// Sentences joins what is not empty.
func Sentences(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	if !strings.ContainsAny(a[len(a)-1:], ".!?:;") { // what a program says of itself has none
		a += "."
	}
	return a + " " + b
}

// Commands are what the menu and its keys do in a place; nil ones are not there.
type Commands struct {
	New, Find, Save, Print, Undo, Back func()
	Arrange, Export, Import            func() // of the list
}

// Place is one place of the window. It is made once for a language and theme, and kept.
type Place interface {
	Content() fyne.CanvasObject
	Enter(at fieldwork.RecordID) // it comes to the front, perhaps with a record to show
	Leave()                      // another comes to the front: keep drafts, stop looking
	Changed(ev store.Event)      // records changed while it is in front
	Commands() Commands
	Keys() string // the keys that matter here, for the line at the bottom
}
