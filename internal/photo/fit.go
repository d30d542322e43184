package photo

import (
	"bytes"
	"image"
	"image/jpeg"

	"kandili/internal/blob"
)

// budget is how large an image may be.
type budget struct {
	side  int // pixels of the longer side
	bytes int
	best  int // JPEG quality, 1 to 100; more costs bytes and shows nothing
	worst int // below this a smaller picture looks better
}

var budgets = map[blob.Size]budget{
	blob.Preview: {side: 320, bytes: 8_000, best: 85, worst: 40},
	blob.Working: {side: 1280, bytes: 120_000, best: 85, worst: 45},
}

// fit encodes the picture with the best quality that keeps to the budget; where none does, it takes a smaller picture.
func fit(pic *image.RGBA, b budget) ([]byte, image.Rectangle, error) {
	for side := b.side; side >= 16; side = side * 3 / 4 {
		small := scaleTo(pic, side)
		file, err := bestQuality(small, b)
		if err != nil || file != nil {
			return file, small.Bounds(), err
		}
	}
	return nil, image.Rectangle{}, errNoFit
}

// bestQuality searches the quality by halves; nil where the worst is still too large.
func bestQuality(pic *image.RGBA, b budget) (best []byte, err error) {
	for low, high := b.worst, b.best; low <= high; {
		quality := (low + high) / 2
		if best == nil && low == b.worst && high == b.best {
			quality = b.best // most pictures of a dusty village fit at once
		}
		var out bytes.Buffer
		if err := jpeg.Encode(&out, pic, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if out.Len() <= b.bytes {
			best, low = out.Bytes(), quality+1
		} else {
			high = quality - 1
		}
	}
	return best, nil
}
