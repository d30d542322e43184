// Package hq is the office: campaigns that laptops sync with, invites and accounts, and pages that show what is true.
// Only commands import it.
//
// An office folder holds hq.key and vault.json (the key that opens everything, so the disk should be encrypted),
// office/ (accounts, invites, laptops' tokens) and campaigns/ with one store for each campaign.
package hq

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// Program is the name and version that laptops hear.
const Program = "kandili-hq 0.1.0"

// Office is an open office folder. It is safe for use from several goroutines.
type Office struct {
	dir  string
	now  func() time.Time
	keys *vault.Keys
	box  *store.Box
	seed []byte // of HQ's Ed25519 key, which signs HQ's log in every campaign

	mu        sync.Mutex // guards campaigns, and the giving of node numbers
	campaigns map[journal.Campaign]*store.Store
	figures   figures
	pairs     map[journal.Campaign]pairs // people who may have been registered twice

	courier sync.Mutex // courier files are taken in one after the other
	proving sync.Mutex // backups are proven one after the other
	backups string     // folder of proven backups while HQ serves; empty: in the office's own
}

// Options come from outside.
type Options struct {
	Now func() time.Time // nil: time.Now
}

// Open opens an office folder, or makes one. It fails with a Problem of code "in-use" while another process has it.
func Open(dir string, opt Options) (*Office, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	for _, sub := range []string{"office", "campaigns"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, &fieldwork.Problem{Code: "disk-error", Sentence: "The office folder cannot be made.", Hint: "Check --data.", Err: err}
		}
	}
	o := &Office{dir: dir, now: opt.Now, campaigns: map[journal.Campaign]*store.Store{}}
	vaultFile, keyFile := filepath.Join(dir, "vault.json"), filepath.Join(dir, "hq.key")
	var err error
	if _, e := os.Stat(vaultFile); errors.Is(e, fs.ErrNotExist) {
		o.keys, err = vault.CreateWithKeyFile(vaultFile, keyFile)
	} else {
		o.keys, err = vault.UnlockWithKeyFile(vaultFile, keyFile)
	}
	if err != nil {
		return nil, err
	}
	if o.box, err = store.OpenBox(filepath.Join(dir, "office"), o.keys); err != nil {
		return nil, err
	}
	if o.seed, err = o.keep("identity", func() ([]byte, error) { return store.NewSeed(), nil }); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if err := o.openCampaigns(); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// keep returns the value of the name in the box, made once.
func (o *Office) keep(name string, create func() ([]byte, error)) (value []byte, err error) {
	err = o.box.Update(name, func(old []byte) ([]byte, error) {
		if value = old; value != nil {
			return old, nil
		}
		value, err = create()
		return value, err
	})
	return value, err
}

func (o *Office) openCampaigns() error {
	entries, err := os.ReadDir(filepath.Join(o.dir, "campaigns"))
	if err != nil {
		return fmt.Errorf("list the campaigns: %w", err)
	}
	for _, e := range entries {
		s, err := store.Open(filepath.Join(o.dir, "campaigns", e.Name()), o.keys, store.Options{Now: o.now})
		if err != nil {
			return err
		}
		o.campaigns[s.Self().Campaign] = s
		if err := o.tellCourierKey(s); err != nil {
			return err
		}
	}
	return nil
}

// Close closes everything.
func (o *Office) Close() error {
	var errs []error
	for _, s := range o.campaigns {
		errs = append(errs, s.Close())
	}
	if o.box != nil {
		errs = append(errs, o.box.Close())
	}
	return errors.Join(errs...)
}

// CreateCampaign makes a campaign and its first record: the name, and the key that badges are proved with.
func (o *Office) CreateCampaign(name, country string, peopleLit int64) (*store.Store, error) {
	if strings.TrimSpace(name) == "" {
		return nil, &fieldwork.Problem{Code: "no-name", Sentence: "A campaign needs a name.", Hint: "For example “Kajiado 2027”."}
	}
	self := store.Identity{Log: fieldwork.LogID{}, Name: "HQ", Seed: o.seed, HQKey: o.publicKey()}
	rand.Read(self.Campaign[:])
	s, err := store.Create(filepath.Join(o.dir, "campaigns", self.Campaign.String()), self, o.keys, store.Options{Now: o.now})
	if err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	rand.Read(key)
	fields := []fieldwork.FieldValue{
		{Field: fieldwork.CampaignName, Value: fieldwork.Text(name)},
		{Field: fieldwork.CampaignShort, Value: fieldwork.Text(shortName(name, self.Campaign))},
		{Field: fieldwork.CampaignCountry, Value: fieldwork.Text(strings.ToUpper(country))},
		{Field: fieldwork.CampaignBadgeKey, Value: fieldwork.Bytes(key)},
		{Field: fieldwork.CampaignBadgeKeyNo, Value: fieldwork.Int(1)},
	}
	if peopleLit > 0 {
		fields = append(fields, fieldwork.FieldValue{Field: fieldwork.CampaignTargetPeopleLit, Value: fieldwork.Int(peopleLit)})
	}
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindCampaign, Fields: fields}}}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := o.tellCourierKey(s); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	o.mu.Lock()
	o.campaigns[self.Campaign] = s
	o.mu.Unlock()
	return s, nil
}

func (o *Office) publicKey() ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(o.seed).Public().(ed25519.PublicKey)
}

// shortName is what stands on badges: the first two letters of the name, and two that tell campaigns of one name apart.
func shortName(name string, c journal.Campaign) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	short := ""
	for _, r := range strings.ToUpper(fieldwork.Fold(name)) {
		if r >= 'A' && r <= 'Z' && len(short) < 2 {
			short += string(r)
		}
	}
	for i := 0; len(short) < 4; i++ {
		short += string(letters[int(c[i])%len(letters)])
	}
	return short
}

// Campaign finds a campaign by its name or id; the empty text means the only one.
func (o *Office) Campaign(text string) (*store.Store, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var found []*store.Store
	for id, s := range o.campaigns {
		if text == "" || id.String() == text || fieldwork.Fold(campaignRecord(s).Get(fieldwork.CampaignName).Text()) == fieldwork.Fold(text) {
			found = append(found, s)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(o.campaigns) == 0:
		return nil, &fieldwork.Problem{Code: "no-campaign", Sentence: "There is no campaign yet.", Hint: "Make one: kandili-hq campaign create NAME --country CC"}
	case len(found) == 0:
		return nil, &fieldwork.Problem{Code: "unknown-campaign", Sentence: "There is no campaign “" + text + "”.", Hint: "See: kandili-hq campaign list"}
	}
	return nil, &fieldwork.Problem{Code: "which-campaign", Sentence: "There is more than one campaign of this name.", Hint: "Give --campaign ID; see: kandili-hq campaign list"}
}

// Campaigns returns all campaigns, in no order.
func (o *Office) Campaigns() []*store.Store {
	o.mu.Lock()
	defer o.mu.Unlock()
	var list []*store.Store
	for _, s := range o.campaigns {
		list = append(list, s)
	}
	return list
}

func (o *Office) byID(text string) *store.Store {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 8 {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.campaigns[journal.Campaign(b)]
}

// campaignRecord returns the record that HQ's own log made first.
func campaignRecord(s *store.Store) fieldwork.Record {
	r, _ := s.Record(fieldwork.RecordID{Seq: 1})
	return r
}

// put keeps a value as JSON.
func (o *Office) put(name string, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return o.box.Put(name, b)
}
