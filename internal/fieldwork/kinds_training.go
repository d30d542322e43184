package fieldwork

// The tables of training: courses, sessions, attendances, assessments, certificates.

// Fields of a course. On disk and on the wire: add at the end, never renumber.
const (
	CourseTitle    FieldID = 10
	CourseVersion  FieldID = 11
	CourseLanguage FieldID = 12
	CourseModules  FieldID = 13
	CourseNote     FieldID = 14
)

// courseSpec: modules that are taught together.
var courseSpec = Spec{Kind: KindCourse, Name: "course", Fields: []Field{
	{ID: CourseTitle, Name: "title", Type: TypeText, Required: true},
	{ID: CourseVersion, Name: "version", Type: TypeText, MaxRunes: 40},
	{ID: CourseLanguage, Name: "language", Type: TypeText, MaxRunes: 20},
	{ID: CourseModules, Name: "modules", Type: TypeEnums, Options: modules},
	{ID: CourseNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
}}

// Fields of a session. On disk and on the wire: add at the end, never renumber.
const (
	SessionSite        FieldID = 10
	SessionCourse      FieldID = 11
	SessionTitle       FieldID = 12
	SessionStart       FieldID = 13
	SessionEnd         FieldID = 14
	SessionModules     FieldID = 15
	SessionRoom        FieldID = 16
	SessionCapacity    FieldID = 17
	SessionLeadTrainer FieldID = 18 // volunteer or trainee
	SessionCoTrainers  FieldID = 19
	SessionInterpreter FieldID = 20
	SessionMaterials   FieldID = 21
	SessionWeather     FieldID = 22
	SessionPowerNotes  FieldID = 23
	SessionStatus      FieldID = 24
	SessionHeadcount   FieldID = 25 // counted by hand
	SessionExpected    FieldID = 26 // who is on the roster
	SessionNote        FieldID = 27
)

// sessionSpec: one sitting of a course.
var sessionSpec = Spec{Kind: KindSession, Name: "session", Fields: []Field{
	{ID: SessionSite, Name: "site", Type: TypeRef, Of: KindSite},
	{ID: SessionCourse, Name: "course", Type: TypeRef, Of: KindCourse},
	{ID: SessionTitle, Name: "title", Type: TypeText},
	{ID: SessionStart, Name: "start", Type: TypeTime},
	{ID: SessionEnd, Name: "end", Type: TypeTime},
	{ID: SessionModules, Name: "modules", Type: TypeEnums, Options: modules},
	{ID: SessionRoom, Name: "room", Type: TypeText, Policy: PolicyLast},
	{ID: SessionCapacity, Name: "capacity", Type: TypeInt, Max: 2000},
	{ID: SessionLeadTrainer, Name: "lead_trainer", Type: TypeRef},
	{ID: SessionCoTrainers, Name: "co_trainers", Type: TypeRefs},
	{ID: SessionInterpreter, Name: "interpreter", Type: TypeText, Personal: true},
	{ID: SessionMaterials, Name: "materials", Type: TypeText, Policy: PolicyLast, MaxRunes: 1000},
	{ID: SessionWeather, Name: "weather", Type: TypeText, Policy: PolicyLast},
	{ID: SessionPowerNotes, Name: "power_notes", Type: TypeText, Policy: PolicyLast, MaxRunes: 1000},
	{ID: SessionStatus, Name: "status", Type: TypeEnum, Options: sessionStates},
	{ID: SessionHeadcount, Name: "headcount", Type: TypeInt, Policy: PolicyLast, Max: 2000},
	{ID: SessionExpected, Name: "expected", Type: TypeRefs, Of: KindTrainee},
	{ID: SessionNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
}}

// Fields of a attendance. On disk and on the wire: add at the end, never renumber.
const (
	AttendancePerson    FieldID = 10 // trainee or volunteer; absent in a refusal of somebody unknown
	AttendanceSession   FieldID = 11
	AttendanceKind      FieldID = 12
	AttendanceMethod    FieldID = 13
	AttendanceNonce     FieldID = 14 // 16 random bytes of the scan: the same nonce counts once
	AttendanceTime      FieldID = 15
	AttendanceVolunteer FieldID = 16 // who took it
	AttendanceRefusal   FieldID = 17
	AttendanceScanned   FieldID = 18 // what was scanned in a refusal, shortened
	AttendanceCorrects  FieldID = 19
	AttendancePresence  FieldID = 20 // of a correction
	AttendanceNote      FieldID = 21
)

// attendanceSpec: one coming in, going out or refusal.
var attendanceSpec = Spec{Kind: KindAttendance, Name: "attendance", AppendOnly: true, Fields: []Field{
	{ID: AttendancePerson, Name: "person", Type: TypeRef, Policy: PolicyAppend, Personal: true},
	{ID: AttendanceSession, Name: "session", Type: TypeRef, Policy: PolicyAppend, Of: KindSession},
	{ID: AttendanceKind, Name: "kind", Type: TypeEnum, Policy: PolicyAppend, Options: attendanceKinds, Required: true},
	{ID: AttendanceMethod, Name: "method", Type: TypeEnum, Policy: PolicyAppend, Options: attendanceMethods},
	{ID: AttendanceNonce, Name: "nonce", Type: TypeBytes, Policy: PolicyAppend},
	{ID: AttendanceTime, Name: "time", Type: TypeTime, Policy: PolicyAppend},
	{ID: AttendanceVolunteer, Name: "volunteer", Type: TypeRef, Policy: PolicyAppend, Of: KindVolunteer},
	{ID: AttendanceRefusal, Name: "refusal", Type: TypeEnum, Policy: PolicyAppend, Options: refusals},
	{ID: AttendanceScanned, Name: "scanned", Type: TypeText, Policy: PolicyAppend, Personal: true},
	{ID: AttendanceCorrects, Name: "corrects", Type: TypeRef, Policy: PolicyAppend, Of: KindAttendance},
	{ID: AttendancePresence, Name: "presence", Type: TypeEnum, Policy: PolicyAppend, Options: presences},
	{ID: AttendanceNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000, Personal: true},
}}

// Fields of a assessment. On disk and on the wire: add at the end, never renumber.
const (
	AssessmentPerson      FieldID = 10
	AssessmentModule      FieldID = 11
	AssessmentBeforeScore FieldID = 12
	AssessmentAfterScore  FieldID = 13
	AssessmentChecklist   FieldID = 14 // practical check list: what was done right
	AssessmentCompetence  FieldID = 15
	AssessmentAssessor    FieldID = 16 // volunteer or trainee
	AssessmentDate        FieldID = 17
	AssessmentSession     FieldID = 18
	AssessmentNote        FieldID = 19
)

// assessmentSpec: what somebody could do before and after a module.
var assessmentSpec = Spec{Kind: KindAssessment, Name: "assessment", AppendOnly: true, Fields: []Field{
	{ID: AssessmentPerson, Name: "person", Type: TypeRef, Policy: PolicyAppend, Of: KindTrainee, Required: true},
	{ID: AssessmentModule, Name: "module", Type: TypeEnum, Policy: PolicyAppend, Options: modules},
	{ID: AssessmentBeforeScore, Name: "before_score", Type: TypeInt, Policy: PolicyAppend, Max: 100},
	{ID: AssessmentAfterScore, Name: "after_score", Type: TypeInt, Policy: PolicyAppend, Max: 100},
	{ID: AssessmentChecklist, Name: "checklist", Type: TypeTexts, Policy: PolicyAppend, MaxRunes: 2000},
	{ID: AssessmentCompetence, Name: "competence", Type: TypeEnums, Policy: PolicyAppend, Options: competences},
	{ID: AssessmentAssessor, Name: "assessor", Type: TypeRef, Policy: PolicyAppend},
	{ID: AssessmentDate, Name: "date", Type: TypeDate, Policy: PolicyAppend},
	{ID: AssessmentSession, Name: "session", Type: TypeRef, Policy: PolicyAppend, Of: KindSession},
	{ID: AssessmentNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
}}

// Fields of a certificate. On disk and on the wire: add at the end, never renumber.
const (
	CertificateNumber     FieldID = 10
	CertificatePerson     FieldID = 11
	CertificateCourse     FieldID = 12
	CertificateDate       FieldID = 13
	CertificateReprints   FieldID = 14
	CertificateModules    FieldID = 15
	CertificateCompetence FieldID = 16
)

// certificateSpec: a certificate that was printed.
var certificateSpec = Spec{Kind: KindCertificate, Name: "certificate", Fields: []Field{
	{ID: CertificateNumber, Name: "number", Type: TypeText, Policy: PolicyUnique, MaxRunes: 40},
	{ID: CertificatePerson, Name: "person", Type: TypeRef, Of: KindTrainee, Required: true},
	{ID: CertificateCourse, Name: "course", Type: TypeRef, Of: KindCourse},
	{ID: CertificateDate, Name: "date", Type: TypeDate},
	{ID: CertificateReprints, Name: "reprints", Type: TypeInt, Policy: PolicyLast, Max: 999},
	{ID: CertificateModules, Name: "modules", Type: TypeEnums, Options: modules},
	{ID: CertificateCompetence, Name: "competence", Type: TypeEnums, Options: competences},
}}
