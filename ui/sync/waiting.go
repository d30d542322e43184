package sync

import (
	"fmt"
	"slices"
	"sync"

	"kandili/internal/fieldwork"
	"kandili/internal/sheets"
	"kandili/internal/store"
	"kandili/ui/lists"
	"kandili/ui/place"
	"kandili/ui/show"
)

// Waits is what is not at HQ yet, of all kinds: as it was last read, and how its list is arranged. Its methods are called on the window's
// goroutine; what List.Arrange returns runs beside it.
type Waits struct {
	List *lists.Model

	words *show.Words
	store Store
	where func(store.Place) string

	mu       sync.Mutex
	kinds    []fieldwork.Kind // that wait, as last read
	accepted int              // records that HQ accepted
}

// NewWaits is what waits before it was read; where says where a record is in words.
func NewWaits(w *show.Words, s Store, where func(store.Place) string) *Waits {
	x := &Waits{words: w, store: s, where: where}
	x.List = lists.Of(s, "waiting", x.each, x.table(), x.sorts(), x.filters()).Usual(lists.Way{Sort: "newest", Down: true})
	return x
}

// Accepted is how many records HQ accepted, as last read.
func (x *Waits) Accepted() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.accepted
}

// each gives every record that is not at HQ. It only reads the store and may run anywhere.
func (x *Waits) each(f func(fieldwork.Record) bool) {
	accepted := 0
	var kinds []fieldwork.Kind
	for _, spec := range fieldwork.Specs() {
		x.store.Each(spec.Kind, func(r fieldwork.Record) bool {
			switch at := x.store.Where(r.ID); {
			case waits(at):
				if !slices.Contains(kinds, r.Kind) {
					kinds = append(kinds, r.Kind)
				}
				return f(r)
			case at == store.Accepted:
				accepted++
			}
			return true
		})
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.kinds, x.accepted = kinds, accepted
}

// waits says that a record is not at HQ.
func waits(at store.Place) bool {
	return at == store.OnThisLaptop || at == store.InCourier || at == store.KeptApart
}

func (x *Waits) kind(k fieldwork.Kind) string { return x.words.T("kind." + k.String()) }

func (x *Waits) sorts() []lists.Sort {
	made := func(r fieldwork.Record) string { // by log, and there in the order of writing
		return fmt.Sprintf("%08x%08x%016x", r.ID.Log.Node, r.ID.Log.Epoch, r.ID.Seq)
	}
	return []lists.Sort{
		{ID: "newest", Word: x.words.T("list.newest"), Key: made},
		{ID: "name", Word: x.words.T("list.name"), Key: func(r fieldwork.Record) string { return fieldwork.Fold(nameOf(x.store, r)) + "\x00" + made(r) }},
		{ID: "kind", Word: x.words.T("list.kind"), Key: func(r fieldwork.Record) string { return fieldwork.Fold(x.kind(r.Kind)) + "\x00" + made(r) }},
	}
}

func (x *Waits) filters() []lists.Filter {
	return []lists.Filter{
		{ID: "kind", Word: x.words.T("list.kind"), Options: func() (out []lists.Option) {
			x.mu.Lock()
			defer x.mu.Unlock()
			for _, spec := range fieldwork.Specs() { // what was chosen stays to be seen, also when the last of it went home
				if slices.Contains(x.kinds, spec.Kind) || x.List.Way().Only["kind"] == spec.Name {
					out = append(out, lists.Option{Value: spec.Name, Word: x.kind(spec.Kind)})
				}
			}
			return out
		}, Keep: func(r fieldwork.Record, name string) bool { return r.Kind.String() == name }},
		{ID: "where", Word: x.words.T("list.where"), Options: func() (out []lists.Option) {
			for _, at := range []store.Place{store.OnThisLaptop, store.InCourier, store.KeptApart} {
				out = append(out, lists.Option{Value: string(at), Word: x.where(at)})
			}
			return out
		}, Keep: func(r fieldwork.Record, at string) bool { return string(x.store.Where(r.ID)) == at }},
	}
}

// table is what an export says of what waits: enough to find it again, and to tell HQ by telephone.
func (x *Waits) table() lists.Table {
	return lists.Table{Name: x.words.T("list.file.waiting"), Columns: []sheets.Column{{Head: "code"}, {Head: "kind"}, {Head: "name"}, {Head: "where"}},
		Row: func(r fieldwork.Record) []string {
			return []string{fieldwork.CodeOf(r.ID), x.kind(r.Kind), nameOf(x.store, r), x.where(x.store.Where(r.ID))}
		}}
}

// Waiting is a record that is not home yet.
type Waiting struct {
	ID   fieldwork.RecordID
	Kind fieldwork.Kind
	Name string
	At   store.Place // only on this laptop, in a courier file too, or kept apart by HQ
}

// Row is one of the list.
func (x *Waits) Row(id fieldwork.RecordID) Waiting {
	r, _ := x.store.Record(id)
	return Waiting{ID: id, Kind: r.Kind, Name: nameOf(x.store, r), At: x.store.Where(id)}
}

// PlaceOf is where the window shows a record, and as what; empty where nowhere does.
func (x *Waits) PlaceOf(id fieldwork.RecordID) (to string, at fieldwork.RecordID) {
	r, _ := x.store.Record(id)
	switch r.Kind {
	case fieldwork.KindTrainee:
		return place.People, id
	case fieldwork.KindConsent:
		return place.People, r.Get(fieldwork.ConsentSubject).Ref()
	case fieldwork.KindLamp:
		return place.Lamps, id
	case fieldwork.KindInstallation:
		return place.Lamps, r.Get(fieldwork.InstallationLamp).Ref()
	case fieldwork.KindVisit:
		return place.Lamps, r.Get(fieldwork.VisitLamp).Ref()
	case fieldwork.KindSession:
		return place.Training, id
	case fieldwork.KindAttendance:
		return place.Training, r.Get(fieldwork.AttendanceSession).Ref()
	}
	return "", id
}
