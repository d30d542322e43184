package assets

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"io/fs"
	"testing"
)

func TestIcons_areBlackStrokesOf24(t *testing.T) {
	names, err := fs.Glob(icons, "icons/*.svg")
	if err != nil || len(names) < 16 {
		t.Fatalf("got %d icons, %v", len(names), err)
	}
	for _, name := range names {
		b, _ := icons.ReadFile(name)
		if !bytes.Contains(b, []byte(`viewBox="0 0 24 24"`)) || bytes.Contains(b, []byte("currentColor")) {
			t.Errorf("%s: wants a view box of 24 and plain black", name)
		}
		for d := xml.NewDecoder(bytes.NewReader(b)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
}

func TestAppIcon_is512(t *testing.T) {
	c, err := png.DecodeConfig(bytes.NewReader(AppIcon()))
	if err != nil || c.Width != 512 || c.Height != 512 {
		t.Errorf("got %dx%d, %v", c.Width, c.Height, err)
	}
}

func TestFonts_areThere(t *testing.T) {
	for _, name := range []string{"NotoSans-Regular", "NotoSans-Bold", "NotoSansMono-Regular"} {
		if len(Font(name)) < 100_000 {
			t.Errorf("%s is too small", name)
		}
	}
}
