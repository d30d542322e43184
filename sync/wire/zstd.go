package wire

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"kandili/assets"
)

// Dictionaries are kept for ever under the first four bytes of their SHA-256, because courier files and pieces in
// other hands name them so.

// DictionaryID returns the name under which frames know a dictionary.
func DictionaryID(file []byte) uint32 {
	sum := sha256.Sum256(file)
	return binary.BigEndian.Uint32(sum[:])
}

// dictionaries holds the dictionaries that are built in, by their names. Each is parsed when it is first used.
var dictionaries = sync.OnceValue(func() map[uint32]*dictionary {
	m := map[uint32]*dictionary{NoDictionary: {}}
	for _, file := range assets.Dictionaries() {
		m[DictionaryID(file)] = &dictionary{file: file}
	}
	return m
})

// newest is the dictionary that is written with: the last of assets.Dictionaries.
var newest = sync.OnceValue(func() uint32 {
	id := uint32(NoDictionary)
	for _, file := range assets.Dictionaries() {
		id = DictionaryID(file)
	}
	return id
})

// dictionary is a dictionary, or none, with what packs and unpacks by it.
type dictionary struct {
	file     []byte
	onceIn   sync.Once
	onceOut  sync.Once
	packer   *zstd.Encoder
	unpacker *zstd.Decoder
}

// in returns the packer. It works one payload at a time. The level above would save one byte in a hundred more and
// takes 70 MB of tables instead of 10.
func (d *dictionary) in() *zstd.Encoder {
	d.onceIn.Do(func() {
		options := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1),
			zstd.WithEncoderCRC(false), zstd.WithWindowSize(MaxExpanded)}
		if d.file != nil {
			options = append(options, zstd.WithEncoderDict(d.file))
		}
		e, err := zstd.NewWriter(nil, options...)
		if err != nil {
			panic(err) // options and files are constants; a test opens every dictionary
		}
		d.packer = e
	})
	return d.packer
}

func (d *dictionary) out() *zstd.Decoder {
	d.onceOut.Do(func() {
		options := []zstd.DOption{zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(MaxExpanded), zstd.WithDecoderMaxWindow(MaxExpanded)}
		if d.file != nil {
			options = append(options, zstd.WithDecoderDicts(d.file))
		}
		r, err := zstd.NewReader(nil, options...)
		if err != nil {
			panic(err) // options and files are constants; a test opens every dictionary
		}
		d.unpacker = r
	})
	return d.unpacker
}

// pack compresses by a dictionary that is built in.
func pack(id uint32, plain []byte) []byte { return dictionaries()[id].in().EncodeAll(plain, nil) }

// unpack expands to exactly size bytes.
func unpack(id uint32, packed []byte, size int) ([]byte, error) {
	d := dictionaries()[id]
	if d == nil {
		return nil, fmt.Errorf("%w: dictionary %08x", ErrCodec, id)
	}
	plain, err := d.out().DecodeAll(packed, make([]byte, 0, size))
	if err != nil || len(plain) != size {
		return nil, fmt.Errorf("%w: the payload does not expand to %d bytes: %v", ErrBody, size, err)
	}
	return plain, nil
}
