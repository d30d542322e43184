package practice

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"kandili/internal/fieldwork"
)

// maker makes the rows of one laptop.
type maker struct {
	Options
	land   *land
	laptop int
	rnd    *rand.Rand
	rows   []Row
	homes  []string // refs of households
	people []string // refs of trainees
	sites  []village
}

type cells = map[string]string

func (m *maker) make() {
	m.places()
	m.volunteers()
	m.households()
	m.trainees()
	m.sessions()
	m.lamps()
}

func (m *maker) scaled(n int) int { return max(n*m.Scale/1000, 1) }

// ref names the i-th row of something. It is unique over all laptops, so that rows of several may be entered on one.
func (m *maker) ref(what string, i int) string {
	return fmt.Sprintf("%s%d-%s%d", m.land.code, m.laptop+1, what, i+1)
}

func (m *maker) add(kind fieldwork.Kind, ref string, c cells) {
	m.rows = append(m.rows, Row{kind, ref, c})
}

func (m *maker) day(offset int) string {
	return time.Unix((m.Start+int64(offset))*86400, 0).UTC().Format(time.DateOnly)
}

func (m *maker) hour(offset, hour, minute int) string {
	return time.Unix((m.Start+int64(offset))*86400+int64(hour*3600+minute*60), 0).UTC().Format("2006-01-02T15:04Z")
}

func pick[T any](m *maker, list []T) T { return list[m.rnd.IntN(len(list))] }

func (m *maker) phone() string {
	digits := ""
	for range m.land.phoneDigits {
		digits += strconv.Itoa(m.rnd.IntN(10))
	}
	return m.land.phonePrefix + digits
}

// near is a position within about five kilometres of the village.
func (m *maker) near(v village) (lat, lon string) {
	return fmt.Sprintf("%.5f", v.lat+m.rnd.Float64()*0.08-0.04), fmt.Sprintf("%.5f", v.lon+m.rnd.Float64()*0.08-0.04)
}

func (m *maker) places() {
	m.sites = m.land.villages[m.laptop*2 : m.laptop*2+2]
	for i, v := range m.sites {
		m.add(fieldwork.KindSite, m.ref("s", i), cells{"name": v.name, "country": m.land.code, "lat": fmt.Sprintf("%.5f", v.lat), "lon": fmt.Sprintf("%.5f", v.lon)})
	}
	m.add(fieldwork.KindLampModel, m.ref("m", 0), cells{"name": "Lantern " + m.land.code + strconv.Itoa(m.laptop+1), "type": "lantern", "pv_w": "3.5", "battery_wh": "6.4", "lumens": "120", "warranty_months": "24"})
}

func (m *maker) siteOf(i int) string { return m.ref("s", i%len(m.sites)) }

func (m *maker) volunteers() {
	for i := range m.scaled(laptopVolunteers) {
		role := "sales"
		if i%2 == 1 {
			role = "other"
		}
		m.add(fieldwork.KindVolunteer, m.ref("v", i), cells{"name": pick(m, m.land.women) + " " + pick(m, m.land.families), "role": role, "phone": m.phone(), "status": "completed"})
	}
}

// households: those with light have exactly laptopPeople members together in the whole programme, so that people lit
// are a known number.
func (m *maker) households() {
	lit := m.scaled(laptopLamps - laptopShared - laptopBroken)
	all := lit + m.scaled(laptopBroken)
	left := laptopPeople * m.Scale / 1000
	for i := range all {
		size := 3 + m.rnd.IntN(5)
		if i < lit {
			least, most := 2*(lit-i-1), 9*(lit-i-1) // what the others can still hold
			size = min(max(size, left-most), max(left-least, 1))
			if i == lit-1 {
				size = left
			}
			left -= size
		}
		m.household(i, size)
	}
}

func (m *maker) household(i, size int) {
	women, men := 1, 0
	if size > 1 {
		men = 1
	}
	young := (size - women - men) / 2
	v := m.sites[i%len(m.sites)]
	lat, lon := m.near(v)
	m.homes = append(m.homes, m.ref("h", i))
	m.add(fieldwork.KindHousehold, m.ref("h", i), cells{"head_name": pick(m, m.land.men) + " " + pick(m, m.land.families), "site": m.siteOf(i),
		"women": strconv.Itoa(women), "men": strconv.Itoa(men), "under_5": strconv.Itoa(young), "age_6_17": strconv.Itoa(size - women - men - young),
		"kerosene_lamps": strconv.Itoa(m.rnd.IntN(3)), "kerosene_litres": fmt.Sprintf("%.1f", 1+4*m.rnd.Float64()), "lat": lat, "lon": lon})
}

func (m *maker) trainees() {
	year := time.Unix(m.Start*86400, 0).UTC().Year()
	for i := range m.scaled(laptopTrainees) {
		gender, given := "female", pick(m, m.land.women)
		if m.rnd.IntN(5) < 2 {
			gender, given = "male", pick(m, m.land.men)
		}
		ref := m.ref("t", i)
		m.people = append(m.people, ref)
		m.add(fieldwork.KindTrainee, ref, cells{"given_name": given, "family_name": pick(m, m.land.families), "gender": gender,
			"birth_year": strconv.Itoa(year - 18 - m.rnd.IntN(45)), "phone": m.phone(), "site": m.siteOf(i), "household": m.homes[i%len(m.homes)]})
		m.add(fieldwork.KindConsent, m.ref("c", i), cells{"subject": ref, "text_version": "1", "purposes": "programme", "method": "signature", "date": m.day(0)})
	}
}

func (m *maker) sessions() {
	for s := range laptopSessions {
		ref := m.ref("e", s)
		m.add(fieldwork.KindSession, ref, cells{"title": sessionTitles[s], "site": m.siteOf(s), "start": m.hour(s, 5, 30), "end": m.hour(s, 13, 0), "modules": sessionModules[s], "status": "closed"})
		for i := range min(m.scaled(seatsInSession), len(m.people)) {
			person := m.people[(i+s)%len(m.people)]
			m.add(fieldwork.KindAttendance, m.ref("a", s*1000+i), cells{"session": ref, "person": person, "kind": "in", "method": "scan", "time": m.hour(s, 5, 15+m.rnd.IntN(40))})
		}
	}
}

var (
	sessionTitles  = [laptopSessions]string{"Assembly, first day", "Assembly, second day", "Wiring and soldering", "Installation", "Maintenance and repair"}
	sessionModules = [laptopSessions]string{"assembly", "assembly", "wiring_soldering", "installation", "maintenance_repair"}
)

func (m *maker) lamps() {
	homes := len(m.homes)
	for i := range homes + m.scaled(laptopShared) {
		ref := m.ref("l", i)
		m.add(fieldwork.KindLamp, ref, cells{"tag_code": fmt.Sprintf("%s%d-%04d", m.land.code, m.laptop+1, i+1), "serial": fmt.Sprintf("SN%06d%s%d", m.rnd.IntN(1_000_000), m.land.code, i), "model": m.ref("m", 0), "status": "working"})
		at := 6 + i%20
		lat, lon := m.near(m.sites[i%len(m.sites)])
		c := cells{"lamp": ref, "site": m.siteOf(i), "date": m.day(at), "place": "school", "lat": lat, "lon": lon}
		found := "working"
		if i < homes {
			c["place"], c["households"], c["replaces"] = "home", m.homes[i], "kerosene"
			c["people_lit"] = strconv.Itoa(3 + i%5)
			if i%17 == 3 {
				found = "dim"
			}
			if i >= homes-m.scaled(laptopBroken) {
				found = "broken"
			}
		}
		m.add(fieldwork.KindInstallation, m.ref("i", i), c)
		m.add(fieldwork.KindVisit, m.ref("k", i), cells{"lamp": ref, "done": m.day(at + 20), "found": "yes", "status_found": found})
	}
}
