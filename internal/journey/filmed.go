package journey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/png" // invites
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// film lets a real browser open the camera's page that the window asked for, with a camera before which the picture is held, and waits
// until the window has seen it and closes the page.
func (s *Screen) film(ctx context.Context, picture, dir string) error {
	browser, err := browserPath()
	if err != nil {
		return err
	}
	movie := filepath.Join(dir, "camera.y4m")
	if err := filmOf(picture, movie); err != nil {
		return err
	}
	var page *url.URL
	if err := until(ctx, "the window asks for a browser", func() bool {
		b, _ := os.ReadFile(filepath.Join(s.Home, "opened.txt"))
		lines := strings.Fields(string(b))
		if len(lines) > 0 {
			page, err = url.Parse(lines[len(lines)-1])
		}
		return page != nil && err == nil && strings.HasPrefix(page.Host, "127.0.0.1:")
	}); err != nil {
		return err
	}
	watching, end := context.WithCancel(ctx)
	cmd := exec.CommandContext(watching, browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--mute-audio", "--user-data-dir="+filepath.Join(dir, "browser"),
		"--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--use-file-for-fake-video-capture="+movie, page.String())
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		end()
		return fmt.Errorf("open the camera's page: %w", err)
	}
	defer func() { end(); cmd.Wait() }() // killed on purpose
	return until(ctx, "the camera's page is closed again", func() bool {
		c, err := net.DialTimeout("tcp", page.Host, time.Second)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
}

// filmOf makes a film of a still picture, as large as fits, in the form that the browser's fake camera plays.
func filmOf(picture, movie string) error {
	b, err := os.ReadFile(picture)
	if err != nil {
		return err
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("the picture before the camera: %w", err)
	}
	const width, height = 1280, 720
	side := img.Bounds().Size()
	scale := min(width/side.X, height/side.Y)
	if scale < 1 {
		return errors.New("the picture is larger than what the camera sees")
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n", width, height)
	frame := bytes.Repeat([]byte{120}, width*height)
	left, top := (width-side.X*scale)/2, (height-side.Y*scale)/2
	for y := range side.Y * scale {
		for x := range side.X * scale {
			grey := color.GrayModel.Convert(img.At(img.Bounds().Min.X+x/scale, img.Bounds().Min.Y+y/scale)).(color.Gray)
			frame[(top+y)*width+left+x] = 30 + grey.Y*4/5
		}
	}
	for range 3 {
		out.WriteString("FRAME\n")
		out.Write(frame)
		out.Write(bytes.Repeat([]byte{128}, width*height/2))
	}
	return os.WriteFile(movie, out.Bytes(), 0o600)
}
