package hq

import (
	"archive/tar"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// proof is the last backup of a campaign that HQ restored and found whole.
type proof struct {
	At    int64  `json:"at"`    // HQ's clock when it was proven, seconds since 1970; 0: never
	Bytes int64  `json:"bytes"` // of the whole backup, photos counted
	Path  string `json:"path"`  // where the backup is
	Held  []byte `json:"held"`  // what the backup holds, a version vector
}

func (p proof) heads() journal.Heads { return store.ReadHeads(p.Held) }

func proofName(c journal.Campaign) string { return "proven/" + c.String() }

func (o *Office) provenOf(c journal.Campaign) (p proof) {
	json.Unmarshal(o.box.Get(proofName(c)), &p) // nothing: never
	return p
}

// Trial is what became of the last try to prove a backup.
type Trial struct {
	At      int64  `json:"at"`      // seconds since 1970
	Bytes   int64  `json:"bytes"`   // of the backup, its photos counted
	Photos  int64  `json:"photos"`  // bytes of photos among them, which lie once beside all backups
	Path    string `json:"path"`    // empty: none was kept
	Writes  uint64 `json:"writes"`  // in it, of all campaigns
	Records int    `json:"records"` // in it, of all campaigns
	Failed  string `json:"failed"`  // a sentence; empty: it was restored and found whole

	Destroyed int      `json:"destroyed"`           // older backups that held somebody forgotten since, and are gone now
	Elsewhere []string `json:"elsewhere,omitempty"` // such backups that are not where HQ put them: somebody has to destroy them
}

const trialName = "proven"

// lastTrial is how the last try went; the zero Trial before the first.
func (o *Office) lastTrial() (t Trial) {
	json.Unmarshal(o.box.Get(trialName), &t) // nothing: never
	return t
}

// keptBackups is how many proven backups stay in the folder, the newest ones.
const keptBackups = 7

// backupPattern is the name of backups that Prove makes; nothing else is ever removed.
const backupPattern = "kandili-hq-*.hqbackup"

// backupsDir is where backups go unless somebody says otherwise: where the last HQ that served put them.
func (o *Office) backupsDir(dir string) string {
	return cmp.Or(dir, o.backups, string(o.box.Get(backupsName)), filepath.Join(o.dir, "backups"))
}

// backupsName is under which name the office remembers the folder of backups.
const backupsName = "backups"

// Prove writes a backup into the folder (empty: "backups" in the office's own), restores it into a scratch folder,
// opens and verifies every campaign there, and only then calls what is in it durable. The laptops hear of that with
// their next exchange. Then older backups of its own that hold somebody forgotten since go, and campaigns for which that
// is worth it publish a snapshot. While it runs, HQ goes on serving.
func (o *Office) Prove(ctx context.Context, dir string) (Trial, error) {
	o.proving.Lock()
	defer o.proving.Unlock()
	t, err := o.proveOne(ctx, dir)
	if err == nil {
		err = o.publishWhereWorth()
	}
	return t, err
}

func (o *Office) proveOne(ctx context.Context, dir string) (Trial, error) {
	t, proofs, err := o.tryBackup(ctx, o.backupsDir(dir))
	if ctx.Err() != nil {
		return t, ctx.Err() // stopped: that says nothing about the backup
	}
	if err != nil {
		t.Failed = err.Error()
		t.Path = ""
	}
	for c, p := range proofs {
		if err == nil {
			err = o.put(proofName(c), p)
		}
	}
	if err == nil {
		err = o.destroyBackups(&t, tidyBackups(filepath.Dir(t.Path)))
		_ = poolBeside(t.Path).tidy() // what cannot be removed stays, and only takes room
	}
	return t, errors.Join(err, o.put(trialName, t))
}

func (o *Office) tryBackup(ctx context.Context, dir string) (Trial, map[journal.Campaign]proof, error) {
	now := o.now()
	t := Trial{At: now.Unix()}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return t, nil, &fieldwork.Problem{Code: "backup-failed", Sentence: "The folder for backups cannot be made.", Hint: "Check --backups.", Err: err}
	}
	final := filepath.Join(dir, "kandili-hq-"+now.UTC().Format("20060102-150405")+".hqbackup")
	tmp := final + ".part"
	defer os.Remove(tmp) // nothing is left there once it was renamed
	size, err := o.backupFile(tmp, poolBeside(tmp))
	if err != nil {
		return t, nil, &fieldwork.Problem{Code: "backup-failed", Sentence: "The backup could not be written.", Hint: "Check that the disk has space.", Err: err}
	}
	list, err := photosOf(tmp)
	if err != nil {
		return t, nil, unproven(err)
	}
	for _, one := range list {
		t.Photos += one.Size
	}
	t.Bytes = size + t.Photos
	proofs, err := o.restoreOnTrial(ctx, tmp, dir, &t)
	if err != nil {
		return t, nil, err
	}
	if err := vault.Rename(tmp, final); err != nil {
		return t, nil, &fieldwork.Problem{Code: "backup-failed", Sentence: "The backup could not be put in its place.", Hint: "Check that the disk has space.", Err: err}
	}
	t.Path = final
	for c, p := range proofs {
		p.At, p.Bytes, p.Path = t.At, t.Bytes, t.Path
		proofs[c] = p
	}
	return t, proofs, nil
}

// backupFile writes a backup whose photos go into the pool, and flushes it.
func (o *Office) backupFile(path string, photos pool) (int64, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	err = o.writeBackup(f, photos.writeApart)
	if e := f.Sync(); err == nil {
		err = e
	}
	st, e := f.Stat()
	if err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// inOneFile writes a campaign into an archive with its photos.
func inOneFile(w *tar.Writer, s *store.Store, prefix string) error { return s.Backup(w, prefix) }

// writeBackup writes the key, the office and, by campaign, every campaign as one archive.
func (o *Office) writeBackup(out io.Writer, campaign func(w *tar.Writer, s *store.Store, prefix string) error) error {
	w := tar.NewWriter(out)
	for _, name := range []string{"vault.json", "hq.key"} {
		content, err := os.ReadFile(filepath.Join(o.dir, name))
		if err == nil {
			err = w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))})
		}
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			return fmt.Errorf("backup %s: %w", name, err)
		}
	}
	if err := o.box.Backup(w, "office/"); err != nil {
		return err
	}
	for _, s := range o.Campaigns() {
		if _, err := s.SweepPhotos(); err != nil { // daily is often enough, and a backup is the better without
			return err
		}
		if err := campaign(w, s, "campaigns/"+s.Self().Campaign.String()+"/"); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// restoreOnTrial does with a backup what will be done with it on a bad day, and throws the result away.
func (o *Office) restoreOnTrial(ctx context.Context, file, near string, t *Trial) (map[journal.Campaign]proof, error) {
	scratch, err := os.MkdirTemp(near, "trial-*")
	if err != nil {
		return nil, &fieldwork.Problem{Code: "backup-failed", Sentence: "There is no room to try the backup out.", Hint: "Check that the disk has space.", Err: err}
	}
	defer os.RemoveAll(scratch)
	if err := (unpacking{dir: scratch, photos: poolBeside(file), trial: true}).run(file); err != nil {
		return nil, unproven(err)
	}
	trial, err := Open(scratch, Options{Now: o.now})
	if err != nil {
		return nil, unproven(err)
	}
	proofs, err := trial.verifyAll(ctx, t)
	return proofs, errors.Join(err, trial.Close())
}

func unproven(err error) error {
	return &fieldwork.Problem{Code: "backup-unproven", Sentence: "The backup was written, but what was restored from it is not whole. It does not count.",
		Hint: "Run “kandili-hq verify”, and keep the older backups.", Err: err}
}

// verifyAll reads everything in a restored office.
func (o *Office) verifyAll(ctx context.Context, t *Trial) (map[journal.Campaign]proof, error) {
	proofs := map[journal.Campaign]proof{}
	for _, s := range o.Campaigns() {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r, err := s.Verify()
		if err == nil && len(r.Damage) > 0 {
			err = errors.New(r.Damage[0])
		}
		if err != nil {
			return nil, unproven(err)
		}
		heads := s.Heads()
		for _, seq := range heads {
			t.Writes += seq
		}
		t.Records += r.Records
		proofs[s.Self().Campaign] = proof{Held: store.AppendHeads(nil, heads)}
	}
	return proofs, nil
}

// tidyBackups removes the older ones of our own making and returns them. What cannot be removed stays.
func tidyBackups(dir string) (removed []string) {
	list, _ := filepath.Glob(filepath.Join(dir, backupPattern)) // fails for a pattern that is none
	slices.Sort(list)
	for _, old := range list[:max(0, len(list)-keptBackups)] {
		if os.Remove(old) == nil {
			removed = append(removed, old)
		}
	}
	return removed
}

// proveEvery proves a backup whenever the last proof is older than the period, until ctx ends. What goes wrong is
// kept for the page that shows it.
func (o *Office) proveEvery(ctx context.Context, period time.Duration, dir string) {
	for {
		wait := time.Unix(o.lastTrial().At, 0).Add(period).Sub(o.now())
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(max(wait, time.Second), period)):
		}
		if o.now().Unix()-o.lastTrial().At < int64(period.Seconds()) {
			continue // by hand, meanwhile
		}
		o.Prove(ctx, dir) // lastTrial tells how it went
	}
}

func (o *Office) doProve(c Command) (Reply, error) {
	t, err := o.Prove(context.Background(), c.Dir)
	if err != nil {
		return Reply{}, err
	}
	return reply(t, "Proven: %s, %d bytes, was restored and found whole: %d changes, %d records.%s\n", t.Path, t.Bytes, t.Writes, t.Records, spaced(t.destroyed()))
}
