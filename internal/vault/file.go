package vault

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	fileFormat = 1
	maxFile    = 64 << 10 // bytes; sixteen slots take about 8 KiB
	maxSlots   = 16       // each costs a wrong passphrase its own wait
)

// file is vault.json. Slots stay as they were read, so that rewriting one keeps those of a newer version.
type file struct {
	Format uint32            `json:"format"`
	ID     []byte            `json:"id"`   // derived from the data key, 16 bytes
	Term   uint32            `json:"term"` // generation of the data key
	Slots  []json.RawMessage `json:"slots"`
	// Sum is a SHA-256 of the rest. It protects from nobody; it tells damage from a wrong passphrase.
	Sum []byte `json:"sum"`
}

func newFile(data []byte) *file {
	return &file{Format: fileFormat, ID: vaultID(data), Term: firstTerm}
}

// readFile reads and checks the vault file: ErrNewerVersion, ErrDamaged, or the error of the disk as it is.
func readFile(path string) (*file, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the vault: %w", err)
	}
	return parseFile(b)
}

func parseFile(b []byte) (*file, error) {
	if len(b) > maxFile {
		return nil, damaged("vault file longer than %d bytes", maxFile)
	}
	// The version alone first: all else may have changed its shape since.
	var v struct{ Format uint32 }
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, damaged("read the vault's version: %w", err)
	}
	if v.Format > fileFormat {
		return nil, ErrNewerVersion
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, damaged("read the vault: %w", err)
	}
	if f.Format != fileFormat || f.Term != firstTerm || len(f.ID) != 16 || len(f.Slots) == 0 || len(f.Slots) > maxSlots {
		return nil, damaged("vault of format %d, term %d with %d slots", f.Format, f.Term, len(f.Slots))
	}
	return &f, nil
}

// encode returns the file's bytes with a fresh sum. They end with the closing brace, so that no shorter file is whole.
func (f *file) encode() ([]byte, error) {
	sum, err := f.checksum()
	if err != nil {
		return nil, err
	}
	f.Sum = sum
	return json.MarshalIndent(f, "", "  ")
}

func (f *file) checksum() ([]byte, error) {
	h := sha256.New()
	var head []byte
	head = binary.BigEndian.AppendUint32(head, f.Format)
	head = binary.BigEndian.AppendUint32(head, f.Term)
	h.Write(append(head, f.ID...))
	for _, raw := range f.Slots {
		line, err := json.Marshal(raw) // without the spaces between
		if err != nil {
			return nil, err
		}
		h.Write(append(line, '\n'))
	}
	return h.Sum(nil), nil
}

// whole says whether the file is as it was written.
func (f *file) whole() bool {
	sum, err := f.checksum()
	return err == nil && subtle.ConstantTimeCompare(sum, f.Sum) == 1
}

// slot returns the slot at i, or nil where its kind is not known here. It fails where the slot is damaged.
func (f *file) slot(i int) (*slot, error) {
	var s slot
	if err := json.Unmarshal(f.Slots[i], &s); err != nil {
		return nil, err
	}
	if s.Kind != kindPassphrase && s.Kind != kindKeyFile {
		return nil, nil
	}
	return &s, s.check()
}

// put sets the slot at i, or adds it when i is the number of slots.
func (f *file) put(i int, s *slot) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if i == len(f.Slots) {
		f.Slots = append(f.Slots, nil)
	}
	f.Slots[i] = raw
	return nil
}

// open tries the secret on every slot of its kind and returns the data key and the slot's place. Where none opens,
// it fails with wrong, or with ErrDamaged if damage may be the reason. A damaged slot does not lock out the others.
func (f *file) open(x secret, wrong error) (data []byte, at int, err error) {
	var broken error
	if !f.whole() {
		broken = errors.New("the vault's sum is wrong")
	}
	for i := range f.Slots {
		s, err := f.slot(i)
		if err != nil {
			broken = err
			continue
		}
		if s == nil || s.Kind != x.kind {
			continue
		}
		data, err := s.open(f, x)
		if err == nil {
			return data, i, nil
		}
		if !errors.Is(err, errNotThisSlot) {
			broken = err
		}
	}
	if broken != nil {
		return nil, 0, damaged("no slot opens: %w", broken)
	}
	return nil, 0, wrong
}

// named says whether a slot has the name.
func (f *file) named(name string) bool {
	for _, raw := range f.Slots {
		var s struct{ Name string }
		if json.Unmarshal(raw, &s) == nil && s.Name == name {
			return true
		}
	}
	return false
}

// holds says whether this is the file of the data key.
func (f *file) holds(data []byte) bool { return bytes.Equal(vaultID(data), f.ID) }

// write replaces the vault file.
func (f *file) write(path string) error {
	b, err := f.encode()
	if err != nil {
		return fmt.Errorf("encode the vault: %w", err)
	}
	if err := WriteFileAtomic(path, b, 0o600); err != nil {
		return fmt.Errorf("write the vault: %w", err)
	}
	return nil
}
