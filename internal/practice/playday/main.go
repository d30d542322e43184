// Command playday plays the reference programme with the built programs and leaves what HQ received, as a page and a
// picture, in a folder.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"kandili/internal/journey"
)

func main() {
	out := flag.String("out", "build/run", "folder for data and pictures; its earlier content is removed")
	seed := flag.Uint64("seed", 1, "of the programme")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := play(ctx, *out, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func play(ctx context.Context, out string, seed uint64) error {
	data := filepath.Join(out, "data")
	if err := os.RemoveAll(data); err != nil {
		return err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	programs := os.Getenv("KANDILI_BUILD")
	if programs == "" {
		programs = "build"
	}
	p := &journey.Play{Programs: programs, Dir: data, Seed: seed, Say: func(format string, args ...any) { fmt.Printf(format+"\n", args...) }}
	o, err := p.Run(ctx)
	if err != nil {
		return err
	}
	if err := o.Picture(ctx, out); err != nil {
		return err
	}
	if !o.Equal() {
		return fmt.Errorf("the replicas differ: HQ has %s, the laptops have %q", o.HQ, o.Laptops)
	}
	fmt.Printf("HQ and %d laptops show the same: %s\nWhat HQ received: %s\n", len(o.Laptops), o.HQ, filepath.Join(out, "hq.png"))
	return nil
}
