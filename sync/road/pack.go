package road

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"kandili/internal/fieldwork"
)

// Pack is what HQ gives to a laptop that joins without a network, on a stick: who it becomes, and the campaign's records. It lies
// in an age file under a code that travels another way.
type Pack struct {
	Campaign string   `json:"campaign"` // 16 hexadecimal digits
	Name     string   `json:"name"`     // the campaign's, for the person
	Node     uint32   `json:"node"`
	Seed     []byte   `json:"seed"` // of the node's key: HQ draws it here, since the laptop cannot say its own
	Token    []byte   `json:"token"`
	HQKey    []byte   `json:"hq_key"`
	Courier  string   `json:"courier_key"`
	URLs     []string `json:"urls"`
	Pin      []byte   `json:"pin"`
	Voucher  []byte   `json:"voucher"`        // HQ's word for the laptop: journal.Voucher; empty: an older HQ
	Recovery []byte   `json:"recovery"`       // opens the laptop once its passphrase is lost; HQ keeps it
	Site     []byte   `json:"site,omitempty"` // the village that the laptop goes to, as fieldwork.AppendID writes it

	Records []byte `json:"-"` // a courier file for this node
}

// PackExt ends the names of campaign packs.
const PackExt = ".kpack"

// packWork is scrypt's cost for a code of 120 random bits: there is nothing to slow down, and old laptops have little memory.
const packWork = 12

// mostPack is how large a pack may be once opened, in bytes.
const mostPack = 1 << 30

const packHead, packRecords = "pack.json", "records" + CourierExt

// WritePack writes a pack under the secret of a code.
func WritePack(w io.Writer, p *Pack, secret []byte) error {
	lock, err := age.NewScryptRecipient(fieldwork.RecoveryCode(secret))
	if err != nil {
		return fmt.Errorf("lock the pack: %w", err)
	}
	lock.SetWorkFactor(packWork)
	sealed, err := age.Encrypt(w, lock)
	if err != nil {
		return fmt.Errorf("lock the pack: %w", err)
	}
	head, err := json.Marshal(p)
	if err != nil {
		return err
	}
	t := tar.NewWriter(sealed)
	for name, b := range map[string][]byte{packHead: head, packRecords: p.Records} {
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b))}); err != nil {
			return err
		}
		if _, err := t.Write(b); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return sealed.Close()
}

// ErrNoPack is what ReadPack says of a file that is none, or is cut or damaged.
var ErrNoPack = &fieldwork.Problem{Code: "no-pack", Sentence: "This is no whole campaign pack. Nothing was changed.",
	Hint: "Copy it from HQ's stick once more; its name ends in " + PackExt + "."}

// ErrPackCode is what ReadPack says of a code that opens another pack.
var ErrPackCode = &fieldwork.Problem{Code: "pack-code", Sentence: "This code does not open this pack. Nothing was changed.",
	Hint: "Each pack has a code of its own. Compare both with what HQ wrote down."}

// IsPack says whether a file begins as a pack does.
func IsPack(b []byte) bool { return bytes.HasPrefix(b, []byte("age-encryption.org/v1\n-> scrypt ")) }

// ReadPack opens a pack with its code, as a person types it.
func ReadPack(r io.Reader, code string) (*Pack, error) {
	secret, err := fieldwork.ParseRecovery(code)
	if err != nil {
		return nil, err
	}
	lock, err := age.NewScryptIdentity(fieldwork.RecoveryCode(secret))
	if err != nil {
		return nil, fmt.Errorf("open the pack: %w", err)
	}
	lock.SetMaxWorkFactor(packWork + 4)
	open, err := age.Decrypt(r, lock)
	if wrong := (*age.NoIdentityMatchError)(nil); errors.As(err, &wrong) {
		return nil, ErrPackCode
	}
	if err != nil {
		return nil, noPack(err)
	}
	p, t := &Pack{}, tar.NewReader(io.LimitReader(open, mostPack))
	for {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, noPack(err)
		}
		b, err := io.ReadAll(t)
		if err != nil {
			return nil, noPack(err)
		}
		switch h.Name {
		case packHead:
			err = json.Unmarshal(b, p)
		case packRecords:
			p.Records = b
		}
		if err != nil {
			return nil, noPack(err)
		}
	}
	if _, err := io.Copy(io.Discard, open); err != nil { // to the file's end: only that proves that nothing was cut off
		return nil, noPack(err)
	}
	if p.Node == 0 || len(p.Seed) == 0 || len(p.Records) == 0 || strings.TrimSpace(p.Campaign) == "" {
		return nil, noPack(errors.New("something is missing in it"))
	}
	return p, nil
}

func noPack(err error) error {
	p := *ErrNoPack
	p.Err = err
	return &p
}
