package lens

import (
	"bytes"
	"errors"
	"image"
	_ "image/gif"  // screenshots now and then
	_ "image/jpeg" // photos
	_ "image/png"  // screenshots, and codes as programs write them

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// MaxPixels is the largest picture that is decoded; phones take up to 50 megapixels, but send less.
const MaxPixels = 64_000_000

// Errors of Read.
var (
	ErrNoPicture = errors.New("this is no picture that can be read")
	ErrNoCode    = errors.New("no QR code is found in the picture")
)

// Read returns the text of the QR code in a PNG, JPEG or GIF. It tries long, up to a second or two: a person chose this picture and
// waits. The error is ErrNoPicture or ErrNoCode.
func Read(b []byte) (string, error) {
	img, err := decode(b)
	if err != nil {
		return "", err
	}
	return Find(img)
}

// Glance is Read for one of many frames of a camera: it tries what is quick, since the next frame comes soon.
func Glance(b []byte) (string, error) {
	img, err := decode(b)
	if err != nil {
		return "", err
	}
	g := fitted(gray(img), 1000)
	for _, try := range []func(*image.Gray) (string, bool){hybrid, global} {
		if text, ok := try(g); ok {
			return text, nil
		}
	}
	return "", ErrNoCode
}

func decode(b []byte) (image.Image, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > MaxPixels/c.Height {
		return nil, ErrNoPicture
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, ErrNoPicture
	}
	return img, nil
}

// sides are the longest sides that a picture is reduced to, in pixels, the most promising first: codes fill a good part of most photos,
// small ones need more, and what is out of focus is sharper when it is smaller.
var sides = []int{1000, 2000, 600}

// Find is Read for a decoded picture.
func Find(img image.Image) (string, error) {
	whole := gray(img)
	done := map[image.Point]bool{}
	for _, side := range sides {
		g := fitted(whole, side)
		if size := g.Bounds().Size(); done[size] {
			continue
		} else {
			done[size] = true
		}
		if text, ok := look(g); ok {
			return text, nil
		}
	}
	return "", ErrNoCode
}

// look tries one size: as it is, turned so that a code that stands on its corner lies flat, smoothed against noise, turned more.
func look(g *image.Gray) (string, bool) {
	for _, view := range []func(*image.Gray) *image.Gray{
		func(g *image.Gray) *image.Gray { return g },
		func(g *image.Gray) *image.Gray { return turned(g, 30) },
		smoothed,
		func(g *image.Gray) *image.Gray { return turned(smoothed(g), 60) },
	} {
		v := view(g)
		if text, ok := hybrid(v); ok {
			return text, true
		}
		if text, ok := global(v); ok {
			return text, true
		}
	}
	return "", false
}

// hybrid tells dark from light in each part of the picture by itself, global in all of it at once.
func hybrid(g *image.Gray) (string, bool) { return scan(g, gozxing.NewHybridBinarizer) }
func global(g *image.Gray) (string, bool) { return scan(g, gozxing.NewGlobalHistgramBinarizer) }

func scan(g *image.Gray, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) (text string, ok bool) {
	defer func() {
		if recover() != nil { // the decoder is a port that was not made for hostile pictures
			text, ok = "", false
		}
	}()
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(gozxing.NewLuminanceSourceFromImage(g)))
	if err != nil {
		return "", false
	}
	r, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", false
	}
	return r.GetText(), true
}
