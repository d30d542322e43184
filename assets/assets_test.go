package assets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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

func TestDictionaries_areNamedByTheirHashAndNoneIsMissing(t *testing.T) {
	files, err := fs.Glob(dictionaries, "dictionaries/*.zdict")
	if err != nil || len(files) != len(dictionaryNames) || len(files) == 0 {
		t.Fatalf("%d files, %d names: %v", len(files), len(dictionaryNames), err)
	}
	for i, b := range Dictionaries() {
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:8]) != dictionaryNames[i] {
			t.Errorf("%s holds %x", dictionaryNames[i], sum[:8])
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
