package vault

// recoverySlot is the slot that a secret kept elsewhere opens, after the passphrase was lost.
const recoverySlot = "recovery"

// SetRecovery makes the secret open the vault, in place of an earlier one. The secret has at least 15 random bytes, is kept
// elsewhere, and stays the caller's. It fails like AddSlot.
func SetRecovery(path string, k *Keys, random []byte) error {
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
	at := f.find(recoverySlot)
	if at == maxSlots {
		return ErrSlotsFull
	}
	if err := f.put(at, newSlot(f, data, secret{kindKeyFile, random}, recoverySlot, Params{})); err != nil {
		return err
	}
	return f.write(path)
}

// Recover opens the vault with the secret of SetRecovery, gives its first slot a new passphrase and takes the recovery slot
// away: the secret works once. It fails with ErrWrongRecovery, or like Unlock; then the vault is as it was.
func Recover(path string, random, newPassphrase []byte, p Params) error {
	p = p.orDefault()
	if err := p.check(); err != nil {
		return err
	}
	if len(newPassphrase) == 0 {
		return ErrNoPassphrase
	}
	f, err := readFile(path)
	if err != nil {
		return err
	}
	data, at, err := f.open(secret{kindKeyFile, random}, ErrWrongRecovery)
	if err != nil {
		return err
	}
	defer clear(data)
	if !f.whole() {
		return damaged("another slot was changed")
	}
	f.Slots = append(f.Slots[:at], f.Slots[at+1:]...)
	x := passphraseSecret(newPassphrase)
	defer x.clear()
	if err := f.put(f.find(firstSlot), newSlot(f, data, x, firstSlot, p)); err != nil {
		return err
	}
	return f.write(path)
}

// find is the place of the slot with a name, or the one after the last.
func (f *file) find(name string) int {
	for i := range f.Slots {
		if s, err := f.slot(i); err == nil && s != nil && s.Name == name {
			return i
		}
	}
	return len(f.Slots)
}

// HasRecovery says whether a secret kept elsewhere opens the vault at path.
func HasRecovery(path string) bool {
	f, err := readFile(path)
	return err == nil && f.find(recoverySlot) < len(f.Slots)
}
