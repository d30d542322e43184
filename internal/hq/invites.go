package hq

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/road"
)

// heldInvite is what the office keeps of an invite. The token itself is in the invite only.
type heldInvite struct {
	Campaign string `json:"campaign"`
	Role     string `json:"role"`
	Expires  int64  `json:"expires"` // seconds since 1970
	Key      []byte `json:"key"`     // of the laptop that used it; nil: not used
	Node     uint32 `json:"node"`
}

// laptopHeld is what the office keeps of a laptop beyond its record.
type laptopHeld struct {
	Campaign string `json:"campaign"`
	Token    []byte `json:"token"`   // SHA-256 of it
	Last     int64  `json:"last"`    // last contact, seconds since 1970; 0: never
	Program  string `json:"program"` // as it said at the last contact
	Unsent   uint64 `json:"unsent"`  // writes that it had before the last contact and HQ lacked
	Clock    int64  `json:"clock"`   // its clock minus ours, in seconds
}

func inviteName(token []byte) string {
	sum := sha256.Sum256(token)
	return "invite/" + hex.EncodeToString(sum[:])
}

func laptopName(c journal.Campaign, node uint32) string { return fmt.Sprintf("laptop/%s/%d", c, node) }

// Invite makes an invite for one laptop, good for so many days. url is where laptops reach HQ; empty: where it served
// last.
func (o *Office) Invite(s *store.Store, role, url string, days int) (road.Invite, error) {
	if url == "" {
		url = string(o.box.Get("url"))
	}
	if url == "" {
		return road.Invite{}, &fieldwork.Problem{Code: "no-url", Sentence: "It is not known yet where laptops reach this HQ.", Hint: "Give --url https://HOST:PORT, or start “kandili-hq serve” once."}
	}
	cert, err := o.certificate()
	if err != nil {
		return road.Invite{}, err
	}
	self := s.Self()
	inv := road.Invite{Campaign: self.Campaign, Name: campaignRecord(s).Get(fieldwork.CampaignName).Text(), URLs: []string{url}, Pin: road.PinOf(cert.Leaf),
		Token: make([]byte, 16), Role: role, Expires: o.now().Add(time.Duration(days) * 24 * time.Hour).Unix()}
	rand.Read(inv.Token)
	return inv, o.put(inviteName(inv.Token), heldInvite{Campaign: self.Campaign.String(), Role: role, Expires: inv.Expires})
}

// Join lets a laptop use an invite. The same laptop may use it again, since the first answer can be lost on the way.
func (o *Office) Join(s *store.Store, j road.Joining) (road.Joined, error) {
	self := s.Self()
	if len(j.PublicKey) != 32 {
		return road.Joined{}, &fieldwork.Problem{Code: "bad-request", Sentence: "This is not a laptop's request to join."}
	}
	o.mu.Lock()
	defer o.mu.Unlock() // one at a time: node numbers are given once
	var held heldInvite
	err := o.box.Update(inviteName(j.Token), func(old []byte) ([]byte, error) {
		if old == nil || json.Unmarshal(old, &held) != nil || held.Campaign != self.Campaign.String() {
			return nil, &fieldwork.Problem{Code: "invite-unknown", Sentence: "HQ does not know this invite.", Hint: "Ask HQ for a new one."}
		}
		if held.Key != nil && !bytes.Equal(held.Key, j.PublicKey) {
			return nil, &fieldwork.Problem{Code: "invite-used", Sentence: "This invite was used already by another laptop.", Hint: "Ask HQ for a new one: each laptop needs its own."}
		}
		if held.Key == nil && o.now().Unix() > held.Expires {
			return nil, &fieldwork.Problem{Code: "invite-expired", Sentence: "This invite is too old.", Hint: "Ask HQ for a new one."}
		}
		return old, nil
	})
	if err != nil {
		return road.Joined{}, err
	}
	if held.Key == nil {
		held.Key, held.Node = j.PublicKey, o.nextNode(s)
		if err := o.put(inviteName(j.Token), held); err != nil {
			return road.Joined{}, err
		}
		if err := o.recordNode(s, held, j); err != nil {
			return road.Joined{}, err
		}
	}
	token := make([]byte, 32)
	rand.Read(token)
	sum := sha256.Sum256(token)
	if err := o.put(laptopName(self.Campaign, held.Node), laptopHeld{Campaign: self.Campaign.String(), Token: sum[:], Program: j.Program}); err != nil {
		return road.Joined{}, err
	}
	recipient, err := road.CourierRecipient(o.seed)
	if err != nil {
		return road.Joined{}, err
	}
	return road.Joined{Node: held.Node, Token: token, HQKey: o.publicKey(), CourierKey: recipient, Campaign: campaignRecord(s).Get(fieldwork.CampaignName).Text(),
		Voucher: s.Vouch(held.Node)}, nil
}

// nextNode is one more than the highest number given. The caller holds mu.
func (o *Office) nextNode(s *store.Store) uint32 {
	last := int64(0)
	s.Each(fieldwork.KindNode, func(r fieldwork.Record) bool {
		n, _ := r.Get(fieldwork.NodeNumber).Int()
		last = max(last, n)
		return true
	})
	return uint32(last) + 1
}

func (o *Office) recordNode(s *store.Store, held heldInvite, j road.Joining) error {
	letters := fieldwork.LettersOf(fieldwork.LogID{Node: held.Node})
	fields := []fieldwork.FieldValue{
		{Field: fieldwork.NodeNumber, Value: fieldwork.Int(int64(held.Node))},
		{Field: fieldwork.NodeLetters, Value: fieldwork.Text(letters)},
		{Field: fieldwork.NodeName, Value: fieldwork.Text(j.Name)},
		{Field: fieldwork.NodePublicKey, Value: fieldwork.Bytes(j.PublicKey)},
	}
	if road.IsCourierRecipient(j.CourierKey) {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.NodeCourierKey, Value: fieldwork.Text(j.CourierKey)})
	}
	_, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Fields: fields}}})
	return err
}

// prove says whether a token is the node's.
func (o *Office) prove(c journal.Campaign, node uint32, token []byte) error {
	var l laptopHeld
	sum := sha256.Sum256(token)
	if json.Unmarshal(o.box.Get(laptopName(c, node)), &l) != nil || subtle.ConstantTimeCompare(l.Token, sum[:]) != 1 {
		return &fieldwork.Problem{Code: "unknown-node", Sentence: "HQ does not know this laptop.", Hint: "Ask HQ for a new invite. What is on the laptop stays there."}
	}
	return nil
}

// Revoke stops taking what a laptop writes from now on: later changes are kept apart, never thrown away.
func (o *Office) Revoke(s *store.Store, node string) error {
	id, number, err := findNode(s, node)
	if err != nil {
		return err
	}
	heads := s.Heads()
	held := heads[fieldwork.LogID{Node: uint32(number)}]
	_, err = s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindNode, Record: id, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.NodeRevokedAt, Value: fieldwork.Int(o.now().Unix())},
		{Field: fieldwork.NodeRevokedAfterSeq, Value: fieldwork.Int(int64(held))},
		{Field: fieldwork.NodeCounted, Value: countedOf(heads, uint32(number))},
	}}}})
	return err
}

// countedOf names of each log of the node the last write that is held.
func countedOf(heads journal.Heads, node uint32) fieldwork.Value {
	var last []fieldwork.RecordID
	for _, log := range heads.Logs() {
		if log.Node == node && heads[log] > 0 {
			last = append(last, fieldwork.RecordID{Log: log, Seq: heads[log]})
		}
	}
	if len(last) == 0 {
		return fieldwork.Value{}
	}
	return fieldwork.Refs(last...)
}
