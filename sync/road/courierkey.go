package road

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strings"

	"filippo.io/age"
)

// CourierIdentity returns the key that opens courier files made for a node. It follows from the seed of the node's
// signing key, so that a restored laptop still opens what was written for it and nothing more needs to be kept.
func CourierIdentity(seed []byte) (*age.X25519Identity, error) {
	scalar, err := hkdf.Key(sha256.New, seed, nil, "kandili/courier/v1", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the courier key: %w", err)
	}
	id, err := age.ParseX25519Identity(strings.ToUpper(bech32("age-secret-key-", scalar)))
	if err != nil {
		return nil, fmt.Errorf("derive the courier key: %w", err)
	}
	return id, nil
}

// CourierRecipient returns the public side of CourierIdentity, as a node's record holds it.
func CourierRecipient(seed []byte) (string, error) {
	id, err := CourierIdentity(seed)
	if err != nil {
		return "", err
	}
	return id.Recipient().String(), nil
}

// IsCourierRecipient says whether the text is one that courier files can be made for.
func IsCourierRecipient(text string) bool {
	_, err := age.ParseX25519Recipient(text)
	return err == nil
}

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 writes data the way age writes its keys (BIP 173, without its limit of length).
func bech32(prefix string, data []byte) string {
	var values []byte
	acc, bits := 0, 0
	for _, b := range data {
		acc, bits = acc<<8|int(b), bits+8
		for ; bits >= 5; bits -= 5 {
			values = append(values, byte(acc>>(bits-5)&31))
		}
		acc &= 1<<bits - 1
	}
	if bits > 0 {
		values = append(values, byte(acc<<(5-bits)&31))
	}
	var checked []byte
	for i := range len(prefix) {
		checked = append(checked, prefix[i]>>5)
	}
	checked = append(checked, 0)
	for i := range len(prefix) {
		checked = append(checked, prefix[i]&31)
	}
	sum := bech32Sum(append(append(checked, values...), 0, 0, 0, 0, 0, 0)) ^ 1
	for i := range 6 {
		values = append(values, byte(sum>>(5*(5-i))&31))
	}
	var text strings.Builder
	text.WriteString(prefix + "1")
	for _, v := range values {
		text.WriteByte(bech32Letters[v])
	}
	return text.String()
}

func bech32Sum(values []byte) uint32 {
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}
