package store

// trimJournal takes out of the journal file what HQ called durable long ago; see keepDurable. Nothing else ever leaves
// it. The file is written anew beside the old one and renamed, and only where at least half of it goes.
func (s *Store) trimJournal() error {
	spare := s.maySpare()
	if len(spare) == 0 || s.gap {
		return nil
	}
	all, some := 0, 0
	sparable := func(e entry) bool { return e.change.Last() <= min(spare[e.change.Log], s.heads[e.change.Log]) }
	f, err := openJournalFile(s.path(journalName), s.seal.journal, func(e entry) error {
		all++
		if sparable(e) {
			some++
		}
		return nil
	})
	if err != nil {
		return s.journalProblem(err)
	}
	if err := f.close(); err != nil || some == 0 || 2*some < all {
		return err
	}
	if err := s.SetNote(noteTrimmed, AppendHeads(nil, spare)); err != nil {
		return err
	}
	if err := s.file.rewrite(func(e entry) bool { return !sparable(e) }); err != nil {
		return diskProblem("write the journal file anew", err)
	}
	return nil
}

// noteTrimmed says up to where our own logs may be missing in the journal file.
const noteTrimmed = "journal/trimmed"
