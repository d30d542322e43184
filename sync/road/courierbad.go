package road

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"filippo.io/age"

	"kandili/internal/fieldwork"
	"kandili/sync/exchange"
)

var errOtherCampaign = errors.New("the courier file is of another campaign")

// badFile is what is wrong with one courier file; the others are taken in all the same.
type badFile struct{ problem *fieldwork.Problem }

func (b *badFile) Error() string { return b.problem.Error() }
func (b *badFile) Unwrap() error { return b.problem }

// isOfFile says whether the error is of the file that is read, and not of the replica that takes it in.
func isOfFile(err error) bool {
	return errors.Is(err, exchange.ErrBroken) || errors.Is(err, exchange.ErrNewer) || errors.Is(err, exchange.ErrNotCourier)
}

// badCourier says what is wrong with a file, after so many writes were taken from it.
func badCourier(name string, err error, writes int) *badFile {
	name = filepath.Base(name)
	p := &fieldwork.Problem{Err: err}
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Code, p.Sentence = "no-file", "The file "+name+" is not there."
		p.Hint = "Check the name, and that the stick is in."
	case errors.As(err, &path):
		p.Code, p.Sentence = "courier-unreadable", "The file "+name+" cannot be read from there."+kept(writes)
		p.Hint = "Check that the stick is in, copy the file to this computer, then take it in again."
	case errors.Is(err, errOtherCampaign):
		p.Code, p.Sentence = "wrong-campaign", "The courier file "+name+" is of another campaign. Nothing was taken from it."
		p.Hint = "Take it to a laptop of that campaign, or to HQ."
	case errors.As(err, new(*age.NoIdentityMatchError)):
		p.Code, p.Sentence = "not-for-us", "The courier file "+name+" was not made for this computer, so it cannot be opened here. It is as it was."
		p.Hint = "It may be of another campaign, or written before this laptop was known to the writer. HQ opens every file of its campaigns."
	case errors.Is(err, exchange.ErrNewer):
		p.Code, p.Sentence = "newer-version", "The courier file "+name+" was written by a newer Kandili."+kept(writes)
		p.Hint = "Install the newer version here, then take the file in again."
	case errors.Is(err, exchange.ErrNotCourier):
		p.Code, p.Sentence = "not-courier", "The file "+name+" is no courier file. Nothing was taken from it."
		p.Hint = "Courier files end in " + CourierExt + "."
	default:
		p.Code, p.Sentence = "courier-damaged", "The courier file "+name+" is damaged, or was not copied to its end."+kept(writes)
		p.Hint = "Copy it once more from where it was written, or write a new one there: what is here already is not taken twice."
	}
	return &badFile{p}
}

// kept says that nothing was lost.
func kept(writes int) string {
	switch writes {
	case 0:
		return " Nothing was taken from it, and nothing was lost."
	case 1:
		return " One change was taken from it and stays."
	}
	return fmt.Sprintf(" %d changes were taken from it and stay.", writes)
}
