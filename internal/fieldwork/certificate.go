package fieldwork

import (
	"crypto/hmac"
	"strconv"
	"strings"
)

// A certificate's number is the code of its record: it is typed and checked like any other, and needs no counter.

// CertificateSeal proves a certificate's number: the key's number, a dot and the MAC, as they stand in the address of HQ's page.
func (k BadgeKey) CertificateSeal(number string) string {
	return strconv.Itoa(k.No) + "." + k.sealOf("certificate", "KC:"+k.Campaign+":"+number+":"+strconv.Itoa(k.No))
}

// CertificatePayload returns what a certificate's QR says while HQ has no address.
func (k BadgeKey) CertificatePayload(number string) string {
	return k.sealed("certificate", "KC:"+k.Campaign+":"+number)
}

// CertificateAddress returns the address of HQ's page about a certificate, for its QR. Where it can, it is in capital letters,
// which make a smaller code; HQ answers to either.
func (k BadgeKey) CertificateAddress(hq, number string) string {
	hq = strings.TrimRight(hq, "/")
	_, rest, _ := strings.Cut(hq, "://")
	path := "/verify/" + number + "/" + k.CertificateSeal(number)
	if strings.ContainsAny(rest, "/?#@") {
		return hq + path // the path of a proxy is as it is
	}
	return strings.ToUpper(hq + path)
}

// ProvesCertificate says whether the seal of an address belongs to the number.
func ProvesCertificate(number, seal string, key func(no int) (BadgeKey, bool)) bool {
	n, _, _ := strings.Cut(seal, ".")
	no, err := strconv.Atoi(n)
	k, ok := key(no)
	return err == nil && ok && hmac.Equal([]byte(k.CertificateSeal(number)), []byte(strings.ToUpper(seal)))
}

// ReadCertificate reads a certificate's QR, its address, or its typed number. The reason is 0 when the number can be looked up;
// RefusalUnknown means that this is no number of a certificate.
func ReadCertificate(text, campaign string, key func(no int) (BadgeKey, bool)) (number string, proven bool, reason Refusal) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) > 512 {
		return "", false, RefusalUnknown
	}
	if _, path, ok := strings.Cut(text, "/VERIFY/"); ok {
		number, seal, _ := strings.Cut(path, "/")
		c, err := ParseCode(number)
		switch {
		case err != nil:
			return "", false, RefusalUnknown
		case seal == "":
			return c.String(), false, 0
		case !ProvesCertificate(c.String(), seal, key):
			return c.String(), false, RefusalForged
		}
		return c.String(), true, 0
	}
	s, sealed := readSealed(text, "KC", "certificate", campaign, key, func(content string) (string, bool) {
		c, err := ParseCode(content)
		return c.String(), err == nil
	})
	if sealed {
		return s.content, s.reason == 0, s.reason
	}
	c, err := ParseCode(text)
	if err != nil {
		return "", false, RefusalUnknown
	}
	return c.String(), false, 0
}
