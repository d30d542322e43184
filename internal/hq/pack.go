package hq

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/sync/road"
)

// Pack makes a new node of the campaign for a laptop that has no network, and returns a pack with everything that it needs, and
// the code that opens it. The code travels another way than the stick. site is the village that the laptop goes to; zero: none.
func (o *Office) Pack(ctx context.Context, s *store.Store, name, role, url string, site fieldwork.RecordID) (pack []byte, code string, err error) {
	invite, err := o.Invite(s, role, url, 1) // checks role and address; nobody uses it
	if err != nil {
		return nil, "", err
	}
	seed := store.NewSeed()
	courier, err := road.CourierRecipient(seed)
	if err != nil {
		return nil, "", err
	}
	joined, err := o.Join(s, road.Joining{Token: invite.Token, Name: name, PublicKey: ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey),
		CourierKey: courier, Program: Program})
	if err != nil {
		return nil, "", err
	}
	self := s.Self()
	p := &road.Pack{Campaign: self.Campaign.String(), Name: joined.Campaign, Node: joined.Node, Seed: seed, Token: joined.Token, HQKey: joined.HQKey,
		Courier: joined.CourierKey, URLs: invite.URLs, Pin: invite.Pin, Voucher: joined.Voucher, Recovery: make([]byte, fieldwork.RecoveryBytes)}
	rand.Read(p.Recovery)
	if !site.IsZero() {
		p.Site = fieldwork.AppendID(nil, site)
	}
	if err := o.keepRecovery(self.Campaign, joined.Node, p.Recovery); err != nil {
		return nil, "", err
	}
	if p.Records, err = o.recordsFor(ctx, s, joined.Node); err != nil {
		return nil, "", err
	}
	secret := make([]byte, fieldwork.RecoveryBytes)
	rand.Read(secret)
	var b bytes.Buffer
	if err := road.WritePack(&b, p, secret); err != nil {
		return nil, "", err
	}
	return b.Bytes(), fieldwork.RecoveryCode(secret), nil
}

// recordsFor is a courier file with everything, for one node.
func (o *Office) recordsFor(ctx context.Context, s *store.Store, node uint32) ([]byte, error) {
	dir, err := os.MkdirTemp(o.dir, "pack-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "records"+road.CourierExt)
	if _, err := o.CourierOut(ctx, s, CourierAnswer{Path: file, Node: fieldwork.LettersOf(fieldwork.LogID{Node: node}), All: true}); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// siteOf finds a village by its name or code; empty: none.
func siteOf(s *store.Store, text string) (id fieldwork.RecordID, err error) {
	if text == "" {
		return id, nil
	}
	want := fieldwork.Fold(text)
	s.Each(fieldwork.KindSite, func(r fieldwork.Record) bool {
		if fieldwork.Fold(fieldwork.Name(r)) == want || fieldwork.Fold(r.Get(fieldwork.SiteCode).Text()) == want || strings.EqualFold(fieldwork.CodeOf(r.ID), text) {
			id = r.ID
		}
		return id.IsZero()
	})
	if id.IsZero() {
		return id, &fieldwork.Problem{Code: "no-site", Sentence: "There is no site “" + text + "”.", Hint: "Give its name or its code."}
	}
	return id, nil
}

// doPack is the command of that.
func (o *Office) doPack(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	site, err := siteOf(s, c.Site)
	if err != nil {
		return Reply{}, err
	}
	if c.Role == "" {
		c.Role = "volunteer"
	}
	name := "Laptop"
	if len(c.Args) > 0 {
		name = strings.Join(c.Args, " ")
	}
	pack, code, err := o.Pack(context.Background(), s, name, c.Role, c.URL, site)
	if err != nil {
		return Reply{}, err
	}
	sum := sha256.Sum256(pack)
	r, err := reply(map[string]any{"code": code, "bytes": len(pack), "sha256": sum[:]},
		"The pack is for one laptop, %s. This code opens it; send it another way than the stick:\n%s\n", name, code)
	r.File = pack
	return r, err
}
