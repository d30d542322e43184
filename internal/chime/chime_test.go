package chime

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWAV_isAFileThatPlayersKnow(t *testing.T) {
	seen := map[string]bool{}
	for tone := range Tone(len(tunes)) {
		b := WAV(tone)
		if !bytes.HasPrefix(b, []byte("RIFF")) || string(b[8:16]) != "WAVEfmt " || int(binary.LittleEndian.Uint32(b[4:]))+8 != len(b) ||
			string(b[36:40]) != "data" || int(binary.LittleEndian.Uint32(b[40:]))+44 != len(b) || binary.LittleEndian.Uint32(b[24:]) != rate {
			t.Errorf("tone %d: %q", tone, b[:44])
		}
		if seconds := float64(len(b)-44) / 2 / rate; seconds < 0.1 || seconds > 0.5 {
			t.Errorf("tone %d lasts %.2f s", tone, seconds)
		}
		if seen[string(b)] {
			t.Errorf("tone %d sounds like another", tone)
		}
		seen[string(b)] = true
	}
}

func TestBell_neverBlocksHoweverSlowThePlayer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sounds")
	heard, free := make(chan string, 10), make(chan bool)
	b := newBell(dir, func(path string) error { heard <- path; <-free; return nil }, func() {})
	defer b.Close()
	began := time.Now()
	for range 50 {
		b.Ring(Bad)
	}
	b.Ring(99)
	if took := time.Since(began); took > 100*time.Millisecond {
		t.Errorf("ringing took %v", took)
	}
	path := <-heard
	close(free)
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, WAV(Bad)) {
		t.Errorf("played %s: %d bytes, %v", path, len(got), err)
	}
	b.Close()
	b.Close()
}

func TestBell_beepsWhereNothingPlays(t *testing.T) {
	for name, play := range map[string]func(string) error{"no player": nil, "it fails": func(string) error { return errors.New("no sound card") }} {
		beeped := make(chan bool, 1)
		b := newBell(t.TempDir(), play, func() { beeped <- true })
		b.Ring(Good)
		select {
		case <-beeped:
		case <-time.After(5 * time.Second):
			t.Errorf("%s: nothing was heard", name)
		}
		b.Close()
	}
}
