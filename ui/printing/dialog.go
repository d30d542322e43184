package printing

import (
	"context"
	"image"
	"io"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"kandili/ui/kit"
	"kandili/ui/show"
	"kandili/ui/task"
)

// Printer is the computer that prints. Its methods are called from any goroutine.
type Printer interface {
	Printers(ctx context.Context) (names []string, usual string)
	Send(ctx context.Context, path, printer string) error
	SavePaper(name string, write func(io.Writer) error) (path string, err error)
	OpenFile(path string) error
	Remembered() []byte
	Remember([]byte) error
}

// Env is what the dialog works with.
type Env struct {
	Words   *show.Words
	Sched   task.Scheduler
	Canvas  fyne.Canvas
	Printer Printer
	Say     func(tone kit.Tone, text string)
	Tell    func(error)
}

// pictureWidth is how wide the first page is shown, in units, and pictureDots in pixels.
const (
	pictureWidth = 216
	pictureHigh  = 300
	pictureDots  = 480
)

// dialog is the question while it is open.
type dialog struct {
	env Env
	m   *Model

	whose, format, page, way *kit.Choice
	grid, start, many        *kit.Entry
	fields                   map[string]*kit.Field
	box                      *fyne.Container
	picture                  *canvas.Image
	below                    *kit.Text
	soon, painting           task.Handle
	shown                    *kit.Dialog
}

// Ask opens the dialog. Enter prints, Esc leaves.
func Ask(env Env, job Job) {
	d := &dialog{env: env, fields: map[string]*kit.Field{}}
	d.m = NewModel(env.Words, job, env.Printer.Remembered())
	d.build()
	d.lay()
	w := env.Words
	body := kit.Columns(24, []float32{3, 2}, d.box, d.preview())
	d.shown = kit.ShowDialog(env.Canvas, kit.Ask{Title: job.Title, Body: body, Yes: w.T("print.do"), No: w.T("do.cancel"), Width: 800, OnYes: d.yes, OnNo: d.stop})
	d.refresh()
	var names []string
	var usual string
	env.Sched.Run(context.Background(), func(ctx context.Context, _ task.Progress) error {
		names, usual = env.Printer.Printers(ctx)
		return nil
	}, func(error) { d.setPrinters(names, usual) })
}

// build makes all fields; lay shows those that are asked.
func (d *dialog) build() {
	w, m := d.env.Words, d.m
	var whose []kit.Option
	for _, c := range m.job.Whose {
		whose = append(whose, kit.Option{Value: c.Value, Word: c.Word})
	}
	d.whose = d.choice(m.whose, &m.whose, whose...)
	var formats []kit.Option
	for _, f := range m.formats {
		formats = append(formats, kit.Option{Value: f.Name, Word: m.Word(f)})
	}
	formats = append(formats, kit.Option{Value: gridFormat, Word: w.T("print.format.grid")})
	d.format = d.choice(m.format, &m.format, formats...)
	picked := d.format.OnPicked
	d.format.OnPicked = func(v string) {
		m.format = v
		m.begin()
		d.start.SetText(m.start)
		d.lay()
		picked(v)
	}
	d.page = d.choice(m.page, &m.page, kit.Option{Value: "A4", Word: "A4"}, kit.Option{Value: "Letter", Word: "Letter"})
	d.way = d.choice(m.printer, &m.printer, kit.Option{Value: pdfWay, Word: w.T("print.way.pdf")})
	d.grid, d.start, d.many = d.entry(&m.grid), d.entry(&m.start), d.entry(&m.many)
	d.field("whose", w.T("print.whose"), d.whose, "")
	d.field("format", w.T("print.format"), d.format, "")
	d.field("grid", w.T("print.grid"), d.grid, w.T("print.grid.hint"))
	d.field("start", w.T("print.start"), d.start, w.T("print.start.hint"))
	d.field("many", w.T("print.many"), d.many, "")
	d.field("page", w.T("print.page"), d.page, "")
	d.field("way", w.T("print.way"), d.way, "")
	d.box = kit.Column(14)
}

func (d *dialog) field(name, label string, control fyne.CanvasObject, hint string) {
	d.fields[name] = kit.NewField(label, control, hint)
}

func (d *dialog) choice(value string, to *string, options ...kit.Option) *kit.Choice {
	c := kit.NewChoice("", options...)
	c.SetValue(value)
	c.OnPicked = func(v string) {
		*to = v
		d.refresh()
	}
	return c
}

func (d *dialog) entry(to *string) *kit.Entry {
	e := kit.NewEntry("")
	e.SetText(*to)
	e.OnChanged = func(text string) {
		*to = text
		d.refresh()
	}
	e.OnSubmitted = func(string) { d.shown.Yes() }
	return e
}

// lay shows the fields that this job and these choices ask for.
func (d *dialog) lay() {
	var list []fyne.CanvasObject
	show := func(name string, yes bool) {
		if yes {
			list = append(list, d.fields[name])
		}
	}
	show("whose", len(d.m.job.Whose) > 1)
	show("many", d.m.job.Many > 0)
	show("format", d.m.job.Label)
	show("grid", d.m.job.Label && d.m.format == gridFormat)
	f, ok := d.m.Format()
	show("start", d.m.job.Label && !d.m.job.Whole && ok && !f.Plain)
	show("page", !d.m.job.Label)
	show("way", true)
	d.box.Objects = list
	d.box.Refresh()
}

// preview is the picture of the first page, and what is below it.
func (d *dialog) preview() fyne.CanvasObject {
	d.picture = canvas.NewImageFromImage(image.NewRGBA(image.Rect(0, 0, 1, 1)))
	d.picture.FillMode = canvas.ImageFillContain
	d.picture.ScaleMode = canvas.ImageScaleSmooth
	d.below = kit.NewSub(d.env.Words.T("print.preview"))
	frame := kit.Panel(kit.Fixed(pictureWidth, pictureHigh, d.picture))
	return kit.Column(6, frame, d.below)
}

func (d *dialog) setPrinters(names []string, usual string) {
	d.m.SetPrinters(names, usual)
	var options []kit.Option
	for _, n := range names {
		options = append(options, kit.Option{Value: n, Word: n})
	}
	d.way.SetChoices(append(options, kit.Option{Value: pdfWay, Word: d.env.Words.T("print.way.pdf")})...)
	d.way.SetValue(d.m.printer)
	if len(names) == 0 {
		d.fields["way"].SetHint(d.env.Words.T("print.way.none"))
	}
}

// refresh says what is wrong and what it will take, and paints the first page soon.
func (d *dialog) refresh() {
	_, wrong := d.m.Wish()
	for _, name := range []string{"grid", "start", "many"} {
		d.fields[name].SetError(wrong[name])
	}
	about, _ := d.m.About()
	d.fields["format"].SetHint(about)
	d.stop()
	d.soon = d.env.Sched.After(250*time.Millisecond, d.paint)
}

// stop ends what is being painted.
func (d *dialog) stop() {
	for _, h := range []task.Handle{d.soon, d.painting} {
		if h != nil {
			h.Cancel()
		}
	}
}

func (d *dialog) paint() {
	wish, wrong := d.m.Wish()
	if len(wrong) > 0 {
		return
	}
	var img image.Image
	unshown := 0
	d.painting = d.env.Sched.Run(context.Background(), func(context.Context, task.Progress) error {
		p, err := d.m.job.Make(wish)
		if err == nil {
			unshown = p.Unshown()
			img, err = p.Picture(pictureDots)
		}
		return err
	}, func(err error) {
		if err != nil {
			sentence, hint := d.env.Words.Problem(err)
			d.below.SetText(sentence + " " + hint)
			return
		}
		d.below.SetText(d.env.Words.T("print.preview"))
		if unshown > 0 {
			d.below.SetText(d.env.Words.N("print.unshown", unshown))
		}
		d.picture.Image = img
		d.picture.Refresh()
	})
}

// yes prints, beside the window.
func (d *dialog) yes() bool {
	wish, wrong := d.m.Wish()
	for _, name := range []string{"grid", "start", "many"} {
		if wrong[name] != "" {
			kit.Focus(d.fields[name].Target)
			return false
		}
	}
	d.stop()
	env, m, way := d.env, d.m, d.m.printer
	var path string
	env.Sched.Run(context.Background(), func(ctx context.Context, _ task.Progress) (err error) {
		path, err = run(ctx, env.Printer, m, wish, way)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			env.Tell(err)
		case way == pdfWay:
			env.Say(kit.Good, env.Words.T("print.saved", filepath.Base(path)))
			if err := env.Printer.OpenFile(path); err != nil {
				env.Tell(err)
			}
		default:
			env.Say(kit.Good, env.Words.T("print.sent", way))
		}
	})
	return true
}

// run makes the PDF, keeps it among the person's own files and hands it to the printer.
func run(ctx context.Context, p Printer, m *Model, wish Wish, way string) (path string, err error) {
	made, err := m.job.Make(wish)
	if err != nil {
		return "", err
	}
	if path, err = p.SavePaper(m.job.File+".pdf", made.Write); err != nil {
		return "", err
	}
	if way != pdfWay {
		if err := p.Send(ctx, path, way); err != nil {
			return path, err
		}
	}
	if err := made.Printed(); err != nil {
		return path, err
	}
	remember, err := m.Remember(wish)
	if err != nil {
		return path, err
	}
	return path, p.Remember(remember)
}
