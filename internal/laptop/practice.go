package laptop

import (
	"crypto/rand"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/practice"
	"kandili/internal/store"
)

// Practice opens a campaign of invented data that is never synced, filled by about so many changes of the reference
// programme; 0 changes: all of it.
func (f *Folder) Practice(seed uint64, changes int) error {
	rows := practice.Generate(practice.Options{Seed: seed, Start: f.today() - 60, Scale: 1000}).All()
	if changes > 0 {
		rows = rows[:min(changes, len(rows))]
	}
	return f.practise(rows)
}

// PracticeSmall is Practice with something of everything from so many per mille of the programme: for who wants to look at a full
// campaign soon.
func (f *Folder) PracticeSmall(seed uint64, perMille int) error {
	return f.practise(practice.Generate(practice.Options{Seed: seed, Start: f.today() - 60, Scale: perMille}).All())
}

// practise opens the practice campaign and enters the rows.
func (f *Folder) practise(rows []practice.Row) error {
	if f.store != nil {
		return &fieldwork.Problem{Code: "already-joined", Sentence: "This laptop has a campaign already. Nothing was changed.", Hint: "Take a new data folder for practice: --data DIR."}
	}
	self := store.Identity{Log: fieldwork.LogID{Node: practiceNode}, Name: f.settings.Name, Seed: store.NewSeed(), Practice: true}
	rand.Read(self.Campaign[:])
	if err := f.enter(self); err != nil {
		return err
	}
	if err := f.practiceCampaign(); err != nil {
		return err
	}
	return f.enterRows(rows)
}

// practiceNode is the number that practice laptops write under; HQ never gives it away, since it counts up from 1
// and practice never meets HQ.
const practiceNode = 1

func (f *Folder) practiceCampaign() error {
	var key [32]byte
	rand.Read(key[:])
	_, err := f.store.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindCampaign, Fields: []fieldwork.FieldValue{
		{Field: fieldwork.CampaignName, Value: fieldwork.Text("Practice")},
		{Field: fieldwork.CampaignShort, Value: fieldwork.Text("PRAC")},
		{Field: fieldwork.CampaignBadgeKey, Value: fieldwork.Bytes(key[:])},
		{Field: fieldwork.CampaignBadgeKeyNo, Value: fieldwork.Int(1)},
	}}, {Kind: fieldwork.KindCourse, Fields: []fieldwork.FieldValue{ // what the practice sessions are of, so that certificates can be tried
		{Field: fieldwork.CourseTitle, Value: fieldwork.Text("Solar lamps: build, install, repair")},
		{Field: fieldwork.CourseModules, Value: fieldwork.Ints(fieldwork.ModuleAssembly, fieldwork.ModuleWiringSoldering, fieldwork.ModuleInstallation, fieldwork.ModuleMaintenanceRepair)},
	}}}})
	return err
}

// enterRows enters rows as an import does: many with one flush.
func (f *Folder) enterRows(rows []practice.Row) error {
	im := &importing{f: f, s: f.store, pending: map[string]fieldwork.RecordID{}}
	for i, row := range rows {
		im.spec = fieldwork.SpecOf(row.Kind)
		list, faults := f.fields(im.spec, Cells(row.Cells), im.resolve)
		if im.refuse(faults, i) {
			return &fieldwork.Problem{Code: "practice-data", Sentence: "The practice data does not fit this version: " + im.res.Refused[0].Field + ": " + im.res.Refused[0].Why}
		}
		name := refName(row.Kind, row.Ref)
		id := f.store.Upcoming(im.upcoming())
		im.drafts = append(im.drafts, store.Draft{Writes: []journal.Write{{Kind: row.Kind, Fields: dropCleared(list)}},
			Notes: map[string][]byte{name: fieldwork.AppendID(nil, id)}, At: id})
		im.pending[name] = id
		if len(im.drafts) >= importBatch {
			if err := im.flush(); err != nil {
				return err
			}
		}
	}
	return im.flush()
}
