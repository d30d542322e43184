package laptop

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	gosync "sync"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/road"
)

// notePeers holds whom a person let in.
const notePeers = "peers"

// friend is a laptop that a person let in.
type friend struct {
	Key   []byte `json:"key"`   // what was let in; under another key the laptop is new
	Since int64  `json:"since"` // seconds since 1970
	Last  int64  `json:"last"`  // last exchange that ended well, seconds since 1970; 0: never
}

// peerbook remembers friends by their number. It is safe for use from several goroutines.
type peerbook struct {
	store *store.Store
	mu    gosync.Mutex
}

func (b *peerbook) all() map[uint32]friend {
	friends := map[uint32]friend{}
	json.Unmarshal(b.store.Note(notePeers), &friends) // nothing or nonsense: nobody was let in
	return friends
}

// has says whether a laptop was let in under the key that it has now.
func (b *peerbook) has(c *store.Certificate) (friend, bool) {
	f, ok := b.all()[c.Node]
	return f, ok && bytes.Equal(f.Key, c.Key)
}

// change changes what is remembered of a laptop.
func (b *peerbook) change(c *store.Certificate, how func(*friend)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	friends := b.all()
	f := friends[c.Node]
	if !bytes.Equal(f.Key, c.Key) {
		f = friend{Key: c.Key}
	}
	how(&f)
	friends[c.Node] = f
	return b.keep(friends)
}

// forget takes back that a laptop was let in.
func (b *peerbook) forget(node uint32) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	friends := b.all()
	delete(friends, node)
	return b.keep(friends)
}

func (b *peerbook) keep(friends map[uint32]friend) error {
	text, err := json.Marshal(friends)
	if err != nil {
		return err
	}
	return b.store.SetNote(notePeers, text)
}

// peerOf returns HQ's certificate of whoever proved the key. What is refused is refused on both sides alike; the
// certificate is there even so, where there is one.
func peerOf(s *store.Store, key ed25519.PublicKey) (found store.Certificate, err error) {
	self := s.Self()
	revoked := false // we, or they
	for _, c := range s.Certificates() {
		theirs := c.Node != 0 && bytes.Equal(c.Key, key) // HQ is no laptop
		if theirs {
			found = c
		}
		revoked = revoked || c.Revoked && (theirs || c.Node == self.Log.Node)
	}
	if found.Node == 0 {
		found, _ = s.VouchedKey(key)
	}
	switch {
	case bytes.Equal(key, publicKey(&self)):
		return found, road.ErrSelf
	case revoked:
		return found, road.ErrRevoked
	case found.Node == 0:
		return found, road.ErrStranger
	}
	return found, nil
}

// shownBy is peerOf for somebody who may show HQ's voucher, which counts where HQ's log here does not know the key.
func shownBy(s *store.Store, key ed25519.PublicKey, voucher []byte) (store.Certificate, error) {
	c, err := peerOf(s, key)
	if !errors.Is(err, road.ErrStranger) || len(voucher) == 0 {
		return c, err
	}
	if v, e := journal.ReadVoucher(voucher); e != nil || !bytes.Equal(v.Key, key) {
		return c, err // somebody else's
	}
	if e := s.TakeVoucher(voucher); e != nil {
		return c, err // why does not matter to a stranger
	}
	return peerOf(s, key)
}

// peerNode is shownBy for the door.
func peerNode(s *store.Store) road.KnowPeer {
	return func(key ed25519.PublicKey, voucher []byte) (uint32, error) {
		c, err := shownBy(s, key, voucher)
		if err != nil {
			return 0, err
		}
		return c.Node, nil
	}
}

// certificateOf returns HQ's certificate of a node, or what HQ's voucher says as long as the certificate has not come.
func certificateOf(s *store.Store, node uint32) (store.Certificate, bool) {
	for _, c := range s.Certificates() {
		if c.Node == node && node != 0 {
			return c, true
		}
	}
	return s.Vouched(node)
}

// nameOf is what people call a laptop: the letters that its codes begin with until HQ's log tells its name.
func nameOf(c *store.Certificate) string {
	if c.Name == "" && c.Node != 0 {
		return fieldwork.LettersOf(fieldwork.LogID{Node: c.Node})
	}
	return c.Name
}
