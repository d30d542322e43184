package store

import (
	"errors"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"kandili/internal/journal"
	"kandili/internal/vault"
)

// build writes a whole campaign into dir: the journal file first, whose opening brings our own log into the bbolt
// file, then the logs of others and what else was kept.
func (r *repair) build(dir string) (Report, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Report{}, diskProblem("make a folder for the repair", err)
	}
	if err := createBolt(dir); err != nil {
		return Report{}, err
	}
	if err := writeIdentity(dir, r.self, r.keys); err != nil {
		return Report{}, err
	}
	if err := r.writeJournal(filepath.Join(dir, journalName)); err != nil {
		return Report{}, err
	}
	opt := Options{Now: r.opt.Now, KeyOf: r.opt.KeyOf, Ballast: -1, NoCheck: true, scratch: true}
	s, err := Open(dir, r.keys, opt)
	if err != nil {
		return Report{}, err
	}
	if err := r.fill(s); err != nil {
		return Report{}, errors.Join(err, s.Close())
	}
	if r.out.Renewed {
		if err := s.incarnate(); err != nil {
			return Report{}, errors.Join(err, s.Close())
		}
	}
	if err := s.Close(); err != nil {
		return Report{}, err
	}
	_, report, err := r.openAndVerify(dir, opt) // read back from the disk, as the next start will
	return report, err
}

// writeJournal writes a journal file of all that is whole of the logs that this node wrote.
func (r *repair) writeJournal(path string) error {
	f, err := openJournalFile(path, r.found.seal.journal, func(entry) error { return nil })
	if err != nil {
		return diskProblem("write a new journal file", err)
	}
	for log := range r.found.logs {
		if log.Node != r.self.Log.Node {
			continue
		}
		var list []entry
		pieces, _ := r.found.chain(log)
		for i := range pieces {
			prev := pieces[i].Prev
			p := &pieces[i]
			for _, c := range p.Changes {
				raw := c.Append(nil)
				e := entry{change: c, prev: prev, raw: raw, covered: p.Covered}
				if p.Covered {
					e.prev = journal.Hash{}
				}
				if p.Covered && c.Seq == p.Changes[len(p.Changes)-1].Seq {
					e.end = p.End
				}
				list = append(list, e)
				prev = journal.Link(prev, raw)
			}
		}
		if err := f.append(list); err != nil {
			return errors.Join(diskProblem("write a new journal file", err), f.close())
		}
	}
	return f.close()
}

// fillBatch is how many pieces are committed at once.
const fillBatch = 500

func (r *repair) fill(s *Store) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	for log := range r.found.logs {
		if log.Node == r.self.Log.Node {
			continue // the journal file brought them
		}
		pieces, _ := r.found.chain(log)
		for len(pieces) > 0 {
			n := min(len(pieces), fillBatch)
			if err := s.commit(pieces[:n]); err != nil {
				return diskProblem("write the new file", err)
			}
			pieces = pieces[n:]
		}
	}
	err := s.update(func(tx *bbolt.Tx) error {
		for bucket, values := range r.found.kept {
			for k, sealed := range values {
				if err := tx.Bucket([]byte(bucket)).Put([]byte(k), sealed); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return diskProblem("write the new file", err)
	}
	return nil
}

// exchange puts the new files in the place of the old ones. Whenever it is cut off, nothing is lost: a missing file is
// made from the journal, and the next repair reads what was moved aside.
func (r *repair) exchange(dir string) error {
	if r.out.Renewed { // first, so that no number of the old log is given again
		b, err := os.ReadFile(filepath.Join(dir, identityName))
		if err == nil {
			err = vault.WriteFileAtomic(filepath.Join(r.dir, identityName), b, 0o600)
		}
		if err != nil {
			return diskProblem("write the laptop's identity", err)
		}
	}
	names := []string{boltName}
	if !r.found.journalWhole() {
		names = append(names, journalName)
	}
	for _, name := range names {
		aside, err := moveAside(r.dir, name, r.opt.Now())
		if err != nil {
			return err
		}
		if aside != "" {
			r.out.Aside = append(r.out.Aside, aside)
		}
		if err := vault.Rename(filepath.Join(dir, name), filepath.Join(r.dir, name)); err != nil {
			return diskProblem("put the new file in its place", err)
		}
	}
	return nil
}
