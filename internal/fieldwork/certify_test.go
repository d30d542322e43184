package fieldwork

import (
	"slices"
	"testing"
)

// course is a small course with one session of each module, and three people.
type course struct {
	*memory
	id                  RecordID
	amina, omar, joseph RecordID
	first, second       RecordID
}

func newCourse() *course {
	m := newMemory()
	c := &course{memory: m}
	c.amina, c.omar, c.joseph = m.add(KindTrainee, TraineeGivenName, Text("Amina")), m.add(KindTrainee, TraineeGivenName, Text("Omar")), m.add(KindTrainee, TraineeGivenName, Text("Joseph"))
	c.id = m.add(KindCourse, CourseTitle, Text("Lamp builder"), CourseModules, Ints(ModuleAssembly, ModuleSafety))
	sitting := func(module, start int64) RecordID {
		return m.add(KindSession, SessionCourse, Ref(c.id), SessionModules, Ints(module), SessionStart, Int(start), SessionEnd, Int(start+7200))
	}
	c.first, c.second = sitting(ModuleAssembly, 10_000), sitting(ModuleSafety, 100_000)
	for _, x := range []struct {
		person, session RecordID
		time            int64
	}{{c.amina, c.first, 10_000}, {c.amina, c.second, 100_000}, {c.omar, c.first, 10_100}, {c.omar, c.second, 103_000}, {c.joseph, c.first, 10_000}} {
		m.add(KindAttendance, AttendancePerson, Ref(x.person), AttendanceSession, Ref(x.session), AttendanceKind, Int(AttendanceIn), AttendanceTime, Int(x.time))
	}
	return c
}

func (c *course) earned() map[RecordID]Earned {
	r, _ := c.Record(c.id)
	out := map[RecordID]Earned{}
	for _, e := range EarnedIn(c, NewRoll(c, 1_000_000, 0), r) {
		out[e.Person] = e
	}
	return out
}

func TestEarnedIn_attendanceIsNotCompetence(t *testing.T) {
	c := newCourse()
	got := c.earned()
	if e := got[c.amina]; e.Level() != CertifyAttendance || !slices.Equal(e.NotSeen, []int64{CompetenceAssemble}) {
		t.Errorf("was there, nobody looked: %+v", e)
	}
	if e := got[c.joseph]; e.Level() != CertifyNothing || !slices.Equal(e.Missing, []int64{ModuleSafety}) {
		t.Errorf("missed a day: %+v", e)
	}
	c.add(KindAssessment, AssessmentPerson, Ref(c.amina), AssessmentModule, Int(ModuleAssembly), AssessmentAfterScore, Int(40), AssessmentDate, Int(10), AssessmentCompetence, Ints(CompetenceAssemble))
	if e := c.earned()[c.amina]; e.Level() != CertifyAttendance || !slices.Equal(e.Failed, []int64{ModuleAssembly}) {
		t.Errorf("failed the last score: %+v", e)
	}
	c.add(KindAssessment, AssessmentPerson, Ref(c.amina), AssessmentModule, Int(ModuleAssembly), AssessmentAfterScore, Int(80), AssessmentDate, Int(11))
	e := c.earned()[c.amina]
	if e.Level() != CertifyCompetence {
		t.Errorf("did it better the day after: %+v", e)
	}
	fields := fieldPairs(e.Certificate("KJ4-0301-K", c.id, 20_000))
	c.add(KindCertificate, fields...)
	again := c.earned()[c.amina]
	if again.Issued.IsZero() {
		t.Errorf("the certificate is not seen: %+v", again)
	}
	r, _ := c.Record(again.Issued)
	if !r.Get(CertificateCompetence).Has(CompetenceAssemble) || !r.Get(CertificateModules).Has(ModuleSafety) {
		t.Errorf("the certificate says %+v", r)
	}
	if faults := Check(&certificateSpec, r.Fields, 20_000); len(faults) > 0 {
		t.Errorf("the certificate has faults: %v", faults)
	}
}

func TestEarnedIn_whoWasThereForAMomentMissedTheModule(t *testing.T) {
	c := newCourse()
	c.add(KindAttendance, AttendancePerson, Ref(c.omar), AttendanceSession, Ref(c.second), AttendanceKind, Int(AttendanceOut), AttendanceTime, Int(103_600))
	if e := c.earned()[c.omar]; e.Level() != CertifyNothing {
		t.Errorf("ten minutes of two hours: %+v", e)
	}
}

func TestGrid_totalsOfPeopleAndSessions(t *testing.T) {
	c := newCourse()
	g := NewGrid(c, NewRoll(c, 1_000_000, 0), func(Record) bool { return true })
	if !slices.Equal(g.Names, []string{"Amina", "Joseph", "Omar"}) || len(g.Sessions) != 2 {
		t.Fatalf("people %v, %d sessions", g.Names, len(g.Sessions))
	}
	if came, of := g.PersonTotal(1); came != 1 || of != 1 {
		t.Errorf("Joseph came to %d of %d", came, of)
	}
	if came, of := g.SessionTotal(1); came != 2 || of != 2 {
		t.Errorf("%d of %d came on the second day", came, of)
	}
	if p, _ := g.At(2, 1); p != PresenceLate {
		t.Errorf("Omar on the second day: %v", p)
	}
}

func TestNextModule_goesThroughTheCourse(t *testing.T) {
	c := newCourse()
	r, _ := c.Record(c.id)
	first, _ := c.Record(c.first)
	second, _ := c.Record(c.second)
	if n := NextModule(r, []Record{first}); n != ModuleSafety {
		t.Errorf("after assembly comes %d", n)
	}
	if n := NextModule(r, []Record{first, second}); n != 0 {
		t.Errorf("after all comes %d", n)
	}
	if n := NextModule(Record{}, []Record{first}); n != ModuleWiringSoldering {
		t.Errorf("without a course comes %d", n)
	}
}

func TestFromPaper_typingItAgainChangesNothing(t *testing.T) {
	c := newCourse()
	session, _ := c.Record(c.first)
	enter := func(person RecordID, tick Tick) (saved int) {
		roll := NewRoll(c, 1_000_000, 0)
		part := Part{}
		if p := roll.Parts[session.ID][person]; p != nil {
			part = *p
		}
		for _, fields := range FromPaper(session, person, part, tick, RecordID{}, 500_000) {
			c.add(KindAttendance, fieldPairs(fields)...)
			saved++
		}
		return saved
	}
	presence := func(person RecordID) Presence {
		if p := NewRoll(c, 1_000_000, 0).Parts[session.ID][person]; p != nil {
			return p.Presence
		}
		return 0
	}
	grace := c.add(KindTrainee, TraineeGivenName, Text("Grace"))
	for _, x := range []struct {
		name  string
		who   RecordID
		tick  Tick
		saves int
		want  Presence
	}{
		{"nothing ticked", grace, 0, 0, 0},
		{"ticked", grace, TickHere, 1, PresencePresent},
		{"ticked again", grace, TickHere, 0, PresencePresent},
		{"late after all", grace, TickLate, 1, PresenceLate},
		{"late again", grace, TickLate, 0, PresenceLate},
		{"excused after all", grace, TickExcused, 1, PresenceExcused},
		{"here after all", grace, TickHere, 1, PresencePresent},
		{"came by badge already", c.amina, TickHere, 0, PresencePresent},
	} {
		if got := enter(x.who, x.tick); got != x.saves {
			t.Errorf("%s: %d saved, want %d", x.name, got, x.saves)
		}
		if got := presence(x.who); got != x.want {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestFromPaper_twoLaptopsThatTypeTheSameSheetCountOnce(t *testing.T) {
	c := newCourse()
	session, _ := c.Record(c.first)
	grace := c.add(KindTrainee, TraineeGivenName, Text("Grace"))
	one := FromPaper(session, grace, Part{}, TickHere, RecordID{}, 500_000)
	two := FromPaper(session, grace, Part{}, TickHere, RecordID{}, 900_000)
	c.add(KindAttendance, fieldPairs(one[0])...)
	c.add(KindAttendance, fieldPairs(two[0])...)
	if p := NewRoll(c, 1_000_000, 0).Parts[session.ID][grace]; len(p.Records) != 1 || p.First != 10_000 {
		t.Errorf("counted %d times, from %d", len(p.Records), p.First)
	}
	if faults := Check(&attendanceSpec, one[0], 20_000); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestHeadcount_twoWithoutABadge(t *testing.T) {
	c := newCourse()
	session, _ := c.Record(c.first)
	session.Fields = append(session.Fields, FieldValue{SessionHeadcount, Int(5)})
	var list []Record
	c.Each(KindAttendance, func(a Record) bool {
		if a.Get(AttendanceSession).Ref() == session.ID {
			list = append(list, a)
		}
		return true
	})
	h := RollOf(session, list, c.Canonical, 1_000_000, 0).Headcount(session.ID)
	if h.Came != 3 || h.Without() != 2 {
		t.Errorf("%d came, %d without a badge", h.Came, h.Without())
	}
}

func TestWithVolunteer_keepsFieldsInOrder(t *testing.T) {
	by := RecordID{Log: LogID{Node: 2}, Seq: 4}
	fields := Correction(RecordID{Log: LogID{Node: 1}, Seq: 1}, RecordID{Log: LogID{Node: 1}, Seq: 2}, PresenceExcused, by, 5)
	if !slices.IsSortedFunc(fields, func(a, b FieldValue) int { return int(a.Field) - int(b.Field) }) || (Record{Fields: fields}).Get(AttendanceVolunteer).Ref() != by {
		t.Errorf("got %v", fields)
	}
}
