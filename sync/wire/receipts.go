package wire

import "kandili/internal/journal"

// Frames of receipts.
const (
	TypeStatement Type = 16 // what HQ says about everybody's changes, signed by HQ: see journal.Statement
	TypeKnown     Type = 17 // token of the last statement that the sender has; zeros: none. Who sends it wants newer ones
)

// StatementFrame returns the statement as a frame. Ok is false where it is too long for one: HQ then says only what it
// received.
func StatementFrame(s *journal.Statement) (f Frame, ok bool) {
	b := s.Append(nil)
	return Frame{TypeStatement, b}, len(b) <= MaxBody
}

// ReadStatement reads the body of a TypeStatement. Whoever believes it checks the signature first.
func ReadStatement(body []byte) (journal.Statement, error) { return journal.ReadStatement(body) }

// KnownFrame tells the token of the last statement that the sender has.
func KnownFrame(token [8]byte) Frame { return Frame{TypeKnown, token[:]} }

// ReadKnown reads the body of a TypeKnown. Bytes after what is known are a newer version's, and left alone.
func ReadKnown(body []byte) (token [8]byte, err error) {
	r := reader{b: body}
	copy(token[:], r.take(len(token)))
	return token, r.err
}
