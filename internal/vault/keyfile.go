package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A key file is one line of text, so that it can be printed and typed: the magic and 64 hexadecimal digits. For ever.
const keyFileMagic = "kandili-key-1 "

const keyFileSlot = "keyfile"

// CreateWithKeyFile is Create with a random key in a file of its own (0600) instead of a passphrase, for an HQ that
// must start again by itself after a power cut. Keep a copy elsewhere, and never beside a backup of the data. A key
// file that exists is used as it is, never written over: it may be the only one for other data, or may have been
// left by a first start that was cut off.
func CreateWithKeyFile(vaultPath, keyFile string) (*Keys, error) {
	if err := free(vaultPath); err != nil {
		return nil, err
	}
	x, err := readKeyFile(keyFile)
	if errors.Is(err, fs.ErrNotExist) {
		x, err = newKeyFile(keyFile)
	}
	if err != nil {
		return nil, err
	}
	defer x.clear()
	return create(vaultPath, x, keyFileSlot, Params{})
}

// UnlockWithKeyFile opens the vault with its key file. It fails like Unlock, with ErrWrongKeyFile in place of
// ErrWrongPassphrase, and with ErrNoKeyFile. Only a missing vault is fs.ErrNotExist, so that nobody takes a mislaid
// key for a first start.
func UnlockWithKeyFile(vaultPath, keyFile string) (*Keys, error) {
	if _, err := readFile(vaultPath); err != nil {
		return nil, err
	}
	x, err := readKeyFile(keyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoKeyFile
	}
	if err != nil {
		return nil, err
	}
	defer x.clear()
	return unlock(vaultPath, x, ErrWrongKeyFile)
}

func newKeyFile(path string) (secret, error) {
	x := secret{kindKeyFile, make([]byte, keySize)}
	rand.Read(x.bytes) // never fails
	text := append(hex.AppendEncode([]byte(keyFileMagic), x.bytes), '\n')
	defer clear(text)
	if err := WriteFileAtomic(path, text, 0o600); err != nil {
		return secret{}, fmt.Errorf("write the key file: %w", err)
	}
	return x, nil
}

func readKeyFile(path string) (secret, error) {
	in, err := os.Open(path)
	if err != nil {
		return secret{}, fmt.Errorf("open the key file: %w", err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, 1<<10))
	if err != nil {
		return secret{}, fmt.Errorf("read the key file: %w", err)
	}
	defer clear(text)
	return parseKeyFile(text)
}

// parseKeyFile takes any white space at the end: people copy this line by hand.
func parseKeyFile(text []byte) (secret, error) {
	digits, ok := bytes.CutPrefix(bytes.TrimSpace(text), []byte(keyFileMagic))
	if !ok {
		return secret{}, damagedKeyFile("no key file of format 1")
	}
	if len(digits) != 2*keySize {
		return secret{}, damagedKeyFile("key file with %d digits", len(digits))
	}
	x := secret{kindKeyFile, make([]byte, keySize)}
	if _, err := hex.Decode(x.bytes, digits); err != nil {
		return secret{}, damagedKeyFile("key file with a letter that is no digit")
	}
	return x, nil
}
