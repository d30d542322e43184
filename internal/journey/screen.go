package journey

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Screen is a virtual display with, at most, one window of the program on it, used by keyboard alone.
type Screen struct {
	Programs string // folder of the built programs
	Home     string // the person's home folder
	Pictures string // folder for pictures

	display string
	server  *exec.Cmd
	program *exec.Cmd
	errors  *bytes.Buffer
	shots   int
}

// Start starts the display. Close ends it.
func (s *Screen) Start(ctx context.Context, width, height int) error {
	for _, dir := range []string{s.Home, s.Pictures, s.viewers()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	// A viewer of PDFs would take the keyboard away from the window; this one notes what it was to show.
	if err := os.WriteFile(filepath.Join(s.viewers(), "xdg-open"), []byte("#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$HOME/opened.txt\"\n"), 0o700); err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	s.server = exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp")
	s.server.ExtraFiles = []*os.File{w}
	if err := s.server.Start(); err != nil {
		w.Close()
		return fmt.Errorf("start the virtual display: %w", err)
	}
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n') // all of it: the server ends when its writing fails
	if err != nil {
		return fmt.Errorf("the virtual display did not start: %w", err)
	}
	s.display = ":" + strings.TrimSpace(number)
	return nil
}

// keyboard chooses one with accents of its own: xdotool would lay others on a spare key in the moment it types them, and the window now
// and then hears of that too late. A key is pressed before, since the display takes over the keyboard that was used last.
func (s *Screen) keyboard(ctx context.Context) error {
	if err := s.xdo(ctx, "key", "Shift_L"); err != nil {
		return err
	}
	keys := exec.CommandContext(ctx, "setxkbmap", "-layout", "us", "-variant", "altgr-intl")
	keys.Env = s.env()
	if out, err := keys.CombinedOutput(); err != nil {
		return fmt.Errorf("choose the keyboard of the virtual display: %w: %s", err, out)
	}
	return s.Settle(ctx)
}

// Close ends the program, if it still runs, and the display.
func (s *Screen) Close() {
	s.Kill()
	if s.server != nil && s.server.Process != nil {
		s.server.Process.Kill()
		s.server.Wait()
	}
}

// viewers is where the programs are that show files.
func (s *Screen) viewers() string { return filepath.Join(s.Home, ".viewers") }

func (s *Screen) env() []string {
	return append(os.Environ(), "DISPLAY="+s.display, "PATH="+s.viewers()+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+s.Home, "LC_ALL=C.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1", "XDG_DATA_HOME=", "WAYLAND_DISPLAY=")
}

// Open starts the program and waits until it says that it can be used.
func (s *Screen) Open(ctx context.Context, args ...string) error {
	s.errors = &bytes.Buffer{}
	s.program = exec.CommandContext(ctx, filepath.Join(s.Programs, "kandili"), args...)
	s.program.Env, s.program.Stderr = append(s.env(), "LC_ALL=", "LC_CTYPE=C.UTF-8", "LANG=en_US.UTF-8"), s.errors
	out, err := s.program.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.program.Start(); err != nil {
		return err
	}
	got := make(chan error, 1)
	go func() {
		buf := make([]byte, 5)
		_, err := out.Read(buf)
		if err == nil && string(buf) != "ready" {
			err = fmt.Errorf("the window said %q", buf)
		}
		got <- err
	}()
	select {
	case err := <-got:
		if err != nil {
			return fmt.Errorf("open the window: %w: %s", err, s.errors)
		}
	case <-time.After(time.Minute):
		return errors.New("the window did not open within a minute")
	}
	return s.keyboard(ctx)
}

// Kill ends the program as a dead battery does.
func (s *Screen) Kill() {
	if s.program != nil && s.program.Process != nil {
		s.program.Process.Kill()
		s.program.Wait()
		s.program = nil
	}
}

// Ended waits until the program has ended by itself and returns what it complained about.
func (s *Screen) Ended() (string, error) {
	done := make(chan error, 1)
	go func() { done <- s.program.Wait() }()
	select {
	case err := <-done:
		s.program = nil
		return s.errors.String(), err
	case <-time.After(30 * time.Second):
		return "", errors.New("the window did not close within 30 seconds")
	}
}

// Complaints is what the program wrote about errors so far.
func (s *Screen) Complaints() string { return s.errors.String() }

// Key presses keys one after the other, such as "ctrl+s" or "Tab", and waits until the window stands still.
func (s *Screen) Key(ctx context.Context, keys ...string) error {
	for _, k := range keys {
		if err := s.xdo(ctx, "key", "--clearmodifiers", k); err != nil {
			return err
		}
		time.Sleep(60 * time.Millisecond)
	}
	return s.Settle(ctx)
}

// Type types a text at a quick person's speed; of letters with accents those that altgr-intl has, such as é ç ñ ö ü á.
func (s *Screen) Type(ctx context.Context, text string) error {
	if err := s.xdo(ctx, "type", "--delay", "25", text); err != nil {
		return err
	}
	return s.Settle(ctx)
}

// Steps are keys ("ctrl+s"), texts ("'Zoé") and pictures ("!people").
func (s *Screen) Steps(ctx context.Context, list ...string) error {
	for _, step := range list {
		var err error
		switch {
		case strings.HasPrefix(step, "'"):
			err = s.Type(ctx, step[1:])
		case strings.HasPrefix(step, "!"):
			err = s.Picture(ctx, step[1:])
		default:
			err = s.Key(ctx, step)
		}
		if err != nil {
			return fmt.Errorf("step %q: %w", step, err)
		}
	}
	return nil
}

// Scan types as a scanner does: without a pause, ended by Return.
func (s *Screen) Scan(ctx context.Context, text string) error {
	if err := s.xdo(ctx, "type", "--delay", "1", text); err != nil {
		return err
	}
	return s.Key(ctx, "Return")
}

// Burst is Scan for a queue of people: nobody looks at the answer before the next badge is held out.
func (s *Screen) Burst(ctx context.Context, text string) error {
	if err := s.xdo(ctx, "type", "--delay", "1", text); err != nil {
		return err
	}
	if err := s.xdo(ctx, "key", "Return"); err != nil {
		return err
	}
	time.Sleep(100 * time.Millisecond)
	return nil
}

func (s *Screen) xdo(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = s.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %s: %w: %s", args[0], err, out)
	}
	return nil
}

// Settle waits until two pictures in a row are the same.
func (s *Screen) Settle(ctx context.Context) error {
	var last []byte
	for range 60 {
		time.Sleep(120 * time.Millisecond)
		now, err := s.capture(ctx)
		if err != nil {
			return err
		}
		if bytes.Equal(now, last) {
			return nil
		}
		last = now
	}
	return nil // something goes on moving, such as progress: what matters is looked at elsewhere
}

func (s *Screen) capture(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "import", "-silent", "-window", "root", "ppm:-")
	cmd.Env = s.env()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("take a picture: %w", err)
	}
	return out, nil
}

// Picture keeps a picture of the display; names are numbered in the order of the story.
func (s *Screen) Picture(ctx context.Context, name string) error {
	s.shots++
	path := filepath.Join(s.Pictures, fmt.Sprintf("%02d-%s.png", s.shots, name))
	cmd := exec.CommandContext(ctx, "import", "-silent", "-window", "root", path)
	cmd.Env = s.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("take the picture %s: %w: %s", name, err, out)
	}
	return nil
}

// DecodeFirst reads the first QR of a PDF's first page, as a camera or a scanner would: drawn at 150 dots an inch.
func DecodeFirst(ctx context.Context, pdf string) (string, error) {
	page := strings.TrimSuffix(pdf, ".pdf") + "-page"
	if out, err := exec.CommandContext(ctx, "pdftoppm", "-r", strconv.Itoa(150), "-png", "-singlefile", pdf, page).CombinedOutput(); err != nil {
		return "", fmt.Errorf("draw the badges: %w: %s", err, out)
	}
	out, err := exec.CommandContext(ctx, "zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", page+".png").Output()
	if err != nil {
		return "", fmt.Errorf("read the badge: %w", err)
	}
	return strings.TrimSpace(strings.SplitN(string(out), "\n", 2)[0]), nil
}

// browserPath finds Chromium, under whatever name it is installed.
func browserPath() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no Chromium here")
}

func copyAll(w http.ResponseWriter, res *http.Response) (int64, error) { return io.Copy(w, res.Body) }
