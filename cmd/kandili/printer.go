package main

import (
	"context"
	"io"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/ui/printing"
)

// What printing needs of the computer and of the data folder.

func (d *desk) Printers(ctx context.Context) ([]string, string) { return laptop.Printers(ctx) }

func (d *desk) Send(ctx context.Context, path, printer string) error {
	return laptop.SendToPrinter(ctx, path, printer)
}

// printingNote is where a campaign's folder keeps how its papers were printed last.
const printingNote = "ui/printing"

func (d *desk) Remembered() []byte {
	if s := d.Store(); s != nil {
		return s.Note(printingNote)
	}
	return nil
}

func (d *desk) Remember(b []byte) error {
	s := d.Store()
	if s == nil {
		return errLocked
	}
	return s.SetNote(printingNote, b)
}

// how is a wish in the words of the data folder, in the language of the window.
func (d *desk) how(h printing.How) laptop.Print {
	return laptop.Print{Layout: h.Layout, Start: h.Start, Page: h.Page, Lang: d.Choices().Lang}
}

// made turns a typed nil into none.
func made(p *laptop.Paper, err error) (printing.Paper, error) {
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (d *desk) BadgePaper(people []fieldwork.RecordID, h printing.How) (printing.Paper, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return made(f.BadgePaper(people, d.how(h)))
}

// WithoutBadge leaves of the people those who have no badge yet.
func (d *desk) WithoutBadge(people []fieldwork.RecordID) []fieldwork.RecordID {
	f := d.open()
	if f == nil || f.Store() == nil {
		return nil
	}
	return f.WithoutBadge(people)
}

func (d *desk) TagPaper(count int, h printing.How) (printing.Paper, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return made(f.TagPaper(count, d.how(h)))
}

func (d *desk) RosterPaper(session fieldwork.RecordID, h printing.How) (printing.Paper, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return made(f.RosterPaper(session, d.how(h), fieldwork.RecordID{}))
}

func (d *desk) CertificatePaper(certificates []fieldwork.RecordID, h printing.How) (printing.Paper, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return made(f.CertificatePaper(certificates, d.how(h)))
}

func (d *desk) HandOverPaper(site fieldwork.RecordID, h printing.How) (printing.Paper, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return made(f.HandOverPaper(site, d.how(h), func(name string, table []byte) error {
		r, _ := f.Store().Record(site)
		_, err := d.SavePaper(fieldwork.Name(r)+" "+name, func(w io.Writer) error {
			_, err := w.Write(table)
			return err
		})
		return err
	}))
}
