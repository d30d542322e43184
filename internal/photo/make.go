package photo

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
)

// Made is what becomes of a picture file.
type Made struct {
	Manifest         blob.Manifest
	Preview, Working []byte // JPEG files without metadata
	Hints            Hints
}

// Files returns the images in the manifest's order.
func (m *Made) Files() [][]byte { return [][]byte{m.Preview, m.Working} }

// Hints are what the file told about the picture. They are not in what is made of it.
type Hints struct {
	Located  bool
	Lat, Lon float64   // degrees
	Accuracy int64     // metres; 0: not told
	Taken    time.Time // by the camera's clock, in UTC whatever its zone was; zero: not told
}

// Position returns the position as a field's value; the empty one where none was told.
func (h Hints) Position() fieldwork.Value {
	if !h.Located {
		return fieldwork.Value{}
	}
	return fieldwork.Position(h.Lat, h.Lon, h.Accuracy)
}

// turn lets one picture be decoded at a time: each may take a quarter of a gigabyte.
var turn = make(chan struct{}, 1)

// ReadFile makes the images of a picture file. The file itself stays where it is.
func ReadFile(ctx context.Context, path string) (Made, error) {
	f, err := os.Open(path)
	if err != nil {
		return Made{}, noFile(err)
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return Made{}, noFile(err)
	}
	return Make(ctx, f)
}

func noFile(err error) error {
	return &fieldwork.Problem{Code: "photo-file", Sentence: "This file cannot be opened. Nothing was changed.", Hint: "Check its name and place, and that it is not on a stick that was pulled.", Err: err}
}

// Make reads a picture and makes the images. It takes about a second for a large picture, so it never runs where
// somebody waits for the window. It fails with a Problem that says what is wrong with the picture, or with ctx's error.
func Make(ctx context.Context, r io.Reader) (Made, error) {
	file, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Made{}, noFile(err)
	}
	kind, err := look(file)
	if err != nil {
		return Made{}, err
	}
	pic, hints, err := open(ctx, kind, file)
	if err != nil {
		return Made{}, err
	}
	made := Made{Hints: hints}
	if err := made.add(pic, blob.Preview); err != nil {
		return Made{}, err
	}
	if err := ctx.Err(); err != nil {
		return Made{}, err
	}
	return made, made.add(pic, blob.Working)
}

// open decodes the picture, not larger than the working image needs it, and turns it upright.
func open(ctx context.Context, kind format, file []byte) (*image.RGBA, Hints, error) {
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, Hints{}, ctx.Err()
	}
	source, err := decode(kind, file)
	if err != nil {
		return nil, Hints{}, damaged(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, Hints{}, err
	}
	hints, orientation := metadata(kind, file)
	return upright(shrink(source, budgets[blob.Working].side), orientation), hints, nil
}

func decode(kind format, file []byte) (image.Image, error) {
	if kind == formatPNG {
		return png.Decode(bytes.NewReader(file))
	}
	return jpeg.Decode(bytes.NewReader(file))
}

// add encodes the image of a size and lists it.
func (m *Made) add(pic *image.RGBA, s blob.Size) error {
	file, at, err := fit(pic, budgets[s])
	if err != nil {
		return err
	}
	m.Manifest.Images = append(m.Manifest.Images, blob.NewImage(s, at.Dx(), at.Dy(), file))
	if s == blob.Preview {
		m.Preview = file
	} else {
		m.Working = file
	}
	return nil
}

// Again decodes an image that came from elsewhere and encodes it anew, so that what is shown to a browser is nothing
// but a picture. It fails with a Problem.
func Again(ctx context.Context, file []byte) ([]byte, error) {
	kind, err := look(file)
	if err != nil {
		return nil, err
	}
	pic, _, err := open(ctx, kind, file)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, pic, &jpeg.Options{Quality: 85})
	return out.Bytes(), err
}

// errNoFit says that not even the smallest image is small enough, which no picture reaches.
var errNoFit = errors.New("the picture does not get small enough")
