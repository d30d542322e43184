package fieldwork

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Fault is one thing that keeps a record from being saved, in words for the person at the field.
type Fault struct {
	Field    FieldID // where to say it
	Code     string  // stable, lower case with dashes
	Sentence string
	Hint     string // the way out; may be empty
}

// Error returns the sentence, so that a Fault can stand where an error is asked for.
func (f Fault) Error() string { return f.Sentence }

// maxAge bounds birth years, in years before today; nobody on record became much older.
const maxAge = 120

// Check judges the fields of one record as they would be saved: what is missing, out of bounds, too long or in
// contradiction. Unknown fields are left alone. Today is in days since 1970-01-01. Faults come in the order of the
// table's fields; none means that the record can be saved.
func Check(spec *Spec, fields []FieldValue, today int64) []Fault {
	c := checker{spec: spec, record: Record{Kind: spec.Kind, Fields: fields}, today: today}
	for i := range spec.Fields {
		c.field(&spec.Fields[i])
	}
	c.together()
	slices.SortStableFunc(c.faults, func(a, b Fault) int { return cmp.Compare(a.Field, b.Field) })
	return c.faults
}

type checker struct {
	spec   *Spec
	record Record
	today  int64
	faults []Fault
}

func (c *checker) fault(id FieldID, code, text, hint string) {
	c.faults = append(c.faults, Fault{Field: id, Code: code, Sentence: text, Hint: hint})
}

func (c *checker) field(f *Field) {
	v := c.record.Get(f.ID)
	if v.IsZero() {
		if f.Required {
			c.fault(f.ID, "needed", sentence(a(f.Label())+" is needed."), "")
		}
		return
	}
	if !fits(f.Type, v) {
		c.fault(f.ID, "wrong-form", sentence(f.Label()+" has a form that does not belong here."), "Enter it again.")
		return
	}
	switch f.Type {
	case TypeText, TypeName, TypePhone, TypeTexts:
		c.text(f, v.Text())
	case TypeInt, TypeDecimal:
		c.number(f, v)
	case TypeEnum:
		n, _ := v.Int()
		c.option(f, n)
	case TypeEnums:
		for _, n := range v.Ints() {
			c.option(f, n)
		}
	case TypePosition:
		c.position(f, v.Ints())
	}
}

// fits says that the value is of the form that the type has.
func fits(t Type, v Value) bool {
	switch t {
	case TypeText, TypeName, TypePhone, TypeTexts:
		return v.IsText() && utf8.ValidString(v.Text())
	case TypeRef:
		return !v.Ref().IsZero()
	case TypeRefs:
		return len(v.Refs()) > 0
	case TypeEnums:
		return len(v.Ints()) > 0
	case TypePosition:
		return len(v.Ints()) == 3
	case TypePhoto, TypeBytes:
		return len(v.Bytes()) > 0
	}
	_, ok := v.Int()
	return ok
}

func (c *checker) text(f *Field, s string) {
	limit := f.MaxRunes
	if limit == 0 {
		limit = 200
	}
	if utf8.RuneCountInString(s) > limit || len(s) > MaxTextBytes {
		c.fault(f.ID, "too-long", fmt.Sprintf("%s is longer than %d letters.", sentence(f.Label()), limit), "Shorten it; a note has more room.")
	}
	if f.Type == TypePhone && strings.IndexFunc(s, func(r rune) bool { return r >= '0' && r <= '9' }) < 0 {
		c.fault(f.ID, "no-phone", "A phone number has digits.", "Leave it empty if there is none.")
	}
}

func (c *checker) number(f *Field, v Value) {
	n, _ := v.Int()
	if (f.Min == 0 && f.Max == 0) || n >= f.Min && n <= f.Max {
		return
	}
	low, high := formatInt(f, f.Min), formatInt(f, f.Max)
	c.fault(f.ID, "out-of-bounds", fmt.Sprintf("%s lies between %s and %s.", sentence(f.Label()), low, high), "")
}

func (c *checker) option(f *Field, n int64) {
	if _, ok := f.Option(n); !ok {
		c.fault(f.ID, "no-option", sentence(f.Label()+" has a choice that this version does not know."), "Choose again, or update Kandili.")
	}
}

func (c *checker) position(f *Field, p []int64) {
	if p[0] < -90e5 || p[0] > 90e5 || p[1] < -180e5 || p[1] > 180e5 {
		c.fault(f.ID, "no-place-on-earth", "Latitude lies between -90 and 90, longitude between -180 and 180.", "Perhaps the two are swapped.")
	} else if p[2] < 0 || p[2] > 100_000 {
		c.fault(f.ID, "out-of-bounds", "The accuracy lies between 0 and 100000 metres.", "")
	}
}

// a puts the article before a word.
func a(label string) string {
	if strings.ContainsRune("aeiou", rune(label[0])) && !strings.HasPrefix(label, "use") {
		return "an " + label
	}
	return "a " + label
}
