package laptop

import (
	"bytes"
	"image"
	_ "image/jpeg" // photos of an invite
	_ "image/png"  // invites as HQ writes them

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kandili/internal/fieldwork"
)

// maxPicture is the largest picture of an invite that is decoded, in pixels.
const maxPicture = 24_000_000

// ReadInvitePicture returns the text of the QR in a PNG or JPEG.
func ReadInvitePicture(b []byte) (string, error) {
	bad := func(err error) error {
		return &fieldwork.Problem{Code: "no-qr", Sentence: "No QR can be read in this picture.", Hint: "Take HQ's file itself, or paste the invite's text.", Err: err}
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width*c.Height > maxPicture {
		return "", bad(err)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return "", bad(err)
	}
	text, err := readQR(img)
	if err != nil {
		return "", bad(err)
	}
	return text, nil
}

// readQR tries what is sure for HQ's own clean picture first, then what copes with photos of a screen or a print.
func readQR(img image.Image) (text string, err error) {
	source := gozxing.NewLuminanceSourceFromImage(img)
	for _, hints := range []map[gozxing.DecodeHintType]any{
		{gozxing.DecodeHintType_PURE_BARCODE: true},
		{gozxing.DecodeHintType_TRY_HARDER: true},
	} {
		for _, binarizer := range []gozxing.Binarizer{gozxing.NewGlobalHistgramBinarizer(source), gozxing.NewHybridBinarizer(source)} {
			bitmap, e := gozxing.NewBinaryBitmap(binarizer)
			if e != nil {
				return "", e
			}
			r, e := qrcode.NewQRCodeReader().Decode(bitmap, hints)
			if e == nil {
				return r.GetText(), nil
			}
			err = e
		}
	}
	return "", err
}
