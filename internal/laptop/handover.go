package laptop

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/paper"
	"kandili/internal/sheets"
	"kandili/internal/vault"
	"kandili/ui/show"
)

// HandOver is what stays with a village's committee: a document, and the same as open tables by their file names.
type HandOver struct {
	Document paper.HandOver
	Files    map[string][]byte
}

// The names of the open tables.
var handOverFiles = []string{"lamps.csv", "trained.csv", "spare-parts.csv", "contacts.csv"}

// HandOver gathers what a site's committee needs to know: lamps, who is trained, spare parts, whom to call. Phones stand in it only
// for people who agreed to be called later, and for the committee and the partner.
func (f *Folder) HandOver(site fieldwork.RecordID, how Print) (HandOver, error) {
	s, err := f.Campaign()
	if err != nil {
		return HandOver{}, err
	}
	place, ok := s.Record(s.Canonical(site))
	if !ok || place.Deleted || place.Kind != fieldwork.KindSite {
		return HandOver{}, &fieldwork.Problem{Code: "no-site", Sentence: "There is no such village here.", Hint: "Choose another, or sync to get the newest."}
	}
	words, err := f.words(how)
	if err != nil {
		return HandOver{}, err
	}
	campaign, _ := f.CampaignRecord()
	g := &gathering{f: f, words: words, site: place}
	doc := paper.HandOver{Page: pageOf(how), Words: words, Campaign: campaign.Get(fieldwork.CampaignName).Text(), Site: fieldwork.Name(place), Line: g.area(),
		Date: words.Day(f.today()), Files: strings.Join(handOverFiles, ", ")}
	g.lamps(&doc)
	g.people(&doc)
	g.parts(&doc)
	g.contacts(&doc, campaign)
	for i := 1; words.Has("print.care." + strconv.Itoa(i)); i++ {
		doc.Care = append(doc.Care, words.T("print.care."+strconv.Itoa(i)))
	}
	files, err := g.files(&doc)
	return HandOver{doc, files}, err
}

// WriteHandOver writes the packet into a folder, which it makes: a PDF and the tables. It returns the files' paths, the PDF first.
func (f *Folder) WriteHandOver(dir string, site fieldwork.RecordID, how Print) ([]string, error) {
	h, err := f.HandOver(site, how)
	if err != nil {
		return nil, err
	}
	var pdf bytes.Buffer
	if err := WritePDF(&pdf, h.Document); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, notWritten(dir, err)
	}
	h.Files["hand-over.pdf"] = pdf.Bytes()
	var paths []string
	for _, name := range append([]string{"hand-over.pdf"}, handOverFiles...) {
		path := filepath.Join(dir, name)
		if err := vault.WriteFileAtomic(path, h.Files[name], 0o600); err != nil {
			return paths, notWritten(path, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

func notWritten(name string, err error) error {
	return &fieldwork.Problem{Code: "not-written", Sentence: "The file " + name + " could not be written.", Hint: "Check that the folder exists and has space.", Err: err}
}

// gathering is a packet under way.
type gathering struct {
	f           *Folder
	words       *show.Words
	site        fieldwork.Record
	maintainers []fieldwork.Record
}

// area are the levels above the village, the nearest first.
func (g *gathering) area() string {
	var parts []string
	for _, field := range []fieldwork.FieldID{fieldwork.SiteArea5, fieldwork.SiteArea4, fieldwork.SiteArea3, fieldwork.SiteArea2, fieldwork.SiteArea1} {
		if t := g.site.Get(field).Text(); t != "" {
			parts = append(parts, t)
		}
	}
	if c := g.site.Get(fieldwork.SiteCountry).Text(); c != "" {
		parts = append(parts, c)
	}
	return strings.Join(parts, ", ")
}

func (g *gathering) here(id fieldwork.RecordID) bool {
	return !id.IsZero() && g.f.store.Canonical(id) == g.site.ID
}

func (g *gathering) lamps(doc *paper.HandOver) {
	fleet := fieldwork.NewFleet(g.f.store)
	working := 0
	installation := fieldwork.SpecOf(fieldwork.KindInstallation)
	for _, l := range fleet.Lamps {
		at, hangs := l.Place()
		if !hangs || !g.here(at.Get(fieldwork.InstallationSite).Ref()) || fieldwork.IsGone(l.State.Status) {
			continue
		}
		if l.State.Lit() {
			working++
		}
		where := ""
		if n, ok := at.Get(fieldwork.InstallationPlace).Int(); ok {
			where = g.words.Option(installation.Field(fieldwork.InstallationPlace), n)
		}
		var homes []string
		for _, id := range at.Get(fieldwork.InstallationHouseholds).Refs() {
			homes = append(homes, g.name(id))
		}
		tag := cmp.Or(l.Lamp.Get(fieldwork.LampTagCode).Text(), l.Lamp.Get(fieldwork.LampSerial).Text(), fieldwork.CodeOf(l.Lamp.ID))
		doc.Lamps = append(doc.Lamps, []string{tag, g.name(l.Lamp.Get(fieldwork.LampModel).Ref()), where, strings.Join(homes, ", "), g.words.LampStatus(l.State.Status)})
	}
	slices.SortFunc(doc.Lamps, slices.Compare)
	lit := fleet.PeopleLit(fieldwork.Scope{Site: g.site.ID, Today: g.f.today()})
	doc.Figures = append(doc.Figures, g.figure(len(doc.Lamps), "lamps"), g.figure(working, "working"), g.figure(lit.People, "lit"))
}

func (g *gathering) figure(n int, what string) paper.Figure {
	return paper.Figure{Value: g.words.Number(n), Label: g.words.T("print.handover.fig." + what)}
}

func (g *gathering) name(id fieldwork.RecordID) string {
	r, ok := g.f.store.Record(g.f.store.Canonical(id))
	if !ok || r.Deleted {
		return ""
	}
	return fieldwork.Name(r)
}

// people are those of the village who came to a training, with what they took part in and what an assessor saw them do.
func (g *gathering) people(doc *paper.HandOver) {
	roll := fieldwork.NewRoll(g.f.store, g.f.now().Unix(), g.f.LateAfter())
	modules := map[fieldwork.RecordID]map[int64]bool{}
	for _, s := range roll.Sessions {
		for id, part := range roll.Parts[s.ID] {
			if !part.Presence.Came() {
				continue
			}
			if modules[id] == nil {
				modules[id] = map[int64]bool{}
			}
			for _, m := range s.Get(fieldwork.SessionModules).Ints() {
				modules[id][m] = true
			}
		}
	}
	can := g.competences()
	var list []fieldwork.Record
	g.f.store.Each(fieldwork.KindTrainee, func(r fieldwork.Record) bool {
		if g.here(r.Get(fieldwork.TraineeSite).Ref()) && roll.Came(r.ID) {
			list = append(list, r)
		}
		return true
	})
	sortByName(list)
	for _, r := range list {
		if can[r.ID][fieldwork.CompetenceRepair] || r.Get(fieldwork.TraineeRoles).Has(fieldwork.TraineeRoleMaintainer) {
			g.maintainers = append(g.maintainers, r)
		}
		said := append(g.f.options(g.words, fieldwork.KindSession, fieldwork.SessionModules, sorted(modules[r.ID])),
			g.f.options(g.words, fieldwork.KindAssessment, fieldwork.AssessmentCompetence, sorted(can[r.ID]))...)
		doc.People = append(doc.People, []string{fieldwork.Name(r), fieldwork.CodeOf(r.ID), strings.Join(said, ", ")})
	}
	doc.Figures = append(doc.Figures, g.figure(len(list), "trained"))
}

func sorted(set map[int64]bool) []int64 {
	var list []int64
	for n := range set {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

func (g *gathering) competences() map[fieldwork.RecordID]map[int64]bool {
	can := map[fieldwork.RecordID]map[int64]bool{}
	g.f.store.Each(fieldwork.KindAssessment, func(a fieldwork.Record) bool {
		id := g.f.store.Canonical(a.Get(fieldwork.AssessmentPerson).Ref())
		for _, n := range a.Get(fieldwork.AssessmentCompetence).Ints() {
			if can[id] == nil {
				can[id] = map[int64]bool{}
			}
			can[id][n] = true
		}
		return true
	})
	return can
}

// parts are what was left with the village, less what was taken from there.
func (g *gathering) parts(doc *paper.HandOver) {
	count := map[string]int64{}
	g.f.store.Each(fieldwork.KindStockMove, func(r fieldwork.Record) bool {
		n, _ := r.Get(fieldwork.StockMoveQuantity).Int()
		what := cmp.Or(r.Get(fieldwork.StockMovePart).Text(), g.name(r.Get(fieldwork.StockMoveModel).Ref()))
		if item, ok := r.Get(fieldwork.StockMoveItem).Int(); ok && what == "" {
			what = g.words.Option(fieldwork.SpecOf(fieldwork.KindStockMove).Field(fieldwork.StockMoveItem), item)
		}
		if to, _ := r.Get(fieldwork.StockMoveTo).Int(); to == fieldwork.StockAtLeftWithVillage && g.here(r.Get(fieldwork.StockMoveToSite).Ref()) {
			count[what] += n
		}
		if from, _ := r.Get(fieldwork.StockMoveFrom).Int(); from == fieldwork.StockAtLeftWithVillage && g.here(r.Get(fieldwork.StockMoveFromSite).Ref()) {
			count[what] -= n
		}
		return true
	})
	for what, n := range count {
		if n > 0 {
			doc.Parts = append(doc.Parts, []string{what, g.words.Number(int(n)), ""})
		}
	}
	slices.SortFunc(doc.Parts, slices.Compare)
}

// contacts: the committee, who repairs lamps, the partner.
func (g *gathering) contacts(doc *paper.HandOver, campaign fieldwork.Record) {
	t := g.words.T
	if c := g.site.Get(fieldwork.SiteCommitteeContact).Text(); c != "" {
		name, phone := splitPhone(c)
		doc.Contacts = append(doc.Contacts, paper.Contact{Name: name, What: t("print.handover.committee.contact"), Phone: phone})
	}
	for _, r := range g.maintainers {
		phone := ""
		if g.mayCall(r.ID) {
			phone = r.Get(fieldwork.TraineePhone).Text()
		}
		doc.Contacts = append(doc.Contacts, paper.Contact{Name: fieldwork.Name(r), What: t("print.handover.maintainer"), Phone: phone})
	}
	if p := campaign.Get(fieldwork.CampaignPartner).Text(); p != "" {
		name, phone := splitPhone(p)
		doc.Contacts = append(doc.Contacts, paper.Contact{Name: name, What: t("print.handover.partner.contact"), Phone: phone})
	}
}

// splitPhone parts "Lemayian, 0712 345 678" where a number ends the text.
func splitPhone(text string) (name, phone string) {
	at := len(text)
	for at > 0 && strings.ContainsRune("+0123456789 -()/", rune(text[at-1])) {
		at--
	}
	phone = strings.TrimSpace(text[at:])
	if name = strings.TrimRight(strings.TrimSpace(text[:at]), ",;:·"); name == "" || len(phone) < 5 {
		return text, ""
	}
	return strings.TrimSpace(name), phone
}

// mayCall says that the person agreed to be contacted later, and did not take it back.
func (g *gathering) mayCall(person fieldwork.RecordID) bool {
	may := false
	for _, c := range g.f.store.Referring(person, fieldwork.KindConsent) {
		state, _ := c.Get(fieldwork.ConsentState).Int()
		withdrawn := state == fieldwork.ConsentWithdrawn || !c.Get(fieldwork.ConsentWithdrawnAt).IsZero()
		if withdrawn {
			return false
		}
		may = may || c.Get(fieldwork.ConsentPurposes).Has(fieldwork.PurposeLaterContact)
	}
	return may
}

// files are the packet's tables.
func (g *gathering) files(doc *paper.HandOver) (map[string][]byte, error) {
	var contacts [][]string
	for _, c := range doc.Contacts {
		contacts = append(contacts, []string{c.Name, c.What, c.Phone})
	}
	files := map[string][]byte{}
	for i, t := range []struct {
		heads []string
		rows  [][]string
	}{
		{[]string{"tag", "model", "place", "household", "status"}, doc.Lamps},
		{[]string{"name", "code", "took_part_in_and_can"}, doc.People},
		{[]string{"part", "quantity"}, doc.Parts},
		{[]string{"name", "role", "phone"}, contacts},
	} {
		var b bytes.Buffer
		if err := sheets.WriteCSV(&b, t.heads, func(yield func([]string) bool) {
			for _, row := range t.rows {
				if !yield(row[:len(t.heads)]) {
					return
				}
			}
		}); err != nil {
			return nil, fmt.Errorf("%s: %w", handOverFiles[i], err)
		}
		files[handOverFiles[i]] = b.Bytes()
	}
	return files, nil
}
