package show

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"kandili/internal/fieldwork"
)

// Label is what a field is called on the screen: the catalogue's "field.trainee.given_name", or the field's own name.
func (w *Words) Label(spec *fieldwork.Spec, f *fieldwork.Field) string {
	if key := "field." + spec.Name + "." + f.Name; w.Has(key) {
		return w.T(key)
	}
	return capital(f.Label())
}

// Option is the word for one option of an enumeration; an option that this version does not know shows its number.
func (w *Words) Option(f *fieldwork.Field, n int64) string {
	o, ok := f.Option(n)
	if !ok {
		return "? " + strconv.FormatInt(n, 10)
	}
	if key := "option." + o.Name; w.Has(key) {
		return w.T(key)
	}
	return strings.ReplaceAll(o.Name, "_", " ")
}

// LampStatus is the word for a lamp's state; 0 is "not known".
func (w *Words) LampStatus(n int64) string {
	f := fieldwork.SpecOf(fieldwork.KindLamp).Field(fieldwork.LampStatus)
	if o, ok := f.Option(n); ok {
		return w.T("lamp.status." + o.Name)
	}
	return w.T("lamp.status.unknown")
}

// Fault says at a field, in the person's language, what keeps the record from being saved and what to do about it.
// spec is the record's kind; today, in days since 1970-01-01, bounds birth years.
func (w *Words) Fault(spec *fieldwork.Spec, x fieldwork.Fault, today int64) string {
	label, low, high := "", "", ""
	if f := spec.Field(x.Field); f != nil {
		label = w.Label(spec, f)
		low, high = w.bounds(f)
	}
	if x.Code == "birth-year" {
		year := fieldwork.DayOf(today).Year()
		low, high = strconv.Itoa(year-120), strconv.Itoa(year)
	}
	key := "fault." + x.Code
	if !w.Has(key) {
		return joined(x.Sentence, x.Hint)
	}
	return w.T(key, label, low, high)
}

func (w *Words) bounds(f *fieldwork.Field) (low, high string) {
	if f.Type == fieldwork.TypeDecimal {
		return w.Decimal(float64(f.Min)/100, 0), w.Decimal(float64(f.Max)/100, 0)
	}
	return w.Number(int(f.Min)), w.Number(int(f.Max))
}

// FormFault is Fault for what ParseValue refuses: the form of one field's text.
func (w *Words) FormFault(spec *fieldwork.Spec, f *fieldwork.Field, err error) string {
	var p *fieldwork.Problem
	if !errors.As(err, &p) {
		return err.Error()
	}
	if key := "fault." + p.Code; w.Has(key) {
		low, high := w.bounds(f)
		return w.T(key, w.Label(spec, f), low, high)
	}
	return joined(p.Sentence, p.Hint)
}

// Problem is what a person reads about an error: what happened and what to do next, in her language where the
// catalogue has the problem's code, else in English. Hint may be empty.
func (w *Words) Problem(err error) (sentence, hint string) {
	var p *fieldwork.Problem
	if !errors.As(err, &p) {
		return w.T("problem.unexpected", err.Error()), w.T("problem.unexpected.hint")
	}
	key := "problem." + p.Code
	if !w.Has(key) {
		return p.Sentence, p.Hint
	}
	hint = p.Hint
	if w.Has(key + ".hint") {
		hint = w.T(key + ".hint")
	}
	return w.T(key), hint
}

func joined(sentence, hint string) string {
	if hint == "" {
		return sentence
	}
	return sentence + " " + hint
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[size:]
}
