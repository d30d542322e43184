package fieldwork

import (
	"slices"
	"strings"
	"testing"
)

func codes(faults []Fault) []string {
	list := []string{}
	for _, f := range faults {
		list = append(list, f.Code)
	}
	return list
}

func TestCheck(t *testing.T) {
	today := day("2027-03-14")
	someone := RecordID{LogID{1, 0}, 1}
	for name, c := range map[string]struct {
		kind   Kind
		fields []FieldValue
		want   []string
	}{
		"a trainee with one name is enough":   {KindTrainee, fieldsOf(TraineeGivenName, Text("Nasieku")), nil},
		"a family name is one name":           {KindTrainee, fieldsOf(TraineeFamilyName, Text("Ntutu")), nil},
		"a trainee without any name":          {KindTrainee, fieldsOf(TraineePhone, Text("0712")), []string{"name-needed"}},
		"born after today":                    {KindTrainee, fieldsOf(TraineeGivenName, Text("N"), TraineeBirthYear, Int(2031)), []string{"birth-year"}},
		"older than anybody":                  {KindTrainee, fieldsOf(TraineeGivenName, Text("N"), TraineeBirthYear, Int(1906)), []string{"birth-year"}},
		"born this year":                      {KindTrainee, fieldsOf(TraineeGivenName, Text("N"), TraineeBirthYear, Int(2027)), nil},
		"a gender nobody knows":               {KindTrainee, fieldsOf(TraineeGivenName, Text("N"), TraineeGender, Int(99)), []string{"no-option"}},
		"a phone without digits":              {KindTrainee, fieldsOf(TraineeGivenName, Text("N"), TraineePhone, Text("none")), []string{"no-phone"}},
		"an e-mail that is none":              {KindTrainee, fieldsOf(TraineeGivenName, Text("N"), TraineeEmail, Text("nasieku@")), []string{"no-email"}},
		"a name longer than a page":           {KindTrainee, fieldsOf(TraineeGivenName, Text(strings.Repeat("ñ", 201))), []string{"too-long"}},
		"a name as long as allowed":           {KindTrainee, fieldsOf(TraineeGivenName, Text(strings.Repeat("ñ", 200))), nil},
		"a number where a name belongs":       {KindTrainee, fieldsOf(TraineeGivenName, Int(5)), []string{"wrong-form"}},
		"an unknown field is left alone":      {KindTrainee, fieldsOf(TraineeGivenName, Text("N"), FieldID(4000), Int(5)), nil},
		"a session that ends before it began": {KindSession, fieldsOf(SessionStart, Int(100), SessionEnd, Int(99)), []string{"wrong-order"}},
		"a visit that was neither":            {KindVisit, fieldsOf(VisitLamp, Ref(someone)), []string{"needed"}},
		"a visit without a lamp":              {KindVisit, fieldsOf(VisitDone, Int(today)), []string{"needed"}},
		"satisfaction of six":                 {KindVisit, fieldsOf(VisitLamp, Ref(someone), VisitDone, Int(today), VisitSatisfaction, Int(6)), []string{"out-of-bounds"}},
		"nowhere on earth":                    {KindInstallation, fieldsOf(InstallationLamp, Ref(someone), InstallationPosition, Ints(9100000, 0, 0)), []string{"no-place-on-earth"}},
		"an accuracy below nothing":           {KindInstallation, fieldsOf(InstallationLamp, Ref(someone), InstallationPosition, Ints(0, 0, -1)), []string{"out-of-bounds"}},
		"verbal consent without a witness":    {KindConsent, fieldsOf(ConsentSubject, Ref(someone), ConsentMethod, Int(ConsentMethodVerbalWitness)), []string{"needed"}},
		"withdrawn before it was given":       {KindConsent, fieldsOf(ConsentSubject, Ref(someone), ConsentDate, Int(10), ConsentWithdrawnAt, Int(9)), []string{"wrong-order"}},
		"a refusal without a reason":          {KindAttendance, fieldsOf(AttendanceKind, Int(AttendanceRefused)), []string{"needed"}},
		"an attendance of nobody":             {KindAttendance, fieldsOf(AttendanceKind, Int(AttendanceIn)), []string{"needed"}},
		"stock from here to here":             {KindStockMove, fieldsOf(StockMoveItem, Int(StockItemKit), StockMoveQuantity, Int(3), StockMoveFrom, Int(StockAtHQ), StockMoveTo, Int(StockAtHQ)), []string{"contradiction"}},
		"stock between two sites":             {KindStockMove, fieldsOf(StockMoveItem, Int(StockItemKit), StockMoveQuantity, Int(3), StockMoveFrom, Int(StockAtSiteStore), StockMoveTo, Int(StockAtSiteStore), StockMoveToSite, Ref(someone)), nil},
		"a country in words":                  {KindSite, fieldsOf(SiteName, Text("Magadi"), SiteCountry, Text("Ke")), []string{"wrong-form"}},
		"a short name of five":                {KindCampaign, fieldsOf(CampaignName, Text("K"), CampaignShort, Text("KAJ-")), []string{"wrong-form"}},
		"a home of hundreds":                  {KindHousehold, fieldsOf(HouseholdWomen, Int(60), HouseholdMen, Int(60)), []string{"out-of-bounds"}},
		"grid and no light":                   {KindHousehold, fieldsOf(HouseholdGrid, Bool(true), HouseholdNoLight, Bool(true)), []string{"contradiction"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := codes(Check(SpecOf(c.kind), c.fields, today))
			if !slices.Equal(got, append([]string{}, c.want...)) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestCheck_saysTheBirthYearsOfToday(t *testing.T) {
	f := Check(&traineeSpec, fieldsOf(TraineeGivenName, Text("N"), TraineeBirthYear, Int(2031)), day("2027-03-14"))
	want := Fault{TraineeBirthYear, "birth-year", "A birth year lies between 1907 and 2027.", "Unknown? Choose an age band."}
	if len(f) != 1 || f[0] != want {
		t.Errorf("got %+v, want %+v", f, want)
	}
}

func TestCheckConsent_underEighteenNeedsAGuardian(t *testing.T) {
	today := day("2027-03-14")
	consent := fieldsOf(ConsentSubject, Ref(RecordID{Seq: 1}))
	child := Record{Kind: KindTrainee, Fields: fieldsOf(TraineeBirthYear, Int(2012))}
	for _, c := range []struct {
		name    string
		fields  []FieldValue
		subject Record
		want    int
	}{
		{"a child alone", consent, child, 1},
		{"a child by band", consent, Record{Kind: KindTrainee, Fields: fieldsOf(TraineeAgeBand, Int(AgeBandUnder18))}, 1},
		{"a guardian in the consent", append(fieldsOf(ConsentGuardian, Text("G")), consent...), child, 0},
		{"a guardian in the child's record", consent, Record{Kind: KindTrainee, Fields: append(fieldsOf(TraineeGuardian, Text("G")), child.Fields...)}, 0},
		{"a woman of thirty", consent, Record{Kind: KindTrainee, Fields: fieldsOf(TraineeBirthYear, Int(1997))}, 0},
		{"an age nobody knows", consent, Record{Kind: KindTrainee}, 0},
		{"a volunteer", consent, Record{Kind: KindVolunteer}, 0},
	} {
		if got := CheckConsent(c.fields, c.subject, today); len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
