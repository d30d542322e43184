package attacks

import (
	"bytes"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/sync/road"
	"kandili/sync/wire"
)

// request is one request as an attacker makes it.
type request struct {
	method, path string
	header       http.Header
	body         []byte
}

// ask sends a request and says how it was answered: status and code, or the codes of the trouble in the frames.
func ask(c *http.Client, at string, q request) string {
	r, err := http.NewRequest(cmpOr(q.method, http.MethodPost), at+q.path, bytes.NewReader(q.body))
	if err != nil {
		return "no request"
	}
	for k, v := range q.header {
		r.Header[k] = v
	}
	resp, err := c.Do(r)
	if err != nil {
		return "cut"
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK && resp.Header.Get("Content-Type") == "application/x-kandili" {
		return "200 " + troubles(resp.Body)
	}
	var p fieldwork.Problem
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if json.Unmarshal(body, &p) == nil && p.Code != "" {
		return fmt.Sprintf("%d %s", resp.StatusCode, p.Code)
	}
	return fmt.Sprint(resp.StatusCode)
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// troubles are the codes of what an answer refuses, and whether it came to its end.
func troubles(answer io.Reader) string {
	var codes []string
	for in := wire.NewReader(answer); ; {
		f, err := in.Next()
		if err != nil {
			return "cut"
		}
		switch f.Type {
		case wire.TypeTrouble:
			if p, err := wire.ReadTrouble(f.Body); err == nil {
				codes = append(codes, p.Code)
			}
		case wire.TypeTrace:
			codes = append(codes, "trace")
		case wire.TypeEnd:
			if len(codes) == 0 {
				return "passed over"
			}
			return strings.Join(slices.Compact(codes), " ")
		}
	}
}

// pinned is a client that knows HQ's key, and nothing else of HTTPS.
func pinned(pin []byte) *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: road.Pinned(pin)}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// nearby is a client with a laptop's key.
func nearby(key ed25519.PrivateKey) *http.Client {
	own, _ := road.PeerCertificate(key, nil) // a key that signs cannot fail
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, Certificates: []tls.Certificate{own}}}}
}

// exchangeOf is the path of a campaign's exchange.
func exchangeOf(c journal.Campaign) string { return "/v1/campaigns/" + c.String() + "/exchange" }

func authorization(node uint32, token []byte) http.Header {
	return http.Header{"Authorization": {road.Authorization(node, token)}}
}

// hello is how a laptop's request begins: it, and heads that need no answer.
func hello(of store.Identity, heads journal.Heads) []byte {
	h := wire.Hello{Version: wire.Version, Campaign: of.Campaign, Log: of.Log, Known: heads.Token(), Mine: heads.Token(), Program: "attack", Wall: time.Now().Unix()}
	b := wire.AppendFrame(nil, h.Frame())
	return wire.AppendFrame(b, wire.HeadsFrame(wire.TypeHeads, heads))
}

// frames are a whole request: hello, these, end.
func frames(of store.Identity, heads journal.Heads, list ...wire.Frame) []byte {
	b := hello(of, heads)
	for _, f := range list {
		b = wire.AppendFrame(b, f)
	}
	return wire.AppendFrame(b, wire.EndFrame(false))
}

// write is a change of one write that follows what is held of a log, signed by a key, and changed before or after that.
type writing struct {
	log    fieldwork.LogID
	after  uint64
	prev   journal.Hash
	key    ed25519.PrivateKey
	as     journal.Campaign // that the signature is for
	writes []journal.Write
}

// next is a writing that an honest laptop could do next, by what HQ holds of its log.
func (w *world) next(f *laptop.Folder) writing {
	me := self(f)
	after := w.hq.s.Heads()[me.Log]
	prev, _ := w.hq.s.HashAt(me.Log, after)
	return writing{log: me.Log, after: after, prev: prev, key: me.Key(), as: me.Campaign, writes: []journal.Write{someone("Eve")}}
}

func someone(name string) journal.Write {
	return journal.Write{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(name)}}}
}

// piece makes the piece.
func (x writing) piece() *journal.Piece {
	now := time.Now().Unix()
	p := &journal.Piece{Log: x.log, First: x.after + 1, Prev: x.prev, Changes: []journal.Change{{Log: x.log, Seq: x.after + 1, Wall: now, Boot: 1, Up: 1, Stamp: journal.StampOf(now), Writes: x.writes}}}
	head, err := p.Head()
	if err == nil && x.key != nil {
		err = head.Sign(x.as, x.key)
	}
	if err != nil {
		panic(err) // the attack itself is wrong
	}
	if p.Sig = head.Sig; p.Sig == nil {
		p.Sig = make([]byte, ed25519.SignatureSize)
	}
	return p
}

// frame is the piece on the wire.
func (x writing) frame() wire.Frame { return changesFrame(x.piece()) }

func changesFrame(p *journal.Piece) wire.Frame {
	f, err := wire.ChangesFrame(p)
	if err != nil {
		panic(err)
	}
	return f
}

// page is the writing as a page, for which somebody vouches.
func (x writing) page(by ed25519.PrivateKey) wire.Frame {
	p := x.piece()
	p.Covered, p.Prev, p.End = true, journal.Hash{}, journal.Hash{1}
	if err := p.SignPage(x.as, by); err != nil {
		panic(err)
	}
	f, err := wire.Speaks{}.PageFrame(p)
	if err != nil {
		panic(err)
	}
	return f
}

// claim is a frame's head that claims to be so long.
func claim(t wire.Type, length uint64) []byte {
	return append(binary.AppendUvarint([]byte{byte(t)}, length), 0, 0, 0, 0)
}
