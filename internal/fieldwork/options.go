package fieldwork

// The options of every enumeration. Their numbers are on disk and on the wire: add at the end, never renumber.

// Modules of a course. A module is what a session teaches, an assessment tests and a certificate names.
const (
	ModuleAssembly          = 1
	ModuleWiringSoldering   = 2
	ModuleInstallation      = 3
	ModuleMaintenanceRepair = 4
	ModuleSafety            = 5
	ModuleGreenSkills       = 6
	ModuleTrainTheTrainer   = 7
)

var modules = []Option{
	{ModuleAssembly, "assembly"},
	{ModuleWiringSoldering, "wiring_soldering"},
	{ModuleInstallation, "installation"},
	{ModuleMaintenanceRepair, "maintenance_repair"},
	{ModuleSafety, "safety"},
	{ModuleGreenSkills, "green_skills"},
	{ModuleTrainTheTrainer, "train_the_trainer"},
}

// Genders as a person says them herself.
const (
	GenderFemale  = 1
	GenderMale    = 2
	GenderOther   = 3
	GenderNotSaid = 4
)

var genders = []Option{
	{GenderFemale, "female"},
	{GenderMale, "male"},
	{GenderOther, "other"},
	{GenderNotSaid, "not_said"},
}

// Light sources, of a home before the lamp came and of what a lamp replaces.
const (
	LightKerosene   = 1
	LightCandles    = 2
	LightTorch      = 3
	LightCarBattery = 4
	LightGrid       = 5
	LightNothing    = 6
)

var lights = []Option{
	{LightKerosene, "kerosene"},
	{LightCandles, "candles"},
	{LightTorch, "torch"},
	{LightCarBattery, "car_battery"},
	{LightGrid, "grid"},
	{LightNothing, "nothing"},
}

// What a person has shown that she can do alone.
const (
	CompetenceAssemble = 1
	CompetenceInstall  = 2
	CompetenceRepair   = 3
	CompetenceTrain    = 4
)

var competences = []Option{
	{CompetenceAssemble, "assemble"},
	{CompetenceInstall, "install"},
	{CompetenceRepair, "repair"},
	{CompetenceTrain, "train"},
}

// Answers of the Washington Group short set; a_lot and cannot count as a disability there.
const (
	DifficultyNone   = 1
	DifficultySome   = 2
	DifficultyALot   = 3
	DifficultyCannot = 4
)

var difficulties = []Option{
	{DifficultyNone, "none"},
	{DifficultySome, "some"},
	{DifficultyALot, "a_lot"},
	{DifficultyCannot, "cannot"},
}

// Age bands, for people who do not know their birth year.
const (
	AgeBandUnder18 = 1
	AgeBand18To24  = 2
	AgeBand25To34  = 3
	AgeBand35To59  = 4
	AgeBand60Up    = 5
)

var ageBands = []Option{
	{AgeBandUnder18, "under_18"},
	{AgeBand18To24, "age_18_24"},
	{AgeBand25To34, "age_25_34"},
	{AgeBand35To59, "age_35_59"},
	{AgeBand60Up, "age_60_up"},
}

// What a trainee does in the programme; several are usual.
const (
	TraineeRoleLearner    = 1
	TraineeRoleBuilder    = 2
	TraineeRoleInstaller  = 3
	TraineeRoleMaintainer = 4
	TraineeRoleTrainer    = 5
)

var traineeRoles = []Option{
	{TraineeRoleLearner, "learner"},
	{TraineeRoleBuilder, "builder"},
	{TraineeRoleInstaller, "installer"},
	{TraineeRoleMaintainer, "maintainer"},
	{TraineeRoleTrainer, "trainer"},
}

// Work of a volunteer at her company.
const (
	VolunteerRoleSales = 1
	VolunteerRoleOther = 2
)

var volunteerRoles = []Option{
	{VolunteerRoleSales, "sales"},
	{VolunteerRoleOther, "other"},
}

// Steps of a volunteer towards the campaign.
const (
	VolunteerStatusProspect  = 1
	VolunteerStatusSignedUp  = 2
	VolunteerStatusConfirmed = 3
	VolunteerStatusCompleted = 4
	VolunteerStatusNoShow    = 5
	VolunteerStatusCancelled = 6
)

var volunteerStates = []Option{
	{VolunteerStatusProspect, "prospect"},
	{VolunteerStatusSignedUp, "signed_up"},
	{VolunteerStatusConfirmed, "confirmed"},
	{VolunteerStatusCompleted, "completed"},
	{VolunteerStatusNoShow, "no_show"},
	{VolunteerStatusCancelled, "cancelled"},
}

// What a volunteer's day was.
const (
	DayKindWork   = 1
	DayKindTravel = 2
)

var dayKinds = []Option{
	{DayKindWork, "work"},
	{DayKindTravel, "travel"},
}

// What a consent is for.
const (
	PurposeProgramme         = 1
	PurposePhotoStory        = 2
	PurposeLaterContact      = 3
	PurposeSponsorAggregates = 4
)

var consentPurposes = []Option{
	{PurposeProgramme, "programme"},
	{PurposePhotoStory, "photo_story"},
	{PurposeLaterContact, "later_contact"},
	{PurposeSponsorAggregates, "sponsor_aggregates"},
}

// How consent was given.
const (
	ConsentMethodSignature     = 1
	ConsentMethodThumbprint    = 2
	ConsentMethodVerbalWitness = 3
)

var consentMethods = []Option{
	{ConsentMethodSignature, "signature"},
	{ConsentMethodThumbprint, "thumbprint"},
	{ConsentMethodVerbalWitness, "verbal_witness"},
}

// Whether a consent holds. Withdrawn sticks.
const (
	ConsentGiven     = 1
	ConsentWithdrawn = 2
)

var consentStates = []Option{
	{ConsentGiven, "given"},
	{ConsentWithdrawn, "withdrawn"},
}

// States of a session.
const (
	SessionStatusPlanned   = 1
	SessionStatusOpen      = 2
	SessionStatusClosed    = 3
	SessionStatusCancelled = 4
)

var sessionStates = []Option{
	{SessionStatusPlanned, "planned"},
	{SessionStatusOpen, "open"},
	{SessionStatusClosed, "closed"},
	{SessionStatusCancelled, "cancelled"},
}

// What an attendance record says. A refused one counts nobody.
const (
	AttendanceIn         = 1
	AttendanceOut        = 2
	AttendanceManual     = 3
	AttendanceFromPaper  = 4
	AttendanceCorrection = 5
	AttendanceRefused    = 6
)

var attendanceKinds = []Option{
	{AttendanceIn, "in"},
	{AttendanceOut, "out"},
	{AttendanceManual, "manual"},
	{AttendanceFromPaper, "from_paper"},
	{AttendanceCorrection, "correction"},
	{AttendanceRefused, "refused"},
}

// How an attendance was taken.
const (
	MethodScan   = 1
	MethodTyped  = 2
	MethodRoster = 3
	MethodWalkIn = 4
	MethodImage  = 5
	MethodCamera = 6
)

var attendanceMethods = []Option{
	{MethodScan, "scan"},
	{MethodTyped, "typed"},
	{MethodRoster, "roster"},
	{MethodWalkIn, "walk_in"},
	{MethodImage, "image"},
	{MethodCamera, "camera"},
}

// Why a check-in was refused. The numbers of Refusal are these.
const (
	RefusalUnknown       = 1
	RefusalForged        = 2
	RefusalRevoked       = 3
	RefusalAlreadyIn     = 4
	RefusalWrongCampaign = 5
	RefusalWrongSite     = 6
	RefusalWrongSession  = 7
	RefusalSessionClosed = 8
)

var refusals = []Option{
	{RefusalUnknown, "unknown"},
	{RefusalForged, "forged"},
	{RefusalRevoked, "revoked"},
	{RefusalAlreadyIn, "already_in"},
	{RefusalWrongCampaign, "wrong_campaign"},
	{RefusalWrongSite, "wrong_site"},
	{RefusalWrongSession, "wrong_session"},
	{RefusalSessionClosed, "session_closed"},
}

// How somebody took part in a session; derived, or set by a correction.
const (
	PresencePresent = 1
	PresenceLate    = 2
	PresencePartial = 3
	PresenceAbsent  = 4
	PresenceExcused = 5
)

var presences = []Option{
	{PresencePresent, "present"},
	{PresenceLate, "late"},
	{PresencePartial, "partial"},
	{PresenceAbsent, "absent"},
	{PresenceExcused, "excused"},
}

// Types of lamp models.
const (
	LampTypeBottleBulb       = 1
	LampTypeBottleNightLight = 2
	LampTypeLantern          = 3
	LampTypeHomeSystem       = 4
	LampTypeStreetLamp       = 5
)

var lampTypes = []Option{
	{LampTypeBottleBulb, "bottle_bulb"},
	{LampTypeBottleNightLight, "bottle_night_light"},
	{LampTypeLantern, "lantern"},
	{LampTypeHomeSystem, "home_system"},
	{LampTypeStreetLamp, "street_lamp"},
}

// States of a lamp, also as a visit found it. Lost and stolen stick.
const (
	LampKit         = 1
	LampAssembled   = 2
	LampTested      = 3
	LampInStore     = 4
	LampWorking     = 5
	LampDim         = 6
	LampBroken      = 7
	LampUnderRepair = 8
	LampReplaced    = 9
	LampMoved       = 10
	LampLost        = 11
	LampStolen      = 12
	LampRetired     = 13
	LampNotSeen     = 14
)

var lampStates = []Option{
	{LampKit, "kit"},
	{LampAssembled, "assembled"},
	{LampTested, "tested"},
	{LampInStore, "in_store"},
	{LampWorking, "working"},
	{LampDim, "dim"},
	{LampBroken, "broken"},
	{LampUnderRepair, "under_repair"},
	{LampReplaced, "replaced"},
	{LampMoved, "moved"},
	{LampLost, "lost"},
	{LampStolen, "stolen"},
	{LampRetired, "retired"},
	{LampNotSeen, "not_seen"},
}

// Where a lamp is installed. School, clinic and path are shared places, see IsShared.
const (
	PlaceHome   = 1
	PlaceSchool = 2
	PlaceClinic = 3
	PlacePath   = 4
	PlaceShop   = 5
	PlaceBoat   = 6
)

var places = []Option{
	{PlaceHome, "home"},
	{PlaceSchool, "school"},
	{PlaceClinic, "clinic"},
	{PlacePath, "path"},
	{PlaceShop, "shop"},
	{PlaceBoat, "boat"},
}

// How a position was found.
const (
	PositionSourceTyped    = 1
	PositionSourcePhoto    = 2
	PositionSourceGps      = 3
	PositionSourcePlusCode = 4
	PositionSourceMap      = 5
)

var positionSources = []Option{
	{PositionSourceTyped, "typed"},
	{PositionSourcePhoto, "photo"},
	{PositionSourceGps, "gps"},
	{PositionSourcePlusCode, "plus_code"},
	{PositionSourceMap, "map"},
}

// Usage categories of an installation, as Prospect sorts them.
const (
	UsageHousehold     = 1
	UsageInstitutional = 2
	UsageCommercial    = 3
	UsageCommunity     = 4
	UsageProductive    = 5
)

var usages = []Option{
	{UsageHousehold, "household"},
	{UsageInstitutional, "institutional"},
	{UsageCommercial, "commercial"},
	{UsageCommunity, "community"},
	{UsageProductive, "productive"},
}

// How bright a lamp was at a visit.
const (
	BrightnessBright = 1
	BrightnessDim    = 2
	BrightnessDark   = 3
)

var brightnesses = []Option{
	{BrightnessBright, "bright"},
	{BrightnessDim, "dim"},
	{BrightnessDark, "dark"},
}

// What a visit found wrong.
const (
	ProblemBattery     = 1
	ProblemPanel       = 2
	ProblemDirt        = 3
	ProblemLED         = 4
	ProblemChargeBoard = 5
	ProblemSwitch      = 6
	ProblemCable       = 7
	ProblemWater       = 8
	ProblemMounting    = 9
	ProblemTheft       = 10
	ProblemMisuse      = 11
	ProblemGridArrived = 12
)

var problems = []Option{
	{ProblemBattery, "battery"},
	{ProblemPanel, "panel"},
	{ProblemDirt, "dirt"},
	{ProblemLED, "led"},
	{ProblemChargeBoard, "charge_board"},
	{ProblemSwitch, "switch"},
	{ProblemCable, "cable"},
	{ProblemWater, "water"},
	{ProblemMounting, "mounting"},
	{ProblemTheft, "theft"},
	{ProblemMisuse, "misuse"},
	{ProblemGridArrived, "grid_arrived"},
}

// How bad it is; dangerous means that somebody could be hurt.
const (
	SeverityMinor     = 1
	SeverityMajor     = 2
	SeverityDangerous = 3
)

var severities = []Option{
	{SeverityMinor, "minor"},
	{SeverityMajor, "major"},
	{SeverityDangerous, "dangerous"},
}

// What was done at a visit.
const (
	ActionNone         = 1
	ActionCleaned      = 2
	ActionAdvised      = 3
	ActionPartReplaced = 4
	ActionRepaired     = 5
	ActionLampReplaced = 6
	ActionRemoved      = 7
)

var actions = []Option{
	{ActionNone, "none"},
	{ActionCleaned, "cleaned"},
	{ActionAdvised, "advised"},
	{ActionPartReplaced, "part_replaced"},
	{ActionRepaired, "repaired"},
	{ActionLampReplaced, "lamp_replaced"},
	{ActionRemoved, "removed"},
}

// What is moved.
const (
	StockItemKit  = 1
	StockItemPart = 2
)

var stockItems = []Option{
	{StockItemKit, "kit"},
	{StockItemPart, "part"},
}

// Where stock comes from and goes to.
const (
	StockAtHQ              = 1
	StockAtSiteStore       = 2
	StockAtUsedOnLamp      = 3
	StockAtLost            = 4
	StockAtLeftWithVillage = 5
)

var stockPlaces = []Option{
	{StockAtHQ, "hq"},
	{StockAtSiteStore, "site_store"},
	{StockAtUsedOnLamp, "used_on_lamp"},
	{StockAtLost, "lost"},
	{StockAtLeftWithVillage, "left_with_village"},
}

// What a lesson is about.
const (
	LessonAboutTraining  = 1
	LessonAboutLogistics = 2
	LessonAboutLamp      = 3
	LessonAboutSafety    = 4
	LessonAboutCommunity = 5
	LessonAboutData      = 6
	LessonAboutTeam      = 7
	LessonAboutOther     = 8
)

var lessonCategories = []Option{
	{LessonAboutTraining, "training"},
	{LessonAboutLogistics, "logistics"},
	{LessonAboutLamp, "lamp"},
	{LessonAboutSafety, "safety"},
	{LessonAboutCommunity, "community"},
	{LessonAboutData, "data"},
	{LessonAboutTeam, "team"},
	{LessonAboutOther, "other"},
}

// States of a lesson.
const (
	LessonStatusNew      = 1
	LessonStatusAccepted = 2
	LessonStatusDone     = 3
)

var lessonStates = []Option{
	{LessonStatusNew, "new"},
	{LessonStatusAccepted, "accepted"},
	{LessonStatusDone, "done"},
}

// What a node may do.
const (
	NodeRoleLaptop   = 1
	NodeRoleSiteLead = 2
	NodeRoleHQ       = 3
)

var nodeRoles = []Option{
	{NodeRoleLaptop, "laptop"},
	{NodeRoleSiteLead, "site_lead"},
	{NodeRoleHQ, "hq"},
}
