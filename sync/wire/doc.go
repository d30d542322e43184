// Package wire turns pieces of logs, heads and receipts into frames and back: bytes in, changes out, no I/O beyond
// the reader it is given. The exchange imports it, and so does whatever writes or reads courier files.
//
// A frame is
//
//	type u8 | length of body uvarint | crc32c u32 of type and body | body
//
// Frames of unknown type are skipped, so that a newer program can say more to an older one. On the wire and in
// courier files for ever: types, codecs and layouts get new numbers, never new meanings. docs/wire.md has the bytes.
package wire
