package synctest

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
)

// Bug is a mistake that somebody could make, built into a simulated world. Every one must be caught, or the simulation proves
// nothing.
type Bug struct {
	Name            string
	Replica         func(*Node, exchange.Replica) exchange.Replica // what the exchange sees
	View            func(*journal.View)                            // what people see
	Unflushed       string                                         // this file is as it was at the last power cut but one
	Unwritten       bool                                           // a save that the disk refused is acknowledged
	Hopeful         bool                                           // what was sent counts as arrived when the answer broke off
	SameIncarnation bool                                           // a restored node goes on under its old numbers
}

// Bugs are all that are planted.
func Bugs() []Bug {
	return []Bug{
		{Name: "HQ confirms before it commits", Replica: atHQ(func(n *Node, r exchange.Replica) exchange.Replica { return &ackEarly{Replica: r} })},
		{Name: "commits are not flushed", Unflushed: boltFile},
		{Name: "the journal file is not flushed", Unflushed: journalFile},
		{Name: "a save that the disk refused is acknowledged", Unwritten: true},
		{Name: "the same numbers are taken twice", Replica: atHQ(func(n *Node, r exchange.Replica) exchange.Replica { return twice{r, n} })},
		{Name: "signatures are not checked", Replica: func(n *Node, r exchange.Replica) exchange.Replica { return trusting{r, n} }},
		{Name: "the hash of what came before is not checked", Replica: func(n *Node, r exchange.Replica) exchange.Replica { return grafting{r, n} }},
		{Name: "of concurrent values the last by wall clock stays", View: lastByClock},
		{Name: "what a revoked laptop sends is thrown away", Replica: atHQ(func(n *Node, r exchange.Replica) exchange.Replica { return bin{r, n} })},
		{Name: "what a revoked laptop sends is let in", Replica: atHQ(func(n *Node, r exchange.Replica) exchange.Replica { return open{r, n} })},
		{Name: "a restored node goes on under its old numbers", SameIncarnation: true},
		{Name: "kinds that are not known are dropped", Replica: func(_ *Node, r exchange.Replica) exchange.Replica { return knownOnly{r} }},
		{Name: "only what is newer than the last sync by the clock is sent", Replica: func(n *Node, r exchange.Replica) exchange.Replica { return byClock{r, n} }},
		{Name: "what was sent counts as arrived when the answer breaks off", Hopeful: true},
	}
}

// atHQ plants a bug at HQ only.
func atHQ(wrap func(*Node, exchange.Replica) exchange.Replica) func(*Node, exchange.Replica) exchange.Replica {
	return func(n *Node, r exchange.Replica) exchange.Replica {
		if n.Number != 0 {
			return r
		}
		return wrap(n, r)
	}
}

// ackEarly keeps pieces in memory until the next come, and says that it has them.
type ackEarly struct {
	exchange.Replica
	waiting []journal.Piece
}

func (a *ackEarly) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	old := a.waiting
	a.waiting = pieces
	if len(old) == 0 {
		return journal.Applied{Changes: 1, Writes: 1}, nil
	}
	return a.Replica.Apply(old...)
}

func (a *ackEarly) Heads() journal.Heads {
	h := a.Replica.Heads()
	for i := range a.waiting {
		h[a.waiting[i].Log] = max(h[a.waiting[i].Log], a.waiting[i].Last())
	}
	return h
}

// unflush puts back what a file of the node was at its last power cut, in the folder of the new one, and keeps it for the next.
func (n *Node) unflush(file, to string) {
	kept := n.world.kept[n]
	if kept == nil {
		kept = map[string][]byte{}
		n.world.kept[n] = kept
	}
	files := []string{boltFile}
	if file != boltFile { // what the journal file lost, bbolt cannot have
		files = append(files, file)
	}
	for _, f := range files {
		now, err := os.ReadFile(filepath.Join(to, f))
		if err != nil {
			continue
		}
		if old, ok := kept[f]; ok {
			n.world.must(os.WriteFile(filepath.Join(to, f), old, 0o600))
		}
		kept[f] = now
	}
	if file == boltFile {
		os.Remove(filepath.Join(to, journalFile)) // HQ has none for what comes from others
	}
}

// twice takes what it holds already once more, under its own numbers.
type twice struct {
	exchange.Replica
	n *Node
}

func (t twice) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	have := t.n.Store.Heads()
	for i := range pieces {
		if p := &pieces[i]; p.Last() <= have[p.Log] {
			t.n.takeOver(p)
		}
	}
	return t.Replica.Apply(pieces...)
}

// takeOver saves what a piece says as if it were the node's own.
func (n *Node) takeOver(p *journal.Piece) {
	for i := range p.Changes {
		n.Store.Save(store.Draft{Writes: p.Changes[i].Writes})
	}
}

// trusting takes what nobody's signature is under.
type trusting struct {
	exchange.Replica
	n *Node
}

func (t trusting) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	done, err := t.Replica.Apply(pieces...)
	if errors.Is(err, journal.ErrForged) {
		for i := range pieces {
			t.n.takeOver(&pieces[i])
		}
		return done, nil
	}
	return done, err
}

// grafting joins a piece to whatever is held of its log. Keys are no secret in here, so it signs what came out, as if the check were
// not there.
type grafting struct {
	exchange.Replica
	n *Node
}

func (g grafting) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	for i := range pieces {
		p := &pieces[i]
		have := g.n.Store.Heads()[p.Log]
		held, known := g.n.Store.HashAt(p.Log, have)
		rest, err := p.After(have)
		if p.Covered || !known || err != nil || len(rest.Changes) == 0 || rest.Prev == held {
			continue
		}
		rest.Prev = held
		end, err := rest.Head()
		g.n.world.must(err)
		g.n.world.must(end.Sign(campaign, ed25519.NewKeyFromSeed(seedOf(p.Log.Node))))
		rest.Sig = end.Sig
		pieces[i] = rest
	}
	return g.Replica.Apply(pieces...)
}

// lastByClock shows of concurrent values one.
func lastByClock(v *journal.View) {
	for i := range v.Fields {
		f := &v.Fields[i]
		slices.SortFunc(f.Values, func(a, b journal.Held) int { return int(b.By.Wall - a.By.Wall) })
		f.Values = f.Values[:1]
	}
}

// bin throws away what a revoked node wrote later than what counts.
type bin struct {
	exchange.Replica
	n *Node
}

func (b bin) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	for _, c := range b.n.Store.Certificates() {
		for i := range pieces {
			if c.Revoked && pieces[i].Log.Node == c.Node {
				return journal.Applied{}, nil
			}
		}
	}
	return b.Replica.Apply(pieces...)
}

// open lets in what should be kept apart.
type open struct {
	exchange.Replica
	n *Node
}

func (o open) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	done, err := o.Replica.Apply(pieces...)
	if done.Quarantined > 0 {
		for i := range pieces {
			o.n.takeOver(&pieces[i])
		}
	}
	return done, err
}

// knownOnly drops what an old program does not understand.
type knownOnly struct{ exchange.Replica }

func (k knownOnly) Apply(pieces ...journal.Piece) (journal.Applied, error) {
	for i := range pieces {
		for j := range pieces[i].Changes {
			for _, w := range pieces[i].Changes[j].Writes {
				if fieldwork.SpecOf(w.Kind) == nil {
					return journal.Applied{}, nil
				}
			}
		}
	}
	return k.Replica.Apply(pieces...)
}

// byClock sends only what its clock says to be newer than the last contact.
type byClock struct {
	exchange.Replica
	n *Node
}

func (b byClock) Piece(log fieldwork.LogID, after uint64, maxBytes int) (journal.Piece, error) {
	p, err := b.Replica.Piece(log, after, maxBytes)
	if last := b.n.contact; err == nil && log.Node == b.n.Number && p.Changes[len(p.Changes)-1].Wall < last {
		return journal.Piece{}, journal.ErrNoMore
	}
	return p, err
}
