package hq

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"

	"filippo.io/age"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/sync/exchange"
	"kandili/sync/road"
)

// CourierAnswer says for whom and where HQ writes courier files.
type CourierAnswer struct {
	Path     string // a folder, for names that tell nothing; or the file's name
	MaxBytes int64  // of one file; 0: 2 GiB
	Node     string // number, letters or name of the only laptop it is for; empty: all
	All      bool   // everything, not only what the laptops are known to lack
}

// tellCourierKey writes HQ's own node record, from which laptops learn for whom to encrypt courier files, unless it
// says so already.
func (o *Office) tellCourierKey(s *store.Store) error {
	recipient, err := road.CourierRecipient(o.seed)
	if err != nil {
		return err
	}
	w := journal.Write{Kind: fieldwork.KindNode, Fields: hqNode(recipient)}
	for _, c := range s.Certificates() {
		if c.Node == 0 && c.Courier == recipient {
			return nil
		}
		if c.Node == 0 {
			w.Record, w.Fields = c.Record, []fieldwork.FieldValue{{Field: fieldwork.NodeCourierKey, Value: fieldwork.Text(recipient)}}
		}
	}
	_, err = s.Save(store.Draft{Writes: []journal.Write{w}})
	return err
}

// hqNode is HQ as a node.
func hqNode(recipient string) []fieldwork.FieldValue {
	return []fieldwork.FieldValue{
		{Field: fieldwork.NodeNumber, Value: fieldwork.Int(0)},
		{Field: fieldwork.NodeName, Value: fieldwork.Text("HQ")},
		{Field: fieldwork.NodeRole, Value: fieldwork.Int(fieldwork.NodeRoleHQ)},
		{Field: fieldwork.NodeCourierKey, Value: fieldwork.Text(recipient)},
	}
}

// CourierIn takes in courier files of laptops, of any campaign here. The files may come in any order and any number
// of times. The error is a Problem of the first file that was not taken in whole.
func (o *Office) CourierIn(ctx context.Context, files []string) (road.CourierTaken, error) {
	o.courier.Lock()
	defer o.courier.Unlock()
	own, err := road.CourierIdentity(o.seed)
	if err != nil {
		return road.CourierTaken{}, err
	}
	byStore := map[*store.Store][]string{}
	var order []*store.Store
	for _, name := range files {
		s := o.campaignOf(name, own)
		if byStore[s] == nil {
			order = append(order, s)
		}
		byStore[s] = append(byStore[s], name)
	}
	var sum road.CourierTaken
	for _, s := range order {
		taken, e := o.desk(s, own).Take(ctx, byStore[s])
		sum.Add(taken)
		if err == nil {
			err = e
		}
	}
	return sum, err
}

// campaignOf returns the campaign that the file is of, or any: the one that then says what is wrong with the file.
func (o *Office) campaignOf(name string, own *age.X25519Identity) *store.Store {
	if id, err := road.PeekCourier(name, own); err == nil {
		if s := o.byID(id.String()); s != nil {
			return s
		}
	}
	for _, s := range o.Campaigns() {
		return s
	}
	return nil
}

// desk is what takes files in for a campaign. What a laptop tells of itself counts when its seal is good.
func (o *Office) desk(s *store.Store, own *age.X25519Identity) *road.CourierIn {
	if s == nil {
		return &road.CourierIn{Self: own}
	}
	campaign := s.Self().Campaign
	return &road.CourierIn{Replica: s, Campaign: campaign, Self: own, Waiting: filepath.Join(s.Dir(), "waiting"), Told: func(t exchange.Told) error {
		key, good := s.KeyOf(t.Hello.Log.Node)
		if !good || t.Hello.Log.Node == 0 || !t.SealedBy(key) {
			return nil
		}
		if err := exchange.HeardHeads(s, t.Hello.Log, t.Heads); err != nil {
			return err
		}
		return o.heardByCourier(campaign, t)
	}}
}

// heardByCourier counts a file as a contact of the day on which it was written.
func (o *Office) heardByCourier(c journal.Campaign, t exchange.Told) error {
	now := o.now().Unix()
	return o.box.Update(laptopName(c, t.Hello.Log.Node), func(old []byte) ([]byte, error) {
		var l laptopHeld
		if json.Unmarshal(old, &l) != nil || t.Hello.Wall <= l.Last || t.Hello.Wall > now {
			return old, nil
		}
		l.Last, l.Program = t.Hello.Wall, t.Hello.Program
		return json.Marshal(l)
	})
}

// takeWaiting takes in courier files that waited for what a laptop may have brought by network. While a person takes
// files in, that looks after what waits, too.
func (o *Office) takeWaiting(ctx context.Context, s *store.Store) error {
	if !o.courier.TryLock() {
		return nil
	}
	defer o.courier.Unlock()
	own, err := road.CourierIdentity(o.seed)
	if err == nil {
		_, err = o.desk(s, own).Retry(ctx)
	}
	return err
}

// CourierOut writes an answer for the laptops of a campaign: what they are known to lack, and receipts for all that
// HQ holds.
func (o *Office) CourierOut(ctx context.Context, s *store.Store, a CourierAnswer) (road.CourierSent, error) {
	own, err := road.CourierIdentity(o.seed)
	if err != nil {
		return road.CourierSent{}, err
	}
	readers, err := answerReaders(s, a.Node)
	if err != nil {
		return road.CourierSent{}, err
	}
	var recipients []string
	for _, c := range readers {
		recipients = append(recipients, c.Courier)
	}
	have := journal.Heads{}
	if !a.All {
		have = leastHeads(s, readers)
	}
	receipts, err := o.statement(s)
	if err != nil {
		return road.CourierSent{}, err
	}
	self := s.Self()
	return road.WriteCourier(ctx, road.CourierOut{To: a.Path, MaxBytes: a.MaxBytes, For: recipients, Self: own,
		Courier: exchange.Courier{Replica: s, Campaign: self.Campaign, Log: self.Log, Key: self.Key(), Program: Program, Now: o.now, Have: have, Receipts: true, Statement: &receipts,
			Photos: &exchange.CourierPhotos{Album: s, Sizes: exchange.PhotosPreviews.Sizes(), Most: mostCourierPhotos}}})
}

// mostCourierPhotos is how many bytes of previews HQ puts into an answer. Nobody tells by stick which photos are missing where.
const mostCourierPhotos = 32 << 20

// answerReaders returns the laptops that an answer is for: those that are not revoked and can open it.
func answerReaders(s *store.Store, only string) (list []store.Certificate, err error) {
	node := uint32(0)
	if only != "" {
		id, number, err := findNode(s, only)
		if err != nil {
			return nil, err
		}
		if r, _ := s.Record(id); !r.Get(fieldwork.NodeRevokedAt).IsZero() {
			return nil, &fieldwork.Problem{Code: "revoked", Sentence: "This laptop was revoked. Nothing was written for it.", Hint: "Invite it again if it is in good hands."}
		}
		node = uint32(number)
	}
	for _, c := range s.Certificates() {
		if c.Node != 0 && c.After < 0 && c.Courier != "" && (node == 0 || c.Node == node) {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, &fieldwork.Problem{Code: "no-courier-key", Sentence: "No laptop of this campaign can open an answer yet. Nothing was written.", Hint: "A laptop tells its key for courier files when it joins: invite it."}
	}
	return list, nil
}

// leastHeads is what every one of the laptops told to hold. A laptop that told nothing holds nothing.
func leastHeads(s *store.Store, readers []store.Certificate) journal.Heads {
	least := s.Heads()
	for _, c := range readers {
		told := journal.Heads{}
		for _, log := range append(s.Heads().Logs(), fieldwork.LogID{Node: c.Node}) {
			if log.Node != c.Node {
				continue
			}
			for l, seq := range exchange.HeadsOf(s, log) {
				told[l] = max(told[l], seq)
			}
		}
		for log, seq := range least {
			least[log] = min(seq, told[log])
		}
	}
	return least
}

func (o *Office) doCourierIn(c Command) (Reply, error) {
	if len(c.Args) == 0 {
		return Reply{}, &fieldwork.Problem{Code: "no-file", Sentence: "Which courier files?", Hint: "For example: kandili-hq courier in /media/stick/*.kcourier"}
	}
	if len(o.Campaigns()) == 0 {
		_, err := o.Campaign("")
		return Reply{}, err
	}
	taken, err := o.CourierIn(context.Background(), c.Args)
	r, e := reply(taken, "%s", taken.Text())
	if err == nil {
		err = e
	}
	return r, err
}

func (o *Office) doCourierOut(c Command) (Reply, error) {
	if len(c.Args) != 1 {
		return Reply{}, &fieldwork.Problem{Code: "no-file", Sentence: "Where is the courier file to be written?", Hint: "For example: kandili-hq courier out /media/stick"}
	}
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	sent, err := o.CourierOut(context.Background(), s, CourierAnswer{Path: c.Args[0], MaxBytes: c.MaxBytes, Node: c.Node, All: c.All})
	if err != nil {
		return Reply{}, err
	}
	return reply(sent, "%s", sent.Text())
}

// findNode finds a laptop by its number, letters or name.
func findNode(s *store.Store, text string) (id fieldwork.RecordID, number int64, err error) {
	s.Each(fieldwork.KindNode, func(r fieldwork.Record) bool {
		n, _ := r.Get(fieldwork.NodeNumber).Int()
		if n != 0 && (strconv.FormatInt(n, 10) == text || r.Get(fieldwork.NodeLetters).Text() == text || r.Get(fieldwork.NodeName).Text() == text) {
			id, number = r.ID, n
		}
		return id.IsZero()
	})
	if id.IsZero() {
		return id, 0, &fieldwork.Problem{Code: "unknown-node", Sentence: fmt.Sprintf("There is no laptop “%s”.", text), Hint: "Its letters and names are on the page “Laptops”."}
	}
	return id, number, nil
}
