package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// BenchmarkWindow_with100000People opens a folder with 100,000 people and shows their list, against the same window with next to nobody:
// how many times as long it takes from the passphrase to the list, and how much more memory is held after that. Both folders were
// opened and closed before, as on any day but the first; "killed" is the first start after the program was killed while somebody was
// being registered. The software painter stands for the screen; what it draws is the same in all.
func BenchmarkWindow_with100000People(b *testing.B) {
	empty, full := folderOf(b, 0), folderOf(b, 100_000)
	opened(b, empty)
	opened(b, full)
	var less, more, killed []float64
	var over float64
	for b.Loop() {
		for range 5 {
			t, small := opened(b, empty)
			less = append(less, t.Seconds()*1000)
			t, large := opened(b, full)
			more = append(more, t.Seconds()*1000)
			over = max(over, float64(large)-float64(small))
		}
		t, _ := opened(b, afterKill(b, full))
		killed = append(killed, t.Seconds()*1000)
	}
	b.ReportMetric(median(less), "empty-ms")
	b.ReportMetric(median(more), "full-ms")
	b.ReportMetric(median(more)/median(less), "full/empty")
	b.ReportMetric(median(killed), "killed-ms")
	b.ReportMetric(over/1e6, "MB-over")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// afterKill is a copy of a folder as a kill leaves it after a save.
func afterKill(b *testing.B, dir string) string {
	b.Helper()
	s := open(b, dir)
	s.typed("four words are good")
	s.key(fyne.KeyReturn)
	crowd(b, s.desk.Store(), 1)
	copied := filepath.Join(b.TempDir(), "data")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		b.Fatal(err)
	}
	s.desk.Close()
	return copied
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
