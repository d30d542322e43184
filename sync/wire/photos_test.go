package wire_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"kandili/internal/blob"
	"kandili/sync/wire"
)

// goldenPhoto is the photo of the golden frames: a preview of one chunk, a working image of three.
func goldenPhoto() (blob.Manifest, []byte) {
	preview, working := bytes.Repeat([]byte("candeia "), 900), bytes.Repeat([]byte("chandelle "), 3500)
	return blob.Manifest{Images: []blob.Image{blob.NewImage(blob.Preview, 320, 240, preview), blob.NewImage(blob.Working, 1280, 960, working)}}, working
}

func goldenPhotoFrames() []golden {
	m, working := goldenPhoto()
	im := m.Image(blob.Working)
	part := blob.State{}.With(blob.Preview, blob.Held{Whole: true}).With(blob.Working, blob.Held{Begun: true, Chunks: 5})
	list := []golden{}
	add := func(name string, f wire.Frame) {
		list = append(list, golden{name, base64.StdEncoding.EncodeToString(wire.AppendFrame(nil, f)), sayPhoto(f)})
	}
	photos := wire.Photos{Images: 300, Room: 48 << 10, List: []wire.PhotoHeld{
		{Name: blob.Name{1}, Want: 3}, {Name: m.Name(), State: part, Want: 2}, {Name: blob.Name{2}, State: part.With(blob.Working, blob.Held{Whole: true})}}}
	add("photos", photos.Frame())
	add("photos, nothing asked", (&wire.Photos{Images: 7}).Frame())
	add("manifest", wire.ManifestFrame(&m))
	add("chunk", (&wire.Chunk{Name: m.Name(), Size: blob.Working, Index: 2, Bytes: im.Cut(working, 2)}).Frame())
	return list
}

// sayPhoto tells what a frame of photos says, for ever in these words.
func sayPhoto(f wire.Frame) (lines []string) {
	var err error
	switch f.Type {
	case wire.TypePhotos:
		var p wire.Photos
		p, err = wire.ReadPhotos(f.Body)
		lines = append(lines, fmt.Sprintf("photos: %d images whole, room for %d bytes", p.Images, p.Room))
		for _, h := range p.List {
			lines = append(lines, fmt.Sprintf("  %v: preview %s, working image %s, wants %d", h.Name, sayHeld(h.State.Of(blob.Preview)), sayHeld(h.State.Of(blob.Working)), h.Want))
		}
	case wire.TypeManifest:
		var m blob.Manifest
		m, err = wire.ReadManifest(f.Body)
		lines = append(lines, fmt.Sprintf("manifest of %v", m.Name()))
		for _, im := range m.Images {
			lines = append(lines, fmt.Sprintf("  size %d: %d bytes, %d × %d, sum %x, chunks %x", im.Size, im.Length, im.Width, im.Height, im.Sum, im.Chunks))
		}
	case wire.TypeChunk:
		var c wire.Chunk
		c, err = wire.ReadChunk(f.Body)
		lines = append(lines, fmt.Sprintf("chunk %d of size %d of %v: %d bytes, the first %q", c.Index, c.Size, c.Name, len(c.Bytes), c.Bytes[:min(8, len(c.Bytes))]))
	}
	if err != nil {
		lines = append(lines, err.Error())
	}
	return lines
}

func sayHeld(h blob.Held) string {
	switch {
	case h.Whole:
		return "whole"
	case h.Begun:
		return fmt.Sprintf("chunks %b", h.Chunks)
	}
	return "nothing"
}

// TestGolden_photosAreReadForEver: the file is never changed; a new version of a frame gets a new file.
func TestGolden_photosAreReadForEver(t *testing.T) {
	const name = "testdata/photos-1.json"
	if _, err := os.Stat(name); *writeGolden && os.IsNotExist(err) {
		text, err := json.MarshalIndent(goldenPhotoFrames(), "", " ")
		if err == nil {
			err = os.WriteFile(name, append(text, '\n'), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var list []golden
	if err := json.Unmarshal(text, &list); err != nil || len(list) != 4 {
		t.Fatalf("%d frames, %v", len(list), err)
	}
	now := goldenPhotoFrames()
	for i, g := range list {
		stream, err := base64.StdEncoding.DecodeString(g.Frame)
		if err != nil {
			t.Fatal(err)
		}
		f, err := wire.NewReader(bytes.NewReader(stream)).Next()
		if err != nil {
			t.Fatalf("%s: %v", g.Name, err)
		}
		if got := sayPhoto(f); fmt.Sprint(got) != fmt.Sprint(g.Says) {
			t.Errorf("%s:\ngot  %q\nwant %q", g.Name, got, g.Says)
		}
		if now[i].Frame != g.Frame {
			t.Errorf("%s is written in another way", g.Name)
		}
	}
}

func TestReadPhotos_refusesTooMany(t *testing.T) {
	p := wire.Photos{List: make([]wire.PhotoHeld, wire.MaxPhotos+1)}
	if _, err := wire.ReadPhotos(p.Frame().Body); err == nil {
		t.Error("too many were read")
	}
	p.List = p.List[1:]
	full := blob.State{}.With(blob.Preview, blob.Held{Begun: true, Chunks: ^blob.Bits(0)}).With(blob.Working, blob.Held{Begun: true, Chunks: ^blob.Bits(0)})
	for i := range p.List {
		p.List[i].State = full
	}
	f := p.Frame()
	got, err := wire.ReadPhotos(f.Body)
	if err != nil || len(f.Body) > wire.MaxBody || len(got.List) != wire.MaxPhotos || got.List[7] != p.List[7] {
		t.Errorf("as many as there may be: %d bytes, %v", len(f.Body), err)
	}
}

// FuzzPhotos: what is read is written as the same bytes again, but for those of a newer version at the end.
func FuzzPhotos(f *testing.F) {
	for _, g := range goldenPhotoFrames() {
		stream, _ := base64.StdEncoding.DecodeString(g.Frame)
		frame, err := wire.NewReader(bytes.NewReader(stream)).Next()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(frame.Type), frame.Body)
	}
	f.Fuzz(func(t *testing.T, kind byte, body []byte) {
		if p, err := wire.ReadPhotos(body); wire.Type(kind) == wire.TypePhotos && err == nil {
			again, err := wire.ReadPhotos(p.Frame().Body)
			if err != nil || fmt.Sprint(again) != fmt.Sprint(p) {
				t.Fatalf("%+v becomes %+v: %v", p, again, err)
			}
		}
		if c, err := wire.ReadChunk(body); wire.Type(kind) == wire.TypeChunk && err == nil {
			again, err := wire.ReadChunk(c.Frame().Body)
			if err != nil || fmt.Sprint(again) != fmt.Sprint(c) {
				t.Fatalf("%+v becomes %+v: %v", c, again, err)
			}
		}
	})
}
