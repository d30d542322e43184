package main

import (
	"encoding/binary"
	"slices"
)

// gram is how many bytes are looked at as one.
const gram = 6

// segment is how many bytes go into the dictionary in one piece.
const segment = 256

// cover chooses from the samples the segments whose grams occur in most samples, each gram counted once: the idea of
// Liao, Petri, Moffat and Wirth, “Effective construction of relative Lempel-Ziv dictionaries” (WWW 2016), that zstd's
// own trainer follows. What is worth most stands last, where it is cheapest to point at.
func cover(samples [][]byte, size int) []byte {
	freq := count(samples)
	var all []byte
	for _, s := range samples {
		all = append(all, s...)
	}
	epochs := max(size/segment, 1)
	length := max(len(all)/epochs, segment)
	var chosen [][]byte
	total := 0
	for total < size {
		before := total
		for from := 0; from+segment <= len(all) && total < size; from += length {
			s, score := best(all[from:min(from+length, len(all))], freq)
			if score == 0 {
				continue
			}
			chosen = append(chosen, s)
			total += len(s)
			for g := range grams(s) {
				delete(freq, g)
			}
		}
		if total == before {
			break
		}
	}
	slices.Reverse(chosen)
	out := slices.Concat(chosen...)
	return out[max(len(out)-size, 0):]
}

// count tells in how many samples each gram occurs; what occurs in one only is left out.
func count(samples [][]byte) map[uint64]int {
	freq := map[uint64]int{}
	for _, s := range samples {
		for g := range grams(s) {
			freq[g]++
		}
	}
	for g, n := range freq {
		if n < 2 {
			delete(freq, g)
		}
	}
	return freq
}

// grams returns the different grams of s.
func grams(s []byte) map[uint64]bool {
	set := map[uint64]bool{}
	for i := 0; i+gram <= len(s); i++ {
		set[gramAt(s, i)] = true
	}
	return set
}

func gramAt(s []byte, i int) uint64 {
	var b [8]byte
	copy(b[:], s[i:i+gram])
	return binary.LittleEndian.Uint64(b[:])
}

// best returns the segment of s with the highest sum of frequencies of its different grams, without what is worth
// nothing at its ends.
func best(s []byte, freq map[uint64]int) (found []byte, top int) {
	in := map[uint64]int{}
	score, at := 0, 0
	for i := 0; i+gram <= len(s); i++ {
		g := gramAt(s, i)
		if in[g]++; in[g] == 1 {
			score += freq[g]
		}
		if out := i - (segment - gram + 1); out >= 0 {
			g := gramAt(s, out)
			if in[g]--; in[g] == 0 {
				score -= freq[g]
				delete(in, g)
			}
		}
		if score > top {
			top, at = score, i+gram
		}
	}
	if top == 0 {
		return nil, 0
	}
	found = s[max(at-segment, 0):at]
	for len(found) > gram && freq[gramAt(found, 0)] == 0 {
		found = found[1:]
	}
	for len(found) > gram && freq[gramAt(found, len(found)-gram)] == 0 {
		found = found[:len(found)-1]
	}
	return found, top
}
