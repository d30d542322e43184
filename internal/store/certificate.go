package store

import (
	"crypto/ed25519"

	"kandili/internal/fieldwork"
)

// Certificate is what HQ's own log says of a node. What any other log writes to a node's record does not count: a
// laptop cannot certify anybody.
type Certificate struct {
	Record  fieldwork.RecordID
	Node    uint32
	Key     ed25519.PublicKey
	After   int64  // the last sequence number to take of its first log; -1: the node is not revoked
	Courier string // age recipient of courier files; empty: not known
	Name    string // what people call the laptop
	Revoked bool
	Counted []fieldwork.RecordID // of a revoked node: of each log the last write that counts; nil: see After
}

// limit is the last sequence number that counts of a log of the node, which was revoked.
func (c *Certificate) limit(log fieldwork.LogID) uint64 {
	if c.Counted == nil && log.Epoch == 0 {
		return uint64(max(c.After, 0))
	}
	for _, last := range c.Counted {
		if last.Log == log {
			return last.Seq
		}
	}
	return 0
}

// Certificates returns the certificates of all nodes, HQ's own with number 0 among them, in the order of their making.
func (s *Store) Certificates() []Certificate {
	var list []Certificate
	for _, id := range s.IDs(fieldwork.KindNode) {
		if c, ok := s.certificate(id); ok {
			list = append(list, c)
		}
	}
	return list
}

func (s *Store) certificate(id fieldwork.RecordID) (c Certificate, ok bool) {
	if id.Log.Node != 0 {
		return c, false
	}
	number := int64(-1)
	c.Record, c.After = id, -1
	for _, h := range s.History(id) { // oldest first: the latest write of HQ counts
		if h.Dot.Log.Node != 0 {
			continue
		}
		for _, f := range h.Fields {
			switch f.Field {
			case fieldwork.NodeNumber:
				number, _ = f.Value.Int()
			case fieldwork.NodePublicKey:
				c.Key = f.Value.Bytes()
			case fieldwork.NodeName:
				c.Name = f.Value.Text()
			case fieldwork.NodeCourierKey:
				c.Courier = f.Value.Text()
			case fieldwork.NodeRevokedAfterSeq:
				c.After = -1
				if n, set := f.Value.Int(); set {
					c.After = n
				}
				c.Revoked = c.After >= 0
			case fieldwork.NodeCounted:
				c.Counted = f.Value.Refs()
			}
		}
	}
	c.Node = uint32(number)
	return c, number >= 0
}

// KeyOf returns the public key of a node and whether it was not revoked.
func (s *Store) KeyOf(node uint32) (key ed25519.PublicKey, good bool) {
	key, limit, ok := s.nodeKey(node)
	return key, ok && limit == noLimit
}
