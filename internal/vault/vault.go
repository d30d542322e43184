package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// firstSlot is the name of the slot that Create makes.
const firstSlot = "passphrase"

// Create draws a data key and writes a vault file with one slot for the passphrase. The folder must exist; a file
// that is there already is ErrExists and stays. The passphrase stays the caller's, here and below. How good it must
// be is for the screen that asks for it; only an empty one is refused here.
//
// No function here locks the file: one program at a time works in a data folder, as its store makes sure.
func Create(path string, passphrase []byte, p Params) (*Keys, error) {
	p = p.orDefault()
	if err := p.check(); err != nil {
		return nil, err
	}
	if len(passphrase) == 0 {
		return nil, ErrNoPassphrase
	}
	x := passphraseSecret(passphrase)
	defer x.clear()
	return create(path, x, firstSlot, p)
}

func create(path string, x secret, name string, p Params) (*Keys, error) {
	if err := free(path); err != nil {
		return nil, err
	}
	k := newKeys()
	f := newFile(k.data[:])
	err := f.put(0, newSlot(f, k.data[:], x, name, p))
	if err == nil {
		err = f.write(path)
	}
	if err != nil {
		k.Wipe()
		return nil, err
	}
	return k, nil
}

// free fails unless nothing lies at path.
func free(path string) error {
	_, err := os.Lstat(path)
	if err == nil {
		return ErrExists
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for the vault: %w", err)
	}
	return nil
}

// Unlock opens the vault with a passphrase of any of its slots. It only reads: ErrWrongPassphrase, ErrNewerVersion
// and ErrDamaged leave everything as it was. It takes up to a second for each slot; a doctored file cannot make it
// take more than 1 GiB.
func Unlock(path string, passphrase []byte) (*Keys, error) {
	x := passphraseSecret(passphrase)
	defer x.clear()
	return unlock(path, x, ErrWrongPassphrase)
}

func unlock(path string, x secret, wrong error) (*Keys, error) {
	f, err := readFile(path)
	if err != nil {
		return nil, err
	}
	data, _, err := f.open(x, wrong)
	if err != nil {
		return nil, err
	}
	defer clear(data)
	return &Keys{data: [keySize]byte(data), term: f.Term}, nil
}

// ChangePassphrase rewrites the slot that the old passphrase opens, under the same parameters and a new salt. After
// a crash one of the two passphrases opens it. It fails like Unlock, with ErrNoPassphrase, and with ErrDamaged where
// another slot is damaged: rewriting would make the damage look genuine.
//
// The old passphrase still opens older copies of the file, and with it the same data: against somebody who has both
// this is no help.
func ChangePassphrase(path string, oldPassphrase, newPassphrase []byte) error {
	if len(newPassphrase) == 0 {
		return ErrNoPassphrase
	}
	f, err := readFile(path)
	if err != nil {
		return err
	}
	was, is := passphraseSecret(oldPassphrase), passphraseSecret(newPassphrase)
	defer was.clear()
	defer is.clear()
	data, at, err := f.open(was, ErrWrongPassphrase)
	if err != nil {
		return err
	}
	defer clear(data)
	if !f.whole() {
		return damaged("another slot was changed")
	}
	old, err := f.slot(at)
	if err != nil {
		return damaged("read the slot again: %w", err)
	}
	if err := f.put(at, newSlot(f, data, is, old.Name, old.params())); err != nil {
		return err
	}
	return f.write(path)
}

// AddSlot adds a second volunteer's passphrase for the same data. name tells the slots apart, has 1 to 64 bytes and
// lies in clear on the disk. It fails with ErrSlotName, ErrSlotsFull, ErrNoPassphrase, ErrWiped, and with
// ErrDamaged also where k is not the key of this vault.
func AddSlot(path string, k *Keys, name string, passphrase []byte, p Params) error {
	p = p.orDefault()
	if err := p.check(); err != nil {
		return err
	}
	if len(passphrase) == 0 {
		return ErrNoPassphrase
	}
	data, err := k.copyData()
	if err != nil {
		return err
	}
	defer clear(data)
	f, err := readFile(path)
	if err != nil {
		return err
	}
	if !f.whole() || !f.holds(data) {
		return damaged("the vault was changed, or is another one")
	}
	if !validName(name) || f.named(name) {
		return ErrSlotName
	}
	if len(f.Slots) == maxSlots {
		return ErrSlotsFull
	}
	x := passphraseSecret(passphrase)
	defer x.clear()
	if err := f.put(len(f.Slots), newSlot(f, data, x, name, p)); err != nil {
		return err
	}
	return f.write(path)
}
