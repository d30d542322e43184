package main

import (
	"io"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
)

// What the place of courses and sessions needs of the folder.

func (d *desk) CloseSession(session fieldwork.RecordID, counted int64, author fieldwork.RecordID) error {
	f := d.open()
	if f == nil {
		return errLocked
	}
	return f.CloseSession(session, counted, author)
}

func (d *desk) SetSessionStatus(session fieldwork.RecordID, status int64, author fieldwork.RecordID) error {
	f := d.open()
	if f == nil {
		return errLocked
	}
	return f.SetSessionStatus(session, status, author)
}

func (d *desk) Correct(session fieldwork.RecordID, people []fieldwork.RecordID, p fieldwork.Presence, author fieldwork.RecordID) error {
	f := d.open()
	if f == nil {
		return errLocked
	}
	return f.Correct(session, people, p, author)
}

func (d *desk) Roster(text string) (fieldwork.PaperSheet, error) {
	f := d.open()
	if f == nil {
		return fieldwork.PaperSheet{}, errLocked
	}
	return f.Roster(text)
}

func (d *desk) RosterRow(session fieldwork.RecordID, text string) (fieldwork.RecordID, bool) {
	f := d.open()
	if f == nil {
		return fieldwork.RecordID{}, false
	}
	return f.RosterRow(session, text)
}

func (d *desk) EnterRoster(session fieldwork.RecordID, rows []fieldwork.PaperRow, author fieldwork.RecordID) (int, error) {
	f := d.open()
	if f == nil {
		return 0, errLocked
	}
	return f.EnterRoster(session, rows, author)
}

func (d *desk) Earned(course fieldwork.RecordID) ([]fieldwork.Earned, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return f.Earned(course)
}

func (d *desk) Certify(course fieldwork.RecordID, people []fieldwork.RecordID, author fieldwork.RecordID) ([]fieldwork.RecordID, error) {
	f := d.open()
	if f == nil {
		return nil, errLocked
	}
	return f.Certify(course, people, author)
}

func (d *desk) WriteGrid(w io.Writer, format string, g *fieldwork.Grid, words fieldwork.GridWords) error {
	return laptop.WriteGrid(w, format, g, words, time.Local)
}
