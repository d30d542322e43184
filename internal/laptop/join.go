package laptop

import (
	"context"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// Join uses an invite: makes the node's keys, shows them to HQ over a connection that is pinned to HQ's key, and
// opens the campaign. The records come with the first sync.
func (f *Folder) Join(ctx context.Context, inviteText string) error {
	if f.store != nil {
		return &fieldwork.Problem{Code: "already-joined", Sentence: "This laptop has joined a campaign already. Nothing was changed.", Hint: "Take a new data folder for another campaign: --data DIR."}
	}
	invite, err := road.ParseInvite(inviteText)
	if err != nil {
		return err
	}
	seed, err := f.joiningSeed(invite.Token)
	if err != nil {
		return err
	}
	self := store.Identity{Campaign: invite.Campaign, Name: f.settings.Name, Seed: seed, URLs: invite.URLs, Pin: invite.Pin}
	way := &road.HTTPS{URLs: invite.URLs, Pin: invite.Pin, Campaign: invite.Campaign}
	defer way.Close()
	courier, err := road.CourierRecipient(seed)
	if err != nil {
		return err
	}
	joined, err := way.Join(ctx, road.Joining{Token: invite.Token, Name: f.settings.Name, PublicKey: publicKey(&self), CourierKey: courier, Program: Program})
	if err != nil {
		return err
	}
	self.Log = fieldwork.LogID{Node: joined.Node}
	self.Token, self.HQKey, self.Courier, self.Voucher = joined.Token, joined.HQKey, joined.CourierKey, joined.Voucher
	if err := f.enter(self); err != nil {
		return err
	}
	os.Remove(filepath.Join(f.Dir, joiningName)) // of no use any more; left over, it harms nothing
	return nil
}

// IsInvite says whether a text is a whole invite. HQ is not asked whether it is still good.
func IsInvite(text string) bool {
	_, err := road.ParseInvite(text)
	return err == nil
}

const joiningName = "joining.sealed"

// joiningSeed returns the node key's seed for an invite: the same one at every try, so that HQ recognises the laptop
// when its answer was lost on the way and the invite counts as used.
func (f *Folder) joiningSeed(token []byte) ([]byte, error) {
	path := filepath.Join(f.Dir, joiningName)
	sealer := f.keys.Sealer("laptop/joining/v1")
	if sealed, err := os.ReadFile(path); err == nil {
		if seed, err := sealer.Open(nil, token, sealed); err == nil {
			return seed, nil
		}
	}
	seed := store.NewSeed()
	if err := vault.WriteFileAtomic(path, sealer.Seal(nil, token, seed), 0o600); err != nil {
		return nil, &fieldwork.Problem{Code: "disk-error", Sentence: "The laptop's new key could not be saved. Nothing was sent.", Hint: "Check that the disk has space.", Err: err}
	}
	return seed, nil
}

// enter makes the campaign's folder and opens it.
func (f *Folder) enter(self store.Identity) error {
	name := self.Campaign.String()
	s, err := store.Create(filepath.Join(f.Dir, campaignsDir, name), self, f.keys, store.Options{Now: f.Now})
	if err != nil {
		return err
	}
	f.store = s
	next := f.settings
	next.Campaign = name
	return f.SetSettings(next)
}

// Sync exchanges with HQ until both sides hold the same, photos as the settings say. progress may be nil.
func (f *Folder) Sync(ctx context.Context, progress func(exchange.Progress)) (exchange.Result, error) {
	return f.SyncPhotos(ctx, f.photoPolicy(), progress)
}

// SyncPhotos is Sync with another policy for photos.
func (f *Folder) SyncPhotos(ctx context.Context, policy exchange.PhotoPolicy, progress func(exchange.Progress)) (exchange.Result, error) {
	s, err := f.Campaign()
	if err != nil {
		return exchange.Result{}, err
	}
	self := s.Self()
	if self.Practice || len(self.URLs) == 0 {
		return exchange.Result{}, &fieldwork.Problem{Code: "practice", Sentence: "The practice campaign is never synced.", Hint: "Join a real campaign with an invite from HQ."}
	}
	way := &road.HTTPS{URLs: self.URLs, Pin: self.Pin, Campaign: self.Campaign, Node: self.Log.Node, Token: self.Token}
	defer way.Close()
	heard, forgotten := false, 0
	received := func(h journal.Heads) error {
		heard = true
		err := s.SetReceived(h)
		forgotten = max(forgotten, s.Forgotten())
		return err
	}
	c := exchange.Client{Replica: s, Road: way, Peer: hqPeer, Campaign: self.Campaign, Log: self.Log, Program: Program,
		Now: f.now, Sleep: sleep, Jitter: rand.Float64, Progress: progress, Received: received,
		Known: func() (journal.Statement, bool) { return s.Statement(), false },
		Stated: func(st journal.Statement) error {
			_, err := s.TakeStatement(st, true)
			return err
		}}
	if len(self.Voucher) == 0 { // it joined before HQ gave any
		c.Vouched = func(v []byte) error { return s.UpdateIdentity(func(i *store.Identity) { i.Voucher = v }) }
	}
	photos := f.photosWith(s, hqPeer, policy)
	res, err := withPhotos(ctx, &c, photos)
	err = causeOf(ctx, err)
	if heard || err == nil { // older receipts that come by courier later on must not count
		if e := s.SetReceivedAt(f.now().Add(res.Offset).Unix()); err == nil {
			err = e
		}
	}
	if err == nil {
		_ = f.offerRecovery(ctx, s, way) // what does not get there now is offered at the next contact
	}
	if res.Received > 0 {
		more, e := f.takeWaiting(ctx, s)
		if res.Received += more; err == nil {
			err = e
		}
	}
	if _, e := s.SweepPhotos(); err == nil {
		err = e
	}
	res.Unsent, res.Forgotten = s.Unsent(), forgotten
	last := s.LastSync()
	last.Error = codeOf(err)
	if err == nil {
		last.At = f.now().Unix()
	}
	if e := s.SetLastSync(last); err == nil {
		err = e
	}
	if _, renewed := s.Renewed(); renewed && err == nil {
		res.Renewed, err = true, s.RenewalTold()
	}
	return res, err
}

// withPhotos runs an exchange that photos follow, and counts them into its result and progress.
func withPhotos(ctx context.Context, c *exchange.Client, photos *exchange.PhotoClient) (exchange.Result, error) {
	c.Rest = photos
	if show := c.Progress; show != nil {
		var last exchange.Progress
		c.Progress = func(p exchange.Progress) {
			p.Photos = last.Photos
			last = p
			show(p)
		}
		photos.Progress = func(n exchange.PhotoProgress) {
			last.Photos = n
			show(last)
		}
	}
	res, err := c.Run(ctx)
	res.Photos = photos.Counted()
	if p := photos.Full(); p != nil {
		res.Refused = append(res.Refused, p.Sentence)
	}
	if e := photos.Save(); err == nil {
		err = e
	}
	return res, err
}

// causeOf is why an exchange ended early, where whoever ended it said so in words.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && errors.As(cause, new(*fieldwork.Problem)) {
		return cause
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func publicKey(self *store.Identity) []byte { return self.Key().Public().(ed25519.PublicKey) }

// codeOf returns the code of a problem, "failed" for another error, and nothing for none.
func codeOf(err error) string {
	var p *fieldwork.Problem
	switch {
	case err == nil:
		return ""
	case errors.As(err, &p):
		return p.Code
	}
	return "failed"
}
