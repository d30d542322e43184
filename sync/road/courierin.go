package road

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/exchange"
)

// CourierIn takes courier files in for one replica of one campaign.
type CourierIn struct {
	Replica  exchange.Replica
	Campaign journal.Campaign
	Self     *age.X25519Identity
	Waiting  string                    // folder where parts are kept, as they came, until those before them arrive
	Told     func(exchange.Told) error // what a whole part tells; whether to believe it is up to who hears it
	Progress func(done, total int64)   // of bytes; nil: nobody looks
}

// CourierTaken says what became of courier files.
type CourierTaken struct {
	Files       []CourierFile `json:"files"`
	Received    int           `json:"received"`    // writes that are new here
	Quarantined int           `json:"quarantined"` // changes of a revoked node, kept apart
	Waiting     int           `json:"waiting"`     // parts kept until those before them come
	Images      int           `json:"images"`      // of photos, that are whole here now
}

// CourierFile says what became of one of them.
type CourierFile struct {
	Name     string             `json:"file"`
	Received int                `json:"received"`
	Waits    bool               `json:"waits,omitempty"`
	Code     string             `json:"code,omitempty"` // of what was wrong with it; empty: nothing
	Sentence string             `json:"sentence,omitempty"`
	Hint     string             `json:"hint,omitempty"`
	Problem  *fieldwork.Problem `json:"-"`
}

// Bounds of what waits for missing parts.
const (
	mostWaiting      = 256
	mostWaitingBytes = 1 << 30
)

// Take takes in every file that can be, in an order that suits them, whatever is wrong with others. A file that was
// taken before changes nothing. The error is a Problem of the first file that was not taken, or what stopped
// everything: the end of ctx, or the disk of this replica.
func (c *CourierIn) Take(ctx context.Context, files []string) (CourierTaken, error) {
	t := &courierTaking{CourierIn: c, ctx: ctx}
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b string) int {
		if n := len(a) - len(b); n != 0 {
			return n // part 2 before part 10
		}
		return strings.Compare(a, b)
	})
	for _, name := range files {
		if st, err := os.Stat(name); err == nil {
			t.total += st.Size()
		}
	}
	for _, name := range files {
		if err := t.one(name); err != nil {
			return t.sum, err
		}
	}
	if err := t.retry(); err != nil {
		return t.sum, err
	}
	return t.sum, t.verdict()
}

// Retry takes in what waited, as far as it can be now. It costs a look into an empty folder when nothing waits.
func (c *CourierIn) Retry(ctx context.Context) (CourierTaken, error) {
	t := &courierTaking{CourierIn: c, ctx: ctx}
	err := t.retry()
	return t.sum, err
}

// courierTaking is one Take under way.
type courierTaking struct {
	*CourierIn
	ctx         context.Context
	sum         CourierTaken
	done, total int64
}

// one takes a file in. Its error is one that stops everything.
func (t *courierTaking) one(name string) error {
	out := CourierFile{Name: name}
	taken, err := t.file(name, true)
	if stops(err) {
		return err
	}
	out.Received = taken.Writes
	t.sum.Received += taken.Writes
	t.sum.Quarantined += taken.Quarantined
	t.sum.Images += taken.Images
	if err == nil && taken.Later > 0 {
		if err = t.keep(name); err == nil {
			out.Waits = true
		}
	}
	if err == nil && len(taken.Refused) > 0 {
		err = taken.Refused[0]
	}
	out.fail(err)
	t.sum.Files = append(t.sum.Files, out)
	return nil
}

func (f *CourierFile) fail(err error) {
	if errors.As(err, &f.Problem) {
		f.Code, f.Sentence, f.Hint = f.Problem.Code, f.Problem.Sentence, f.Problem.Hint
	}
}

// stops says whether the error concerns more than one file.
func stops(err error) bool {
	var bad *badFile
	return err != nil && !errors.As(err, &bad)
}

// file takes one file in; what is wrong with the file itself is a badFile.
func (t *courierTaking) file(name string, count bool) (exchange.Taken, error) {
	f, err := os.Open(name)
	if err != nil {
		return exchange.Taken{}, badCourier(name, err, 0)
	}
	defer f.Close()
	in := &watchedReader{r: f, seen: func(n int) {
		if count && t.Progress != nil {
			t.done += int64(n)
			t.Progress(t.done, max(t.total, t.done))
		}
	}}
	part, _, err := openCourier(in, t.Self)
	if err != nil {
		return exchange.Taken{}, badCourier(name, in.cause(err), 0)
	}
	if part.Hello.Campaign != t.Campaign {
		return exchange.Taken{}, badCourier(name, errOtherCampaign, 0)
	}
	taken, told, err := part.Take(t.ctx, t.Replica)
	switch {
	case isOfFile(err):
		return taken, badCourier(name, in.cause(err), taken.Writes)
	case err != nil || t.Told == nil:
		return taken, err
	}
	return taken, t.Told(told)
}

// retry goes through what waits until a round brings nothing new.
func (t *courierTaking) retry() error {
	for {
		moved := 0
		waiting := t.waiting()
		for _, path := range waiting {
			taken, err := t.file(path, false)
			if stops(err) {
				return err
			}
			moved += taken.Writes
			t.sum.Received += taken.Writes
			t.sum.Images += taken.Images
			t.sum.Quarantined += taken.Quarantined
			if taken.Later == 0 && !errors.Is(err, exchange.ErrNewer) {
				os.Remove(path) // if it stays, it is taken in again without effect
			}
		}
		if t.sum.Waiting = len(t.waiting()); moved == 0 || t.sum.Waiting == 0 {
			return nil
		}
	}
}

func (t *courierTaking) waiting() []string {
	list, _ := filepath.Glob(filepath.Join(t.Waiting, "*"+CourierExt)) // no folder: nothing waits
	return list
}

// verdict is the problem of the files that were not taken.
func (t *courierTaking) verdict() error {
	var first *CourierFile
	bad := 0
	for i := range t.sum.Files {
		if f := &t.sum.Files[i]; f.Problem != nil {
			if bad++; first == nil {
				first = f
			}
		}
	}
	switch {
	case bad == 0:
		return nil
	case len(t.sum.Files) == 1:
		return first.Problem
	}
	return &fieldwork.Problem{Code: first.Code, Sentence: fmt.Sprintf("%d of %d files were not taken in whole. %s", bad, len(t.sum.Files), first.Sentence),
		Hint: first.Hint, Err: first.Problem}
}

// openCourier opens the encryption and reads who wrote the part. The second reader is the rest of what is in it.
func openCourier(r io.Reader, self *age.X25519Identity) (*exchange.CourierPart, io.Reader, error) {
	plain, err := age.Decrypt(r, self)
	if err != nil {
		return nil, nil, err
	}
	part, err := exchange.OpenPart(plain)
	return part, plain, err
}

// PeekCourier returns the campaign of a courier file that may be of several; the error is a Problem.
func PeekCourier(name string, self *age.X25519Identity) (journal.Campaign, error) {
	f, err := os.Open(name)
	if err != nil {
		return journal.Campaign{}, badCourier(name, err, 0).problem
	}
	defer f.Close()
	in := &watchedReader{r: f}
	part, _, err := openCourier(in, self)
	if err != nil {
		return journal.Campaign{}, badCourier(name, in.cause(err), 0).problem
	}
	return part.Hello.Campaign, nil
}

// watchedReader remembers what reading itself failed with, so that a broken stick is told from a broken file.
type watchedReader struct {
	r      io.Reader
	seen   func(int)
	begin  []byte // the first bytes of the file
	failed error
}

func (w *watchedReader) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if len(w.begin) < len(ageIntro) {
		w.begin = append(w.begin, b[:min(n, len(ageIntro)-len(w.begin))]...)
	}
	if w.seen != nil {
		w.seen(n)
	}
	if err != nil && err != io.EOF {
		w.failed = err
	}
	return n, err
}

// cause returns why reading failed: the medium, or bytes that never were a courier file, or the error itself.
func (w *watchedReader) cause(err error) error {
	switch {
	case w.failed != nil:
		return w.failed
	case !strings.HasPrefix(ageIntro, string(w.begin)):
		return exchange.ErrNotCourier
	}
	return err
}
