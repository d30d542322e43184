package store

import (
	"archive/tar"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/vault"
)

// picture is a photo of a number: a preview of one chunk and a working image of several. The store looks into neither.
type picture struct {
	manifest blob.Manifest
	files    [][]byte
}

func pictureOf(seed int) picture {
	rnd := rand.NewChaCha8([32]byte{9, byte(seed), byte(seed >> 8)})
	noise := func(n int) []byte {
		b := make([]byte, n)
		rnd.Read(b)
		return b
	}
	p := picture{files: [][]byte{noise(6000 + seed%2000), noise(60_000 + seed*977%60_000)}}
	p.manifest.Images = []blob.Image{blob.NewImage(blob.Preview, 320, 240, p.files[0]), blob.NewImage(blob.Working, 1280, 960, p.files[1])}
	return p
}

func (p *picture) name() blob.Name { return p.manifest.Name() }

// piece is one chunk of a photo.
type piece struct {
	size blob.Size
	i    int
}

func (p *picture) pieces() (list []piece) {
	for k := range p.manifest.Images {
		for i := range p.manifest.Images[k].Count() {
			list = append(list, piece{p.manifest.Images[k].Size, i})
		}
	}
	return list
}

func (p *picture) cut(c piece) []byte {
	return p.manifest.Image(c.size).Cut(p.files[c.size-1], c.i)
}

// withPhoto is somebody whose record names the photo.
func withPhoto(name blob.Name) Draft {
	d := trainee("Nasieku")
	d.Writes[0].Fields = append(d.Writes[0].Fields, fieldwork.FieldValue{Field: fieldwork.TraineePhoto, Value: name.Value()})
	return d
}

// isHere fails unless the store holds the whole photo, byte for byte.
func isHere(t *testing.T, s *Store, p *picture) {
	t.Helper()
	for i, size := range []blob.Size{blob.Preview, blob.Working} {
		got, err := s.Photo(p.name(), size)
		if err != nil || !bytes.Equal(got, p.files[i]) {
			t.Errorf("image %d: %d bytes, want %d, %v", size, len(got), len(p.files[i]), err)
		}
	}
	if !s.PhotoState(p.name()).Whole() {
		t.Errorf("state %+v", s.PhotoState(p.name()))
	}
}

func TestPhotos_areThereBeforeTheRecordAndAfterARestart(t *testing.T) {
	s := newStore(t, 1)
	p := pictureOf(1)
	name, err := s.AddPhoto(p.manifest, p.files)
	if err != nil || name != p.name() {
		t.Fatal(name, err)
	}
	isHere(t, s, &p)
	save(t, s, withPhoto(name))
	if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
		t.Errorf("the same photo again: %v", err)
	}
	again := reopen(t, s, testOptions)
	isHere(t, again, &p)
	if got := again.PhotoNames(); len(got) != 1 || got[0] != name || again.WholeImages() != 2 {
		t.Errorf("%v, %d whole images", got, again.WholeImages())
	}
	if m, err := again.PhotoManifest(name); err != nil || m.Name() != name {
		t.Errorf("%+v %v", m, err)
	}
	files, _ := filepath.Glob(filepath.Join(again.dir, photosDir, "*"))
	if len(files) != 1 || strings.Contains(files[0], name.String()) {
		t.Fatalf("files: %v", files)
	}
	b, err := os.ReadFile(files[0])
	if err != nil || bytes.Contains(b, p.files[0][:32]) || bytes.Contains(b, p.files[1][20_000:20_032]) || bytes.Contains(b, name[:]) {
		t.Errorf("the photo lies open on the disk: %v", err)
	}
}

func TestPhotos_comeInPiecesInAnyOrder(t *testing.T) {
	s := newStore(t, 1)
	rnd := rand.New(rand.NewPCG(5, 6))
	for seed := range 5 {
		p := pictureOf(seed)
		name := p.name()
		if err := s.TakeManifest(p.manifest); !errors.Is(err, blob.ErrUnasked) {
			t.Errorf("a photo that nobody named: %v", err)
		}
		save(t, s, withPhoto(name))
		if err := s.TakeChunk(name, blob.Preview, 0, p.files[0]); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a piece before the manifest: %v", err)
		}
		if err := s.TakeManifest(p.manifest); err != nil {
			t.Fatal(err)
		}
		list := p.pieces()
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for n, c := range list {
			if err := s.TakeChunk(name, c.size, c.i, make([]byte, len(p.cut(c)))); !errors.Is(err, blob.ErrManifest) {
				t.Errorf("wrong bytes: %v", err)
			}
			for range 2 {
				if err := s.TakeChunk(name, c.size, c.i, p.cut(c)); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := s.PhotoChunk(name, c.size, c.i); err != nil || !bytes.Equal(got, p.cut(c)) {
				t.Fatalf("chunk %+v: %d bytes, %v", c, len(got), err)
			}
			if n == len(list)/2 {
				s = reopen(t, s, testOptions)
			}
		}
		isHere(t, s, &p)
	}
}

func TestPhotos_areRefusedOnADiskThatIsNearlyFull(t *testing.T) {
	s := newStore(t, 1)
	p := pictureOf(1)
	save(t, s, withPhoto(p.name()))
	s.opt.Free = func(string) (int64, error) { return leastFree - 1, nil }
	if _, err := s.AddPhoto(p.manifest, p.files); !isProblem(err, "no-room-for-photos") {
		t.Errorf("a new photo: %v", err)
	}
	if err := s.TakeManifest(p.manifest); !isProblem(err, "no-room-for-photos") {
		t.Errorf("one from elsewhere: %v", err)
	}
	save(t, s, trainee("Text goes on"))
	s.opt.Free = func(string) (int64, error) { return leastFree, nil }
	if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

func TestSweepPhotos_takesWhatNobodyNamedForSevenDays(t *testing.T) {
	s := newStore(t, 1)
	now := time.Unix(1_790_000_000, 0)
	s.opt.Now = func() time.Time { return now }
	named, typed, replaced, lost := pictureOf(1), pictureOf(2), pictureOf(3), pictureOf(4)
	for _, p := range []*picture{&named, &typed, &replaced, &lost} {
		if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
			t.Fatal(err)
		}
	}
	save(t, s, withPhoto(named.name()))
	id := save(t, s, withPhoto(replaced.name()))
	if err := s.SetDraft("new trainee", []byte(`{"photo":"`+typed.name().String()+`"}`)); err != nil {
		t.Fatal(err)
	}
	sweep := func(want int) {
		t.Helper()
		if n, err := s.SweepPhotos(); err != nil || n != want {
			t.Errorf("swept %d, want %d: %v", n, want, err)
		}
	}
	sweep(0)
	now = now.Add(8 * 24 * time.Hour)
	save(t, s, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhoto}}}}})
	sweep(1) // lost; replaced only begins to wait
	now = now.Add(6 * 24 * time.Hour)
	sweep(0)
	now = now.Add(-3000 * 24 * time.Hour) // the clock's battery died
	sweep(0)
	now = now.Add(8 * 24 * time.Hour)
	sweep(1)
	isHere(t, s, &named)
	isHere(t, s, &typed)
	for _, p := range []*picture{&replaced, &lost} {
		if _, err := s.Photo(p.name(), blob.Preview); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("still there: %v", err)
		}
	}
	if err := s.DropPhotos(named.name()); err != nil || s.PhotoState(named.name()).Known() || s.WholeImages() != 2 {
		t.Errorf("dropped: %v, %d images left", err, s.WholeImages())
	}
}

func TestBackup_hasThePhotos(t *testing.T) {
	s := newStore(t, 1)
	p, half := pictureOf(1), pictureOf(2)
	if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
		t.Fatal(err)
	}
	save(t, s, withPhoto(p.name()))
	save(t, s, withPhoto(half.name()))
	if err := s.TakeManifest(half.manifest); err != nil {
		t.Fatal(err)
	}
	if err := s.TakeChunk(half.name(), blob.Working, 2, half.cut(piece{blob.Working, 2})); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := s.Backup(w, ""); err != nil {
		t.Fatal(err)
	}
	w.Close()
	dir := filepath.Join(filepath.Dir(s.dir), "restored")
	for r := tar.NewReader(&b); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := RestoreMember(dir, h.Name, r); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []string{photosDir, photosDir + "/", photosDir + "/../x", photosDir + "/" + strings.Repeat("0", 32) + ".4", photosDir + "/a/" + strings.Repeat("0", 32) + ".1"} {
		if err := RestoreMember(dir, bad, strings.NewReader("x")); err == nil {
			t.Errorf("%q was restored", bad)
		}
	}
	opt := testOptions
	opt.Incarnate = true
	again, err := Open(dir, keysFor(t, filepath.Dir(s.dir)), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	verified(t, again)
	isHere(t, again, &p)
	if h := again.PhotoState(half.name()).Of(blob.Working); h.Whole || h.Chunks != 4 {
		t.Errorf("half a photo: %+v", h)
	}
}

// TestRepair_photos flips bytes anywhere in photos: verify sees each, repair gives up what is damaged and nothing else,
// and what is missing then comes again.
func TestRepair_photos(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	for run := range 4 {
		s := newStore(t, 1)
		var list []picture
		for i := range 3 {
			p := pictureOf(10*run + i)
			if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
				t.Fatal(err)
			}
			save(t, s, withPhoto(p.name()))
			list = append(list, p)
		}
		digest := s.Digest()
		key := s.seal.photoKey(list[0].name())
		path := s.photoPath(key, 3)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if run%4 == 0 {
			flipAt(t, path, 8+rnd.IntN(300)) // the beginning
		} else {
			flip(t, rnd, path, 1)
		}
		looked, err := Open(s.dir, keysFor(t, filepath.Dir(s.dir)), testOptions)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := looked.Verify(); err != nil || len(r.Damage) != 1 || r.Photos != 3 {
			t.Errorf("run %d: verify says %+v %v", run, r, err)
		}
		looked.Close()
		done, again := repaired(t, s)
		if len(done.Found) == 0 || len(done.Aside) > 0 || again.Digest() != digest {
			t.Errorf("run %d: %+v", run, done)
		}
		p := &list[0]
		if err := again.TakeManifest(p.manifest); err != nil {
			t.Fatal(err)
		}
		missing := 0
		for _, c := range p.pieces() {
			if !again.PhotoState(p.name()).Of(c.size).Has(c.i) {
				missing++
				if err := again.TakeChunk(p.name(), c.size, c.i, p.cut(c)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if run%4 != 0 && missing != 1 {
			t.Errorf("run %d: one byte cost %d chunks", run, missing)
		}
		for i := range list {
			isHere(t, again, &list[i])
		}
	}
}

// An image that is read and turns out damaged counts as not arrived from then on.
func TestPhoto_thatTurnsOutDamagedIsAskedForAgain(t *testing.T) {
	s := newStore(t, 1)
	p := pictureOf(1)
	if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
		t.Fatal(err)
	}
	save(t, s, withPhoto(p.name()))
	path := s.photoPath(s.seal.photoKey(p.name()), 3)
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	flipAt(t, path, int(st.Size())-5)
	if got, err := s.Photo(p.name(), blob.Working); err == nil {
		t.Fatalf("%d damaged bytes were given out", len(got))
	}
	if got, err := s.Photo(p.name(), blob.Preview); err != nil || !bytes.Equal(got, p.files[0]) {
		t.Errorf("the preview is not damaged: %v", err)
	}
	last := p.manifest.Image(blob.Working).Count() - 1
	if h := s.PhotoState(p.name()).Of(blob.Working); h.Whole || h.Chunks != p.manifest.Image(blob.Working).All().Without(last) {
		t.Errorf("%+v", h)
	}
	if err := s.TakeChunk(p.name(), blob.Working, last, p.cut(piece{blob.Working, last})); err != nil {
		t.Fatal(err)
	}
	isHere(t, s, &p)
}

// A manifest whose parts do not make its whole is somebody's lie; nothing of it is ever shown.
func TestTakeChunk_aManifestThatContradictsItself(t *testing.T) {
	s := newStore(t, 1)
	p := pictureOf(1)
	p.manifest.Images[1].Sum[0] ^= 1
	save(t, s, withPhoto(p.name()))
	if err := s.TakeManifest(p.manifest); err != nil {
		t.Fatal(err)
	}
	for _, c := range p.pieces() {
		if err := s.TakeChunk(p.name(), c.size, c.i, p.cut(c)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Photo(p.name(), blob.Working); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the image was given out: %v", err)
	}
	again := reopen(t, s, testOptions)
	if _, err := again.Photo(p.name(), blob.Working); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after a restart: %v", err)
	}
	if h := again.PhotoState(p.name()).Of(blob.Working); h.Whole || h.Chunks != p.manifest.Image(blob.Working).All() {
		t.Errorf("it would be asked for for ever: %+v", h)
	}
}

const killedPhotos = 60

// takeUntilKilled is the child of the kill test: it takes in chunks and adds photos, and says what it has, until killed.
func takeUntilKilled(dir string) {
	opt := testOptions
	opt.NoCheck = true
	s, err := Open(filepath.Join(dir, "c"), keysFor(&testing.T{}, dir), opt)
	if err != nil {
		fmt.Println("FAIL", err)
		os.Exit(1)
	}
	fmt.Println("READY")
	for {
		seed := rand.IntN(killedPhotos)
		p := pictureOf(seed)
		name := p.name()
		if seed%5 == 0 {
			if _, err := s.AddPhoto(p.manifest, p.files); err == nil {
				fmt.Printf("ACK %d whole\n", seed)
			}
			continue
		}
		if err := s.TakeManifest(p.manifest); err != nil {
			fmt.Println("FAIL", err)
		}
		list := p.pieces()
		for range 3 {
			c := list[rand.IntN(len(list))]
			if err := s.TakeChunk(name, c.size, c.i, p.cut(c)); err == nil {
				fmt.Printf("ACK %d %d %d\n", seed, c.size, c.i)
			} else {
				fmt.Println("FAIL", err)
			}
		}
	}
}

func TestKill_noChunkOfAPhotoThatWasAcknowledgedIsLost(t *testing.T) {
	runs := 24
	if testing.Short() {
		runs = 8
	}
	dir := t.TempDir()
	s, err := Create(filepath.Join(dir, "c"), identity(1), keysFor(t, dir), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range killedPhotos {
		p := pictureOf(seed)
		save(t, s, withPhoto(p.name()))
	}
	s.Close()
	acked := map[string]bool{}
	for run := 0; run < runs || len(acked) < 3*runs && run < 10*runs; run++ { // a busy machine gets little done before it is killed
		text := killed(t, "KANDILI_PHOTO_CRASH_DIR="+dir, time.Duration(rand.IntN(30_000))*time.Microsecond)
		lines := strings.Split(text, "\n")
		for _, line := range lines[:len(lines)-1] {
			if strings.HasPrefix(line, "FAIL") {
				t.Fatal(line)
			}
			if strings.HasPrefix(line, "ACK ") {
				acked[line] = true
			}
		}
		if run%8 != 7 {
			continue
		}
		s, err := Open(filepath.Join(dir, "c"), keysFor(t, dir), testOptions)
		if err != nil {
			t.Fatal(err)
		}
		for line := range acked {
			lookFor(t, s, line)
		}
		verified(t, s)
		s.Close()
	}
	if len(acked) < 3*runs {
		t.Fatalf("only %d pieces in %d runs: the test does not test", len(acked), runs)
	}
}

func lookFor(t *testing.T, s *Store, line string) {
	t.Helper()
	var seed, size, i int
	n, _ := fmt.Sscanf(line, "ACK %d %d %d", &seed, &size, &i)
	p := pictureOf(seed)
	if n < 3 {
		isHere(t, s, &p)
		return
	}
	c := piece{blob.Size(size), i}
	if got, err := s.PhotoChunk(p.name(), c.size, c.i); err != nil || !bytes.Equal(got, p.cut(c)) {
		t.Fatalf("%s: %d bytes, %v", line, len(got), err)
	}
}

// Whoever asked to be forgotten has no photo left anywhere, nor the one that was replaced, and no old stick brings it back.
func TestForget_takesPhotosAtOnce(t *testing.T) {
	hq, list := office(t, 1)
	a := list[0]
	exchange(t, a, hq)
	old, now, other := pictureOf(1), pictureOf(2), pictureOf(3)
	for _, p := range []*picture{&old, &now, &other} {
		for _, s := range []*Store{a, hq} {
			if _, err := s.AddPhoto(p.manifest, p.files); err != nil {
				t.Fatal(err)
			}
		}
	}
	id := save(t, a, withPhoto(old.name()))
	save(t, a, Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Record: id, Fields: []fieldwork.FieldValue{{Field: fieldwork.TraineePhoto, Value: now.name().Value()}}}}})
	save(t, a, withPhoto(other.name()))
	exchange(t, a, hq)
	if _, err := hq.Forget(id); err != nil {
		t.Fatal(err)
	}
	exchange(t, a, hq)
	for who, s := range map[string]*Store{"HQ": hq, "the laptop": a} {
		for _, p := range []*picture{&old, &now} {
			if s.PhotoState(p.name()).Known() {
				t.Errorf("%s still has a photo of her", who)
			}
			if err := s.TakeManifest(p.manifest); !errors.Is(err, blob.ErrUnasked) {
				t.Errorf("an old stick brings it back to %s: %v", who, err)
			}
		}
		isHere(t, s, &other)
		if files, _ := filepath.Glob(filepath.Join(s.dir, photosDir, "*")); len(files) != 1 {
			t.Errorf("%s: files %v", who, files)
		}
	}
}

var writeFixture = flag.Bool("fixture", false, "write testdata/photo-1, which is never changed afterwards")

// TestPhotoFile_everyVersionIsReadForEver opens a file that the first version wrote, with the key of that time: half of a working
// image and a whole preview.
func TestPhotoFile_everyVersionIsReadForEver(t *testing.T) {
	const dir = "testdata/photo-1"
	p := pictureOf(77)
	if *writeFixture {
		keys, err := vault.CreateWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "test.key"))
		if err != nil {
			t.Fatal(err)
		}
		s := &Store{dir: dir, keys: keys, seal: newSealers(keys), opt: Options{Free: freeBytes}}
		s.records.reset()
		s.records.photos[p.name()] = 1
		if err := s.TakeManifest(p.manifest); err != nil {
			t.Fatal(err)
		}
		for _, c := range p.pieces()[:2] {
			if err := s.TakeChunk(p.name(), c.size, c.i, p.cut(c)); err != nil {
				t.Fatal(err)
			}
		}
	}
	keys, err := vault.UnlockWithKeyFile(filepath.Join(dir, "vault.json"), filepath.Join(dir, "test.key"))
	if err != nil {
		t.Fatal(err)
	}
	s := &Store{dir: dir, keys: keys, seal: newSealers(keys)}
	if got, err := s.Photo(p.name(), blob.Preview); err != nil || !bytes.Equal(got, p.files[0]) {
		t.Errorf("the preview: %d bytes, %v", len(got), err)
	}
	if h := s.PhotoState(p.name()).Of(blob.Working); h.Whole || h.Chunks != 1 {
		t.Errorf("the working image: %+v", h)
	}
	if got, err := s.PhotoChunk(p.name(), blob.Working, 0); err != nil || !bytes.Equal(got, p.cut(piece{blob.Working, 0})) {
		t.Errorf("its first chunk: %d bytes, %v", len(got), err)
	}
}

// Sweeping, verifying and adding at once: none waits for the other for ever.
func TestPhotos_locksAreTakenInOneOrder(t *testing.T) {
	s := newStore(t, 1)
	now := time.Unix(1_790_000_000, 0)
	s.opt.Now = func() time.Time { return now }
	done := make(chan error, 3)
	again := func(f func() error) {
		for range 60 {
			if err := f(); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}
	seed := 0
	go again(func() error { _, err := s.SweepPhotos(); return err })
	go again(func() error { _, err := s.Verify(); return err })
	go again(func() error {
		seed++
		p := pictureOf(seed % 3)
		if seed%2 == 0 {
			return s.DropPhotos(p.name())
		}
		_, err := s.AddPhoto(p.manifest, p.files)
		return err
	})
	for range 3 {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("they wait for each other")
		}
	}
}
