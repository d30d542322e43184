package main

import (
	"context"
	"os"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/sync/road"
	uisync "kandili/ui/sync"
)

// Sticks implements uisync.Courier.
func (d *desk) Sticks() []uisync.Stick {
	list := sticks()
	if dir, err := papers(); err == nil {
		free, _ := freeSpace(dir) // not known: 0 is shown
		list = append(list, uisync.Stick{Path: dir, Free: free})
	}
	return list
}

// CarryOut implements uisync.Courier.
func (d *desk) CarryOut(ctx context.Context, folder string, report func(done, total int64)) (uisync.CarriedOut, error) {
	f := d.open()
	if f == nil {
		return uisync.CarriedOut{}, errLocked
	}
	if st, err := os.Stat(folder); err != nil || !st.IsDir() {
		return uisync.CarriedOut{}, &fieldwork.Problem{Code: "no-folder", Sentence: "There is no such folder.", Hint: "Plug the stick in again, or choose another folder.", Err: err}
	}
	sent, err := f.CourierOut(ctx, laptop.CourierTo{Path: folder}, report)
	return uisync.CarriedOut{Files: sent.Files, Changes: sent.Writes, Bytes: sent.Bytes}, err
}

// CarryIn implements uisync.Courier.
func (d *desk) CarryIn(ctx context.Context, path string, report func(done, total int64)) (uisync.CarriedIn, error) {
	f := d.open()
	if f == nil {
		return uisync.CarriedIn{}, errLocked
	}
	files := []string{path}
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		if files, err = filepath.Glob(filepath.Join(path, "*"+road.CourierExt)); err != nil || len(files) == 0 {
			return uisync.CarriedIn{}, &fieldwork.Problem{Code: "no-courier", Sentence: "There is no courier file in this folder.", Hint: "Courier files end in " + road.CourierExt + ".", Err: err}
		}
	}
	news, err := f.CourierIn(ctx, files, report)
	in := uisync.CarriedIn{Files: len(news.Files), Received: news.Received, Waiting: news.Waiting, Receipts: news.Receipts}
	for i := range news.Files {
		if p := news.Files[i].Problem; p != nil {
			in.Trouble = append(in.Trouble, p)
		}
	}
	if len(in.Trouble) > 0 {
		err = nil // each is told beside what the other files brought
	}
	return in, err
}

// OnTheWay implements uisync.Courier.
func (d *desk) OnTheWay() int {
	s := d.Store()
	if s == nil {
		return 0
	}
	return s.OnTheWay().Writes
}
