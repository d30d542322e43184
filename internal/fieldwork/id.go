package fieldwork

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// LogID names one log: what one node wrote during one incarnation, in one campaign.
type LogID struct {
	Node  uint32 // given by HQ at joining; 0 is HQ itself
	Epoch uint32 // 0 is the incarnation that joined; a restored or copied laptop goes on under a random one
}

// Compare orders logs by node, then incarnation; the order has no meaning beyond being the same everywhere.
func (l LogID) Compare(o LogID) int {
	if c := cmp.Compare(l.Node, o.Node); c != 0 {
		return c
	}
	return cmp.Compare(l.Epoch, o.Epoch)
}

// String returns "node.epoch" in decimal.
func (l LogID) String() string {
	return strconv.FormatUint(uint64(l.Node), 10) + "." + strconv.FormatUint(uint64(l.Epoch), 10)
}

// RecordID identifies a record for ever: the log and the sequence number of the write that made it.
// The zero value names no record, since sequence numbers begin at 1.
type RecordID struct {
	Log LogID
	Seq uint64
}

// IsZero says that the id names no record.
func (r RecordID) IsZero() bool { return r.Seq == 0 }

// Compare orders records by log, then sequence.
func (r RecordID) Compare(o RecordID) int {
	if c := r.Log.Compare(o.Log); c != 0 {
		return c
	}
	return cmp.Compare(r.Seq, o.Seq)
}

// String returns "node.epoch.sequence" in decimal; ParseRecordID reads it back.
func (r RecordID) String() string {
	return r.Log.String() + "." + strconv.FormatUint(r.Seq, 10)
}

// ParseRecordID reads what String wrote. It refuses anything else.
func ParseRecordID(s string) (RecordID, error) {
	bad := func() (RecordID, error) { return RecordID{}, fmt.Errorf("record id %q is not node.epoch.sequence", s) }
	part := strings.Split(s, ".")
	if len(part) != 3 {
		return bad()
	}
	node, err1 := strconv.ParseUint(part[0], 10, 32)
	epoch, err2 := strconv.ParseUint(part[1], 10, 32)
	seq, err3 := strconv.ParseUint(part[2], 10, 64)
	if err1 != nil || err2 != nil || err3 != nil || seq == 0 {
		return bad()
	}
	return RecordID{Log: LogID{Node: uint32(node), Epoch: uint32(epoch)}, Seq: seq}, nil
}
