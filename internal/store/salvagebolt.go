package store

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
)

// Pages of a bbolt file as its format 2 lays them out, read without bbolt, which trusts a file and may crash, run for
// ever or eat all memory on a damaged one. Every offset is checked, and what is found proves itself by its seal. Only
// little-endian machines are ours, and bbolt writes as the machine does.
const (
	pageSize      = 4096 // as boltOptions says
	pageHeader    = 16   // id u64 | flags u16 | count u16 | overflow u32
	pageBranch    = 1
	pageLeaf      = 2
	pageMeta      = 4
	elementHeader = 16 // leaf: flags, pos, ksize, vsize u32; branch: pos, ksize u32, pgid u64
	bucketElement = 1  // flag of a leaf element whose value is a bucket: root u64 | sequence u64 | page, where root is 0
	metaMagic     = 0xED0CDAED
	metaSum       = 56 // bytes of a meta page's content before its checksum
)

// boltPages is a whole bbolt file, perhaps damaged.
type boltPages []byte

// element is one key with its value. Both point into the file.
type boltElement struct {
	key, value []byte
	bucket     bool
}

// at returns the page's bytes from its header to the end of its overflow, or of the file.
func (f boltPages) at(id uint64) []byte {
	if id >= f.count() || uint64(len(f))-id*pageSize < pageHeader {
		return nil
	}
	p := f[id*pageSize:]
	size := (uint64(binary.LittleEndian.Uint32(p[12:])) + 1) * pageSize
	return p[:min(size, uint64(len(p)))]
}

// count is how many pages there are, a torn one at the end included.
func (f boltPages) count() uint64 { return (uint64(len(f)) + pageSize - 1) / pageSize }

func pageKind(p []byte) (flags, count uint16) {
	return binary.LittleEndian.Uint16(p[8:]), binary.LittleEndian.Uint16(p[10:])
}

// leafElements returns those elements of a leaf that lie within it.
func leafElements(p []byte) []boltElement {
	flags, count := pageKind(p)
	if flags != pageLeaf {
		return nil
	}
	var list []boltElement
	for i := range int(count) {
		at := pageHeader + i*elementHeader
		if at+elementHeader > len(p) {
			break
		}
		e := p[at:]
		pos, ksize, vsize := uint64(binary.LittleEndian.Uint32(e[4:])), uint64(binary.LittleEndian.Uint32(e[8:])), uint64(binary.LittleEndian.Uint32(e[12:]))
		if pos < elementHeader || pos+ksize+vsize > uint64(len(e)) {
			continue
		}
		list = append(list, boltElement{e[pos : pos+ksize], e[pos+ksize : pos+ksize+vsize], e[0]&bucketElement != 0})
	}
	return list
}

func branchChildren(p []byte) []uint64 {
	flags, count := pageKind(p)
	if flags != pageBranch {
		return nil
	}
	var ids []uint64
	for i := range int(count) {
		at := pageHeader + i*elementHeader
		if at+elementHeader > len(p) {
			break
		}
		ids = append(ids, binary.LittleEndian.Uint64(p[at+8:]))
	}
	return ids
}

// newest returns the root page of the newest transaction whose meta page is sound. certain says that both meta pages
// are: then there was no newer transaction.
func (f boltPages) newest() (root uint64, certain bool) {
	var best, sound uint64
	for id := range uint64(2) {
		p := f.at(id)
		if len(p) < pageHeader+metaSum+8 {
			continue
		}
		m := p[pageHeader:]
		sum := fnv.New64a()
		sum.Write(m[:metaSum])
		if binary.LittleEndian.Uint32(m) != metaMagic || binary.LittleEndian.Uint64(m[metaSum:]) != sum.Sum64() {
			continue
		}
		sound++
		if txid := binary.LittleEndian.Uint64(m[48:]); sound == 1 || txid > best {
			best, root = txid, binary.LittleEndian.Uint64(m[16:])
		}
	}
	return root, sound == 2
}

// reachable calls f with what the newest sound transaction holds, by bucket. Pages that cannot be read are left out.
func (f boltPages) reachable(each func(bucket []byte, e boltElement)) {
	root, _ := f.newest()
	seen := map[uint64]bool{}
	f.tree(root, seen, func(e boltElement) {
		if !e.bucket || len(e.value) < 16 {
			return
		}
		inBucket := func(in boltElement) { each(e.key, in) }
		if id := binary.LittleEndian.Uint64(e.value); id != 0 {
			f.tree(id, seen, inBucket)
			return
		}
		inline(e.value, inBucket)
	})
}

// tree walks one tree. Each page is visited once at most, so that a loop ends.
func (f boltPages) tree(id uint64, seen map[uint64]bool, each func(boltElement)) {
	p := f.at(id)
	if id < 2 || p == nil || seen[id] {
		return
	}
	seen[id] = true
	for _, child := range branchChildren(p) {
		f.tree(child, seen, each)
	}
	for _, e := range leafElements(p) {
		each(e)
	}
}

// inline calls each with what a small bucket holds, whose only page is in its value.
func inline(value []byte, each func(boltElement)) {
	if len(value) < 16+pageHeader {
		return
	}
	// Within an inline page bbolt keeps positions as on any other page.
	for _, e := range leafElements(value[16:]) {
		each(e)
	}
}

// scan calls each with all that any leaf holds, those included that no tree leads to: what was there before the last
// transactions, and what hangs under a damaged page.
func (f boltPages) scan(each func(boltElement)) {
	for id := range f.count() {
		p := f.at(id)
		if p == nil {
			continue
		}
		for _, e := range leafElements(p) {
			if e.bucket {
				inline(e.value, each)
				continue
			}
			each(e)
		}
	}
}

// isBucket says that the name is the bucket's.
func isBucket(name, bucket []byte) bool { return bytes.Equal(name, bucket) }
