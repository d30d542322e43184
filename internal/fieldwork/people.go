package fieldwork

import "strings"

// Name returns what a person calls the record: given and family name of a trainee, else the first name, title or
// number that it has, else its code.
func Name(r Record) string {
	if r.Kind == KindTrainee {
		if s := traineeName(r); s != "" {
			return s
		}
	}
	for _, f := range nameFields[r.Kind] {
		if s := r.Get(f).Text(); s != "" {
			return s
		}
	}
	return CodeOf(r.ID)
}

// nameFields lists, by kind, the fields that can name a record, the best first.
var nameFields = map[Kind][]FieldID{
	KindCampaign:    {CampaignName},
	KindSite:        {SiteName, SiteCode},
	KindVolunteer:   {VolunteerName},
	KindHousehold:   {HouseholdHeadName},
	KindTrainee:     {TraineeLocalName, TraineeOtherName},
	KindCourse:      {CourseTitle},
	KindSession:     {SessionTitle},
	KindCertificate: {CertificateNumber},
	KindLampModel:   {LampModelName},
	KindLamp:        {LampTagCode, LampSerial},
	KindLesson:      {LessonWhatHappened},
	KindNode:        {NodeName, NodeLetters},
}

func traineeName(r Record) string {
	return strings.TrimSpace(r.Get(TraineeGivenName).Text() + " " + r.Get(TraineeFamilyName).Text())
}

// ageBandFrom and ageBandTo bound the ages of a band, both inclusive.
var ageBandFrom = map[int64]int64{AgeBandUnder18: 0, AgeBand18To24: 18, AgeBand25To34: 25, AgeBand35To59: 35, AgeBand60Up: 60}
var ageBandTo = map[int64]int64{AgeBandUnder18: 17, AgeBand18To24: 24, AgeBand25To34: 34, AgeBand35To59: 59, AgeBand60Up: maxAge}

// Ages returns the youngest and oldest age, in years, that a trainee can have today (days since 1970-01-01): a birth
// year leaves one year open. Ok is false where neither birth year nor band is known.
func Ages(trainee Record, today int64) (from, to int64, ok bool) {
	if year, known := trainee.Get(TraineeBirthYear).Int(); known {
		age := int64(DayOf(today).Year()) - year
		return max(0, age-1), age, true
	}
	band, known := trainee.Get(TraineeAgeBand).Int()
	if _, in := ageBandTo[band]; !known || !in {
		return 0, 0, false
	}
	return ageBandFrom[band], ageBandTo[band], true
}

// IsMinor says that the trainee is, or may be, under 18. Somebody of unknown age counts as grown up.
func IsMinor(trainee Record, today int64) bool {
	from, _, ok := Ages(trainee, today)
	return ok && from < 18
}

// Members returns how many people live in a household, by the age groups that were entered; 0 means not asked yet.
func Members(household Record) int64 {
	sum := int64(0)
	for _, f := range []FieldID{HouseholdUnder5, HouseholdAge6To17, HouseholdWomen, HouseholdMen, HouseholdElderly} {
		n, _ := household.Get(f).Int()
		sum += max(0, min(n, 1000)) // a nonsense number of somebody else's version must not overflow
	}
	return sum
}
