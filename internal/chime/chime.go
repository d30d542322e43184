// Package chime plays the short tones that answer a scan: heard over a full room, told apart without looking. It never blocks and never
// fails: where nothing can play, it is quiet. cmd/kandili imports it.
package chime

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"sync"
)

// Tone is what happened.
type Tone int

// The tones.
const (
	Good  Tone = iota // two notes that rise
	Again             // one short note, twice: nothing happened
	Bad               // one long, low note
)

// note is a part of a tone; a frequency of zero is a pause.
type note struct{ hertz, seconds float64 }

var tunes = [...][]note{
	Good:  {{880, 0.07}, {1318.5, 0.12}},
	Again: {{660, 0.06}, {0, 0.05}, {660, 0.06}},
	Bad:   {{196, 0.35}},
}

const rate = 22050 // samples a second; enough for 1.3 kHz, and small

// WAV returns a tone as a file: one channel of 16 bits.
func WAV(t Tone) []byte {
	var samples []int16
	for _, n := range tunes[t] {
		count := int(n.seconds * rate)
		for i := range count {
			edge := min(float64(min(i, count-1-i))/(0.005*rate), 1) // no clicks at the ends
			x := math.Sin(2 * math.Pi * n.hertz * float64(i) / rate)
			samples = append(samples, int16(0.6*edge*x*math.MaxInt16))
		}
	}
	var b bytes.Buffer
	size := uint32(2 * len(samples))
	b.WriteString("RIFF")
	for _, part := range []any{36 + size, [8]byte([]byte("WAVEfmt ")), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16), [4]byte([]byte("data")), size, samples} {
		binary.Write(&b, binary.LittleEndian, part) // to memory: cannot fail
	}
	return b.Bytes()
}

// Bell plays tones one after the other on a goroutine of its own. Its methods are safe from several goroutines.
type Bell struct {
	tones chan Tone
	once  sync.Once
	done  chan struct{}
	play  func(path string) error
	beep  func()
}

// New is a bell that keeps its files in a folder, which is made when the first tone is to be heard.
func New(dir string) *Bell { return newBell(dir, player(), beep) }

func newBell(dir string, play func(string) error, beep func()) *Bell {
	b := &Bell{tones: make(chan Tone, 1), done: make(chan struct{}), play: play, beep: beep}
	go b.run(dir)
	return b
}

// Ring plays a tone soon and returns at once. While tones are waiting, further ones are left out: an old answer says nothing.
func (b *Bell) Ring(t Tone) {
	if t < 0 || int(t) >= len(tunes) {
		return
	}
	select {
	case b.tones <- t:
	default:
	}
}

// Close ends the bell; a tone that is being played ends by itself.
func (b *Bell) Close() { b.once.Do(func() { close(b.done) }) }

func (b *Bell) run(dir string) {
	for {
		select {
		case <-b.done:
			return
		case t := <-b.tones:
			path, err := keep(dir, t)
			if err == nil && b.play != nil {
				err = b.play(path)
			}
			if err != nil || b.play == nil {
				b.beep()
			}
		}
	}
}

// keep writes a tone's file once.
func keep(dir string, t Tone) (string, error) {
	path := filepath.Join(dir, [...]string{Good: "good.wav", Again: "again.wav", Bad: "bad.wav"}[t])
	want := WAV(t)
	if s, err := os.Stat(path); err == nil && s.Size() == int64(len(want)) {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, want, 0o600)
}
