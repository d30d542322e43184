package road

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"kandili/internal/fieldwork"
	"kandili/internal/vault"
	"kandili/sync/exchange"
)

// CourierOut says what is to be written as courier files, where, and for whom.
type CourierOut struct {
	exchange.Courier
	To       string              // a folder, where the files get names that tell nothing; or the name of the file
	MaxBytes int64               // of one file; 0: 2 GiB, which every stick's file system takes
	For      []string            // recipients that may open it; a text that is none is left out
	Self     *age.X25519Identity // opens it, too: what was written is read back before it counts
}

// CourierSent says what was written.
type CourierSent struct {
	Files  []string      `json:"files"`
	Bytes  int64         `json:"bytes"`
	Writes int           `json:"writes"` // what one record got in one change, in all files together
	Images int           `json:"images"` // of photos, in all files together
	Load   exchange.Load `json:"-"`
}

// Sizes of courier files, in bytes.
const (
	LeastCourier  = 192 << 10 // smaller ones are made this large: room for keys, heads and the largest frame
	mostCourier   = 2 << 30
	mostRecipient = 1000 // age reads 1024 at most
	chunkBytes    = 64 << 10
	stanzaBytes   = 160 // of a recipient in the head of an age file, and a little more
)

// CourierExt ends the names of courier files.
const CourierExt = ".kcourier"

// WriteCourier writes courier files: under temporary names, flushed, renamed, the folder flushed, then read back from
// the medium and compared. It returns nil only when all of them are whole; otherwise none of them is left behind, and
// a Problem says why and what to do.
func WriteCourier(ctx context.Context, c CourierOut) (CourierSent, error) {
	w, err := newCourierWriter(ctx, &c)
	if err != nil {
		return CourierSent{}, err
	}
	sent, err := w.run()
	if err == nil {
		return sent, nil
	}
	w.discard()
	return CourierSent{}, w.explain(err)
}

// courierWriter is one WriteCourier under way.
type courierWriter struct {
	*CourierOut
	ctx        context.Context
	recipients []age.Recipient
	limit      int64  // of what is encrypted, a part
	dir        string // where the parts are written
	id         string // random, in the names
	failed     error  // of the medium, as told by the system
	counting   bool   // nothing is written, only counted
	parts      []*courierPart
}

// courierPart is a file being written.
type courierPart struct {
	tmp, name string
	bytes     int64
}

func newCourierWriter(ctx context.Context, c *CourierOut) (*courierWriter, error) {
	w := &courierWriter{CourierOut: c, ctx: ctx, recipients: []age.Recipient{c.Self.Recipient()}, id: randomName()}
	for _, text := range c.For {
		r, err := age.ParseX25519Recipient(text)
		if err == nil && text != c.Self.Recipient().String() && len(w.recipients) < mostRecipient {
			w.recipients = append(w.recipients, r)
		}
	}
	most := c.MaxBytes
	if most <= 0 {
		most = mostCourier
	}
	head := int64(len(w.recipients)+2) * stanzaBytes
	w.limit = (max(most, LeastCourier+head) - head) / (chunkBytes + 16) * chunkBytes
	w.dir = c.To
	if st, err := os.Stat(c.To); err != nil || !st.IsDir() {
		w.dir = filepath.Dir(c.To)
		if err := mayReplace(c.To); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// randomName returns eight letters and digits that are not mistaken for each other.
func randomName() string {
	var b [5]byte
	rand.Read(b[:]) // never fails
	return base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").EncodeToString(b[:])
}

// mayReplace refuses to overwrite a file that is no courier file.
func mayReplace(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		defer f.Close()
		if looksLikeCourier(f) {
			return nil
		}
	}
	return &fieldwork.Problem{Code: "file-exists", Sentence: "There is another file of this name already. It was not touched.",
		Hint: "Choose another name, or only the folder.", Err: err}
}

// ageIntro begins every age file.
const ageIntro = "age-encryption.org/"

func looksLikeCourier(r io.Reader) bool {
	b := make([]byte, len(ageIntro))
	_, err := io.ReadFull(r, b)
	return err == nil && string(b) == ageIntro
}

func (w *courierWriter) run() (CourierSent, error) {
	sweep(w.dir, w.Now())
	load, err := w.Courier.Write(w.ctx, w.limit, w.open)
	if err != nil {
		return CourierSent{}, err
	}
	sent := CourierSent{Writes: load.Writes, Images: load.Images, Load: load}
	for i, p := range w.parts {
		name := w.nameOf(i + 1)
		if err := vault.Rename(p.tmp, name); err != nil {
			return sent, w.onMedium(err)
		}
		p.name = name
		sent.Files = append(sent.Files, name)
		sent.Bytes += p.bytes
	}
	return sent, w.verify(load)
}

// nameOf returns the name of a part once it is known how many there are.
func (w *courierWriter) nameOf(number int) string {
	part := fmt.Sprintf("-%dof%d", number, len(w.parts))
	if w.dir == w.To {
		return filepath.Join(w.dir, "KANDILI-"+w.id+part+CourierExt)
	}
	if len(w.parts) == 1 {
		return w.To
	}
	ext := filepath.Ext(w.To)
	return strings.TrimSuffix(w.To, ext) + part + ext
}

// onMedium remembers that the medium failed, and not what is written from.
func (w *courierWriter) onMedium(err error) error {
	if err != nil && w.failed == nil {
		w.failed = err
	}
	return err
}

const tmpPattern = ".KANDILI-*.part"

// sweep removes what a stick that was pulled out has kept of an earlier try.
func sweep(dir string, now time.Time) {
	old, _ := filepath.Glob(filepath.Join(dir, tmpPattern)) // the pattern is a constant; a strange folder has none
	for _, path := range old {
		if st, err := os.Stat(path); err == nil && now.Sub(st.ModTime()) > time.Hour {
			os.Remove(path) // left over, it only takes space
		}
	}
}

// open begins a part.
func (w *courierWriter) open(number int) (io.WriteCloser, error) {
	if w.counting {
		return w.encrypt(&mediumFile{w: w, part: &courierPart{}})
	}
	f, err := os.OpenFile(filepath.Join(w.dir, fmt.Sprintf(".KANDILI-%s-%d.part", w.id, number)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, w.onMedium(err)
	}
	p := &courierPart{tmp: f.Name()}
	w.parts = append(w.parts, p)
	return w.encrypt(&mediumFile{w: w, file: f, part: p})
}

func (w *courierWriter) encrypt(f *mediumFile) (io.WriteCloser, error) {
	enc, err := age.Encrypt(f, w.recipients...)
	if err != nil {
		return nil, errors.Join(err, f.abandon())
	}
	return &sealedFile{enc: enc, file: f}, nil
}

// mediumFile is a file on the stick, or only its size where the writer counts.
type mediumFile struct {
	w    *courierWriter
	file *os.File
	part *courierPart
}

func (f *mediumFile) Write(b []byte) (int, error) {
	n := len(b)
	var err error
	if f.file != nil {
		n, err = f.file.Write(b)
	}
	f.part.bytes += int64(n)
	return n, f.w.onMedium(err)
}

func (f *mediumFile) abandon() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// finish flushes and closes the file.
func (f *mediumFile) finish() error {
	if f.file == nil {
		f.w.parts = append(f.w.parts, f.part)
		return nil
	}
	err := f.file.Sync()
	if e := f.file.Close(); err == nil {
		err = e
	}
	return f.w.onMedium(err)
}

// sealedFile is a part as the engine writes it.
type sealedFile struct {
	enc  io.WriteCloser
	file *mediumFile
	err  error
}

func (s *sealedFile) Write(b []byte) (int, error) {
	n, err := s.enc.Write(b)
	if err != nil {
		s.err = err
	}
	return n, err
}

// Close ends the encryption and flushes; after a failed write it only lets go.
func (s *sealedFile) Close() error {
	if s.err == nil {
		s.err = s.enc.Close()
	}
	if s.err != nil {
		return errors.Join(s.err, s.file.abandon())
	}
	return s.file.finish()
}

// discard removes whatever was written.
func (w *courierWriter) discard() {
	for _, p := range w.parts {
		os.Remove(p.tmp) // gone already, or the stick is
		if p.name != "" {
			os.Remove(p.name)
		}
	}
}
