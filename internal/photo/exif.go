package photo

import (
	"bytes"
	"math"
	"time"

	"github.com/bep/imagemeta"
)

// exifTags are what is asked for; everything else in the file is passed over.
var exifTags = map[string]bool{
	"Orientation": true, "DateTimeOriginal": true,
	"GPSLatitude": true, "GPSLatitudeRef": true, "GPSLongitude": true, "GPSLongitudeRef": true, "GPSHPositioningError": true,
}

// metadata reads what the file tells. A file that tells nonsense tells nothing.
func metadata(kind format, file []byte) (h Hints, orientation int) {
	var tags imagemeta.Tags
	opt := imagemeta.Options{R: bytes.NewReader(file), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF, LimitNumTags: 1000, LimitTagSize: 1000,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return exifTags[t.Tag] },
		HandleTag: func(t imagemeta.TagInfo) error {
			tags.Add(t)
			return nil
		}}
	if kind == formatPNG {
		opt.ImageFormat = imagemeta.PNG
	}
	if _, err := imagemeta.Decode(opt); err != nil {
		return Hints{}, 0
	}
	exif := tags.EXIF()
	if t, ok := exif["Orientation"]; ok {
		orientation = int(number(t.Value))
	}
	if lat, lon, err := tags.GetLatLong(); err == nil && onEarth(lat, lon) {
		h.Located, h.Lat, h.Lon = true, lat, lon
		if t, ok := exif["GPSHPositioningError"]; ok {
			h.Accuracy = int64(min(max(math.Ceil(number(t.Value)), 0), 10_000))
		}
	}
	if when, err := tags.GetDateTime(); err == nil && when.Year() >= 2000 && when.Year() < 2100 {
		h.Taken = time.Date(when.Year(), when.Month(), when.Day(), when.Hour(), when.Minute(), when.Second(), 0, time.UTC)
	}
	return h, orientation
}

// onEarth says whether the position is one. Cameras without a fix write zeros.
func onEarth(lat, lon float64) bool {
	return math.Abs(lat) <= 90 && math.Abs(lon) <= 180 && (lat != 0 || lon != 0)
}

// number reads a tag's number, whatever type it came in; 0 for what is none.
func number(v any) float64 {
	switch x := v.(type) {
	case uint16:
		return float64(x)
	case uint32:
		return float64(x)
	case uint8:
		return float64(x)
	case interface{ Float64() float64 }:
		return x.Float64()
	}
	return 0
}
