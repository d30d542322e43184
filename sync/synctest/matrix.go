package synctest

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/sync/exchange"
)

// Fault is what happens to one request or answer at one byte of it.
type Fault string

// The faults of the matrix. Each is tried at every byte.
const (
	FaultReset    Fault = "reset"     // bytes up to here arrive, then the connection is reset
	FaultEnd      Fault = "end"       // bytes up to here arrive, then the connection ends as if that were all
	FaultFlip     Fault = "flip"      // one bit of this byte flips
	FaultTwice    Fault = "twice"     // a request arrives up to here, and then once more whole
	FaultLate     Fault = "late"      // a request is cut here, and what arrived is taken in after the next one
	FaultInsert   Fault = "insert"    // a byte appears here
	FaultDrop     Fault = "drop"      // this byte is missing
	FaultOverload Fault = "busy"      // the other side asks to wait; no bytes
	FaultPortal   Fault = "portal"    // somebody else's page answers; no bytes
	FaultCrash    Fault = "power cut" // the other side loses its power once this much has arrived
)

// upFaults and downFaults are tried at every byte of the request and of the answer.
var (
	upFaults   = []Fault{FaultReset, FaultEnd, FaultFlip, FaultInsert, FaultDrop, FaultTwice, FaultLate}
	downFaults = []Fault{FaultReset, FaultEnd, FaultFlip, FaultInsert, FaultDrop}
)

// Situation is a kind of exchange: what there is to do before it.
type Situation struct {
	Name string
	Peer bool // between two laptops; otherwise with HQ
	Rows bool // the client is an old program
	Do   func(w *World, client, server *Node)
}

// Situations are the kinds of exchange of the matrix.
func Situations() []Situation {
	return []Situation{
		{Name: "nothing", Do: func(*World, *Node, *Node) {}},
		{Name: "push of one", Do: func(w *World, c, _ *Node) { w.trainees(c, 1) }},
		{Name: "push of fifty", Do: func(w *World, c, _ *Node) { w.trainees(c, 50) }},
		{Name: "pull of one", Do: func(w *World, _, s *Node) { w.trainees(s, 1) }},
		{Name: "pull of fifty", Do: func(w *World, _, s *Node) { w.trainees(s, 50) }},
		{Name: "both ways", Do: func(w *World, c, s *Node) { w.trainees(c, 3); w.trainees(s, 3) }},
		{Name: "a contested field", Do: contest},
		{Name: "a laptop that forgot what HQ has", Do: func(w *World, c, s *Node) {
			w.trainees(c, 1)
			w.must(c.Store.SetNote("exchange/hq", nil))
		}},
		{Name: "an HQ that forgot what the laptop has", Do: func(w *World, c, s *Node) {
			w.trainees(s, 1)
			w.must(s.Store.SetNote("heads/"+c.Store.Self().Log.String(), nil))
		}},
		{Name: "a long text pushed", Do: func(w *World, c, _ *Node) { w.longText(c) }},
		{Name: "a long text pulled", Do: func(w *World, _, s *Node) { w.longText(s) }},
		{Name: "kinds of a newer program", Do: func(w *World, c, s *Node) {
			w.save(c, draftOf(unknownKind, fieldwork.RecordID{}, unknownField, fieldwork.Text(fmt.Sprintf("U%x", w.rnd.Uint64()))))
			w.save(s, draftOf(unknownKind, fieldwork.RecordID{}, unknownField, fieldwork.Bytes([]byte{1, 2, 3})))
		}},
		{Name: "an old program", Rows: true, Do: func(w *World, c, s *Node) { w.trainees(c, 2); w.trainees(s, 2) }},
		{Name: "two laptops", Peer: true, Do: func(w *World, c, s *Node) { w.trainees(c, 2); w.trainees(s, 2) }},
		{Name: "two laptops, HQ's news", Peer: true, Do: func(w *World, c, s *Node) {
			w.trainees(w.HQ, 1)
			if err := w.Sync(s, w.HQ, false); err != nil {
				w.fail("%v", err)
			}
		}},
	}
}

func (w *World) trainees(n *Node, count int) {
	list := make([]store.Draft, count)
	for i := range list {
		list[i] = draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, fieldwork.TraineeGivenName, fieldwork.Text(fmt.Sprintf("N%x", w.rnd.Uint32())))
	}
	before := n.Store.Heads()
	changes, err := n.Store.SaveAll(list)
	if err != nil {
		w.fail("%v cannot save: %v", n, err)
	}
	for i := range changes {
		w.acknowledged(&changes[i], before)
	}
}

// longText saves what cannot be compressed much.
func (w *World) longText(n *Node) {
	b := make([]byte, 1200)
	for i := range b {
		b[i] = byte(w.rnd.Uint32())
	}
	w.save(n, draftOf(fieldwork.KindTrainee, fieldwork.RecordID{}, unknownField, fieldwork.Bytes(b)))
}

func contest(w *World, c, s *Node) {
	ids := c.Store.IDs(fieldwork.KindTrainee)
	if len(ids) == 0 {
		w.trainees(c, 1)
		return
	}
	for _, n := range []*Node{c, s} {
		w.save(n, draftOf(fieldwork.KindTrainee, ids[0], fieldwork.TraineePhone, fieldwork.Text(fmt.Sprintf("07%d", w.rnd.Uint32()))))
	}
}

// faultRoad meets one fault, at the given byte of its first request or of the answer to it.
type faultRoad struct {
	*trip
	fault    Fault
	up       bool
	at       int
	done     bool   // it happened, or there is no such byte
	beyond   bool   // there is no such byte
	late     []byte // arrives with the next request
	requests int
	up64     int64 // bytes of requests
}

func (r *faultRoad) Exchange(ctx context.Context, body []byte) (io.ReadCloser, error) {
	r.requests++
	r.up64 += int64(len(body))
	if r.late != nil {
		late := r.late
		r.late = nil
		answer, err := r.whole(body)
		r.serve(late)
		return answer, err
	}
	if r.done {
		return r.trip.Exchange(ctx, body)
	}
	r.done = true
	switch {
	case r.fault == FaultOverload:
		return nil, exchange.Busy(0)
	case r.fault == FaultPortal:
		return nil, &fieldwork.Problem{Code: "unreachable", Sentence: "This is not HQ."}
	case r.up:
		return r.there(body)
	}
	answer, err := r.serve(body)
	if r.at >= len(answer) {
		r.beyond = true
		return io.NopCloser(bytes.NewReader(answer)), err
	}
	return r.back(answer), nil
}

// there is a fault on the way to the server.
func (r *faultRoad) there(body []byte) (io.ReadCloser, error) {
	if r.at >= len(body) {
		r.beyond = true
		return r.whole(body)
	}
	switch r.fault {
	case FaultEnd:
		return r.whole(body[:r.at])
	case FaultFlip, FaultInsert, FaultDrop:
		return r.whole(harmed(r.fault, body, r.at))
	case FaultTwice:
		r.serve(body[:r.at])
		return r.whole(body)
	case FaultLate:
		r.late = body[:r.at]
		return nil, errCut
	case FaultCrash:
		r.serve(body[:r.at])
		r.server.Crash()
		return nil, errCut
	}
	r.serve(body[:r.at])
	return nil, errCut
}

// back is a fault on the way back.
func (r *faultRoad) back(answer []byte) io.ReadCloser {
	switch r.fault {
	case FaultEnd:
		return io.NopCloser(bytes.NewReader(answer[:r.at]))
	case FaultFlip, FaultInsert, FaultDrop:
		return io.NopCloser(bytes.NewReader(harmed(r.fault, answer, r.at)))
	}
	return cutOff(answer[:r.at])
}

func harmed(f Fault, b []byte, at int) []byte {
	b = bytes.Clone(b)
	switch f {
	case FaultFlip:
		b[at] ^= 1 << (at % 8)
		return b
	case FaultDrop:
		return append(b[:at], b[at+1:]...)
	}
	return append(b[:at:at], append([]byte{byte(at)}, b[at:]...)...)
}
