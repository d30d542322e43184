package journey

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Pictures comes from the first start, without any network, to the practice campaign, by keyboard alone, and takes the README's
// pictures of the window there.
type Pictures struct {
	Programs string // folder of the built programs
	Dir      string // an empty folder for data
	Out      string // where the pictures go
}

// Take takes them.
func (p *Pictures) Take(ctx context.Context) error {
	s := &Screen{Programs: p.Programs, Home: filepath.Join(p.Dir, "home"), Pictures: filepath.Join(p.Dir, "pictures")}
	if err := s.Start(ctx, 1280, 800); err != nil {
		return err
	}
	defer s.Close()
	if err := s.Open(ctx, "--alone", "--data", filepath.Join(p.Dir, "laptop"), "--lang", "en"); err != nil {
		return err
	}
	d := &Day{screen: s}
	if err := d.steps(ctx, "'Kajiado 1", "Tab", "'"+playPassphrase, "Tab", "'"+playPassphrase, "Return"); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)                                         // the passphrase's key is slow on purpose
	if err := d.steps(ctx, "Tab", "Tab", "Tab", "Return"); err != nil { // past joining and the camera, to the practice campaign
		return err
	}
	time.Sleep(20 * time.Second) // eleven thousand people
	if err := d.steps(ctx, "!tour", "F12", "!today", "ctrl+2", "'mari", "Down", "!people"); err != nil {
		return err
	}
	for _, name := range []string{"02-today", "03-people"} {
		if err := p.keep(ctx, filepath.Join(s.Pictures, name+".png"), name[3:]); err != nil {
			return err
		}
	}
	return nil
}

// keep cuts the bare display around the window away.
func (p *Pictures) keep(ctx context.Context, from, name string) error {
	to := filepath.Join(p.Out, name+".png")
	if out, err := exec.CommandContext(ctx, "convert", from, "-trim", "+repage", "+dither", "-colors", "128", to).CombinedOutput(); err != nil {
		return fmt.Errorf("keep the picture %s: %w: %s", name, err, out)
	}
	_, err := os.Stat(to)
	return err
}
