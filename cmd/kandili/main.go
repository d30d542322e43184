// Command kandili is the desktop program: a window for registering people, checking them in, recording lamps and bringing it home.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2/app"

	"kandili/internal/laptop"
	"kandili/internal/store"
	"kandili/ui"
	"kandili/ui/gallery"
	"kandili/ui/settings"
	"kandili/ui/show"
	"kandili/ui/task"
	"kandili/ui/theme"
)

func main() {
	store.CheckMain()
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("kandili", flag.ExitOnError)
	data := flags.String("data", "", "data folder; default: the system's place for local application data")
	lang := flags.String("lang", "", "language of the window for this run: en, fr, pt-BR, sw, fil")
	look := flags.String("theme", "", "light, dark or sunlight, for this run")
	parts := flags.Bool("gallery", false, "show every part of the window in every theme, and nothing else")
	scale := flags.Float64("scale", 0, "size of letters for this run, 1.0 to 1.6")
	alone := flags.Bool("alone", false, "neither look for laptops nearby nor answer them, for this run")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *parts {
		showGallery()
		return nil
	}
	dir := *data
	if dir == "" {
		var err error
		if dir, err = laptop.DefaultDir(); err != nil {
			return err
		}
	}
	kept, err := laptop.ReadSettings(dir)
	if err != nil {
		return err
	}
	d := &desk{dir: dir, over: settings.Choices{Lang: *lang, Theme: *look, Scale: float32(*scale)}, kept: kept}
	d.system, d.alone = systemLang(), *alone
	if err := check(d.over); err != nil {
		return err
	}
	a := app.New() // without an id: the toolkit keeps no preferences, ours are in the data folder
	a.Lifecycle().SetOnStarted(func() { fmt.Println("ready") })
	if _, err := ui.Open(a, d, ui.Options{Sched: task.Fyne(), Now: time.Now, Room: room()}); err != nil {
		return err
	}
	a.Run()
	return nil
}

// showGallery opens no data folder.
func showGallery() {
	a := app.New()
	a.Lifecycle().SetOnStarted(func() { fmt.Println("ready") })
	win := a.NewWindow("Kandili: gallery")
	win.SetPadded(false)
	win.Resize(ui.Fitting(room()))
	gallery.Open(win, a.Settings(), task.Fyne())
	win.Show()
	a.Run()
}

// check refuses flags that name nothing.
func check(c settings.Choices) error {
	if c.Lang != "" {
		if _, err := show.Load(c.Lang); err != nil {
			return err
		}
	}
	switch c.Theme {
	case "", theme.Light, theme.Dark, theme.Sunlight:
	default:
		return fmt.Errorf("there is no theme %q; use light, dark or sunlight", c.Theme)
	}
	if c.Scale != 0 && (c.Scale < 1 || c.Scale > 1.6) {
		return fmt.Errorf("the scale lies between 1.0 and 1.6")
	}
	return nil
}

// systemLang is the language of the system, as far as we have it; else English.
func systemLang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		v := os.Getenv(name)
		if v == "" {
			continue
		}
		v = strings.ReplaceAll(strings.SplitN(v, ".", 2)[0], "_", "-")
		for _, l := range show.Langs() {
			if v == l.Code || strings.HasPrefix(v, strings.SplitN(l.Code, "-", 2)[0]+"-") || v == strings.SplitN(l.Code, "-", 2)[0] {
				return l.Code
			}
		}
		break
	}
	return "en"
}
