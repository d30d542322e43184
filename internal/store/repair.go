package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

// Repaired says what Repair found and did, in sentences.
type Repaired struct {
	Found   []string // what was wrong; none: everything was as it should be
	Done    []string
	Aside   []string // names, in the campaign's folder, of the files that were moved aside now
	Missing uint64   // writes that could not be read and that a sync may bring back
	Renewed bool     // our own log may have lost its end, so this replica goes on under a new one
	Report  Report   // of the campaign as it is now
}

// Repair looks at a campaign that is not open. What is damaged it builds anew from the journal file and from all that
// can be read of the log, files that were moved aside earlier included; the damaged files are moved aside. It changes
// nothing before the new files are written, flushed and verified. It fails with a Problem of code "in-use",
// "newer-version", "no-campaign", or "not-repaired", and then the campaign is as it was.
func Repair(dir string, keys *vault.Keys, opt Options) (Repaired, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	self, err := readIdentity(dir, keys)
	if err != nil {
		return Repaired{}, err
	}
	r := repair{dir: dir, keys: keys, opt: opt, self: self}
	err = r.all()
	r.out.Found = append(r.out.Found, r.damagedPhotos...)
	return r.out, err
}

// all looks, and builds anew where something but a photo is damaged.
func (r *repair) all() error {
	heads, err := r.look()
	if err != nil {
		return err
	}
	if len(r.out.Found) == 0 && len(asideFiles(r.dir)) == 0 {
		return nil
	}
	if r.found, err = salvageAll(r.dir, newSealers(r.keys), r.self.Log); err != nil {
		return err
	}
	if len(r.out.Found) == 0 && !r.gains(heads) {
		return nil
	}
	return r.rebuild()
}

// repair is one repair under way.
type repair struct {
	dir   string
	keys  *vault.Keys
	opt   Options
	self  Identity
	found *salvage
	out   Repaired

	damagedPhotos []string // sentences; photos are mended apart from all else
}

func (r *repair) note(format string, args ...any) {
	r.out.Found = append(r.out.Found, fmt.Sprintf(format, args...))
}

func (r *repair) did(format string, args ...any) {
	r.out.Done = append(r.out.Done, fmt.Sprintf(format, args...))
}

// look checks the files as they are and notes what is wrong. It returns the heads of what could be opened.
func (r *repair) look() (journal.Heads, error) {
	path := filepath.Join(r.dir, boltName)
	if _, err := os.Stat(path); err != nil {
		r.note("The campaign's file is missing.")
		return nil, nil
	}
	if err := checkInChild(path); errors.Is(err, errInUse) {
		return nil, inUseProblem(err)
	} else if err != nil {
		r.note("The campaign's file is damaged: %v", err)
		return nil, nil
	}
	s, report, err := r.openAndVerify(r.dir, Options{Now: r.opt.Now, KeyOf: r.opt.KeyOf, Ballast: r.opt.Ballast, NoCheck: true})
	var p *fieldwork.Problem
	switch {
	case errors.As(err, &p) && p.Code != "damaged":
		return nil, err
	case errors.As(err, &p):
		r.note("%s", p.Sentence)
		return nil, nil
	case err != nil:
		r.note("The campaign's file is damaged: %v", err)
		return nil, nil
	}
	for _, d := range report.Damage {
		r.note("%s", d)
	}
	r.out.Report = report
	return s.Heads(), nil
}

// openAndVerify opens a campaign, verifies and closes it. A fault in reading a damaged file's memory comes back as an
// error.
func (r *repair) openAndVerify(dir string, opt Options) (s *Store, report Report, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("reading it failed: %v", fault)
		}
	}()
	if s, err = Open(dir, r.keys, opt); err != nil {
		return nil, report, err
	}
	defer func() {
		if e := s.Close(); err == nil {
			err = e
		}
	}()
	if err := r.photos(s); err != nil {
		return s, report, err
	}
	report, err = s.Verify()
	return s, report, err
}

// gains says that files moved aside earlier hold more than a campaign that is sound by itself, and notes it.
func (r *repair) gains(heads journal.Heads) bool {
	for log := range r.found.logs {
		if _, end := r.found.chain(log); end.Seq > heads[log] {
			r.note("Files that were moved aside earlier hold changes of %s that are not in the campaign.", fieldwork.LettersOf(log))
		}
	}
	return len(r.out.Found) > 0
}

// rebuild builds new files beside the damaged ones, verifies them, and lets them change places.
func (r *repair) rebuild() error {
	dir := filepath.Join(r.dir, rebuildDir)
	if err := os.RemoveAll(dir); err != nil {
		return diskProblem("remove an unfinished repair", err)
	}
	defer os.RemoveAll(dir) // what is needed of it was renamed out of it
	_, own := r.found.chain(r.self.Log)
	r.out.Renewed = !r.found.whole(own.Seq)
	report, err := r.build(dir)
	if err == nil && len(report.Damage) > 0 {
		err = fmt.Errorf("the new files do not verify: %s", report.Damage[0])
	}
	if p := (*fieldwork.Problem)(nil); err != nil && !errors.As(err, &p) {
		err = &fieldwork.Problem{Code: "not-repaired", Sentence: "The campaign could not be repaired. Everything stays as it was.",
			Hint: "Keep this folder, restore the last backup into a new one, and sync.", Err: err}
	}
	if err != nil {
		return err
	}
	r.out.Report = report
	if err := r.exchange(dir); err != nil {
		return err
	}
	r.tell()
	return nil
}

// tell says what was done, and what is still missing.
func (r *repair) tell() {
	for _, w := range r.found.wrong {
		r.note("%s", w)
	}
	r.did("The campaign's files were built anew: %d logs, %d changes, %d records, and verified.", r.out.Report.Logs, r.out.Report.Changes, r.out.Report.Records)
	for _, name := range r.out.Aside {
		r.did("The old file is kept as %s.", name)
	}
	if r.out.Renewed {
		r.did("The end of this laptop's own log may be missing, so codes made from now on have new letters.")
	}
	all := journal.Heads{}
	for log := range r.found.logs {
		all[log] = 1
	}
	for log := range r.found.reach {
		all[log] = 1
	}
	for _, log := range all.Logs() {
		r.tellMissing(log)
	}
}

func (r *repair) tellMissing(log fieldwork.LogID) {
	_, end := r.found.chain(log)
	last := r.found.beyond(log)
	if last <= end.Seq {
		return
	}
	r.out.Missing += last - end.Seq
	readable := 0
	for _, f := range r.found.logs[log] {
		if f.First > end.Seq+1 {
			readable++
		}
	}
	if readable == 0 {
		r.did("Of %s the changes after %d are missing: sync, what HQ has comes back.", fieldwork.LettersOf(log), end.Seq)
		return
	}
	r.did("Of %s the changes after %d wait in the old files for what is missing before them: sync, then repair again.", fieldwork.LettersOf(log), end.Seq)
}
