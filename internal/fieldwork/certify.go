package fieldwork

import "slices"

// PassScore is the lowest score after a module that passes, of 100.
const PassScore = 50

// CertificateLevel is how much a certificate may say.
type CertificateLevel int

// The levels, the higher the more.
const (
	CertifyNothing    CertificateLevel = iota
	CertifyAttendance                  // was there for every module of the course
	CertifyCompetence                  // and was seen doing all that its modules teach, and failed none of them
)

// Earned is what somebody may be certified for after a course, and what is missing.
type Earned struct {
	Person  RecordID
	Modules []int64  // of the course, where she was present or late, in the course's order
	Missing []int64  // the course's others
	Can     []int64  // competences that an assessor saw, ascending
	NotSeen []int64  // competences that the course teaches and nobody saw yet, ascending
	Failed  []int64  // modules of the course whose last score is below PassScore
	Issued  RecordID // her certificate of this course; zero: none yet
}

// Level says which certificate it is enough for.
func (e Earned) Level() CertificateLevel {
	switch {
	case len(e.Missing) > 0 || len(e.Modules) == 0:
		return CertifyNothing
	case len(e.NotSeen) > 0 || len(e.Failed) > 0:
		return CertifyAttendance
	}
	return CertifyCompetence
}

// Teaches returns the competence that a module teaches; 0 for safety and green skills, where being there is all.
func Teaches(module int64) int64 {
	switch module {
	case ModuleAssembly, ModuleWiringSoldering:
		return CompetenceAssemble
	case ModuleInstallation:
		return CompetenceInstall
	case ModuleMaintenanceRepair:
		return CompetenceRepair
	case ModuleTrainTheTrainer:
		return CompetenceTrain
	}
	return 0
}

// EarnedIn works out, for everybody who came to a module of the course or has a certificate of it, what she may be certified for.
// People come in the order of their ids.
func EarnedIn(src Source, roll *Roll, course Record) []Earned {
	c := certifier{src: src, course: course, modules: course.Get(CourseModules).Ints(), of: map[RecordID]*earner{}}
	c.readRoll(roll)
	c.readAssessments()
	c.readCertificates()
	list := make([]Earned, 0, len(c.of))
	for id, e := range c.of {
		if e.came || !e.issued.IsZero() {
			list = append(list, c.earned(id, e))
		}
	}
	slices.SortFunc(list, func(a, b Earned) int { return a.Person.Compare(b.Person) })
	return list
}

type certifier struct {
	src     Source
	course  Record
	modules []int64
	of      map[RecordID]*earner
}

// earner is what one person did.
type earner struct {
	came    bool
	modules map[int64]bool
	can     map[int64]bool
	scores  map[int64]scored // the last of each module
	issued  RecordID
}

type scored struct{ day, score int64 }

func (c *certifier) person(id RecordID) *earner {
	id = c.src.Canonical(id)
	e := c.of[id]
	if e == nil {
		e = &earner{scores: map[int64]scored{}}
		c.of[id] = e
	}
	return e
}

func (c *certifier) readRoll(roll *Roll) {
	for _, s := range roll.Sessions {
		if status, _ := s.Get(SessionStatus).Int(); status == SessionStatusCancelled {
			continue
		}
		for id, part := range roll.Parts[s.ID] {
			if part.Presence != PresencePresent && part.Presence != PresenceLate {
				continue
			}
			if p, ok := c.src.Record(id); !ok || p.Kind != KindTrainee || p.Deleted {
				continue
			}
			for _, m := range s.Get(SessionModules).Ints() {
				if e := c.person(id); slices.Contains(c.modules, m) {
					e.came = true
					add(&e.modules, m)
				}
			}
		}
	}
}

// readAssessments takes every competence that was ever seen, and the last score of each module.
func (c *certifier) readAssessments() {
	c.src.Each(KindAssessment, func(a Record) bool {
		e := c.person(a.Get(AssessmentPerson).Ref())
		for _, n := range a.Get(AssessmentCompetence).Ints() {
			add(&e.can, n)
		}
		m, _ := a.Get(AssessmentModule).Int()
		day, _ := a.Get(AssessmentDate).Int()
		if n, ok := a.Get(AssessmentAfterScore).Int(); ok {
			if last, had := e.scores[m]; !had || day >= last.day {
				e.scores[m] = scored{day, n}
			}
		}
		return true
	})
}

func (c *certifier) readCertificates() {
	c.src.Each(KindCertificate, func(r Record) bool {
		if c.src.Canonical(r.Get(CertificateCourse).Ref()) == c.course.ID {
			c.person(r.Get(CertificatePerson).Ref()).issued = r.ID
		}
		return true
	})
}

func (c *certifier) earned(id RecordID, e *earner) Earned {
	out := Earned{Person: id, Issued: e.issued}
	taught := map[int64]bool{}
	for _, m := range c.modules {
		if e.modules[m] {
			out.Modules = append(out.Modules, m)
		} else {
			out.Missing = append(out.Missing, m)
		}
		if s, ok := e.scores[m]; ok && s.score < PassScore {
			out.Failed = append(out.Failed, m)
		}
		if n := Teaches(m); n != 0 {
			taught[n] = true
		}
	}
	for _, o := range competences {
		if e.can[o.N] {
			out.Can = append(out.Can, o.N)
		} else if taught[o.N] {
			out.NotSeen = append(out.NotSeen, o.N)
		}
	}
	return out
}

// Certificate returns the fields of the certificate to save: its number, and the competences only where the level is competence.
// Today is in days since 1970-01-01.
func (e Earned) Certificate(number string, course RecordID, today int64) []FieldValue {
	list := []FieldValue{
		{CertificateNumber, Text(number)},
		{CertificatePerson, Ref(e.Person)},
		{CertificateCourse, Ref(course)},
		{CertificateDate, Int(today)},
		{CertificateModules, Ints(sorted(e.Modules)...)},
	}
	if e.Level() == CertifyCompetence && len(e.Can) > 0 {
		list = append(list, FieldValue{CertificateCompetence, Ints(e.Can...)})
	}
	return list
}

func sorted(list []int64) []int64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
