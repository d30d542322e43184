package vault

import (
	"fmt"

	"kandili/internal/fieldwork"
)

// Errors of this package; compare with errors.Is. A vault file that does not exist is fs.ErrNotExist, which passes
// through; any other trouble with the disk is wrapped as it is.
var (
	ErrWrongPassphrase error = &fieldwork.Problem{Code: "wrong-passphrase",
		Sentence: "This passphrase does not open this laptop's data. Nothing was changed.",
		Hint:     "Check capital letters and the keyboard's language, then try again. If it is lost, HQ can help."}
	ErrWrongRecovery error = &fieldwork.Problem{Code: "wrong-recovery",
		Sentence: "This recovery code does not open this laptop's data. Nothing was changed.",
		Hint:     "Ask HQ for the code of this laptop, by its name; each works once."}
	ErrWrongKeyFile error = &fieldwork.Problem{Code: "wrong-key-file",
		Sentence: "This key file does not open this data. Nothing was changed.",
		Hint:     "Put back the key file that was made together with this data."}
	ErrNewerVersion error = &fieldwork.Problem{Code: "newer-version",
		Sentence: "The data's keys were written by a newer Kandili. They were not touched.",
		Hint:     "Install the newer version on this laptop, then open the data again."}
	// ErrDamaged means a file or a value that was changed or cut since it was written, by accident or on purpose.
	ErrDamaged error = &fieldwork.Problem{Code: "damaged",
		Sentence: "The file that holds the data's keys is damaged. It was left as it is.",
		Hint:     "Put back vault.json from the last backup; the passphrase of that day opens it."}
	ErrExists error = &fieldwork.Problem{Code: "vault-exists",
		Sentence: "This folder has its keys already. They were left as they are.",
		Hint:     "Unlock it with its passphrase or key file, or choose an empty folder."}
	ErrNoPassphrase error = &fieldwork.Problem{Code: "no-passphrase",
		Sentence: "The passphrase is empty.", Hint: "Type four or five words that nobody can guess."}
	ErrSlotName error = &fieldwork.Problem{Code: "slot-name",
		Sentence: "Another passphrase has this name, or the name is empty or too long.", Hint: "Choose another short name."}
	ErrSlotsFull error = &fieldwork.Problem{Code: "slots-full",
		Sentence: "This laptop has as many passphrases as it can hold.", Hint: "Share the laptop among fewer people."}
	ErrNoKeyFile error = &fieldwork.Problem{Code: "no-key-file",
		Sentence: "The key file of this data is missing. The data was not touched.",
		Hint:     "Put back the key file that was made together with this data; without it nobody can read the data."}
	ErrWiped error = &fieldwork.Problem{Code: "locked",
		Sentence: "The data is locked. What was saved is safe.", Hint: "Type the passphrase."}
)

// errValue is ErrDamaged for a sealed value; its sentence speaks of no file, for it may lie in any.
var errValue error = &fieldwork.Problem{Code: "damaged",
	Sentence: "Something kept on this laptop was damaged or changed since it was saved.",
	Hint:     "Run the check of this laptop's data: it says what is affected and repairs what it can."}

// damaged is ErrDamaged of the vault file with its cause, for logs.
func damaged(format string, args ...any) error {
	p := *ErrDamaged.(*fieldwork.Problem)
	p.Err = fmt.Errorf(format, args...)
	return &p
}

// damagedKeyFile is ErrDamaged of a key file.
func damagedKeyFile(format string, args ...any) error {
	return &fieldwork.Problem{Code: "damaged",
		Sentence: "The key file is damaged or is no key file. It was left as it is.",
		Hint:     "Put back a copy of the key file that was made together with this data.",
		Err:      fmt.Errorf(format, args...)}
}
