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
	if t.Kind == kind {
		panic("page 7 of the campaign's file cannot be read")
	}
	t.Store.Each(kind, f)
}
