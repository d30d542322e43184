package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/wire"
)

// Server answers exchanges for one campaign.
type Server struct {
	Replica  Replica
	Campaign journal.Campaign
	Log      fieldwork.LogID // of the replica
	Program  string
	Now      func() time.Time
	Body     int                // bytes of changes in one answer, about; 0: 256 KiB
	Limits   func() wire.Limits // what is taken next, and when; nil: as much as comes, at any time
	Rest     Rest               // what goes after the changes; nil: nothing

	// Statement returns what HQ says about everybody's changes: made now by HQ itself, or the last that a laptop has
	// of it. Ok is false where there is none. Nil: this server says nothing.
	Statement func() (s journal.Statement, ok bool)
	// Stated is told what the other side has of HQ's statements, which is worth something once its signature is
	// checked. Nil: of no use here.
	Stated func(journal.Statement) error
	// Voucher is HQ's signed word for the node that calls; nil or empty: there is none.
	Voucher func(node uint32) []byte
}

// Meeting says what became of one request.
type Meeting struct {
	Hello       wire.Hello
	Received    int // writes that are new here
	Given       int // writes in the answer; whether they arrived is not known yet
	Quarantined int
}

// Answer reads a request that the road found to come from the node, commits every frame as it comes, and writes the
// answer. flush pushes what was written onto the wire. An error means that the request broke off: what was committed
// until then stays, and the node will hear of it when it asks again.
func (s *Server) Answer(ctx context.Context, node uint32, request io.Reader, w io.Writer, flush func()) (Meeting, error) {
	a := &answering{Server: s, w: w, flush: flush}
	err := a.read(ctx, node, wire.NewReader(request))
	var p *fieldwork.Problem
	if errors.As(err, &p) {
		return a.meeting, a.end(false, p)
	}
	if err != nil {
		return a.meeting, err
	}
	return a.meeting, a.write(ctx)
}

// answering is one request under way.
type answering struct {
	*Server
	w       io.Writer
	flush   func()
	meeting Meeting
	theirs  journal.Heads // nil until known
	speaks  wire.Speaks   // what the node reads; rows where it does not say
	trouble []*fieldwork.Problem
	known   *[8]byte     // token of the statement that they have; nil: they do not know of statements
	vouch   bool         // they ask for a voucher
	more    bool         // they hold something back
	running wire.Running // which run of its program the client is in
	ends    [8]byte      // where all logs end at the client; zeros: it does not say
	heard   time.Time    // when it said so
	traces  []wire.Frame // what the client must know of copies of its log
	traced  map[fieldwork.LogID]bool
}

func (a *answering) read(ctx context.Context, node uint32, in *wire.Reader) error {
	f, err := in.Next()
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	hello, err := wire.ReadHello(f.Body)
	if f.Type != wire.TypeHello || err != nil {
		return &fieldwork.Problem{Code: "bad-request", Sentence: "This is not a sync request.", Err: err}
	}
	a.meeting.Hello = hello
	if hello.Campaign != a.Campaign || hello.Log.Node != node {
		return &fieldwork.Problem{Code: "wrong-campaign", Sentence: "This laptop does not belong to this campaign.", Hint: "Join with a new invite from HQ."}
	}
	a.recall()
	for ctx.Err() == nil {
		f, err := in.Next()
		if err != nil {
			return fmt.Errorf("read the request: %w", err)
		}
		switch f.Type {
		case wire.TypeHeads:
			a.theirs, err = wire.ReadHeads(f.Body)
		case wire.TypeSpeaks:
			a.speaks, err = wire.ReadSpeaks(f.Body)
		case wire.TypeTips:
			err = a.doubt(f.Body)
		case wire.TypeOutline:
			err = a.outlined(f.Body)
		case wire.TypeChanges, wire.TypePage:
			err = a.take(f)
		case wire.TypeKnown:
			var token [8]byte
			token, err = wire.ReadKnown(f.Body)
			a.known = &token
		case wire.TypeStatement:
			err = a.stated(f.Body)
		case wire.TypeVoucher:
			a.vouch = true
		case wire.TypeEnd:
			a.more, _ = wire.ReadEnd(f.Body) // empty: nothing is held back
			return a.remember()
		default:
			err = takeRest(a.Rest, f, new(bool))
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (a *answering) take(f wire.Frame) error {
	done, err := take(a.Replica, f)
	a.meeting.Received += done.Writes
	if done.Quarantined > 0 && !errors.Is(err, journal.ErrFork) {
		a.meeting.Quarantined += done.Quarantined
		a.trouble = append(a.trouble, &fieldwork.Problem{Code: "quarantined", Sentence: "HQ keeps changes of a revoked laptop apart until a person decides. Nothing was lost.", Hint: "Ask HQ why the laptop was revoked."})
	}
	if errors.Is(err, journal.ErrFork) {
		if e := a.doubtPiece(f); e != nil {
			return e
		}
	}
	if p := refusal(err); p != nil {
		if p.Code != "later" && !a.told(p.Code) {
			a.trouble = append(a.trouble, p)
		}
		return nil
	}
	return err
}

// told says whether the node will hear of such a trouble already.
func (a *answering) told(code string) bool {
	return slices.ContainsFunc(a.trouble, func(p *fieldwork.Problem) bool { return p.Code == code })
}

func (a *answering) noteName() string { return headsNote(a.meeting.Hello.Log) }

// recall finds the node's heads where it did not send them because we remember the same.
func (a *answering) recall() {
	heads, err := wire.ReadHeads(a.Replica.Note(a.noteName()))
	if err == nil && heads.Token() == a.meeting.Hello.Mine {
		a.theirs = heads
	}
}

func (a *answering) remember() error {
	if a.theirs == nil {
		return &fieldwork.Problem{Code: "send-heads", Sentence: "HQ does not remember this laptop's state.", Hint: "The next try sends it."}
	}
	body := wire.HeadsFrame(wire.TypeHeads, a.theirs).Body
	if string(body) == string(a.Replica.Note(a.noteName())) {
		return nil
	}
	return a.Replica.SetNote(a.noteName(), body)
}

// write gives receipts first, so that the node knows what arrived even when the rest is cut off, then what it lacks.
func (a *answering) write(ctx context.Context) error {
	if err := a.compare(); err != nil {
		return err
	}
	heads := a.Replica.Heads()
	if heads.Token() != a.meeting.Hello.Known {
		if err := a.frame(wire.HeadsFrame(wire.TypeReceived, heads)); err != nil {
			return err
		}
	}
	if err := a.statement(); err != nil {
		return err
	}
	if a.differs() && len(a.traces) == 0 {
		a.traces = append(a.traces, wire.TellFrame())
	}
	for _, f := range append([]wire.Frame{wire.Everything().Frame()}, a.traces...) {
		if err := a.frame(f); err != nil {
			return err
		}
	}
	if err := a.voucher(); err != nil {
		return err
	}
	if err := a.frame(wire.TimeFrame(a.Now().Unix())); err != nil {
		return err
	}
	if err := a.limits(); err != nil {
		return err
	}
	limit := a.Body
	if limit == 0 {
		limit = 256 << 10
	}
	more, err := pack(a.Replica, a.theirs, a.speaks, limit, func(f wire.Frame, p *journal.Piece) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		limit -= len(f.Body)
		a.meeting.Given += int(p.Last() + 1 - p.First)
		return a.frame(f)
	})
	if err != nil {
		return err
	}
	if !more && a.Rest != nil {
		if more, err = a.Rest.Pack(limit, a.frame); err != nil {
			return err
		}
	}
	return a.end(more, a.trouble...)
}

// limits tells what we take next, where that is not as ever.
func (a *answering) limits() error {
	if a.Limits == nil {
		return nil
	}
	l := a.Limits()
	if l == (wire.Limits{}) {
		return nil
	}
	return a.frame(l.Frame())
}

func (a *answering) end(more bool, trouble ...*fieldwork.Problem) error {
	for _, p := range trouble {
		if err := a.frame(wire.TroubleFrame(p)); err != nil {
			return err
		}
	}
	return a.frame(wire.EndFrame(more))
}

func (a *answering) frame(f wire.Frame) error {
	if _, err := a.w.Write(wire.AppendFrame(nil, f)); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	a.flush()
	return nil
}
