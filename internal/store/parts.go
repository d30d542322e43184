package store

import (
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// InParts divides what a person does with many records at once into changes of bearable size, as few as that allows. SaveAll saves
// them together or not at all, and Undo takes all of them back as one.
func InParts(author fieldwork.RecordID, writes []journal.Write) []Draft {
	var all []Draft
	d, size := Draft{Author: author}, 0
	for _, w := range writes {
		n := len(w.Fields)*16 + 16
		for _, f := range w.Fields {
			n += len(f.Value.Append(nil))
		}
		if len(d.Writes) > 0 && (size+n > journal.MaxChangeBytes/2 || len(d.Writes) == journal.MaxWrites) {
			all, d, size = append(all, d), Draft{Author: author}, 0
		}
		d.Writes, size = append(d.Writes, w), size+n
	}
	if len(d.Writes) > 0 {
		all = append(all, d)
	}
	return all
}
