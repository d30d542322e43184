package fieldwork

import (
	"math"
	"testing"
)

// village makes three households: one with two working lamps, one whose lamp broke, one never given a lamp; and a
// school with a lamp.
func village() (m *memory, site RecordID) {
	m = newMemory()
	site = m.add(KindSite, SiteName, Text("Entasopia"))
	lamp := func(place int64, status int64, homes ...RecordID) {
		l := m.add(KindLamp, LampStatus, Int(LampWorking))
		m.add(KindInstallation, InstallationLamp, Ref(l), InstallationSite, Ref(site), InstallationPlace, Int(place), InstallationHouseholds, Refs(homes...), InstallationDate, Int(20000))
		m.add(KindVisit, VisitLamp, Ref(l), VisitDone, Int(20030), VisitFound, Bool(true), VisitStatusFound, Int(status))
	}
	two := m.add(KindHousehold, HouseholdSite, Ref(site), HouseholdWomen, Int(2), HouseholdUnder5, Int(3))
	broken := m.add(KindHousehold, HouseholdSite, Ref(site), HouseholdWomen, Int(4))
	m.add(KindHousehold, HouseholdSite, Ref(site), HouseholdMen, Int(9))
	lamp(PlaceHome, LampWorking, two)
	lamp(PlaceHome, LampDim, two)
	lamp(PlaceHome, LampBroken, broken)
	lamp(PlaceSchool, LampWorking)
	return m, site
}

func TestPeopleLit_countsAHouseholdOnceAndSchoolsApart(t *testing.T) {
	m, site := village()
	for _, s := range []Scope{{Today: 20060}, {Today: 20060, Site: site}} {
		p := NewFleet(m).PeopleLit(s)
		if p.People != 5 || p.Households.N != 1 || p.Shared.Lamps.N != 1 || p.Label != Measured {
			t.Errorf("got %d people in %d households, %d shared lamps; want 5, 1, 1", p.People, p.Households.N, p.Shared.Lamps.N)
		}
	}
	if p := NewFleet(m).PeopleLit(Scope{Today: 20060, Site: RecordID{Seq: 99}}); p.People != 0 {
		t.Errorf("another site has %d people", p.People)
	}
}

func TestWorkingRate_hasItsIntervalAndItsN(t *testing.T) {
	m, _ := village()
	w := NewFleet(m).WorkingRate(Scope{Today: 20060})
	if w.Part != 2 || w.N != 4 || w.Low >= w.Value() || w.High <= w.Value() {
		t.Errorf("got %+v, want 2 of 4 with an interval around it", w.Share)
	}
}

// TestWilson_knownAnswers: computed by hand from the formula of Wilson (1927) with z = 1.96.
func TestWilson_knownAnswers(t *testing.T) {
	for _, x := range []struct {
		k, n      int
		low, high float64
	}{{203, 221, 0.8751, 0.9479}, {0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {0, 0, 0, 1}} {
		low, high := Wilson(x.k, x.n)
		if math.Abs(low-x.low) > 1e-3 || math.Abs(high-x.high) > 1e-3 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", x.k, x.n, low, high, x.low, x.high)
		}
	}
}

// TestKaplanMeier_knownCurve: five lamps, of which those at 10 and 30 days fail; 4/5 and then 4/5 · 2/3.
func TestKaplanMeier_knownCurve(t *testing.T) {
	got := KaplanMeier([]Life{{30, true}, {10, true}, {20, false}, {40, false}, {50, false}})
	if len(got) != 2 || math.Abs(got[0].Share-0.8) > 1e-9 || math.Abs(got[1].Share-0.8*2/3) > 1e-9 || got[1].AtRisk != 3 {
		t.Errorf("got %+v", got)
	}
}
