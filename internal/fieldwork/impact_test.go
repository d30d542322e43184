package fieldwork

import (
	"math"
	"slices"
	"testing"
)

// The figures that Newcombe (1998, table I, method 3) printed for his four examples.
func TestWilson_asNewcombePrintedIt(t *testing.T) {
	for _, x := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		low, high := Wilson(x.k, x.n)
		if math.Abs(low-x.low) > 0.00005 || math.Abs(high-x.high) > 0.00005 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", x.k, x.n, low, high, x.low, x.high)
		}
	}
}

// The 6-MP arm of Freireich's trial (1963), which every text book works through: weeks of remission, + is censored.
func TestKaplanMeier_ofTheTextBooks(t *testing.T) {
	var lives []Life
	for _, w := range []int64{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		lives = append(lives, Life{w, true})
	}
	for _, w := range []int64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		lives = append(lives, Life{w, false})
	}
	want := []SurvivalPoint{{6, 21, 3, 0.857}, {7, 17, 1, 0.807}, {10, 15, 1, 0.753}, {13, 12, 1, 0.690}, {16, 11, 1, 0.627}, {22, 7, 1, 0.538}, {23, 6, 1, 0.448}}
	got := KaplanMeier(lives)
	for i := range got {
		got[i].Share = math.Round(got[i].Share*1000) / 1000
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if KaplanMeier(nil) != nil {
		t.Error("a curve of no lamps")
	}
}

func TestPeopleLit_waterfall(t *testing.T) {
	m, _ := village()
	lamp := func(status int64, pairs ...any) {
		l := m.add(KindLamp, LampStatus, Int(status))
		m.add(KindInstallation, append([]any{InstallationLamp, Ref(l), InstallationDate, Int(20000)}, pairs...)...)
	}
	unasked := m.add(KindHousehold)
	twin := m.add(KindHousehold, HouseholdMen, Int(40))
	m.same[twin] = unasked
	lamp(LampWorking, InstallationPlace, Int(PlaceHome))                                     // nobody said whose home
	lamp(LampWorking, InstallationHouseholds, Refs(unasked, twin))                           // two records of one home, nobody counted
	lamp(LampLost, InstallationHouseholds, Refs(unasked))                                    // gone
	lamp(LampWorking, InstallationPlace, Int(PlacePath), InstallationHouseholds, Refs(twin)) // a path is nobody's
	lamp(LampWorking, InstallationPlace, Int(PlaceShop), InstallationPeopleLit, Int(30))     // a shop without a home
	m.add(KindLamp, LampStatus, Int(LampWorking))                                            // never installed

	p := NewFleet(m).PeopleLit(Scope{Today: 20060})
	got := map[string]int{}
	for _, s := range p.Steps {
		got[s.Name] = s.Count
		if s.Name != "people" && len(s.Records) != s.Count {
			t.Errorf("%s: %d counted, %d records behind it", s.Name, s.Count, len(s.Records))
		}
	}
	want := map[string]int{"installed": 9, "not_gone": 8, "lit": 7, "visited_lately": 3, "in_shared_places": 3, "households": 2, "people": 5}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s: got %d, want %d", name, got[name], n)
		}
	}
	if p.Uncounted.N != 1 || p.Homeless.N != 1 || p.Shared.Asked != 30 || p.Shared.Places[PlaceSchool] != 1 {
		t.Errorf("beside the waterfall: %+v", p)
	}
	if old := NewFleet(m).PeopleLit(Scope{Today: 20060 + 365}); old.Steps[3].Count != 0 || old.People != 5 {
		t.Errorf("a year later: %d visited lately, %d people", old.Steps[3].Count, old.People)
	}
}

func TestSurvivalAndRepairs(t *testing.T) {
	m := newMemory()
	lamp := func(visits ...[3]int64) {
		l := m.add(KindLamp)
		m.add(KindInstallation, InstallationLamp, Ref(l), InstallationDate, Int(1000))
		for _, v := range visits {
			fields := []any{VisitLamp, Ref(l), VisitDone, Int(1000 + v[0]), VisitStatusFound, Int(v[1])}
			if v[2] != 0 {
				fields = append(fields, VisitAction, Int(v[2]))
			}
			m.add(KindVisit, fields...)
		}
	}
	lamp([3]int64{30, LampWorking, 0}, [3]int64{60, LampBroken, ActionRepaired}, [3]int64{90, LampBroken, 0}, [3]int64{110, LampWorking, 0})
	lamp([3]int64{50, LampBroken, ActionAdvised}, [3]int64{52, LampBroken, ActionAdvised})
	lamp([3]int64{90, LampDim, 0})
	lamp([3]int64{40, LampStolen, 0})
	lamp() // never seen again

	f := NewFleet(m)
	s := f.Survival(Scope{})
	for i := range s.Curve {
		s.Curve[i].Share = math.Round(s.Curve[i].Share*1000) / 1000
	}
	want := []SurvivalPoint{{50, 3, 1, 0.667}, {60, 2, 1, 0.333}}
	if s.N != 4 || s.Failed != 2 || len(s.Records) != 4 || !slices.Equal(s.Curve, want) {
		t.Errorf("got %+v, want 4 lamps and %v", s, want)
	}
	r := f.Repairs(Scope{})
	if r.Part != 2 || r.N != 3 || r.MedianDays != 10 || len(r.Records) != 2 {
		t.Errorf("got %+v, want 2 of 3 failures repaired, in 0 and 20 days", r)
	}
}

func TestTrainingOf(t *testing.T) {
	m := newMemory()
	today := day("2027-12-01")
	start := func(date string) Value { return Int(day(date)*86400 + 8*3600) }
	magadi := m.add(KindSite)
	m.add(KindCourse, CourseModules, Ints(ModuleAssembly, ModuleSafety))
	s1 := m.add(KindSession, SessionStart, start("2027-03-01"), SessionModules, Ints(ModuleAssembly))
	s2 := m.add(KindSession, SessionStart, start("2027-03-02"), SessionModules, Ints(ModuleSafety))
	cancelled := m.add(KindSession, SessionStart, start("2027-03-03"), SessionModules, Ints(ModuleSafety), SessionStatus, Int(SessionStatusCancelled))
	amina := m.add(KindTrainee, TraineeGender, Int(GenderFemale), TraineeBirthYear, Int(2004), TraineeSite, Ref(magadi))
	twin := m.add(KindTrainee)
	omar := m.add(KindTrainee, TraineeGender, Int(GenderMale), TraineeAgeBand, Int(AgeBand25To34), TraineeRoles, Ints(TraineeRoleMaintainer))
	grace := m.add(KindTrainee, TraineeGender, Int(GenderNotSaid))
	jane := m.add(KindVolunteer)
	m.same[twin] = amina
	come := func(person, session RecordID) {
		m.add(KindAttendance, AttendancePerson, Ref(person), AttendanceSession, Ref(session), AttendanceKind, Int(AttendanceIn), AttendanceTime, start("2027-03-01"))
	}
	come(amina, s1)
	come(twin, s2)
	come(omar, s1)
	come(omar, cancelled)
	come(jane, s1)
	m.add(KindAttendance, AttendancePerson, Ref(grace), AttendanceSession, Ref(s1), AttendanceKind, Int(AttendanceRefused), AttendanceRefusal, Int(RefusalWrongSite))
	m.add(KindAssessment, AssessmentPerson, Ref(twin), AssessmentCompetence, Ints(CompetenceRepair), AssessmentDate, Int(day("2027-04-01")))
	lamp := m.add(KindLamp, LampBuiltBy, Refs(amina, omar))
	m.add(KindLamp, LampBuiltBy, Refs(jane))
	m.add(KindVisit, VisitLamp, Ref(lamp), VisitDone, Int(day("2027-11-01")), VisitRepairedBy, Ref(amina))
	m.add(KindVisit, VisitLamp, Ref(lamp), VisitDone, Int(day("2027-05-01")), VisitVisitor, Ref(omar))
	for _, d := range []struct {
		date string
		kind int64
	}{{"2027-03-01", DayKindWork}, {"2027-03-01", DayKindWork}, {"2027-02-28", DayKindTravel}} {
		m.add(KindVolunteerDay, VolunteerDayVolunteer, Ref(jane), VolunteerDayDate, Int(day(d.date)), VolunteerDayKind, Int(d.kind))
	}

	roll := NewRoll(m, today*86400, 0)
	got := TrainingOf(m, roll, Scope{Today: today})
	for name, c := range map[string]struct{ got, want any }{
		"registered":         {got.Registered.N, 3},
		"attended":           {got.Attended.N, 2},
		"completed":          {slices.Equal(got.Completed.Records, []RecordID{amina}), true},
		"competent":          {slices.Equal(got.Competent.Records, []RecordID{amina}), true},
		"can repair":         {got.ByCompetence[CompetenceRepair], 1},
		"women":              {[2]int{got.Women.Part, got.Women.N}, [2]int{1, 2}},
		"under 25":           {[2]int{got.Under25.Part, got.Under25.N}, [2]int{1, 2}},
		"per volunteer day":  {[2]int{got.PerVolunteerDay.Of, got.PerVolunteerDay.N}, [2]int{2, 1}},
		"lamps built":        {[2]int{got.LampsPerTrainee.Of, got.LampsPerTrainee.N}, [2]int{1, 2}},
		"active maintainers": {[2]int{got.ActiveMaintainers.Part, got.ActiveMaintainers.N}, [2]int{1, 2}},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
	if one := TrainingOf(m, roll, Scope{Today: today, Site: magadi}); one.Registered.N != 1 || one.LampsPerTrainee.Of != 1 {
		t.Errorf("of one site: %+v", one)
	}
	m.add(KindCampaign, CampaignRequiredModules, Ints(ModuleAssembly))
	if less := TrainingOf(m, roll, Scope{Today: today}); less.Completed.N != 2 {
		t.Errorf("%d completed what the campaign asks for, want 2", less.Completed.N)
	}
}

// A campaign of the size of DESIGN.md section 9.
func BenchmarkIndicators(b *testing.B) {
	m := newMemory()
	for range 2000 {
		home := m.add(KindHousehold, HouseholdWomen, Int(2), HouseholdUnder5, Int(3))
		lamp := m.add(KindLamp, LampStatus, Int(LampWorking))
		m.add(KindInstallation, InstallationLamp, Ref(lamp), InstallationHouseholds, Refs(home), InstallationDate, Int(20000))
		m.add(KindVisit, VisitLamp, Ref(lamp), VisitDone, Int(20100), VisitStatusFound, Int(LampWorking))
	}
	var sessions, people []RecordID
	for range 100 {
		sessions = append(sessions, m.add(KindSession, SessionStart, Int(eight), SessionEnd, Int(eight+7200), SessionModules, Ints(1)))
	}
	for range 3000 {
		people = append(people, m.add(KindTrainee, TraineeBirthYear, Int(1990), TraineeGender, Int(1)))
	}
	for i := range 5000 {
		m.add(KindAttendance, AttendancePerson, Ref(people[i%3000]), AttendanceSession, Ref(sessions[i%100]), AttendanceKind, Int(1), AttendanceTime, Int(eight))
	}
	b.Run("lamps", func(b *testing.B) {
		for b.Loop() {
			f := NewFleet(m)
			f.PeopleLit(Scope{Today: 20200})
			f.WorkingRate(Scope{Today: 20200})
			f.Survival(Scope{Today: 20200})
			f.Repairs(Scope{Today: 20200})
		}
	})
	b.Run("training", func(b *testing.B) {
		for b.Loop() {
			TrainingOf(m, NewRoll(m, eight+9000, 0), Scope{Today: 20900})
		}
	})
	in := CheckInput{Source: m, Session: sessions[0], Campaign: "KAJI", Keys: testKeys, Text: testKey.Payload(CodeOf(people[1]), 0), Now: eight}
	b.Run("checkin", func(b *testing.B) {
		for b.Loop() {
			CheckIn(in)
		}
	})
}

// The figures of a site are the same whether asked for by scope or of its part of the fleet.
func TestFleet_partsSayWhatScopesSay(t *testing.T) {
	m := newMemory()
	var sites []RecordID
	for range 4 { // nobody has a lamp in the last
		sites = append(sites, m.add(KindSite, SiteName, Text("Oldonyo")))
	}
	for i := range 60 {
		home := m.add(KindHousehold, HouseholdWomen, Int(int64(i%5)))
		lamp := m.add(KindLamp, LampStatus, Int(LampWorking), LampSite, Ref(sites[i%3]))
		m.add(KindInstallation, InstallationLamp, Ref(lamp), InstallationHouseholds, Refs(home), InstallationDate, Int(20000), InstallationSite, Ref(sites[(i/7)%3]))
		found := int64(LampWorking)
		if i%4 == 0 {
			found = LampBroken
		}
		m.add(KindVisit, VisitLamp, Ref(lamp), VisitDone, Int(20100), VisitStatusFound, Int(found))
	}
	fleet := NewFleet(m)
	parts, people := fleet.BySite(), 0
	for _, site := range sites[:3] {
		scope := Scope{Today: 20200, Site: site}
		want, wantRate := fleet.PeopleLit(scope), fleet.WorkingRate(scope)
		got, gotRate := parts[site].PeopleLit(Scope{Today: 20200}), parts[site].WorkingRate(Scope{Today: 20200})
		if got.People != want.People || gotRate.N != wantRate.N || gotRate.Part != wantRate.Part {
			t.Errorf("%d people, %d of %d; by scope %d, %d of %d", got.People, gotRate.Part, gotRate.N, want.People, wantRate.Part, wantRate.N)
		}
		people += got.People
	}
	if all := fleet.PeopleLit(Scope{Today: 20200}).People; people != all || people == 0 || parts[sites[3]] != nil {
		t.Errorf("%d people in the parts, %d in all", people, all)
	}
}
