package laptop

import (
	"io"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/paper"
)

// Certificates are the certificates of a course, or of all where course is zero, of people of a site, or of all where site is zero,
// by the people's names.
func (f *Folder) Certificates(course, site fieldwork.RecordID) ([]fieldwork.RecordID, error) {
	s, err := f.Campaign()
	if err != nil {
		return nil, err
	}
	var people []fieldwork.Record
	of := map[fieldwork.RecordID][]fieldwork.RecordID{}
	s.Each(fieldwork.KindCertificate, func(r fieldwork.Record) bool {
		p, ok := s.Record(s.Canonical(r.Get(fieldwork.CertificatePerson).Ref()))
		if !ok || p.Deleted || !course.IsZero() && s.Canonical(r.Get(fieldwork.CertificateCourse).Ref()) != course ||
			!site.IsZero() && s.Canonical(p.Get(fieldwork.TraineeSite).Ref()) != site {
			return true
		}
		if len(of[p.ID]) == 0 {
			people = append(people, p)
		}
		of[p.ID] = append(of[p.ID], r.ID)
		return true
	})
	sortByName(people)
	var list []fieldwork.RecordID
	for _, p := range people {
		list = append(list, of[p.ID]...)
	}
	return list, nil
}

// CertificateSheet is certificates, one a page.
func (f *Folder) CertificateSheet(ids []fieldwork.RecordID, how Print) (paper.Certificates, error) {
	s, err := f.Campaign()
	if err != nil {
		return paper.Certificates{}, err
	}
	key, err := f.printKey()
	if err != nil {
		return paper.Certificates{}, err
	}
	words, err := f.words(how)
	if err != nil {
		return paper.Certificates{}, err
	}
	campaign, _ := f.CampaignRecord()
	out := paper.Certificates{Page: pageOf(how), Words: words, Campaign: campaign.Get(fieldwork.CampaignName).Text(), Partner: campaign.Get(fieldwork.CampaignPartner).Text(), Check: words.T("print.cert.check.hq")}
	hq := ""
	if urls := s.Self().URLs; len(urls) > 0 {
		hq = urls[0]
		_, host, _ := strings.Cut(strings.TrimRight(hq, "/"), "://")
		out.Check = host + "/verify"
	}
	before := f.printedNotes(certificatesNote)
	for _, id := range ids {
		r, ok := s.Record(id)
		if !ok || r.Deleted || r.Kind != fieldwork.KindCertificate {
			continue
		}
		person, _ := s.Record(s.Canonical(r.Get(fieldwork.CertificatePerson).Ref()))
		course, _ := s.Record(s.Canonical(r.Get(fieldwork.CertificateCourse).Ref()))
		again, _ := r.Get(fieldwork.CertificateReprints).Int()
		one := paper.Certificate{Number: fieldwork.CodeOf(id), Payload: key.CertificatePayload(fieldwork.CodeOf(id)), Name: fieldwork.Name(person), Course: fieldwork.Name(course),
			Done:  f.options(words, fieldwork.KindCertificate, fieldwork.CertificateModules, r.Get(fieldwork.CertificateModules).Ints()),
			Can:   f.options(words, fieldwork.KindCertificate, fieldwork.CertificateCompetence, r.Get(fieldwork.CertificateCompetence).Ints()),
			Place: f.siteName(person.Get(fieldwork.TraineeSite).Ref()), Copy: max(int(again), before.copies(id, 0))}
		if hq != "" {
			one.Payload = key.CertificateAddress(hq, one.Number)
		}
		if day, ok := r.Get(fieldwork.CertificateDate).Int(); ok {
			one.Date = words.Day(day)
		}
		out.List = append(out.List, one)
	}
	if len(out.List) == 0 {
		return out, &fieldwork.Problem{Code: "no-certificates", Sentence: "There is no certificate to print.", Hint: "Issue certificates to those who earned one first."}
	}
	return out, nil
}

// PrintCertificates writes certificates as a PDF and counts the reprints.
func (f *Folder) PrintCertificates(w io.Writer, ids []fieldwork.RecordID, how Print) error {
	doc, err := f.CertificateSheet(ids, how)
	if err != nil {
		return err
	}
	if err := WritePDF(w, doc); err != nil {
		return err
	}
	return f.CertificatesPrinted(ids)
}

// CertificatesPrinted remembers that certificates were printed. A reprint is counted in its record, for HQ to see.
func (f *Folder) CertificatesPrinted(ids []fieldwork.RecordID) error {
	p := f.printedNotes(certificatesNote)
	var writes []journal.Write
	for _, id := range ids {
		r, ok := f.store.Record(id)
		if !ok {
			continue
		}
		again, _ := r.Get(fieldwork.CertificateReprints).Int()
		if p.copies(id, 0) > 0 || again > 0 {
			writes = append(writes, journal.Write{Kind: fieldwork.KindCertificate, Record: id,
				Fields: []fieldwork.FieldValue{{Field: fieldwork.CertificateReprints, Value: fieldwork.Int(again + 1)}}})
		}
		p[fieldwork.CodeOf(id)] = printed{Copies: p.copies(id, 0) + 1}
	}
	if len(writes) > 0 {
		if err := f.saveAll(writes, fieldwork.RecordID{}); err != nil {
			return err
		}
	}
	return f.keepPrinted(certificatesNote, p)
}
