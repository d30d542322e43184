package fieldwork

import "slices"

// Kind is a kind of record. Numbers are on disk and on the wire: add at the end, never renumber.
// A replica keeps and passes on records of kinds that it does not know.
type Kind uint16

// FieldID is a field's number within its kind. On disk and on the wire: never reused, never renumbered.
// Numbers below 10 are common to all kinds.
type FieldID uint16

// Fields that every kind has.
const (
	FieldDeleted FieldID = 1 // Bool: deleted; delete against a concurrent edit keeps the edit and asks
	FieldSameAs  FieldID = 2 // Ref: this record and that one are the same thing; cleared undoes it
)

// Type says what a field's Value holds and how a person types it.
type Type uint8

// The types of fields.
const (
	TypeText     Type = iota + 1 // Text
	TypeName                     // Text: a part of a person's or place's name, kept as typed, found without accents
	TypePhone                    // Text: as typed
	TypeInt                      // Int
	TypeDecimal                  // Int in hundredths
	TypeBool                     // Int 0 or 1
	TypeEnum                     // Int: an Option's number
	TypeEnums                    // Ints: Options' numbers, ascending
	TypeDate                     // Int: days since 1970-01-01
	TypeTime                     // Int: seconds since 1970-01-01 UTC
	TypeRef                      // Ref
	TypeRefs                     // Refs
	TypePosition                 // Ints: latitude, longitude in 1e-5 degree, accuracy in metres
	TypePhoto                    // Bytes: name of a blob
	TypeBytes                    // Bytes
	TypeTexts                    // Text: several lines, one entry each
)

// Policy says what becomes of concurrent, different values of a field.
type Policy uint8

// The policies. The zero value is PolicyReview.
const (
	PolicyReview Policy = iota // the same winner everywhere, all kept, a person decides
	PolicyAppend               // no conflict is possible: all values count
	PolicyLast                 // harmless: the last by hybrid clock wins silently
	PolicySticky               // a sticky option wins over concurrent others
	PolicyUnique               // as review; the same value in two records is flagged, never refused
)

// Option is one value of an enumeration. Numbers are never reused.
type Option struct {
	N    int64
	Name string // as in FIELDS.md with underscores: "under_repair"
}

// Field describes one field of a kind.
type Field struct {
	ID       FieldID
	Name     string // as in FIELDS.md with underscores: "given_name"
	Type     Type
	Policy   Policy
	Options  []Option // of TypeEnum and TypeEnums
	Of       Kind     // what TypeRef and TypeRefs point to; 0: any kind
	Required bool
	Min, Max int64   // bounds of numbers, both 0: unbounded
	MaxRunes int     // longest text in characters; 0: 200
	Sticky   []int64 // for PolicySticky: the options that win over concurrent others
	With     FieldID // of concurrent values the one counts that was written with the winner of this earlier field; 0: none
	Personal bool    // says something about a person: forgotten with her, never in an aggregate export
}

// Spec describes one kind.
type Spec struct {
	Kind       Kind
	Name       string // as in FIELDS.md: "trainee"
	Fields     []Field
	AppendOnly bool // records are written once and corrected by further records
}

// FieldValue is a field with a value.
type FieldValue struct {
	Field FieldID
	Value Value
}

// Record is a record as a person sees it: one winning value a field. It is a copy; whoever gets it owns it.
type Record struct {
	ID        RecordID
	Kind      Kind
	Fields    []FieldValue // ascending by Field; cleared fields are absent
	Contested []FieldID    // fields with concurrent, different values waiting for a person
	Deleted   bool
}

// Get returns the field's value, or the cleared value.
func (r Record) Get(f FieldID) Value {
	for _, fv := range r.Fields {
		if fv.Field == f {
			return fv.Value
		}
	}
	return Value{}
}

// RefersTo says that a field of the record names the other one now.
func (r Record) RefersTo(id RecordID) bool {
	for _, fv := range r.Fields {
		if slices.Contains(fv.Value.Refs(), id) {
			return true
		}
	}
	return false
}

// Source is where records are read from: a store, or a few made by hand in a test.
type Source interface {
	// Each calls f with every record of the kind that is neither deleted nor the same as an earlier one, in id order, until f returns false.
	Each(kind Kind, f func(Record) bool)
	// Record returns the record, also a deleted one.
	Record(id RecordID) (Record, bool)
	// Canonical returns the record that stands for all those that are the same as id; id itself where there is none.
	Canonical(id RecordID) RecordID
}
