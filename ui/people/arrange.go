package people

import (
	"strconv"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/ui/lists"
)

// sorts are the orders of the list, by name first.
func (m *Model) sorts() []lists.Sort {
	name := func(r fieldwork.Record) string { return fieldwork.Fold(fieldwork.Name(r)) }
	return []lists.Sort{
		{ID: "name", Word: m.words.T("list.name"), Key: name, ByName: true},
		{ID: "family", Word: m.words.T("list.family"), Key: func(r fieldwork.Record) string {
			return fieldwork.Fold(r.Get(fieldwork.TraineeFamilyName).Text()) + "\x00" + name(r)
		}},
		{ID: "village", Word: m.words.T("list.village"), Key: func(r fieldwork.Record) string {
			return fieldwork.Fold(m.SiteName(r.Get(fieldwork.TraineeSite).Ref())) + "\x00" + name(r)
		}},
		{ID: "year", Word: m.words.T("list.year"), Key: func(r fieldwork.Record) string {
			year, _ := r.Get(fieldwork.TraineeBirthYear).Int()
			return strconv.FormatInt(10_000+year, 10) + name(r) // of as many digits for all; without a year first
		}},
		{ID: "code", Word: m.words.T("list.code"), Key: func(r fieldwork.Record) string { return fieldwork.CodeOf(r.ID) }},
	}
}

// filters leave out people of other villages, genders and states.
func (m *Model) filters() []lists.Filter {
	spec := fieldwork.SpecOf(fieldwork.KindTrainee)
	gender := spec.Field(fieldwork.TraineeGender)
	return []lists.Filter{
		{ID: "village", Word: m.words.Label(spec, spec.Field(fieldwork.TraineeSite)), Options: func() (out []lists.Option) {
			for _, s := range unlike(m.Sites()) {
				out = append(out, lists.Option{Value: s.ID.String(), Word: s.Name})
			}
			return out
		}, Keep: func(r fieldwork.Record, site string) bool { return r.Get(fieldwork.TraineeSite).Ref().String() == site }},
		{ID: "gender", Word: m.words.Label(spec, gender), Options: func() (out []lists.Option) {
			for _, o := range gender.Options {
				out = append(out, lists.Option{Value: o.Name, Word: m.words.Option(gender, o.N)})
			}
			return out
		}, Keep: func(r fieldwork.Record, name string) bool {
			n, ok := r.Get(fieldwork.TraineeGender).Int()
			o, known := gender.OptionByName(name)
			return ok && known && n == o.N
		}},
		{ID: "where", Word: m.words.T("list.where"), Options: func() []lists.Option {
			return []lists.Option{{Value: "here", Word: m.words.T("where.this_laptop")}, {Value: "hq", Word: m.words.T("where.hq")}, {Value: "question", Word: m.words.T("where.question")}}
		}, Keep: func(r fieldwork.Record, where string) bool { return placeName(m.store.Where(r.ID)) == where }},
	}
}

// placeName is what the filter calls where a record is; a courier file on its way has not arrived.
func placeName(p store.Place) string {
	switch p {
	case store.AtHQ, store.Accepted:
		return "hq"
	case store.Question:
		return "question"
	}
	return "here"
}
