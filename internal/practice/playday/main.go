// Command playday plays, with the built programs, a volunteer's day in the real window on a virtual display, then the whole reference
// programme on eight laptops. It leaves the pictures of the day, and what HQ received as a page and a picture, in a folder.
package main

import (
	"cmp"
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
	pictures := flag.String("pictures", "", "only take the README's pictures of the window, into this folder")
	seed := flag.Uint64("seed", 1, "of the programme")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	todo := func() error { return play(ctx, *out, *seed) }
	if *pictures != "" {
		todo = func() error { return take(ctx, *pictures) }
	}
	if err := todo(); err != nil {
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
	programs := programs()
	if err := day(ctx, programs, out, data); err != nil {
		return err
	}
	p := &journey.Play{Programs: programs, Dir: filepath.Join(data, "programme"), Seed: seed, Say: say}
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

// day plays a volunteer's day in the window.
func day(ctx context.Context, programs, out, data string) error {
	pictures := filepath.Join(out, "window")
	if err := os.RemoveAll(pictures); err != nil {
		return err
	}
	d := &journey.Day{Programs: programs, Dir: filepath.Join(data, "day"), Pictures: pictures, Say: say}
	for _, dir := range []string{d.Dir, filepath.Join(data, "programme")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	told, err := d.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Her badge says %s. Pictures of the window and of HQ's pages: %s\n", told.Badge, pictures)
	return nil
}

func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// programs is the folder of the built ones.
func programs() string { return cmp.Or(os.Getenv("KANDILI_BUILD"), "build") }

// take takes the README's pictures.
func take(ctx context.Context, out string) error {
	dir, err := os.MkdirTemp("", "kandili-pictures-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p := &journey.Pictures{Programs: programs(), Dir: dir, Out: out}
	return p.Take(ctx)
}
