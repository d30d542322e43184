package journey

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
)

// shirt is a colour that nothing in the window has: where it is seen, the face is.
var shirt = color.RGBA{R: 190, G: 40, B: 170, A: 255}

// drawFace writes a portrait of nobody: a head, shoulders, and the shirt.
func drawFace(path string) error {
	const side = 480
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			c := color.RGBA{R: 205, G: 214, B: 222, A: 255}
			dx, dy := x-side/2, y-side*2/5
			ex, ey := x-side/2, y-side
			switch {
			case dx*dx*5/4+dy*dy < 110*110:
				c = color.RGBA{R: 110, G: 72, B: 50, A: 255}
			case ex*ex+ey*ey < 200*200:
				c = shirt
			}
			img.SetRGBA(x, y, c)
		}
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := jpeg.Encode(f, img, &jpeg.Options{Quality: 92}); err != nil {
		return err
	}
	return f.Close()
}

// giveFace gives the only one of a name a photo, as the terminal does.
func (l *seat) giveFace(ctx context.Context, name, dir string) error {
	picture := filepath.Join(dir, "face.jpg")
	if err := drawFace(picture); err != nil {
		return err
	}
	out, err := l.run(ctx, "find", name, "--json")
	if err != nil {
		return err
	}
	var found struct{ Records []struct{ Code string } }
	if err := json.Unmarshal([]byte(out), &found); err != nil || len(found.Records) == 0 {
		return fmt.Errorf("nobody is called %s: %w: %.200s", name, err, out)
	}
	_, err = l.run(ctx, "set", found.Records[0].Code, "photo=@"+picture)
	return err
}

// shirtIn is how many dots of a picture of the window have the colour of the shirt.
func shirtIn(picture string) (n int, err error) {
	f, err := os.Open(picture)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return 0, err
	}
	near := func(a uint32, b uint8) bool { d := int(a>>8) - int(b); return d*d < 20*20 }
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			if near(r, shirt.R) && near(g, shirt.G) && near(b, shirt.B) {
				n++
			}
		}
	}
	return n, nil
}
