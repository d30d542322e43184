package hq

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
)

// bytesIn is what a folder's files take.
func bytesIn(t *testing.T, dir string) (n int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		st, err := e.Info()
		n += st.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// withPhotos is an office with some photos, and what the photos' files take.
func withPhotos(t *testing.T, clock *clock, n int) (o *Office, names []blob.Name, size int64) {
	o, s := newOffice(t, clock)
	at, _ := serve(t, o)
	a := newLaptop(t, o, s, at, "Kajiado 1")
	for i := range n {
		names = append(names, photoOf(t, added(t, a, "trainee", laptop.Cells{"given_name": "Nasieku", "photo": "@" + pictureFile(t, uint8(10+i))}), fieldwork.TraineePhoto))
	}
	synced(t, a)
	return o, names, bytesIn(t, filepath.Join(s.Dir(), "blobs"))
}

func proved(t *testing.T, o *Office, c *clock) Trial {
	t.Helper()
	c.t = c.t.Add(25 * time.Hour)
	trial, err := o.Prove(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return trial
}

// Seven daily backups keep one copy of each photo, where each had its own.
func TestPool_sevenBackupsShareTheirPhotos(t *testing.T) {
	c := &clock{t: time.Now()}
	o, names, photos := withPhotos(t, c, 6)
	var trial Trial
	for range keptBackups + 2 {
		trial = proved(t, o, c)
	}
	dir := filepath.Dir(trial.Path)
	if got := bytesIn(t, filepath.Join(dir, poolDir)); got != photos || trial.Photos != photos {
		t.Errorf("the pool takes %d bytes, the trial counts %d, the photos are %d", got, trial.Photos, photos)
	}
	whole := bytesIn(t, dir)
	before := whole - photos + keptBackups*photos
	t.Logf("%d photos of %d bytes, %d backups: %d bytes, %d with a copy in each", len(names), photos, keptBackups, whole, before)
	again := filepath.Join(t.TempDir(), "restored")
	if err := Restore(again, trial.Path, false); err != nil {
		t.Fatal(err)
	}
	if got := bytesIn(t, filepath.Join(again, "campaigns")); got < photos {
		t.Errorf("restored %d bytes", got)
	}
}

func TestPool_aPhotoThatNoBackupNeedsGoesWithTheLastThatDid(t *testing.T) {
	c := &clock{t: time.Now()}
	o, names, _ := withPhotos(t, c, 2)
	proved(t, o, c)
	s := o.Campaigns()[0]
	if err := s.DropPhotos(names[0]); err != nil {
		t.Fatal(err)
	}
	pool := filepath.Join(o.backupsDir(""), poolDir)
	both := bytesIn(t, pool)
	for range keptBackups - 1 {
		proved(t, o, c)
	}
	if got := bytesIn(t, pool); got != both {
		t.Fatalf("%d bytes, want %d: a backup still needs both", got, both)
	}
	proved(t, o, c)
	if got := bytesIn(t, pool); got >= both || got == 0 {
		t.Errorf("%d bytes of %d", got, both)
	}
}

// A photo that goes bad in the pool is noticed by the next proof, and written anew.
func TestPool_whatGoesBadIsWrittenAnew(t *testing.T) {
	c := &clock{t: time.Now()}
	o, _, _ := withPhotos(t, c, 2)
	trial := proved(t, o, c)
	bad := poolFiles(t, trial)[0]
	b, err := os.ReadFile(bad)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(bad, b, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	if err := Restore(dir, trial.Path, false); code(err) != "photos-missing" {
		t.Fatalf("restored with a damaged photo: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("something was written all the same")
	}
	again := proved(t, o, c)
	for _, path := range []string{trial.Path, again.Path} {
		if err := Restore(filepath.Join(t.TempDir(), "restored"), path, false); err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
}

// Whoever carries only the file away is told, and can go without.
func TestPool_aBackupAloneSaysWhatIsMissing(t *testing.T) {
	c := &clock{t: time.Now()}
	o, names, _ := withPhotos(t, c, 2)
	trial := proved(t, o, c)
	alone := filepath.Join(t.TempDir(), filepath.Base(trial.Path))
	b, err := os.ReadFile(trial.Path)
	if err == nil {
		err = os.WriteFile(alone, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	if err := Restore(dir, alone, false); code(err) != "photos-missing" || fieldwork.Hint(err) == "" {
		t.Fatal(err)
	}
	if err := Restore(dir, alone, true); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	s := again.Campaigns()[0]
	if _, err := s.Photo(names[0], blob.Preview); err == nil {
		t.Error("the photo is there")
	}
	if s.Count(fieldwork.KindTrainee) != 2 {
		t.Error("the records are not")
	}
}

// A backup does not name files outside of the pool.
func TestPool_listsLeadNowhereElse(t *testing.T) {
	p := pool{t.TempDir()}
	for _, sum := range []string{"", "../../etc/passwd", "AB", string(make([]byte, 64)), "Z" + string(make([]byte, 63))} {
		if path, err := p.path(sum); err == nil {
			t.Errorf("%q: %s", sum, path)
		}
	}
	if err := p.bring(t.TempDir(), []pooled{{File: "../x", Sum: "00"}}, false, false); err == nil {
		t.Error("a strange name was taken")
	}
}

func poolFiles(t *testing.T, trial Trial) (files []string) {
	t.Helper()
	list, err := photosOf(trial.Path)
	if err != nil || len(list) == 0 {
		t.Fatalf("%v %v", list, err)
	}
	for _, one := range list {
		path, err := poolBeside(trial.Path).path(one.Sum)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	slices.Sort(files)
	return files
}
