// Command train makes the zstd dictionary of the columns codec from practice data of all countries, and leaves it in
// a folder under the name that assets wants. It is run by hand, when the codec or the fields have changed so much that
// a new dictionary pays; older ones stay. The same source gives the same file.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/practice"
	"kandili/sync/wire"
)

// seeds are not those of tests and figures: 1 is measured.
var seeds = []uint64{101, 102, 103, 104}

// changes in a sample: from a single save to a full frame. Few changes travel often, many rarely, so each size gets
// about as many samples.
var lengths = []int{1, 4, 20, 100, 600}

func main() {
	out := flag.String("out", "assets/dictionaries", "folder for the dictionary")
	size := flag.Int("size", 32<<10, "of the dictionary, in bytes")
	number := flag.Uint("number", 1, "of the dictionary: zstd writes it into each frame, in one byte below 256")
	flag.Parse()
	if err := train(*out, *size, uint32(*number)); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func train(out string, size int, number uint32) error {
	var samples [][]byte
	for _, seed := range seeds {
		more, err := samplesOf(practice.Options{Seed: seed, Start: 20_000 + int64(seed)*7, Scale: 1000})
		if err != nil {
			return err
		}
		samples = append(samples, more...)
	}
	history := cover(samples, size)
	file, err := zstd.BuildDict(zstd.BuildDictOptions{ID: number, Contents: samples, History: history, Offsets: [3]int{1, 4, 8}, Level: zstd.SpeedBetterCompression})
	if err != nil {
		return fmt.Errorf("build the dictionary: %w", err)
	}
	sum := sha256.Sum256(file)
	name := fmt.Sprintf("%x.zdict", sum[:8])
	fmt.Printf("%d samples, %d bytes: %s\n", len(samples), len(file), name)
	return os.WriteFile(filepath.Join(out, name), file, 0o666)
}

// samplesOf plays a programme on eight laptops, by hand and by import.
func samplesOf(o practice.Options) ([][]byte, error) {
	var samples [][]byte
	for i, c := range practice.Generate(o).Countries {
		for n, rows := range c.Laptops {
			log := fieldwork.LogID{Node: uint32(2*i + n + 1)}
			for _, way := range []practice.Way{practice.ByHand, practice.ByImport} {
				list, err := practice.Changes(rows, way, log, o)
				if err != nil {
					return nil, err
				}
				more, err := samplesFrom(list)
				if err != nil {
					return nil, err
				}
				samples = append(samples, more...)
			}
		}
	}
	return samples, nil
}

func samplesFrom(list []journal.Change) ([][]byte, error) {
	const most = 25 // of a length
	var samples [][]byte
	for _, n := range lengths {
		step := max(len(list)/n/most, 1) * n
		for from := 0; from < len(list); from += step {
			part := list[from:min(from+n, len(list))]
			s, err := wire.Sample(&journal.Piece{Log: part[0].Log, First: part[0].Seq, Changes: part})
			if err != nil {
				return nil, err
			}
			samples = append(samples, s)
		}
	}
	return samples, nil
}
