package help

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kandili/assets"
	"kandili/ui/kit"
	"kandili/ui/show"
)

// Show opens the page of a place over the window, with its keys below; more are further things to press, or nil.
func Show(c fyne.Canvas, w *show.Words, place string, keys [][2]string, tour func()) error {
	p, err := Read(assets.Help(), w.Code(), place)
	if err != nil {
		return err
	}
	body := Body(w, p, keys)
	read := kit.NewReader(body)
	var d *kit.Dialog
	parts := []fyne.CanvasObject{kit.Fixed(0, min(460, c.Size().Height-250), read)}
	if tour != nil {
		parts = append(parts, kit.Row(0, kit.Secondary(w.T("tour.again"), func() { d.Close(); tour() })))
	}
	d = kit.ShowDialog(c, kit.Ask{Title: p.Title, Body: kit.Column(12, parts...), Yes: w.T("do.close"), First: read, Width: 680})
	return nil
}

// Body is a page as it is read.
func Body(w *show.Words, p Page, keys [][2]string) fyne.CanvasObject {
	all := kit.Column(10)
	for _, b := range p.Blocks {
		switch b.Kind {
		case Heading:
			all.Add(kit.NewHeading(b.Text))
		case Point:
			all.Add(kit.Hanging("•", kit.NewText(b.Text)))
		case Step:
			all.Add(kit.Hanging(strconv.Itoa(b.Number), kit.NewText(b.Text)))
		case Picture:
			if o := draw(w, b.Text); o != nil {
				all.Add(kit.Framed(o))
			}
		default:
			all.Add(kit.NewText(b.Text))
		}
	}
	if len(keys) > 0 {
		all.Add(kit.NewHeading(w.T("menu.keys")))
	}
	for _, k := range keys {
		all.Add(kit.Columns(12, []float32{1, 3}, kit.NewCode(k[0]), kit.NewText(k[1])))
	}
	return all
}
