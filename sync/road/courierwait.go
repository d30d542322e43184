package road

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/vault"
)

// keep copies a part into the folder of what waits, under a name that follows from its content, so that the same part
// waits once. It stays encrypted as it came.
func (t *courierTaking) keep(name string) error {
	problem := func(err error) error {
		return &badFile{&fieldwork.Problem{Code: "courier-early", Sentence: "The courier file " + filepath.Base(name) + " continues another one that has not arrived, and could not be kept here.",
			Hint: "Keep the file, and take it in again after the other one.", Err: err}}
	}
	waiting := t.waiting()
	size := int64(0)
	for _, path := range waiting {
		if st, err := os.Stat(path); err == nil {
			size += st.Size()
		}
	}
	st, err := os.Stat(name)
	if err != nil || len(waiting) >= mostWaiting || size+st.Size() > mostWaitingBytes {
		return problem(err)
	}
	if err := os.MkdirAll(t.Waiting, 0o700); err != nil {
		return problem(err)
	}
	if err := copyWaiting(name, t.Waiting); err != nil {
		return problem(err)
	}
	return nil
}

// copyWaiting copies under a temporary name, flushes and renames.
func copyWaiting(name, dir string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(dir, "*.new")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // nothing is left there once it was renamed
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, sum), in)
	if err == nil {
		err = out.Sync()
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return vault.Rename(out.Name(), filepath.Join(dir, hex.EncodeToString(sum.Sum(nil)[:16])+CourierExt))
}
