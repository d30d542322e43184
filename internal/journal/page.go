package journal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"kandili/internal/fieldwork"
)

// A page is a piece of a log without what was forgotten. Its chain leads nowhere, so HQ vouches for it by a signature
// over its content. Pages of a log that HQ covered follow one another from its first change on; the last one tells the
// hash at its end, so that later pieces join. No hash stands before or between them: nobody can test a guess of what was
// forgotten against one change.

// pageContext separates these signatures from all others made with the same key.
const pageContext = "kandili/page/v1"

func (p *Piece) pageMessage(c Campaign) []byte {
	b := append(make([]byte, 0, 128), c[:]...)
	b = fieldwork.AppendID(b, fieldwork.RecordID{Log: p.Log, Seq: p.Last()})
	b = binary.AppendUvarint(b, p.First)
	b = append(b, p.End[:]...)
	name := p.Name()
	return append(b, name[:]...)
}

// Name is the hash of a page's content: the same for the same content, whoever packed it and however.
func (p *Piece) Name() Hash {
	h := sha256.New()
	var b []byte
	for i := range p.Changes {
		b = p.Changes[i].Append(b[:0])
		h.Write(b)
	}
	return Hash(h.Sum(nil))
}

// SignPage vouches for a page.
func (p *Piece) SignPage(c Campaign, key ed25519.PrivateKey) error {
	sig, err := key.Sign(nil, p.pageMessage(c), &ed25519.Options{Context: pageContext})
	if err != nil {
		return fmt.Errorf("sign a page of log %v: %w", p.Log, err)
	}
	p.Sig = sig
	return nil
}

// VerifyPage says whether the owner of the key vouched for the page.
func (p *Piece) VerifyPage(c Campaign, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && len(p.Sig) == ed25519.SignatureSize &&
		ed25519.VerifyWithOptions(key, p.pageMessage(c), p.Sig, &ed25519.Options{Context: pageContext}) == nil
}
