package main

import (
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// BenchmarkWindow_with100000People opens a folder with 100,000 people and shows their list, against the same window with next to nobody:
// how many times as long it takes from the passphrase to the list, and how much more memory is held after that. The software painter
// stands for the screen; what it draws is the same in both.
func BenchmarkWindow_with100000People(b *testing.B) {
	empty, full := folderOf(b, 0), folderOf(b, 100_000)
	for b.Loop() {
		less, small := opened(b, empty)
		more, large := opened(b, full)
		b.ReportMetric(less.Seconds()*1000, "empty-ms")
		b.ReportMetric(more.Seconds()*1000, "full-ms")
		b.ReportMetric(more.Seconds()/less.Seconds(), "full/empty")
		b.ReportMetric(float64(large-small)/1e6, "MB-over")
	}
}

// folderOf is a data folder with so many people, closed.
func folderOf(b *testing.B, people int) string {
	b.Helper()
	b.Setenv("HOME", b.TempDir())
	dir := filepath.Join(b.TempDir(), "data")
	s := open(b, dir)
	if err := s.desk.Create("Kajiado 1", []byte("four words are good")); err != nil {
		b.Fatal(err)
	}
	if err := s.desk.open().Practice(1, 1); err != nil {
		b.Fatal(err)
	}
	if err := s.desk.Store().SetNote("window/tour", []byte("done")); err != nil {
		b.Fatal(err)
	}
	crowd(b, s.desk.Store(), people)
	s.desk.Close()
	return dir
}

// opened unlocks a folder and shows the list of people; it says how long that took and what is held in memory then.
func opened(b *testing.B, dir string) (time.Duration, uint64) {
	b.Helper()
	s := open(b, dir)
	s.typed("four words are good")
	began := time.Now()
	s.key(fyne.KeyReturn)
	s.menu("People")
	s.window().Resize(fyne.NewSize(1280, 770))
	s.window().Canvas().Capture()
	took := time.Since(began)
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.desk.Close()
	runtime.KeepAlive(s)
	return took, m.HeapAlloc
}
