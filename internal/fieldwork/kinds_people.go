package fieldwork

// The tables of people: volunteers, their days, households, trainees, consents.

// Fields of a volunteer. On disk and on the wire: add at the end, never renumber.
const (
	VolunteerName             FieldID = 10
	VolunteerCompany          FieldID = 11
	VolunteerDepartment       FieldID = 12
	VolunteerRole             FieldID = 13
	VolunteerEmail            FieldID = 14
	VolunteerPhone            FieldID = 15
	VolunteerLanguages        FieldID = 16
	VolunteerSkills           FieldID = 17
	VolunteerFirstAid         FieldID = 18
	VolunteerSafeguardingDate FieldID = 19 // last safeguarding training
	VolunteerEmergencyContact FieldID = 20
	VolunteerCodeOfConduct    FieldID = 21 // signed
	VolunteerStatus           FieldID = 22
	VolunteerBadgeIssue       FieldID = 23 // number of the badge that counts; older ones are revoked
	VolunteerPhoto            FieldID = 24
	VolunteerNote             FieldID = 25
	VolunteerUser             FieldID = 26 // short name that a laptop's profile shows
)

// volunteerSpec: a corporate volunteer or somebody of the local NGO.
var volunteerSpec = Spec{Kind: KindVolunteer, Name: "volunteer", Fields: []Field{
	{ID: VolunteerName, Name: "name", Type: TypeName, Required: true, Personal: true},
	{ID: VolunteerCompany, Name: "company", Type: TypeText},
	{ID: VolunteerDepartment, Name: "department", Type: TypeText},
	{ID: VolunteerRole, Name: "role", Type: TypeEnum, Options: volunteerRoles},
	{ID: VolunteerEmail, Name: "email", Type: TypeText, Personal: true},
	{ID: VolunteerPhone, Name: "phone", Type: TypePhone, Personal: true},
	{ID: VolunteerLanguages, Name: "languages", Type: TypeTexts},
	{ID: VolunteerSkills, Name: "skills", Type: TypeTexts, MaxRunes: 1000},
	{ID: VolunteerFirstAid, Name: "first_aid", Type: TypeBool},
	{ID: VolunteerSafeguardingDate, Name: "safeguarding_date", Type: TypeDate},
	{ID: VolunteerEmergencyContact, Name: "emergency_contact", Type: TypeText, Personal: true},
	{ID: VolunteerCodeOfConduct, Name: "code_of_conduct", Type: TypeBool},
	{ID: VolunteerStatus, Name: "status", Type: TypeEnum, Options: volunteerStates},
	{ID: VolunteerBadgeIssue, Name: "badge_issue", Type: TypeInt, Policy: PolicyLast, Max: 999},
	{ID: VolunteerPhoto, Name: "photo", Type: TypePhoto, Personal: true},
	{ID: VolunteerNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000, Personal: true},
	{ID: VolunteerUser, Name: "user", Type: TypeText, Policy: PolicyUnique, MaxRunes: 40},
}}

// Fields of a volunteer day. On disk and on the wire: add at the end, never renumber.
const (
	VolunteerDayVolunteer FieldID = 10
	VolunteerDayDate      FieldID = 11
	VolunteerDayHours     FieldID = 12
	VolunteerDayKind      FieldID = 13
	VolunteerDayActivity  FieldID = 14
	VolunteerDaySite      FieldID = 15
	VolunteerDayNote      FieldID = 16
)

// volunteerDaySpec: a day given by a volunteer.
var volunteerDaySpec = Spec{Kind: KindVolunteerDay, Name: "volunteer_day", Fields: []Field{
	{ID: VolunteerDayVolunteer, Name: "volunteer", Type: TypeRef, Of: KindVolunteer, Required: true},
	{ID: VolunteerDayDate, Name: "date", Type: TypeDate, Required: true},
	{ID: VolunteerDayHours, Name: "hours", Type: TypeDecimal, Max: 2400},
	{ID: VolunteerDayKind, Name: "kind", Type: TypeEnum, Options: dayKinds},
	{ID: VolunteerDayActivity, Name: "activity", Type: TypeText},
	{ID: VolunteerDaySite, Name: "site", Type: TypeRef, Of: KindSite},
	{ID: VolunteerDayNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
}}

// Fields of a household. On disk and on the wire: add at the end, never renumber.
const (
	HouseholdHead           FieldID = 10
	HouseholdHeadName       FieldID = 11 // of a head who is no trainee
	HouseholdSite           FieldID = 12
	HouseholdUnder5         FieldID = 13 // members by age group, the head among them
	HouseholdAge6To17       FieldID = 14
	HouseholdWomen          FieldID = 15
	HouseholdMen            FieldID = 16
	HouseholdElderly        FieldID = 17
	HouseholdKeroseneLamps  FieldID = 18 // baseline light: how many of each
	HouseholdCandles        FieldID = 19
	HouseholdTorches        FieldID = 20 // torches or battery lights
	HouseholdCarBatteries   FieldID = 21
	HouseholdGrid           FieldID = 22
	HouseholdNoLight        FieldID = 23
	HouseholdKeroseneLitres FieldID = 24 // a month
	HouseholdSpend          FieldID = 25 // on light, a month
	HouseholdCurrency       FieldID = 26 // ISO 4217
	HouseholdLightHours     FieldID = 27 // hours of light a night
	HouseholdStudyHours     FieldID = 28 // children's evening study hours
	HouseholdPhoneCharging  FieldID = 29 // where phones are charged
	HouseholdNote           FieldID = 30
	HouseholdPosition       FieldID = 31
)

// householdSpec: people who share a roof and its light.
var householdSpec = Spec{Kind: KindHousehold, Name: "household", Fields: []Field{
	{ID: HouseholdHead, Name: "head", Type: TypeRef, Of: KindTrainee},
	{ID: HouseholdHeadName, Name: "head_name", Type: TypeName, Personal: true},
	{ID: HouseholdSite, Name: "site", Type: TypeRef, Of: KindSite},
	{ID: HouseholdUnder5, Name: "under_5", Type: TypeInt, Max: 60},
	{ID: HouseholdAge6To17, Name: "age_6_17", Type: TypeInt, Max: 60},
	{ID: HouseholdWomen, Name: "women", Type: TypeInt, Max: 60},
	{ID: HouseholdMen, Name: "men", Type: TypeInt, Max: 60},
	{ID: HouseholdElderly, Name: "elderly", Type: TypeInt, Max: 60},
	{ID: HouseholdKeroseneLamps, Name: "kerosene_lamps", Type: TypeInt, Max: 60},
	{ID: HouseholdCandles, Name: "candles", Type: TypeInt, Max: 600},
	{ID: HouseholdTorches, Name: "torches", Type: TypeInt, Max: 60},
	{ID: HouseholdCarBatteries, Name: "car_batteries", Type: TypeInt, Max: 60},
	{ID: HouseholdGrid, Name: "grid", Type: TypeBool},
	{ID: HouseholdNoLight, Name: "no_light", Type: TypeBool},
	{ID: HouseholdKeroseneLitres, Name: "kerosene_litres", Type: TypeDecimal, Max: 50000},
	{ID: HouseholdSpend, Name: "spend", Type: TypeDecimal, Max: 1000000000},
	{ID: HouseholdCurrency, Name: "currency", Type: TypeText, MaxRunes: 3},
	{ID: HouseholdLightHours, Name: "light_hours", Type: TypeDecimal, Max: 2400},
	{ID: HouseholdStudyHours, Name: "study_hours", Type: TypeDecimal, Max: 2400},
	{ID: HouseholdPhoneCharging, Name: "phone_charging", Type: TypeText, Policy: PolicyLast},
	{ID: HouseholdNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000, Personal: true},
	{ID: HouseholdPosition, Name: "position", Type: TypePosition, Personal: true},
}}

// Fields of a trainee. On disk and on the wire: add at the end, never renumber.
const (
	TraineeGivenName       FieldID = 10
	TraineeFamilyName      FieldID = 11
	TraineeOtherName       FieldID = 12
	TraineeLocalName       FieldID = 13 // the name in the local script
	TraineeGender          FieldID = 14
	TraineeBirthYear       FieldID = 15 // bounds depend on today, see Check
	TraineeAgeBand         FieldID = 16
	TraineePhone           FieldID = 17
	TraineePhone2          FieldID = 18
	TraineeSite            FieldID = 19
	TraineeHousehold       FieldID = 20
	TraineeLanguage        FieldID = 21 // preferred language, BCP 47
	TraineeReadingHelp     FieldID = 22 // wants texts read aloud
	TraineeWGSeeing        FieldID = 23 // Washington Group short set, optional
	TraineeWGHearing       FieldID = 24
	TraineeWGWalking       FieldID = 25
	TraineeWGRemembering   FieldID = 26
	TraineeWGSelfCare      FieldID = 27
	TraineeWGCommunicating FieldID = 28
	TraineeGuardian        FieldID = 29 // of somebody under 18
	TraineeProfession      FieldID = 30
	TraineeFormerLight     FieldID = 31
	TraineeRoles           FieldID = 32
	TraineePhoto           FieldID = 33
	TraineeBadgeIssue      FieldID = 34 // number of the badge that counts; older ones are revoked
	TraineeBadgeCode       FieldID = 35 // a badge from elsewhere; the record's own code always works
	TraineeNote            FieldID = 36
	TraineeEmail           FieldID = 37
)

// traineeSpec: a person who learns, builds, installs or maintains.
var traineeSpec = Spec{Kind: KindTrainee, Name: "trainee", Fields: []Field{
	{ID: TraineeGivenName, Name: "given_name", Type: TypeName, Personal: true},
	{ID: TraineeFamilyName, Name: "family_name", Type: TypeName, Personal: true},
	{ID: TraineeOtherName, Name: "other_name", Type: TypeName, Personal: true},
	{ID: TraineeLocalName, Name: "local_name", Type: TypeName, Personal: true},
	{ID: TraineeGender, Name: "gender", Type: TypeEnum, Options: genders, Personal: true},
	{ID: TraineeBirthYear, Name: "birth_year", Type: TypeInt, Personal: true},
	{ID: TraineeAgeBand, Name: "age_band", Type: TypeEnum, Options: ageBands, Personal: true},
	{ID: TraineePhone, Name: "phone", Type: TypePhone, Personal: true},
	{ID: TraineePhone2, Name: "phone_2", Type: TypePhone, Personal: true},
	{ID: TraineeSite, Name: "site", Type: TypeRef, Of: KindSite},
	{ID: TraineeHousehold, Name: "household", Type: TypeRef, Of: KindHousehold},
	{ID: TraineeLanguage, Name: "language", Type: TypeText, Policy: PolicyLast, MaxRunes: 20},
	{ID: TraineeReadingHelp, Name: "reading_help", Type: TypeBool, Policy: PolicyLast, Personal: true},
	{ID: TraineeWGSeeing, Name: "wg_seeing", Type: TypeEnum, Options: difficulties, Personal: true},
	{ID: TraineeWGHearing, Name: "wg_hearing", Type: TypeEnum, Options: difficulties, Personal: true},
	{ID: TraineeWGWalking, Name: "wg_walking", Type: TypeEnum, Options: difficulties, Personal: true},
	{ID: TraineeWGRemembering, Name: "wg_remembering", Type: TypeEnum, Options: difficulties, Personal: true},
	{ID: TraineeWGSelfCare, Name: "wg_self_care", Type: TypeEnum, Options: difficulties, Personal: true},
	{ID: TraineeWGCommunicating, Name: "wg_communicating", Type: TypeEnum, Options: difficulties, Personal: true},
	{ID: TraineeGuardian, Name: "guardian", Type: TypeName, Personal: true},
	{ID: TraineeProfession, Name: "profession", Type: TypeText, Personal: true},
	{ID: TraineeFormerLight, Name: "former_light", Type: TypeEnum, Options: lights},
	{ID: TraineeRoles, Name: "roles", Type: TypeEnums, Options: traineeRoles},
	{ID: TraineePhoto, Name: "photo", Type: TypePhoto, Personal: true},
	{ID: TraineeBadgeIssue, Name: "badge_issue", Type: TypeInt, Policy: PolicyLast, Max: 999},
	{ID: TraineeBadgeCode, Name: "badge_code", Type: TypeText, Policy: PolicyUnique, MaxRunes: 40, Personal: true},
	{ID: TraineeNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000, Personal: true},
	{ID: TraineeEmail, Name: "email", Type: TypeText, Personal: true},
}}

// Fields of a consent. On disk and on the wire: add at the end, never renumber.
const (
	ConsentSubject     FieldID = 10 // trainee, volunteer or household
	ConsentTextVersion FieldID = 11
	ConsentLanguage    FieldID = 12 // read aloud in, BCP 47
	ConsentPurposes    FieldID = 13
	ConsentMethod      FieldID = 14
	ConsentWitness     FieldID = 15
	ConsentGuardian    FieldID = 16
	ConsentDate        FieldID = 17
	ConsentWithdrawnAt FieldID = 18
	ConsentState       FieldID = 19
	ConsentNote        FieldID = 20
)

// consentSpec: what somebody agreed to, in which words.
var consentSpec = Spec{Kind: KindConsent, Name: "consent", Fields: []Field{
	{ID: ConsentSubject, Name: "subject", Type: TypeRef, Policy: PolicyAppend, Required: true},
	{ID: ConsentTextVersion, Name: "text_version", Type: TypeText, Policy: PolicyAppend, MaxRunes: 40},
	{ID: ConsentLanguage, Name: "language", Type: TypeText, Policy: PolicyAppend, MaxRunes: 20},
	{ID: ConsentPurposes, Name: "purposes", Type: TypeEnums, Policy: PolicyAppend, Options: consentPurposes},
	{ID: ConsentMethod, Name: "method", Type: TypeEnum, Policy: PolicyAppend, Options: consentMethods},
	{ID: ConsentWitness, Name: "witness", Type: TypeName, Policy: PolicyAppend, Personal: true},
	{ID: ConsentGuardian, Name: "guardian", Type: TypeName, Policy: PolicyAppend, Personal: true},
	{ID: ConsentDate, Name: "date", Type: TypeDate, Policy: PolicyAppend},
	{ID: ConsentWithdrawnAt, Name: "withdrawn_at", Type: TypeDate, Policy: PolicyLast},
	{ID: ConsentState, Name: "state", Type: TypeEnum, Policy: PolicySticky, Options: consentStates, Sticky: []int64{ConsentWithdrawn}},
	{ID: ConsentNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000, Personal: true},
}}
