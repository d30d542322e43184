package synctest

import (
	"fmt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// Warm packs something and reads it, so that what packing makes once, when it is used first, does not belong to a bubble of
// testing/synctest. It panics where that fails.
func Warm() {
	p := journal.Piece{Log: fieldwork.LogID{Node: 1}, First: 1, Sig: make([]byte, 64)}
	for i := range 40 {
		p.Changes = append(p.Changes, journal.Change{Log: p.Log, Seq: uint64(i + 1), Wall: int64(i * 60), Writes: []journal.Write{{Kind: fieldwork.KindTrainee,
			Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhone, Value: fieldwork.Text(fmt.Sprintf("+2547%08d", i*i*977))}}}}})
	}
	for _, to := range []wire.Speaks{{}, wire.Everything()} {
		f, err := to.ChangesFrame(&p)
		if err == nil {
			_, err = wire.ReadChanges(f.Body)
		}
		if err != nil {
			panic(err)
		}
	}
}
