package fieldwork

import (
	"math/bits"
	"strings"
)

// Letters stand for a log at the front of every code: three characters for the node, two more for an incarnation after
// the first. They are printed on badges and lamps: the arithmetic below is for ever.
const (
	alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // without I O 0 1, which people mistake; the first 24 are letters

	shortNodes = 24 * 32 * 32 // nodes 1 to 24,576 have three characters
	longNodes  = 24 << 30     // 24 * 32^6: all others have seven

	// Neighbouring numbers get letters that differ in every place, so that a slip does not lead to the neighbour.
	// The factors have no divisor in common with 2 and 3, which makes the scrambling reversible.
	shortFactor = 10331
	longFactor  = 9_876_543_211
	hqLetters   = "HQ"
)

// LettersOf returns the letters of a log: "HQ" for HQ, else three characters of which the first is a letter, such as
// "KJ4"; an incarnation other than the first has two more, such as "KJ4QM". Different nodes have different letters.
// Two later incarnations of one node share theirs with a chance of 1 in 1,024: who draws an incarnation at random has
// to compare it with those that are known.
func LettersOf(log LogID) string { return lettersOfNode(log.Node) + suffixOf(log.Epoch) }

func lettersOfNode(node uint32) string {
	if node == 0 {
		return hqLetters
	}
	if node <= shortNodes {
		return encodeLetters(mulMod(uint64(node)%shortNodes, shortFactor, shortNodes), 3)
	}
	return encodeLetters(mulMod(uint64(node), longFactor, longNodes), 7)
}

func encodeLetters(n uint64, size int) string {
	b := make([]byte, size)
	for i := size - 1; i >= 0; i-- {
		b[i] = alphabet[n%32]
		n /= 32
	}
	return string(b)
}

// nodeOfLetters is the inverse of lettersOfNode.
func nodeOfLetters(s string) (uint32, bool) {
	if s == hqLetters {
		return 0, true
	}
	n := uint64(0)
	for i := 0; i < len(s); i++ {
		k := strings.IndexByte(alphabet, s[i])
		if k < 0 || i == 0 && k >= 24 {
			return 0, false
		}
		n = n*32 + uint64(k)
	}
	switch len(s) {
	case 3:
		n = mulMod(n, inverse(shortFactor, shortNodes), shortNodes)
		if n == 0 {
			n = shortNodes
		}
		return uint32(n), true
	case 7:
		n = mulMod(n, inverse(longFactor, longNodes), longNodes)
		return uint32(n), n > shortNodes && n <= 1<<32-1
	}
	return 0, false
}

// suffixOf returns two characters for an incarnation, none for the first. Multiplying by the golden ratio spreads
// neighbours over the 1,024 pairs.
func suffixOf(epoch uint32) string {
	if epoch == 0 {
		return ""
	}
	n := epoch * 2654435769 >> 22
	return string([]byte{alphabet[n/32], alphabet[n%32]})
}

// mulMod returns a * b modulo m, for a and b below m.
func mulMod(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, m)
}

// inverse returns the number whose product with a is 1 modulo m; a and m have no common divisor.
func inverse(a, m int64) uint64 {
	r, next := a, m
	x, y := int64(1), int64(0)
	for next != 0 {
		q := r / next
		r, next = next, r-q*next
		x, y = y, x-q*y
	}
	return uint64((x%m + m) % m)
}
