package road

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Laptops meet over TLS 1.3 in which both show the key that HQ certified and that signs their logs. The handshake
// proves it before anything else is read. The node's key signs under a context of its own for heads, and TLS under
// another one, so neither signature can stand for the other.

// KnowPeer says which node a proven key is, or why there will be no exchange with it: a Problem. With the key comes
// whatever voucher of HQ its owner shows, unchecked; empty: none.
type KnowPeer func(key ed25519.PublicKey, voucher []byte) (node uint32, err error)

// voucherOID marks the voucher in a certificate: 2.25, then the letters KAND. It is not critical, so programs that do not
// know it pass over it.
var voucherOID = asn1.ObjectIdentifier{2, 25, 0x4b414e44}

// maxVoucher bounds what of a stranger's voucher is looked at, in bytes.
const maxVoucher = 256

// PeerCertificate wraps a node's key so that TLS can show it, with HQ's voucher for it where there is one. Its names and
// dates mean nothing.
func PeerCertificate(key ed25519.PrivateKey, voucher []byte) (tls.Certificate, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kandili"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), KeyUsage: x509.KeyUsageDigitalSignature}
	if len(voucher) > 0 {
		template.ExtraExtensions = []pkix.Extension{{Id: voucherOID, Value: voucher}}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("the laptop's certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// peerKey is the key that the other side proved.
func peerKey(s *tls.ConnectionState) (ed25519.PublicKey, error) {
	if len(s.PeerCertificates) == 0 {
		return nil, ErrStranger
	}
	key, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok {
		return nil, ErrStranger
	}
	return key, nil
}

// peerVoucher is HQ's word for the other side as it shows it itself; nil: none.
func peerVoucher(s *tls.ConnectionState) []byte {
	for _, e := range s.PeerCertificates[0].Extensions {
		if e.Id.Equal(voucherOID) && len(e.Value) <= maxVoucher {
			return e.Value
		}
	}
	return nil
}

// whoIs asks know who proved a key in the handshake.
func whoIs(s *tls.ConnectionState, know KnowPeer) (uint32, error) {
	key, err := peerKey(s)
	if err != nil {
		return 0, err
	}
	return know(key, peerVoucher(s))
}

// ErrStranger refuses who is no laptop of this campaign, as far as is known here.
var ErrStranger = &fieldwork.Problem{Code: "peer-unknown", Sentence: "The two laptops do not know each other. Nothing was exchanged.",
	Hint: "Perhaps they belong to different campaigns, or one of them has not met HQ since the other joined: sync both with HQ once."}

// ErrRevoked refuses a laptop that HQ revoked.
var ErrRevoked = &fieldwork.Problem{Code: "peer-revoked", Sentence: "HQ revoked one of the two laptops. Nothing was exchanged.",
	Hint: "What is on it stays there. Bring it to HQ, or carry a courier file."}

// ErrSelf refuses a laptop with our own key.
var ErrSelf = &fieldwork.Problem{Code: "peer-self", Sentence: "This is the laptop itself, or a copy of it. Nothing was exchanged.", Hint: "Choose another laptop."}

// PeerConfig is how a laptop calls another one. own is a PeerCertificate.
func PeerConfig(own tls.Certificate, know KnowPeer) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // names and dates prove nothing here; the key below does
		Certificates:       []tls.Certificate{own},
		VerifyConnection: func(s tls.ConnectionState) error {
			_, err := whoIs(&s, know)
			return err
		},
	}
}

// MeetingCode is what two people compare on two screens when their laptops meet for the first time: six digits that
// follow from both keys, whoever looks. Both keys are certified, so the code guards against taking one laptop of the
// campaign for another, and one in a million suffices.
func MeetingCode(c journal.Campaign, a, b ed25519.PublicKey) string {
	if bytes.Compare(a, b) > 0 {
		a, b = b, a
	}
	h := sha256.New()
	h.Write([]byte("kandili/meeting/v1"))
	h.Write(c[:])
	h.Write(a)
	h.Write(b)
	n := binary.BigEndian.Uint64(h.Sum(nil)) % 1_000_000
	return fmt.Sprintf("%03d %03d", n/1000, n%1000)
}

// PeerURL makes the address of a laptop from what a person typed: a host, perhaps with a port.
func PeerURL(text string) (string, error) {
	bad := &fieldwork.Problem{Code: "bad-address", Sentence: "This is not the address of a laptop.", Hint: fmt.Sprintf("Type what the other laptop shows, for example 192.168.1.23:%d.", PeerPort)}
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "https://"); ok {
		text = rest
	}
	text = strings.TrimSuffix(text, "/")
	if text == "" || strings.ContainsAny(text, "/?#@ ") {
		return "", bad
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), fmt.Sprint(PeerPort)
	}
	if n, err := net.LookupPort("tcp", port); err != nil || n == 0 || host == "" {
		return "", bad
	}
	return "https://" + net.JoinHostPort(strings.ReplaceAll(host, "%", "%25"), port), nil
}

// PeerPort is where laptops listen if nobody else does.
const PeerPort = 8438

// Meeting is what a laptop answers to one that wants to exchange.
type Meeting struct {
	State Consent `json:"state"`
	Heads []byte  `json:"heads,omitempty"` // version vector of what it holds, as in a frame; only with ConsentYes
}

// Consent is what the person at a laptop said to another laptop.
type Consent string

// The answers. On the wire: never renamed.
const (
	ConsentYes   Consent = "yes"
	ConsentNo    Consent = "no"    // a person declined, lately
	ConsentAsked Consent = "asked" // a person is being asked
	ConsentNone  Consent = "none"  // nobody was asked yet
)

// Meet asks the other laptop for its consent; ask: a person there shall be asked, and the answer may take a while.
func (h *HTTPS) Meet(ctx context.Context, ask bool) (Meeting, error) {
	body, err := json.Marshal(map[string]bool{"ask": ask})
	if err != nil {
		return Meeting{}, err
	}
	resp, err := h.post(ctx, "/v1/campaigns/"+h.Campaign.String()+"/meet", "application/json", body)
	if err != nil {
		return Meeting{}, err
	}
	defer resp.Body.Close()
	var m Meeting
	if err := json.NewDecoder(io.LimitReader(resp.Body, 256<<10)).Decode(&m); err != nil {
		return Meeting{}, h.unreachable(err)
	}
	return m, nil
}

// peerUnreachable is the problem of a laptop that does not answer.
func peerUnreachable(err error) error {
	return &fieldwork.Problem{Code: "peer-unreachable", Sentence: "The other laptop does not answer. Everything is saved on this laptop.",
		Hint: "Are both on the same network, and is Kandili open on the other one?", Err: err}
}

// turnedAway says whether the other side ended the handshake with an alert.
func turnedAway(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}
