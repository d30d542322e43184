package fieldwork

import (
	"maps"
	"math"
	"slices"
)

// Training is indicator 4. Counts are of trainees, one person once.
type Training struct {
	Registered        Count
	Attended          Count         // came to a session at least once
	Completed         Count         // were present or late in a session of each required module
	Competent         Count         // can do at least one thing alone
	ByCompetence      map[int64]int // how many can do each: CompetenceAssemble …
	Women             Share         // of those registered whose gender is known
	Under25           Share         // of those registered whose age is known
	PerVolunteerDay   Ratio         // trainees who attended, for each work day of a volunteer
	LampsPerTrainee   Ratio         // lamps built by trainees, for each trainee who attended; Records are lamps
	ActiveMaintainers Share         // of maintainers trained half a year ago or longer, who looked after a lamp half a year after it or later
	RequiredModules   []int64       // what Completed asks for; empty: nothing is known, and nobody completed
}

// TrainingOf works out indicator 4 from a Source and the roll read from it.
func TrainingOf(src Source, roll *Roll, s Scope) Training {
	t := training{src: src, roll: roll, scope: s}
	t.readPeople()
	t.readSessions()
	t.readAssessments()
	t.readUpkeep()
	return t.result()
}

// learner is what is known of one trainee. There may be a hundred thousand: no more is kept than is counted.
type learner struct {
	id         RecordID
	age        int64 // at most; noAge: not known
	gender     int8  // GenderNotSaid where nothing was recorded
	maintainer bool  // says her record
	modules    map[int64]bool
	competence map[int64]bool
	trained    int64   // day of the first session, or from which she is known to repair; noDay: not trained
	upkeep     []int64 // days on which she visited or repaired a lamp
}

// noAge says that nobody recorded how old somebody is.
const noAge = math.MinInt64

type training struct {
	src    Source
	roll   *Roll
	scope  Scope
	people []learner // in id order
}

func (t *training) in(site Value) bool {
	return t.scope.Site.IsZero() || !site.IsZero() && t.src.Canonical(site.Ref()) == t.src.Canonical(t.scope.Site)
}

func (t *training) readPeople() {
	if c, ok := t.src.(interface{ Count(Kind) int }); ok && t.scope.Site.IsZero() {
		t.people = make([]learner, 0, c.Count(KindTrainee))
	}
	t.src.Each(KindTrainee, func(r Record) bool {
		if !t.in(r.Get(TraineeSite)) {
			return true
		}
		l := learner{id: r.ID, gender: GenderNotSaid, age: noAge, maintainer: r.Get(TraineeRoles).Has(TraineeRoleMaintainer), trained: noDay}
		if g, ok := r.Get(TraineeGender).Int(); ok {
			l.gender = int8(min(max(g, 0), math.MaxInt8)) // a later version may know more
		}
		if _, age, ok := Ages(r, t.scope.Today); ok {
			l.age = age
		}
		t.people = append(t.people, l)
		return true
	})
}

// of finds a trainee; nil for somebody who is not counted.
func (t *training) of(id RecordID) *learner {
	i, ok := slices.BinarySearchFunc(t.people, id, func(l learner, id RecordID) int { return l.id.Compare(id) })
	if !ok {
		return nil
	}
	return &t.people[i]
}

func (t *training) person(v Value) *learner {
	if id := v.Ref(); !id.IsZero() {
		return t.of(t.src.Canonical(id))
	}
	return nil
}

func (t *training) readSessions() {
	for _, session := range t.roll.Sessions {
		if status, _ := session.Get(SessionStatus).Int(); status == SessionStatusCancelled {
			continue
		}
		modules := session.Get(SessionModules).Ints()
		for id, part := range t.roll.Parts[session.ID] {
			l := t.of(id)
			if l == nil || part.Presence != PresencePresent && part.Presence != PresenceLate {
				continue
			}
			for _, m := range modules {
				add(&l.modules, m)
			}
			if start, ok := session.Get(SessionStart).Int(); ok && (l.trained == noDay || floorDay(start) < l.trained) {
				l.trained = floorDay(start)
			}
		}
	}
}

func add(set *map[int64]bool, n int64) {
	if *set == nil {
		*set = map[int64]bool{}
	}
	(*set)[n] = true
}

// floorDay returns the UTC day of a time.
func floorDay(seconds int64) int64 {
	day := seconds / secondsADay
	if seconds%secondsADay < 0 {
		day--
	}
	return day
}

// readAssessments takes what people can do; somebody who can repair is trained from the first day that says so.
func (t *training) readAssessments() {
	repair := map[RecordID]int64{}
	t.src.Each(KindAssessment, func(r Record) bool {
		l := t.person(r.Get(AssessmentPerson))
		if l == nil {
			return true
		}
		for _, c := range r.Get(AssessmentCompetence).Ints() {
			add(&l.competence, c)
			if day, ok := r.Get(AssessmentDate).Int(); ok && c == CompetenceRepair {
				if first, had := repair[l.id]; !had || day < first {
					repair[l.id] = day
				}
			}
		}
		return true
	})
	for id, day := range repair {
		t.of(id).trained = day
	}
}

// readUpkeep takes the days on which trainees visited or repaired lamps.
func (t *training) readUpkeep() {
	t.src.Each(KindVisit, func(r Record) bool {
		day, done := r.Get(VisitDone).Int()
		if !done {
			return true
		}
		visitor, repairer := t.person(r.Get(VisitVisitor)), t.person(r.Get(VisitRepairedBy))
		if visitor != nil {
			visitor.upkeep = append(visitor.upkeep, day)
		}
		if repairer != nil && repairer != visitor {
			repairer.upkeep = append(repairer.upkeep, day)
		}
		return true
	})
}

// halfYear is "after six months", in days.
const halfYear = 183

func (l *learner) isMaintainer() bool {
	return l.competence[CompetenceRepair] || l.maintainer
}

func (l *learner) completed(required []int64) bool {
	for _, m := range required {
		if !l.modules[m] {
			return false
		}
	}
	return len(required) > 0
}

func (t *training) result() Training {
	out := Training{ByCompetence: map[int64]int{}, RequiredModules: t.required()}
	var women, young, active []RecordID
	gendered, aged, maintainers := 0, 0, 0
	out.Registered.Records = slices.Grow(out.Registered.Records, len(t.people))
	for i := range t.people {
		l := &t.people[i]
		id := l.id
		out.Registered.add(id, true)
		out.Attended.add(id, t.roll.Came(id))
		out.Completed.add(id, l.completed(out.RequiredModules))
		out.Competent.add(id, len(l.competence) > 0)
		for c := range l.competence {
			out.ByCompetence[c]++
		}
		if l.gender != GenderNotSaid {
			gendered++
			women = appendIf(women, id, l.gender == GenderFemale)
		}
		if l.age != noAge {
			aged++
			young = appendIf(young, id, l.age < 25)
		}
		if l.isMaintainer() && l.trained != noDay && l.trained <= t.scope.Today-halfYear {
			maintainers++
			active = appendIf(active, id, slices.ContainsFunc(l.upkeep, func(day int64) bool { return day >= l.trained+halfYear && day <= t.scope.Today }))
		}
	}
	out.Women, out.Under25, out.ActiveMaintainers = newShare(women, gendered), newShare(young, aged), newShare(active, maintainers)
	out.PerVolunteerDay = Ratio{Of: out.Attended.N, N: t.workDays(), Records: out.Attended.Records}
	built := t.lampsBuilt()
	out.LampsPerTrainee = Ratio{Of: len(built), N: out.Attended.N, Records: built}
	return out
}

func (c *Count) add(id RecordID, counts bool) {
	if counts {
		c.N++
		c.Records = append(c.Records, id)
	}
}

func appendIf(list []RecordID, id RecordID, yes bool) []RecordID {
	if yes {
		return append(list, id)
	}
	return list
}

// required are the modules that complete a training: as the campaign says, else those of all courses, else those of
// all sessions that were not cancelled.
func (t *training) required() []int64 {
	asked, courses, sessions := map[int64]bool{}, map[int64]bool{}, map[int64]bool{}
	take := func(set map[int64]bool, v Value) {
		for _, m := range v.Ints() {
			set[m] = true
		}
	}
	t.src.Each(KindCampaign, func(r Record) bool { take(asked, r.Get(CampaignRequiredModules)); return true })
	t.src.Each(KindCourse, func(r Record) bool { take(courses, r.Get(CourseModules)); return true })
	for _, r := range t.roll.Sessions {
		if status, _ := r.Get(SessionStatus).Int(); status != SessionStatusCancelled {
			take(sessions, r.Get(SessionModules))
		}
	}
	for _, set := range []map[int64]bool{asked, courses, sessions} {
		if len(set) > 0 {
			return slices.Sorted(maps.Keys(set))
		}
	}
	return nil
}

// workDays counts the days that volunteers worked, not those they travelled; one volunteer and date is one day.
func (t *training) workDays() int {
	days := map[[2]Value]bool{}
	t.src.Each(KindVolunteerDay, func(r Record) bool {
		kind, _ := r.Get(VolunteerDayKind).Int()
		if kind != DayKindTravel && t.in(r.Get(VolunteerDaySite)) {
			who := Ref(t.src.Canonical(r.Get(VolunteerDayVolunteer).Ref()))
			days[[2]Value{who, r.Get(VolunteerDayDate)}] = true
		}
		return true
	})
	return len(days)
}

// lampsBuilt lists the lamps that trainees of the scope built.
func (t *training) lampsBuilt() []RecordID {
	var list []RecordID
	t.src.Each(KindLamp, func(r Record) bool {
		for _, id := range r.Get(LampBuiltBy).Refs() {
			if t.of(t.src.Canonical(id)) != nil {
				list = append(list, r.ID)
				break
			}
		}
		return true
	})
	return list
}
