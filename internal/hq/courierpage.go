package hq

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"kandili/internal/fieldwork"
	"kandili/sync/road"
)

// mostUpload is how much a browser may send at once, in bytes: what one stick's file system holds in a file, twice.
const mostUpload = 4 << 30

// courierPages adds the page where courier files go in and answers come out.
func (p *site) courierPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /courier", p.guarded(p.courierPage))
	mux.HandleFunc("POST /courier", p.guarded(p.courierUpload))
	mux.HandleFunc("GET /courier/{campaign}", p.guarded(p.courierDownload))
}

// courierView is what the page shows.
type courierView struct {
	Campaigns []courierCampaign
	Taken     *road.CourierTaken // nil: nothing was sent
}

type courierCampaign struct{ ID, Name string }

func (p *site) courierPage(w http.ResponseWriter, _ *http.Request, v view) {
	p.showCourier(w, http.StatusOK, v, nil)
}

func (p *site) showCourier(w http.ResponseWriter, status int, v view, taken *road.CourierTaken) {
	v.Title = "Courier files"
	c := courierView{Taken: taken}
	for _, s := range p.Campaigns() {
		c.Campaigns = append(c.Campaigns, courierCampaign{s.Self().Campaign.String(), campaignRecord(s).Get(fieldwork.CampaignName).Text()})
	}
	v.Body = c
	p.show(w, status, "courier.html", v)
}

// mayCarry says whether the role takes files in and out.
func mayCarry(role string) bool { return role == "admin" || role == "officer" }

func (p *site) courierUpload(w http.ResponseWriter, r *http.Request, v view) {
	if !mayCarry(v.Role) {
		v.Error, v.Hint = "Your account only looks.", "Ask an officer to take the files in."
		p.showCourier(w, http.StatusForbidden, v, nil)
		return
	}
	dir, err := os.MkdirTemp(p.dir, "upload-*")
	if err == nil {
		defer os.RemoveAll(dir)
	}
	var files []string
	if err == nil {
		r.Body = http.MaxBytesReader(w, r.Body, mostUpload)
		files, err = receive(r, dir)
	}
	if err != nil || len(files) == 0 {
		v.Error, v.Hint = "The files did not arrive whole. Nothing was taken in.", "Choose the files once more; HQ's disk may be full."
		p.showCourier(w, http.StatusBadRequest, v, nil)
		return
	}
	taken, err := p.CourierIn(r.Context(), files)
	status := http.StatusOK
	if err != nil {
		v.Error, v.Hint, status = err.Error(), fieldwork.Hint(err), http.StatusUnprocessableEntity
	}
	for i := range taken.Files {
		taken.Files[i].Name = filepath.Base(taken.Files[i].Name)
	}
	p.showCourier(w, status, v, &taken)
}

// receive writes the files of a form into the folder, each into one of its own, so that its name stays.
func receive(r *http.Request, dir string) (files []string, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if part.FileName() == "" { // FileName is a base name already
			continue
		}
		sub := filepath.Join(dir, fmt.Sprintf("%06d", n))
		if err := os.Mkdir(sub, 0o700); err != nil {
			return nil, err
		}
		name, err := receiveOne(part, sub)
		if err != nil {
			return nil, err
		}
		files = append(files, name)
	}
}

func receiveOne(part *multipart.Part, dir string) (string, error) {
	f, err := os.Create(filepath.Join(dir, filepath.Base(part.FileName())))
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, part)
	if e := f.Close(); err == nil {
		err = e
	}
	return f.Name(), err
}

// courierDownload writes an answer for all laptops of a campaign and sends it as one file.
func (p *site) courierDownload(w http.ResponseWriter, r *http.Request, v view) {
	s := p.byID(r.PathValue("campaign"))
	if s == nil || !mayCarry(v.Role) {
		v.Error, v.Hint = "There is no such answer for your account.", "Ask an officer for it."
		p.showCourier(w, http.StatusForbidden, v, nil)
		return
	}
	dir, err := os.MkdirTemp(p.dir, "answer-*")
	var sent road.CourierSent
	if err == nil {
		defer os.RemoveAll(dir)
		sent, err = p.CourierOut(r.Context(), s, CourierAnswer{Path: dir})
	}
	if err == nil && len(sent.Files) > 1 {
		err = &fieldwork.Problem{Code: "too-large", Sentence: "The answer is too large for one file.", Hint: "Write it on HQ's machine: kandili-hq courier out FOLDER"}
	}
	if err != nil {
		v.Error, v.Hint = err.Error(), fieldwork.Hint(err)
		p.showCourier(w, http.StatusInternalServerError, v, nil)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", "attachment; filename="+strconv.Quote(filepath.Base(sent.Files[0])))
	w.Header().Set("Cache-Control", "no-store")
	http.ServeFile(w, r, sent.Files[0])
}
