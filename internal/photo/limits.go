package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"kandili/internal/fieldwork"
)

// Limits of a picture file.
const (
	MaxFile   = 12 << 20   // bytes
	maxPixels = 24_000_000 // of the picture
	maxSide   = 12_000     // pixels
	maxScans  = 200        // of a progressive JPEG; each goes over the whole picture, whatever few bytes it takes
	maxMemory = 256 << 20  // bytes that decoding may take, about
)

// format is a kind of file that is read; everything else is refused, whatever its name says.
type format int

const (
	formatJPEG format = iota + 1
	formatPNG
)

var pngMagic = []byte("\x89PNG\r\n\x1a\n")

// pngInterlace is where a PNG says that it is interlaced.
const pngInterlace = 28

// look decides by the first bytes what the file is, and refuses what would take too much to decode.
func look(file []byte) (format, error) {
	switch {
	case len(file) > MaxFile:
		return 0, tooLarge()
	case len(file) == 0:
		return 0, &fieldwork.Problem{Code: "photo-empty", Sentence: "This file is empty. Nothing was changed.", Hint: "Choose another picture."}
	case bytes.HasPrefix(file, []byte{0xFF, 0xD8, 0xFF}):
		return formatJPEG, lookJPEG(file)
	case bytes.HasPrefix(file, pngMagic):
		return formatPNG, lookPNG(file)
	}
	return 0, &fieldwork.Problem{Code: "photo-type", Sentence: "This file is not a picture that Kandili reads. Nothing was changed.",
		Hint: "Choose a JPEG or PNG file. On a phone, set the camera to JPEG (“most compatible”)."}
}

func lookJPEG(file []byte) error {
	c, err := jpeg.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return damaged(err)
	}
	if bytes.Count(file, []byte{0xFF, 0xDA}) > maxScans {
		return tooLarge()
	}
	return size(c, jpegMemory(file, c))
}

func lookPNG(file []byte) error {
	c, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return damaged(err)
	}
	pixel := 4
	switch c.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model, color.Gray16Model:
		pixel = 8
	}
	if len(file) > pngInterlace && file[pngInterlace] != 0 { // interlaced: each pass has a picture of its own
		pixel *= 2
	}
	return size(c, c.Width*c.Height*pixel)
}

func size(c image.Config, memory int) error {
	if c.Width < 1 || c.Height < 1 {
		return damaged(nil)
	}
	if c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels || memory > maxMemory {
		return tooLarge()
	}
	return nil
}

// jpegMemory is what decoding takes, in bytes: of a progressive picture all coefficients are held at once, four bytes each.
func jpegMemory(file []byte, c image.Config) int {
	pixels := c.Width * c.Height
	frame := frameOf(file)
	if len(frame) < 7 || frame[0] != 0xC2 {
		return 3 * pixels
	}
	samples, most := 0, 1
	for i := range int(frame[6]) { // components, three bytes each: id, sampling, table
		at := 7 + 3*i + 1
		if at >= len(frame) {
			break
		}
		n := int(frame[at]>>4) * int(frame[at]&15)
		samples, most = samples+n, max(most, n)
	}
	return 5 * pixels * samples / most
}

// frameOf returns the start of frame of a JPEG: its marker, precision, height, width, components.
func frameOf(file []byte) []byte {
	for at := 2; at+4 <= len(file) && file[at] == 0xFF; {
		marker, length := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		if marker >= 0xC0 && marker <= 0xC2 {
			end := min(at+2+length, len(file))
			return append([]byte{marker}, file[min(at+4, end):end]...)
		}
		at += 2 + length
	}
	return nil
}

func tooLarge() error {
	return &fieldwork.Problem{Code: "photo-large", Sentence: "This picture is too large for Kandili. Nothing was changed.",
		Hint: "Take pictures of at most 24 megapixels and 12 MB: the camera's medium size is plenty."}
}

func damaged(err error) error {
	return &fieldwork.Problem{Code: "photo-damaged", Sentence: "This picture is damaged or was not copied whole. Nothing was changed.",
		Hint: "Copy it again from the camera or phone, or choose another one.", Err: err}
}
