package laptop

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// folder1 shows what a data folder of the first format showed when it was written, by kandilictl init --practice 1 --changes 120.
const folder1 = "47176aa520fc6ab803e97389d1ad83f08a275de4484495d970a85f699e5fc96b"

// TestVersions_aFolderOfTheFirstFormatOpensForEver: it shows the same, everything in it agrees with its log, and it opens a second
// time, too.
func TestVersions_aFolderOfTheFirstFormatOpensForEver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	untar(t, "testdata/folder-1.tar.gz", dir)
	for _, time := range []string{"first", "second"} {
		f, err := Open(dir, []byte("four words are good"))
		if err != nil {
			t.Fatalf("the %s time: %v", time, err)
		}
		if got := f.Store().Digest().String(); got != folder1 {
			t.Errorf("the %s time it shows %s", time, got)
		}
		if r, err := f.Store().Verify(); err != nil || len(r.Damage) > 0 {
			t.Errorf("the %s time: %v %q", time, err, r.Damage)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func untar(t *testing.T, file, dir string) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(z)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.FromSlash(h.Name))
		if h.Typeflag == tar.TypeDir {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		b, err := io.ReadAll(r)
		if err == nil {
			err = os.WriteFile(path, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
