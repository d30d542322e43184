package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"kandili/internal/fieldwork"
)

// diskProblem turns an error of the disk into a sentence.
func diskProblem(step string, err error) error {
	if p := (*fieldwork.Problem)(nil); errors.As(err, &p) {
		return err
	}
	err = fmt.Errorf("%s: %w", step, err)
	if isFull(err) {
		return &fieldwork.Problem{Code: "disk-full", Sentence: "The disk is full. What was saved before is safe; this was not saved.",
			Hint: "Free some space (100 MB at least), then save again: the form is still open.", Err: err}
	}
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return &fieldwork.Problem{Code: "disk-readonly", Sentence: "Kandili may not write to its folder. Nothing was changed.",
			Hint: "Check that the folder belongs to you and that the disk is not write-protected.", Err: err}
	}
	return &fieldwork.Problem{Code: "disk-error", Sentence: "The disk reports an error.",
		Hint: "Make a backup to another disk now, then restart Kandili.", Err: err}
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT)
}

// flushProblem is what everything after a failed flush is answered with: the system may have dropped what it could
// not write, so only a restart with a look at the file tells what is there.
func flushProblem(err error) error {
	return &fieldwork.Problem{Code: "read-only", Sentence: "The disk did not confirm the last save. To lose nothing, Kandili only reads from now on.",
		Hint: "Make a backup or a courier file now, then restart Kandili: it will look what is there.", Err: err}
}

// keepBallast holds bytes back, which are given free when the disk is full so that the open form can still be saved.
// Failing to is no error: then the disk is nearly full already.
func keepBallast(dir string, size int64) {
	path := filepath.Join(dir, ballastName)
	if size <= 0 {
		return
	}
	if st, err := os.Stat(path); err == nil && st.Size() >= size {
		return
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	block := make([]byte, 1<<20)
	for at := int64(0); at < size; at += int64(len(block)) {
		if _, err := f.WriteAt(block[:min(int64(len(block)), size-at)], at); err != nil {
			os.Remove(path) // no room: do not make a full disk fuller
			return
		}
	}
}

// dropBallast gives the ballast back and says whether there was one.
func dropBallast(dir string) bool { return os.Remove(filepath.Join(dir, ballastName)) == nil }
