package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/sheets"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/exchange"
)

func sync(s *session, args []string) error {
	if err := want(args, 0, "sync [--max-time D] [--photos previews|working|all|none|auto]"); err != nil {
		return err
	}
	policy, given, err := s.photoPolicy()
	if err != nil {
		return err
	}
	ctx, cancel, err := s.deadline()
	if err != nil {
		return err
	}
	defer cancel()
	show := s.exchanged()
	var res exchange.Result
	if given {
		res, err = s.folder.SyncPhotos(ctx, policy, show)
	} else {
		res, err = s.folder.Sync(ctx, show)
	}
	err = timeUp(err)
	if res.Renewed {
		fmt.Fprintln(os.Stderr, "This folder is a copy of another one, or an older one. It goes on under new letters; nothing was lost.")
	}
	s.opt.json = true // its output is a contract
	if e := s.print(res, nil); err == nil {
		err = e
	}
	return err
}

// photoPolicy is what --photos says; ok is false where it says nothing.
func (s *session) photoPolicy() (p exchange.PhotoPolicy, ok bool, err error) {
	if s.opt.photos == "" {
		return 0, false, nil
	}
	if p, err = exchange.ParsePhotoPolicy(s.opt.photos); err != nil {
		return 0, false, usageError{err.Error() + "\n" + fieldwork.Hint(err)}
	}
	return p, true, nil
}

// timeUp says what became of an exchange that --max-time ended.
func timeUp(err error) error {
	if errors.Is(err, context.DeadlineExceeded) && !errors.As(err, new(*fieldwork.Problem)) {
		return &fieldwork.Problem{Code: "time-up", Sentence: "The time was up before everything was exchanged. What had arrived stays.",
			Hint: "Sync again, or give it longer with --max-time.", Err: err}
	}
	return err
}

// records returns the ids of a kind, of one site where --site names one.
func (s *session) records(st *store.Store, spec *fieldwork.Spec) ([]fieldwork.RecordID, error) {
	site, err := s.site(st)
	if err != nil {
		return nil, err
	}
	var ids []fieldwork.RecordID
	field := spec.FieldByName("site")
	st.Each(spec.Kind, func(r fieldwork.Record) bool {
		if site.IsZero() || field != nil && st.Canonical(r.Get(field.ID).Ref()) == site {
			ids = append(ids, r.ID)
		}
		return s.opt.limit == 0 || len(ids) < s.opt.limit
	})
	return ids, nil
}

func (s *session) site(st *store.Store) (id fieldwork.RecordID, err error) {
	if s.opt.site == "" {
		return id, nil
	}
	if r, err := st.ByCode(s.opt.site); err == nil {
		return r.ID, nil
	}
	st.Each(fieldwork.KindSite, func(r fieldwork.Record) bool {
		if fieldwork.Fold(fieldwork.Name(r)) == fieldwork.Fold(s.opt.site) {
			id = r.ID
		}
		return id.IsZero()
	})
	if id.IsZero() {
		return id, &fieldwork.Problem{Code: "unknown-site", Sentence: "There is no site “" + s.opt.site + "” here.", Hint: "See “kandilictl list site”."}
	}
	return id, nil
}

func list(s *session, args []string) error {
	if err := want(args, 1, "list KIND [--site S] [--limit N]"); err != nil {
		return err
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	spec, err := laptop.KindNamed(args[0])
	if err != nil {
		return err
	}
	ids, err := s.records(st, spec)
	if err != nil {
		return err
	}
	return s.printRecords(ids)
}

func find(s *session, args []string) error {
	if len(args) == 0 {
		return usageError{"Usage: kandilictl find TEXT"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	limit := s.opt.limit
	if limit == 0 {
		limit = 20
	}
	var ids []fieldwork.RecordID
	for _, k := range []fieldwork.Kind{fieldwork.KindTrainee, fieldwork.KindVolunteer, fieldwork.KindLamp, fieldwork.KindSite, fieldwork.KindHousehold, fieldwork.KindSession} {
		ids = append(ids, st.Search(k, strings.Join(args, " "), limit-len(ids))...)
	}
	return s.printRecords(ids)
}

func (s *session) printRecords(ids []fieldwork.RecordID) error {
	records := make([]laptop.Shown, 0, len(ids))
	for _, id := range ids {
		if r, ok := s.folder.Show(id, false); ok {
			records = append(records, r)
		}
	}
	return s.print(map[string]any{"count": len(records), "records": records}, func(w io.Writer) {
		for i, r := range records {
			rec, _ := s.folder.Store().Record(ids[i])
			fmt.Fprintf(w, "%-14s %-12s %-32s %s\n", r.Code, r.Kind, fieldwork.Name(rec), r.Where)
		}
		if len(records) == 0 {
			fmt.Fprintln(w, "Nothing found.")
		}
	})
}

func export(s *session, args []string) error {
	if err := want(args, 1, "export KIND --format csv|xlsx|jsonl --out FILE"); err != nil || s.opt.out == "" {
		return usageError{"Usage: kandilictl export KIND --format csv|xlsx|jsonl --out FILE"}
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	spec, err := laptop.KindNamed(args[0])
	if err != nil {
		return err
	}
	ids, err := s.records(st, spec)
	if err != nil {
		return err
	}
	write := map[string]func(io.Writer) error{
		"csv":   func(w io.Writer) error { return s.writeCSV(w, spec, ids) },
		"xlsx":  func(w io.Writer) error { return s.writeXLSX(w, spec, ids) },
		"jsonl": func(w io.Writer) error { return s.writeLines(w, ids) },
	}[s.opt.format]
	if write == nil {
		return usageError{"--format is csv, xlsx or jsonl in this version."}
	}
	photos, missing, err := s.exportPhotos(st, ids)
	if err != nil {
		return err
	}
	if s.opt.out == "-" {
		return write(s.out)
	}
	if err := writeFile(s.opt.out, write); err != nil {
		return err
	}
	out := map[string]any{"file": s.opt.out, "records": len(ids)}
	if s.opt.photos != "" {
		out["photos"], out["photos_missing"] = photos, missing
	}
	return s.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "%d records written to %s.\n", len(ids), s.opt.out)
		if s.opt.photos != "" {
			fmt.Fprintf(w, "%d photos written to %s; %d are not on this laptop yet.\n", photos, s.opt.photos, missing)
		}
	})
}

// exportPhotos writes the records' photos where --photos says.
func (s *session) exportPhotos(st *store.Store, ids []fieldwork.RecordID) (written, missing int, err error) {
	if s.opt.photos == "" {
		return 0, 0, nil
	}
	for _, id := range ids {
		r, _ := st.Record(id)
		w, m, err := s.folder.ExportPhotos(s.opt.photos, r)
		if written, missing = written+w, missing+m; err != nil {
			return written, missing, err
		}
	}
	return written, missing, nil
}

// writeFile writes a file in one piece: it is whole, or it is as it was.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".kandili-*")
	if err == nil {
		defer os.Remove(f.Name()) // gone already once it was renamed
		err = write(f)
		if e := f.Close(); err == nil {
			err = e
		}
		if err == nil {
			err = vault.Rename(f.Name(), name)
		}
	}
	if err != nil {
		return &fieldwork.Problem{Code: "not-written", Sentence: "The file " + name + " could not be written.", Hint: "Check that the folder exists and has space.", Err: err}
	}
	return nil
}

func (s *session) writeCSV(w io.Writer, spec *fieldwork.Spec, ids []fieldwork.RecordID) error {
	var heads []string
	columns := columnsOf(spec)
	for _, c := range columns {
		heads = append(heads, c.Head)
	}
	return sheets.WriteCSV(w, heads, s.rows(columns, ids))
}

func (s *session) writeXLSX(w io.Writer, spec *fieldwork.Spec, ids []fieldwork.RecordID) error {
	columns := columnsOf(spec)
	return sheets.WriteXLSX(w, spec.Name, columns, s.rows(columns, ids))
}

// columnsOf are a table's columns: the code, the fields that are no keys, and where the record is.
func columnsOf(spec *fieldwork.Spec) []sheets.Column {
	columns := []sheets.Column{{Head: "code"}}
	as := map[fieldwork.Type]sheets.As{fieldwork.TypeInt: sheets.AsNumber, fieldwork.TypeDecimal: sheets.AsNumber,
		fieldwork.TypeDate: sheets.AsDate, fieldwork.TypeTime: sheets.AsTime}
	for _, f := range spec.Fields {
		if f.Type != fieldwork.TypeBytes {
			columns = append(columns, sheets.Column{Head: f.Name, As: as[f.Type]})
		}
	}
	return append(columns, sheets.Column{Head: "where"})
}

// rows are the records as columnsOf orders them.
func (s *session) rows(columns []sheets.Column, ids []fieldwork.RecordID) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for _, id := range ids {
			r, ok := s.folder.Show(id, false)
			if !ok {
				continue
			}
			row := []string{r.Code}
			for _, c := range columns[1 : len(columns)-1] {
				row = append(row, r.Fields[c.Head])
			}
			if !yield(append(row, string(r.Where))) {
				return
			}
		}
	}
}

func (s *session) writeLines(w io.Writer, ids []fieldwork.RecordID) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, id := range ids {
		if r, ok := s.folder.Show(id, false); ok {
			if err := e.Encode(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func digest(s *session, args []string) error {
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	d := st.Digest().String()
	heads := map[string]uint64{}
	var words []string
	all := st.Heads()
	for _, log := range all.Logs() {
		heads[log.String()] = all[log]
		words = append(words, fmt.Sprintf("%v:%d", log, all[log]))
	}
	return s.print(map[string]any{"digest": d, "heads": heads}, func(w io.Writer) { fmt.Fprintf(w, "%s heads %s\n", d, strings.Join(words, " ")) })
}

func verify(s *session, args []string) error {
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	r, err := st.Verify()
	if err != nil {
		return err
	}
	out := map[string]any{"ok": len(r.Damage) == 0, "logs": r.Logs, "changes": r.Changes, "records": r.Records, "photos": r.Photos, "photos_waiting": r.PhotosWaiting, "damage": append([]string{}, r.Damage...), "aside": append([]string{}, st.Aside()...)}
	if err := s.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "%d logs, %d changes, %d records, %d photos read.\n", r.Logs, r.Changes, r.Records, r.Photos)
		if r.PhotosWaiting > 0 {
			fmt.Fprintf(w, "Of %d photos something is not on this laptop; it comes by syncing, as far as the settings say.\n", r.PhotosWaiting)
		}
		for _, d := range r.Damage {
			fmt.Fprintln(w, d)
		}
		for _, name := range st.Aside() {
			fmt.Fprintf(w, "%s was damaged and is kept. “kandilictl repair” looks whether it holds anything that is missing.\n", name)
		}
	}); err != nil {
		return err
	}
	if len(r.Damage) > 0 {
		return &fieldwork.Problem{Code: "damaged", Sentence: fmt.Sprintf("%d things are not as they should be.", len(r.Damage)), Hint: "Run “kandilictl repair”: it builds anew what it can from what is readable, and deletes nothing."}
	}
	return nil
}

func repair(s *session, args []string) error {
	if err := want(args, 0, "repair"); err != nil {
		return err
	}
	phrase, err := s.passphrase(false)
	if err != nil {
		return err
	}
	r, err := laptop.Repair(s.opt.data, phrase)
	if err != nil && len(r.Found) == 0 {
		return err
	}
	e := s.print(r, func(w io.Writer) {
		for _, text := range slices.Concat(r.Found, r.Done) {
			fmt.Fprintln(w, text)
		}
		if len(r.Found) == 0 {
			fmt.Fprintf(w, "Nothing is damaged: %d logs, %d changes, %d records read.\n", r.Logs, r.Changes, r.Records)
		}
	})
	if err == nil {
		err = e
	}
	return err
}

func impact(s *session, args []string) error {
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	now := time.Now()
	scope := fieldwork.Scope{Today: now.Unix() / 86400}
	fleet := fieldwork.NewFleet(st)
	lit, rate := fleet.PeopleLit(scope), fleet.WorkingRate(scope)
	tr := fieldwork.TrainingOf(st, fieldwork.NewRoll(st, now.Unix(), 0), scope)
	steps := make([]map[string]any, 0, len(lit.Steps))
	for _, step := range lit.Steps {
		steps = append(steps, map[string]any{"name": step.Name, "count": step.Count})
	}
	out := map[string]any{
		"people_lit":   map[string]any{"people": lit.People, "n": lit.Households.N, "label": lit.Label.String(), "steps": steps, "shared_lamps": lit.Shared.Lamps.N},
		"working_rate": map[string]any{"working": rate.Part, "n": rate.N, "rate": rate.Value(), "low": rate.Low, "high": rate.High, "label": rate.Label.String()},
		"training":     map[string]any{"registered": tr.Registered.N, "attended": tr.Attended.N, "completed": tr.Completed.N, "competent": tr.Competent.N},
	}
	return s.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "People lit, measured     %d in %d households\n", lit.People, lit.Households.N)
		for _, step := range lit.Steps {
			fmt.Fprintf(w, "    %-20s %d\n", strings.ReplaceAll(step.Name, "_", " "), step.Count)
		}
		fmt.Fprintf(w, "Working rate             %d of %d visited, %.0f %% (%.0f–%.0f %%)\n", rate.Part, rate.N, 100*rate.Value(), 100*rate.Low, 100*rate.High)
		fmt.Fprintf(w, "Training                 %d registered, %d came, %d completed, %d competent\n", tr.Registered.N, tr.Attended.N, tr.Completed.N, tr.Competent.N)
	})
}
