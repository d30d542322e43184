package practice

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
)

// Way says how rows became changes.
type Way int

// The ways.
const (
	ByHand   Way = iota // typed and scanned day by day, each row when it happened, with a volunteer at work and a sync every evening
	ByImport            // read from tables on one morning, 200 rows to a second
)

// importBatch is how many rows share a second in ByImport, as the laptop's import does.
const importBatch = 200

// Changes returns what a laptop's log holds once the rows are in it, one change a row, in the form in which
// internal/laptop writes them. The same arguments give the same changes. It fails where a row refers to one that does
// not come before it, or does not fit the fields.
func Changes(rows []Row, way Way, log fieldwork.LogID, o Options) ([]journal.Change, error) {
	w := &writer{way: way, log: log, start: o.Start, seq: 1, ids: map[string]fieldwork.RecordID{}, others: journal.Heads{},
		rnd: rand.New(rand.NewPCG(o.Seed, uint64(log.Node)<<32|0x6368))}
	days := make([]int64, len(rows))
	if way == ByHand {
		rows, days = inOrderOfDays(rows, o.Start)
	}
	for i, row := range rows {
		if err := w.add(row, days[i]); err != nil {
			return nil, fmt.Errorf("%v %s: %w", row.Kind, row.Ref, err)
		}
	}
	return w.list, nil
}

// writer writes one log.
type writer struct {
	way    Way
	log    fieldwork.LogID
	start  int64 // first day of the programme
	rnd    *rand.Rand
	list   []journal.Change
	seq    uint64
	ids    map[string]fieldwork.RecordID // by kind and ref
	team   []fieldwork.RecordID
	others journal.Heads // what came in from the other logs
	day    int64
	booted int64 // wall time of the last start
	boot   uint32
	wall   int64
	stamp  journal.Stamp
}

// Seconds of a day at which a laptop is switched on and at which people begin to write.
const (
	switchedOn = 4*3600 + 1200
	firstWrite = 5 * 3600
)

func (w *writer) add(row Row, day int64) error {
	fields, err := w.fields(row)
	if err != nil {
		return err
	}
	var seen []journal.Seen
	if len(w.list) == 0 || w.day != day {
		w.morning(day)
		seen = w.news()
	}
	w.clock(fields)
	if w.way == ByHand && row.Kind == fieldwork.KindAttendance {
		fields = w.checkedIn(fields)
	}
	w.stamp = journal.Next(w.stamp, w.wall)
	c := journal.Change{Log: w.log, Seq: w.seq, Wall: w.wall, Boot: w.boot, Up: uint32(w.wall - w.booted), Stamp: w.stamp,
		Author: w.author(), Seen: seen, Writes: []journal.Write{{Kind: row.Kind, Fields: fields}}}
	w.list = append(w.list, c)
	w.ids[refName(row.Kind, row.Ref)] = c.Dot(0)
	if row.Kind == fieldwork.KindVolunteer {
		w.team = append(w.team, c.Dot(0))
	}
	w.seq++
	return nil
}

// morning switches the laptop on.
func (w *writer) morning(day int64) {
	w.day, w.boot = day, w.boot+1
	w.booted = (w.start+day)*86400 + switchedOn + w.rnd.Int64N(600)
	w.wall = (w.start+day)*86400 + firstWrite
}

// clock moves on to when the change is made.
func (w *writer) clock(fields []fieldwork.FieldValue) {
	if w.way == ByImport {
		if len(w.list)%importBatch == 0 {
			w.wall++
		}
		return
	}
	for _, f := range fields {
		if at, ok := f.Value.Int(); ok && f.Field == fieldwork.AttendanceTime && at > w.start*86400 {
			w.wall = max(w.wall, at+w.rnd.Int64N(4))
			return
		}
	}
	w.wall += 20 + w.rnd.Int64N(70)
}

// author is the volunteer whose turn it is.
func (w *writer) author() fieldwork.RecordID {
	if w.way == ByImport || len(w.team) == 0 {
		return fieldwork.RecordID{}
	}
	return w.team[int(w.day+1000)%len(w.team)]
}

// news is what the sync of the evening before brought: HQ's log, and those of the seven other laptops.
func (w *writer) news() []journal.Seen {
	var seen []journal.Seen
	for node := range uint32(9) {
		other := fieldwork.LogID{Node: node}
		if other == w.log || node > 0 && len(w.list) == 0 {
			continue
		}
		w.others[other] += 1 + w.rnd.Uint64N(120)
		seen = append(seen, journal.Seen{Log: other, Seq: w.others[other]})
	}
	return seen
}

// checkedIn is what a scanned badge leaves, in the form of fieldwork.Answer.
func (w *writer) checkedIn(fields []fieldwork.FieldValue) []fieldwork.FieldValue {
	nonce := make([]byte, 16)
	for i := range nonce {
		nonce[i] = byte(w.rnd.Uint32())
	}
	list := slices.DeleteFunc(fields, func(f fieldwork.FieldValue) bool { return f.Field == fieldwork.AttendanceTime })
	list = append(list, fieldwork.FieldValue{Field: fieldwork.AttendanceNonce, Value: fieldwork.Bytes(nonce)},
		fieldwork.FieldValue{Field: fieldwork.AttendanceTime, Value: fieldwork.Int(w.wall)})
	if by := w.author(); !by.IsZero() {
		list = append(list, fieldwork.FieldValue{Field: fieldwork.AttendanceVolunteer, Value: fieldwork.Ref(by)})
	}
	return list
}

func refName(k fieldwork.Kind, ref string) string { return fmt.Sprintf("%d/%s", k, ref) }

func (w *writer) fields(row Row) ([]fieldwork.FieldValue, error) {
	spec := fieldwork.SpecOf(row.Kind)
	var list []fieldwork.FieldValue
	for name, text := range row.Cells {
		switch name {
		case "lon":
			continue
		case "lat":
			name, text = "position", text+","+row.Cells["lon"]
		}
		field := spec.FieldByName(name)
		if field == nil {
			return nil, fmt.Errorf("there is no field %s", name)
		}
		v, err := w.value(field, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if !v.IsZero() {
			list = append(list, fieldwork.FieldValue{Field: field.ID, Value: v})
		}
	}
	slices.SortFunc(list, func(a, b fieldwork.FieldValue) int { return cmp.Compare(a.Field, b.Field) })
	return list, nil
}

func (w *writer) value(field *fieldwork.Field, text string) (fieldwork.Value, error) {
	if field.Type != fieldwork.TypeRef && field.Type != fieldwork.TypeRefs {
		return fieldwork.ParseValue(field, text)
	}
	kinds := []fieldwork.Kind{field.Of}
	if field.Of == 0 {
		kinds = order
	}
	for _, k := range kinds {
		if id, ok := w.ids[refName(k, text)]; ok && field.Type == fieldwork.TypeRef {
			return fieldwork.Ref(id), nil
		} else if ok {
			return fieldwork.Refs(id), nil
		}
	}
	return fieldwork.Value{}, fmt.Errorf("%s does not come before", text)
}

// inOrderOfDays sorts rows by when they happened, counted in days from the first one of the programme: places and
// people in the ten days before, sessions and who came on their day, lamps on the day on which they were installed.
func inOrderOfDays(rows []Row, start int64) ([]Row, []int64) {
	type dated struct {
		row Row
		at  string // sorts within the day
		day int64
	}
	list := make([]dated, len(rows))
	installed := map[string]string{}
	for _, r := range rows {
		if r.Kind == fieldwork.KindInstallation {
			installed[r.Cells["lamp"]] = r.Cells["date"]
		}
	}
	people := 0
	for i, r := range rows {
		d := dated{row: r, day: -10}
		switch r.Kind {
		case fieldwork.KindHousehold, fieldwork.KindTrainee, fieldwork.KindConsent:
			d.day = -9 + int64(people*9/len(rows))
			people++
		case fieldwork.KindSession:
			d.day = dayOf(r.Cells["start"], start)
		case fieldwork.KindAttendance:
			d.day, d.at = dayOf(r.Cells["time"], start), r.Cells["time"]
		case fieldwork.KindLamp:
			d.day = dayOf(installed[r.Ref], start)
		case fieldwork.KindInstallation:
			d.day = dayOf(r.Cells["date"], start)
		case fieldwork.KindVisit:
			d.day = dayOf(r.Cells["done"], start)
		}
		list[i] = d
	}
	slices.SortStableFunc(list, func(a, b dated) int { return cmp.Or(cmp.Compare(a.day, b.day), strings.Compare(a.at, b.at)) })
	sorted, days := make([]Row, len(rows)), make([]int64, len(rows))
	for i, d := range list {
		sorted[i], days[i] = d.row, d.day
	}
	return sorted, days
}

func dayOf(text string, start int64) int64 {
	if len(text) < len(time.DateOnly) {
		return 0
	}
	t, err := time.Parse(time.DateOnly, text[:len(time.DateOnly)])
	if err != nil {
		return 0
	}
	return t.Unix()/86400 - start
}
