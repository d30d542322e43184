package wire

// bitWriter appends numbers of a few bits each, the lowest bit first, into bytes from their lowest bit on.
type bitWriter struct {
	b    []byte
	acc  uint64
	used uint // bits of acc that wait
}

func (w *bitWriter) put(x uint64, n uint) {
	if n > 32 {
		w.put(x&(1<<32-1), 32)
		x, n = x>>32, n-32
	}
	if n == 0 {
		return
	}
	w.acc |= x & (1<<n - 1) << w.used
	for w.used += n; w.used >= 8; w.used -= 8 {
		w.b = append(w.b, byte(w.acc))
		w.acc >>= 8
	}
}

// bytes ends the writing: the last byte is filled up with zero bits.
func (w *bitWriter) bytes() []byte {
	if w.used > 0 {
		w.b = append(w.b, byte(w.acc))
		w.acc, w.used = 0, 0
	}
	return w.b
}

// bitReader reads what bitWriter wrote and remembers that it ran out.
type bitReader struct {
	b    []byte
	at   uint // bits read
	fail bool
}

func (r *bitReader) take(n uint) uint64 {
	if n > 64 || uint(len(r.b))*8-r.at < n {
		r.fail, r.at = true, uint(len(r.b))*8
		return 0
	}
	var x uint64
	for got := uint(0); got < n; {
		here := min(8-r.at%8, n-got)
		x |= uint64(r.b[r.at/8]>>(r.at%8)&byte(1<<here-1)) << got
		got += here
		r.at += here
	}
	return x
}

// ended says that nothing is left but the filling of the last byte, and that this is zero.
func (r *bitReader) ended() bool {
	left := uint(len(r.b))*8 - r.at
	return !r.fail && left < 8 && r.take(left) == 0
}
