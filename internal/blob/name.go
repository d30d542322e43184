package blob

import (
	"encoding/hex"

	"kandili/internal/fieldwork"
)

// Name is a photo's name: the first 16 bytes of the SHA-256 of its manifest. The zero name is no photo's.
type Name [16]byte

// String returns the name as 32 hexadecimal digits.
func (n Name) String() string { return hex.EncodeToString(n[:]) }

// IsZero says that there is no photo.
func (n Name) IsZero() bool { return n == Name{} }

// Value is the name as a record's field holds it; the zero name clears the field.
func (n Name) Value() fieldwork.Value {
	if n.IsZero() {
		return fieldwork.Value{}
	}
	return fieldwork.Bytes(n[:])
}

// NameOf reads the name that a photo field holds; false where the field is empty or holds what is no name.
func NameOf(v fieldwork.Value) (Name, bool) {
	b := v.Bytes()
	if len(b) != len(Name{}) {
		return Name{}, false
	}
	return Name(b), true
}

// ParseName reads what String wrote.
func ParseName(s string) (Name, bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(Name{}) {
		return Name{}, false
	}
	return Name(b), true
}
