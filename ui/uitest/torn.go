package uitest

import (
	"kandili/internal/fieldwork"
	"kandili/internal/store"
)

// Torn is a store whose records of one kind cannot be listed: for what a place shows then, and how it comes back.
type Torn struct {
	*store.Store
	Kind fieldwork.Kind // 0: all is well
}

// Each implements fieldwork.Source.
func (t *Torn) Each(kind fieldwork.Kind, f func(fieldwork.Record) bool) {
	t.tear(kind)
	t.Store.Each(kind, f)
}

// ByName is the order that the store keeps.
func (t *Torn) ByName(kind fieldwork.Kind) []fieldwork.RecordID {
	t.tear(kind)
	return t.Store.ByName(kind)
}

func (t *Torn) tear(kind fieldwork.Kind) {
	if t.Kind == kind {
		panic("page 7 of the campaign's file cannot be read")
	}
}
