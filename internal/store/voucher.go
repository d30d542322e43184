package store

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"

	"kandili/internal/journal"
)

// noteVouchers keeps HQ's vouchers for laptops whose certificates have not come yet.
const noteVouchers = "vouchers"

// mostVouchers bounds what is remembered. A laptop forgotten for others shows its voucher again.
const mostVouchers = 256

// ErrNoVoucher says that a voucher does not count here: HQ did not sign it, or HQ's log says otherwise as far as it is
// held.
var ErrNoVoucher = errors.New("the voucher does not count")

// TakeVoucher believes HQ's signed word that a node has a key, until the node's certificate comes with HQ's log. What
// HQ's log says counts more wherever it is held: of a node that is known here, or whose record would have to be, a
// voucher says nothing, and so a revocation stands whatever the revoked laptop shows. Taking one twice changes nothing.
func (s *Store) TakeVoucher(b []byte) error {
	v, err := journal.ReadVoucher(b)
	self := s.Self()
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNoVoucher, err)
	case self.Log.Node == 0 || v.Node == self.Log.Node:
		return ErrNoVoucher // HQ knows whom it let in, and nobody vouches for us to ourselves
	case !v.SignedBy(self.Campaign, self.HQKey):
		return fmt.Errorf("%w: %w", ErrNoVoucher, journal.ErrForged)
	}
	if _, known := s.certificateOf(v.Node); known || s.Heads()[v.Record.Log] >= v.Record.Seq {
		return ErrNoVoucher
	}
	s.mu.Lock()
	for i := range s.vouchers {
		if s.vouchers[i].Node == v.Node {
			same := bytes.Equal(s.vouchers[i].Key, v.Key)
			s.mu.Unlock()
			if !same { // a restored HQ gave the number twice; its log will tell
				return ErrNoVoucher
			}
			return nil
		}
	}
	list := append(s.vouchers[:len(s.vouchers):len(s.vouchers)], v)
	s.vouchers = list[max(0, len(list)-mostVouchers):]
	kept := appendVouchers(nil, s.vouchers)
	s.mu.Unlock()
	return s.SetNote(noteVouchers, kept)
}

// Vouched returns the node as HQ's voucher tells it, as long as HQ's log does not. It has no name.
func (s *Store) Vouched(node uint32) (c Certificate, ok bool) {
	if _, known := s.certificateOf(node); known {
		return c, false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i := range s.vouchers {
		if v := &s.vouchers[i]; v.Node == node {
			return Certificate{Record: v.Record, Node: v.Node, Key: v.Key, After: -1}, true
		}
	}
	return c, false
}

// VouchedKey returns the node that a voucher gave the key to, as long as HQ's log does not know the node.
func (s *Store) VouchedKey(key ed25519.PublicKey) (c Certificate, ok bool) {
	s.mu.RLock()
	node := uint32(0)
	for i := range s.vouchers {
		if bytes.Equal(s.vouchers[i].Key, key) {
			node = s.vouchers[i].Node
		}
	}
	s.mu.RUnlock()
	if node == 0 {
		return c, false
	}
	return s.Vouched(node)
}

// Vouch signs HQ's word for a node that it certified and did not revoke; nil: there is none. Only HQ can.
func (s *Store) Vouch(node uint32) []byte {
	self := s.Self()
	c, ok := s.certificateOf(node)
	if !ok || c.Revoked || self.Log.Node != 0 {
		return nil
	}
	v := journal.Voucher{Record: c.Record, Node: node, Key: c.Key}
	if err := v.Sign(self.Campaign, self.Key()); err != nil {
		return nil // without it, the laptop is let in once others have met HQ
	}
	return v.Append(nil)
}

func (s *Store) loadVouchers() {
	for b := s.Note(noteVouchers); len(b) > 0; { // nothing or nonsense: nothing is remembered
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return
		}
		v, err := journal.ReadVoucher(b[n : n+int(size)])
		self := s.Self()
		if _, known := s.certificateOf(v.Node); err == nil && !known && v.SignedBy(self.Campaign, self.HQKey) {
			s.vouchers = append(s.vouchers, v)
		}
		b = b[n+int(size):]
	}
}

func appendVouchers(b []byte, list []journal.Voucher) []byte {
	for i := range list {
		one := list[i].Append(nil)
		b = binary.AppendUvarint(b, uint64(len(one)))
		b = append(b, one...)
	}
	return b
}

// vouchedKey is what nodeKey falls back on.
func (s *Store) vouchedKey(node uint32) (key ed25519.PublicKey, limit uint64, ok bool) {
	c, ok := s.Vouched(node)
	return c.Key, noLimit, ok
}
