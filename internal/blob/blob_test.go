package blob

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
)

func noise(n int) []byte {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

func manifest() (Manifest, []byte, []byte) {
	preview, working := noise(7000), noise(3*ChunkSize+5)
	return Manifest{Images: []Image{NewImage(Preview, 320, 240, preview), NewImage(Working, 1280, 960, working)}}, preview, working
}

func TestManifest_hasOneFormAndOneName(t *testing.T) {
	m, preview, working := manifest()
	raw := m.Append(nil)
	got, err := ReadManifest(raw)
	if err != nil || !bytes.Equal(got.Append(nil), raw) || got.Name() != m.Name() {
		t.Fatalf("%+v %v", got, err)
	}
	for i := range raw {
		other := bytes.Clone(raw)
		other[i] ^= 1
		if c, err := ReadManifest(other); err == nil && c.Name() == m.Name() {
			t.Errorf("byte %d does not count", i)
		}
	}
	for name, bad := range map[string][]byte{"nothing": nil, "cut": raw[:len(raw)-1], "more": append(bytes.Clone(raw), 0), "another version": append([]byte{2}, raw[1:]...),
		"no image": {1, 0}, "an empty image": append([]byte{1, 1, 1, 0, 1, 1}, make([]byte, 32)...), "a huge one": append([]byte{1, 1, 1, 0xFF, 0xFF, 0xFF, 0x7F, 1, 1}, make([]byte, 32)...)} {
		if _, err := ReadManifest(bad); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if im := m.Image(Preview); im.Count() != 1 || !im.Fits(0, preview) || im.Fits(0, preview[1:]) || im.All() != 1 {
		t.Errorf("preview: %+v", im)
	}
	im := m.Image(Working)
	if im.Count() != 4 || im.All() != 15 || !im.Whole(working) || im.Whole(working[1:]) {
		t.Errorf("working image: %+v", im)
	}
	for i := range 4 {
		if !im.Fits(i, im.Cut(working, i)) || im.Fits((i+1)%4, im.Cut(working, i)) {
			t.Errorf("chunk %d", i)
		}
	}
	if im.Fits(-1, nil) || im.Fits(4, nil) {
		t.Error("a chunk beyond the image")
	}
}

func TestName_isTheValueOfAField(t *testing.T) {
	m, _, _ := manifest()
	n := m.Name()
	if got, ok := NameOf(n.Value()); !ok || got != n {
		t.Errorf("%v %v", got, ok)
	}
	if got, ok := ParseName(n.String()); !ok || got != n {
		t.Errorf("%v %v", got, ok)
	}
	if _, ok := NameOf(Name{}.Value()); ok || !(Name{}).IsZero() {
		t.Error("an empty field names a photo")
	}
}

func FuzzReadManifest(f *testing.F) {
	m, _, _ := manifest()
	f.Add(m.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ReadManifest(b)
		if err != nil {
			return
		}
		if !bytes.Equal(m.Append(nil), b) {
			t.Fatal("two forms of one manifest")
		}
		for i := range m.Images {
			if im := &m.Images[i]; im.Length > MaxImage || im.Count() > MaxChunks || im.All().Count() != im.Count() {
				t.Fatalf("%+v", im)
			}
		}
	})
}
