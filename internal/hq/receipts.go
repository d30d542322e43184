package hq

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/ui/show"
)

// statement is what HQ says about everybody's changes in a campaign now, signed: the receipts.
func (o *Office) statement(s *store.Store) (journal.Statement, error) {
	self := s.Self()
	secret, err := o.receiptSecret()
	if err != nil {
		return journal.Statement{}, err
	}
	proven := o.provenOf(self.Campaign)
	st := journal.Statement{At: o.now().Unix(), Proven: proven.At, Held: s.Heads(), Durable: journal.Heads{}, Marks: map[fieldwork.LogID]uint32{}}
	for log, seq := range st.Held {
		if d := min(seq, proven.heads()[log]); d > 0 {
			st.Durable[log] = d
		}
		st.Marks[log] = journal.Mark(secret, self.Campaign, log, seq)
	}
	if st.Apart, err = s.Apart(); err != nil {
		return journal.Statement{}, err
	}
	if err := st.Sign(self.Campaign, self.Key()); err != nil {
		return journal.Statement{}, err
	}
	s.KeepStatement(st)
	return st, nil
}

// receiptSecret is what makes receipt numbers. It follows from HQ's key, so a restored HQ recognises the numbers that
// it gave before, and an outsider cannot make any.
func (o *Office) receiptSecret() ([]byte, error) {
	key, err := hkdf.Key(sha256.New, o.seed, nil, "kandili/receipt-numbers/v1", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of receipt numbers: %w", err)
	}
	return key, nil
}

// ReceiptCheck is what HQ finds of a receipt number.
type ReceiptCheck struct {
	Given bool            `json:"given"` // HQ gave this number
	Log   fieldwork.LogID `json:"-"`
	Seq   uint64          `json:"seq"`  // it confirmed all of the log up to here
	Held  uint64          `json:"held"` // what HQ holds of the log now
}

// CheckReceipt says whether HQ gave a receipt number, and whether it still holds what it confirmed.
func (o *Office) CheckReceipt(s *store.Store, number string) (ReceiptCheck, error) {
	r, err := fieldwork.ParseReceipt(number)
	if err != nil {
		return ReceiptCheck{}, err
	}
	secret, err := o.receiptSecret()
	if err != nil {
		return ReceiptCheck{}, err
	}
	c := s.Self().Campaign
	heads := s.Heads()
	for _, log := range append(heads.Logs(), certifiedLogs(s)...) {
		if fieldwork.LettersOf(log) == r.Letters && journal.Mark(secret, c, log, r.Seq) == r.Mark {
			return ReceiptCheck{Given: true, Log: log, Seq: r.Seq, Held: heads[log]}, nil
		}
	}
	return ReceiptCheck{Seq: r.Seq}, nil
}

// certifiedLogs are the first logs of all laptops: a restored HQ may know a laptop and nothing that it wrote.
func certifiedLogs(s *store.Store) (logs []fieldwork.LogID) {
	for _, c := range s.Certificates() {
		logs = append(logs, fieldwork.LogID{Node: c.Node})
	}
	return logs
}

func (o *Office) doReceipt(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	number := strings.Join(c.Args, " ")
	r, err := o.CheckReceipt(s, number)
	if err != nil {
		return Reply{}, err
	}
	w, err := show.Load("en")
	if err != nil {
		return Reply{}, err
	}
	return reply(r, "%s\n", receiptWords(w, s, r))
}

// receiptWords says what a receipt number is worth.
func receiptWords(w *show.Words, s *store.Store, r ReceiptCheck) string {
	if !r.Given {
		return w.T("hq.receipt.never")
	}
	key := "hq.receipt.true"
	if r.Held < r.Seq {
		key = "hq.receipt.behind"
	}
	return w.T(key, nodeName(s, r.Log), r.Seq, r.Held)
}

// nodeName is what people call the laptop of a log.
func nodeName(s *store.Store, log fieldwork.LogID) string {
	letters := fieldwork.LettersOf(log)
	for _, c := range s.Certificates() {
		if c.Node != log.Node {
			continue
		}
		r, _ := s.Record(c.Record)
		if name := r.Get(fieldwork.NodeName).Text(); name != "" {
			return name + " (" + letters + ")"
		}
	}
	return letters
}
