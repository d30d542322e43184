package laptop

import (
	"context"
	"errors"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// CourierTo says where courier files go and what goes into them.
type CourierTo struct {
	Path     string // a folder, for names that tell nothing; or the file's name
	MaxBytes int64  // of one file; 0: as large as every stick can hold, 2 GiB
	All      bool   // everything that is here, for a laptop that was not in touch for long; else what HQ has not confirmed
}

// hqPeer is the name under which an exchange remembers HQ.
const hqPeer = "hq"

// waitingDir is where courier files wait for those before them, in the campaign's folder.
const waitingDir = "waiting"

// CourierOut writes what HQ has not confirmed into courier files that HQ and the other laptops of the campaign can
// open. It returns no files where HQ confirmed everything. progress is told writes and may be nil. On an error or the
// end of ctx nothing is left behind and nothing counts as carried.
func (f *Folder) CourierOut(ctx context.Context, to CourierTo, progress func(done, total int64)) (road.CourierSent, error) {
	s, err := f.courierCampaign()
	if err != nil {
		return road.CourierSent{}, err
	}
	self := s.Self()
	recipients, err := courierRecipients(s)
	if err != nil {
		return road.CourierSent{}, err
	}
	own, err := road.CourierIdentity(self.Seed)
	if err != nil {
		return road.CourierSent{}, err
	}
	have := s.Received()
	if to.All {
		have = journal.Heads{}
	}
	photos := f.courierPhotos(s, to.All)
	if have.Covers(s.Heads()) && !photos.Any() {
		return road.CourierSent{Files: []string{}}, nil
	}
	var receipts *journal.Statement // others may not have heard what HQ said to us
	if st := s.Statement(); st.At != 0 {
		receipts = &st
	}
	sent, err := road.WriteCourier(ctx, road.CourierOut{To: to.Path, MaxBytes: to.MaxBytes, For: recipients, Self: own,
		Courier: exchange.Courier{Replica: s, Campaign: self.Campaign, Log: self.Log, Key: self.Key(), Program: Program, Now: f.now, Have: have, Progress: progress, Statement: receipts, Photos: photos, Voucher: self.Voucher}})
	if err != nil {
		return road.CourierSent{}, err
	}
	return sent, f.carried(s, sent)
}

// carried remembers what was written, and that the next exchange asks before it sends the same. A store that only
// reads any more cannot; the files are good all the same, and its records go on counting as on this laptop.
func (f *Folder) carried(s *store.Store, sent road.CourierSent) error {
	err := s.AddCarried(store.Carried{At: f.now().Unix(), Files: len(sent.Files), From: sent.Load.From, To: sent.Load.To})
	if err == nil {
		err = exchange.AskFirst(s, hqPeer)
	}
	if p := (*fieldwork.Problem)(nil); errors.As(err, &p) && p.Code == "read-only" {
		return nil
	}
	return err
}

// CourierIn takes courier files in, of other laptops and of HQ, receipts included. progress is told bytes and may be
// nil. The files may come in any order and any number of times; whatever is wrong with one keeps none of the others
// out, and is the error's sentence.
func (f *Folder) CourierIn(ctx context.Context, files []string, progress func(done, total int64)) (CourierNews, error) {
	s, err := f.courierCampaign()
	if err != nil {
		return CourierNews{}, err
	}
	var n CourierNews
	desk, err := f.desk(s, &n)
	if err != nil {
		return n, err
	}
	desk.Progress = progress
	n.CourierTaken, err = desk.Take(ctx, files)
	n.Unsent = s.Unsent()
	return n, err
}

// CourierNews says what courier files brought.
type CourierNews struct {
	road.CourierTaken
	Receipts bool `json:"receipts"` // HQ said in them what it holds, and it was news
	Unsent   int  `json:"unsent"`   // writes of this laptop that HQ has not confirmed
}

// desk is what takes files in for the store.
func (f *Folder) desk(s *store.Store, n *CourierNews) (*road.CourierIn, error) {
	self := s.Self()
	own, err := road.CourierIdentity(self.Seed)
	if err != nil {
		return nil, err
	}
	return &road.CourierIn{Replica: s, Campaign: self.Campaign, Self: own, Waiting: filepath.Join(s.Dir(), waitingDir), Told: func(t exchange.Told) error {
		if t.Statement != nil { // HQ's own signature is in it, whoever wrote the file
			news, err := s.TakeStatement(*t.Statement, false)
			if err != nil && !errors.Is(err, journal.ErrForged) {
				return err
			}
			n.Receipts = n.Receipts || news
		}
		if !t.Receipts || t.Hello.Log.Node != 0 || !t.SealedBy(self.HQKey) {
			return nil // only HQ says what HQ holds
		}
		newer, err := s.TakeReceipts(t.Heads, t.Hello.Wall)
		if err != nil || !newer {
			return err
		}
		n.Receipts = true
		if err := exchange.HeardPhotos(s, hqPeer, t.Photos); err != nil {
			return err
		}
		return exchange.Heard(s, hqPeer, t.Heads)
	}}, nil
}

// takeWaiting takes in courier files that waited for what an exchange may have brought, and returns how many writes
// were new.
func (f *Folder) takeWaiting(ctx context.Context, s *store.Store) (int, error) {
	var n CourierNews
	desk, err := f.desk(s, &n)
	if err != nil {
		return 0, err
	}
	taken, err := desk.Retry(ctx)
	return taken.Received, err
}

// courierCampaign returns the campaign, unless it is the practice one, which never leaves the laptop.
func (f *Folder) courierCampaign() (*store.Store, error) {
	s, err := f.Campaign()
	if err != nil {
		return nil, err
	}
	if self := s.Self(); self.Practice || len(self.HQKey) == 0 {
		return nil, &fieldwork.Problem{Code: "practice", Sentence: "The practice campaign is never synced.", Hint: "Join a real campaign with an invite from HQ."}
	}
	return s, nil
}

// courierRecipients returns who may open this laptop's courier files: HQ first, then the laptops that are known here
// and not revoked.
func courierRecipients(s *store.Store) ([]string, error) {
	hq := s.Self().Courier
	var others []string
	for _, c := range s.Certificates() {
		switch {
		case c.Courier == "" || c.After >= 0:
		case c.Node == 0:
			hq = c.Courier
		default:
			others = append(others, c.Courier)
		}
	}
	if !road.IsCourierRecipient(hq) {
		return nil, &fieldwork.Problem{Code: "no-courier-key", Sentence: "This laptop does not know HQ's key for courier files yet. Nothing was written.",
			Hint: "Sync with HQ once; after that, courier files work without a network."}
	}
	return append([]string{hq}, others...), nil
}
