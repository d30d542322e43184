package road

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Add counts what other files brought.
func (t *CourierTaken) Add(other CourierTaken) {
	t.Files = append(t.Files, other.Files...)
	t.Received += other.Received
	t.Quarantined += other.Quarantined
	t.Waiting += other.Waiting
	t.Images += other.Images
}

// Text says for a terminal what became of the files, a line for each.
func (t *CourierTaken) Text() string {
	var b strings.Builder
	for i := range t.Files {
		f := &t.Files[i]
		name := filepath.Base(f.Name)
		switch {
		case f.Code != "":
			fmt.Fprintf(&b, "%s: %s %s\n", name, f.Sentence, f.Hint)
		case f.Waits:
			fmt.Fprintf(&b, "%s: %d new changes; the rest builds on what has not come yet, and is kept until then.\n", name, f.Received)
		case f.Received == 0:
			fmt.Fprintf(&b, "%s: nothing new.\n", name)
		default:
			fmt.Fprintf(&b, "%s: %d new changes.\n", name, f.Received)
		}
	}
	if t.Images > 0 {
		fmt.Fprintf(&b, "%d images of photos came whole.\n", t.Images)
	}
	if t.Quarantined > 0 {
		fmt.Fprintf(&b, "%d changes of a revoked laptop are kept apart until a person decides.\n", t.Quarantined)
	}
	return b.String()
}

// Text says for a terminal what was written.
func (s *CourierSent) Text() string {
	var b strings.Builder
	for _, f := range s.Files {
		fmt.Fprintln(&b, f)
	}
	photos := ""
	if s.Images > 0 {
		photos = fmt.Sprintf(" and %d images of photos", s.Images)
	}
	fmt.Fprintf(&b, "%d changes%s in %d files, %d bytes, read back and found whole.\n", s.Writes, photos, len(s.Files), s.Bytes)
	return b.String()
}
