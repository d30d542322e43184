package lamps

import (
	"fmt"

	"kandili/internal/fieldwork"
	"kandili/ui/lists"
)

// sorts are the orders of the list, by tag first.
func (m *Model) sorts() []lists.Sort {
	tag := func(r fieldwork.Record) string { return fieldwork.Fold(title(r)) }
	return []lists.Sort{
		{ID: "tag", Word: m.words.T("list.tag"), Key: tag},
		{ID: "village", Word: m.words.T("list.village"), Key: func(r fieldwork.Record) string {
			return fieldwork.Fold(m.NameOf(m.siteOf(r))) + "\x00" + tag(r)
		}},
		{ID: "model", Word: m.words.T("list.model"), Key: func(r fieldwork.Record) string {
			return fieldwork.Fold(m.NameOf(r.Get(fieldwork.LampModel).Ref())) + "\x00" + tag(r)
		}},
		{ID: "status", Word: m.words.T("list.status"), Key: func(r fieldwork.Record) string {
			state, _ := m.state(r)
			return fmt.Sprintf("%04d%s", state.Status, tag(r))
		}},
	}
}

// filters leave out lamps of other villages and states.
func (m *Model) filters() []lists.Filter {
	spec := fieldwork.SpecOf(fieldwork.KindLamp)
	status := spec.Field(fieldwork.LampStatus)
	return []lists.Filter{
		{ID: "village", Word: m.words.Label(spec, spec.Field(fieldwork.LampSite)), Options: func() (out []lists.Option) {
			for _, s := range m.Sites() {
				out = append(out, lists.Option{Value: s.ID.String(), Word: s.Name})
			}
			return out
		}, Keep: func(r fieldwork.Record, site string) bool { return m.siteOf(r).String() == site }},
		{ID: "status", Word: m.words.Label(spec, status), Options: func() []lists.Option {
			out := []lists.Option{{Value: "unknown", Word: m.words.LampStatus(0)}}
			for _, o := range status.Options {
				out = append(out, lists.Option{Value: o.Name, Word: m.words.LampStatus(o.N)})
			}
			return out
		}, Keep: func(r fieldwork.Record, name string) bool {
			state, _ := m.state(r)
			o, known := status.OptionByName(name)
			return known && o.N == state.Status || !known && state.Status == 0
		}},
	}
}

// siteOf is the village where a lamp hangs, else the one it belongs to.
func (m *Model) siteOf(r fieldwork.Record) fieldwork.RecordID {
	if _, place := m.state(r); !place.Get(fieldwork.InstallationSite).IsZero() {
		return place.Get(fieldwork.InstallationSite).Ref()
	}
	return r.Get(fieldwork.LampSite).Ref()
}

// Position is where a lamp hangs, in degrees; false when nobody noted it.
func (m *Model) Position(r fieldwork.Record) (lat, lon float64, ok bool) {
	_, place := m.state(r)
	p := place.Get(fieldwork.InstallationPosition).Ints()
	if len(p) != 3 {
		return 0, 0, false
	}
	return float64(p[0]) / 1e5, float64(p[1]) / 1e5, true
}
