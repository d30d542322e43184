package fieldwork

import "strconv"

// The kinds of records. On disk and on the wire: add at the end, never renumber.
const (
	KindCampaign     Kind = 1  // one programme in one region and season; exactly one a campaign file, in HQ's log
	KindSite         Kind = 2  // a village
	KindVolunteer    Kind = 3  // a corporate volunteer or somebody of the local NGO
	KindVolunteerDay Kind = 4  // a day given by a volunteer
	KindHousehold    Kind = 5  // people who share a roof and its light
	KindTrainee      Kind = 6  // a person who learns, builds, installs or maintains
	KindConsent      Kind = 7  // what somebody agreed to, in which words
	KindCourse       Kind = 8  // modules that are taught together
	KindSession      Kind = 9  // one sitting of a course
	KindAttendance   Kind = 10 // one coming in, going out or refusal
	KindAssessment   Kind = 11 // what somebody could do before and after a module
	KindCertificate  Kind = 12 // a certificate that was printed
	KindLampModel    Kind = 13 // a model of lamp, kept by HQ
	KindLamp         Kind = 14 // one lamp, from kit to its end
	KindInstallation Kind = 15 // a lamp in a place
	KindVisit        Kind = 16 // a look at an installed lamp
	KindStockMove    Kind = 17 // kits or parts that moved
	KindLesson       Kind = 18 // what went wrong or well, and what we learned
	KindQuestion     Kind = 19 // a record sent back by HQ with a reason
	KindInvite       Kind = 20 // an invitation to join; kept by HQ, never replicated
	KindNode         Kind = 21 // a replica; only what HQ's own log says of it counts
	KindRevocation   Kind = 22 // a node or badge that no longer counts
	KindAcceptance   Kind = 23 // records that HQ read and found good; only what HQ's own log says of it counts
	KindFork         Kind = 24 // a log of which two histories were met, and which one HQ has; HQ's log only
	KindForgotten    Kind = 25 // somebody who asked to be forgotten: the ids that stay, without what said who it was; HQ's log only
	KindSnapshot     Kind = 26 // up to where HQ covers the logs with pages; HQ's log only
	KindClock        Kind = 27 // how far a laptop's clock was off, or which laptops met when
)

// specs holds every kind's table at the place of its number. Nobody changes it after the package is initialised.
var specs = []*Spec{
	KindCampaign:     &campaignSpec,
	KindSite:         &siteSpec,
	KindVolunteer:    &volunteerSpec,
	KindVolunteerDay: &volunteerDaySpec,
	KindHousehold:    &householdSpec,
	KindTrainee:      &traineeSpec,
	KindConsent:      &consentSpec,
	KindCourse:       &courseSpec,
	KindSession:      &sessionSpec,
	KindAttendance:   &attendanceSpec,
	KindAssessment:   &assessmentSpec,
	KindCertificate:  &certificateSpec,
	KindLampModel:    &lampModelSpec,
	KindLamp:         &lampSpec,
	KindInstallation: &installationSpec,
	KindVisit:        &visitSpec,
	KindStockMove:    &stockMoveSpec,
	KindLesson:       &lessonSpec,
	KindQuestion:     &questionSpec,
	KindInvite:       &inviteSpec,
	KindNode:         &nodeSpec,
	KindRevocation:   &revocationSpec,
	KindAcceptance:   &acceptanceSpec,
	KindFork:         &forkSpec,
	KindForgotten:    &forgottenSpec,
	KindSnapshot:     &snapshotSpec,
	KindClock:        &clockSpec,
}

// Specs returns every kind's table in the order of kinds. The tables are shared: read only.
func Specs() []*Spec { return specs[1:] }

// SpecOf returns the kind's table, or nil for a kind that this version does not know. The table is shared: read only.
func SpecOf(k Kind) *Spec {
	if k == 0 || int(k) >= len(specs) {
		return nil
	}
	return specs[k]
}

// KindByName finds a kind by its name in FIELDS.md with underscores, such as "lamp_model".
func KindByName(name string) (Kind, bool) {
	for _, s := range Specs() {
		if s.Name == name {
			return s.Kind, true
		}
	}
	return 0, false
}

// String returns the kind's name, or "kind 99" for one that this version does not know.
func (k Kind) String() string {
	if s := SpecOf(k); s != nil {
		return s.Name
	}
	return "kind " + strconv.Itoa(int(k))
}

// Field returns the field with the number, or nil for one that this version does not know. Common fields are no table's.
func (s *Spec) Field(id FieldID) *Field {
	if i := int(id) - firstField; i >= 0 && i < len(s.Fields) {
		return &s.Fields[i]
	}
	return nil
}

// firstField is the number of every table's first field; numbers go on without gaps, which a test holds.
const firstField = 10

// FieldByName finds a field by its name with underscores, or by another name that files from outside use; nil: no such field.
func (s *Spec) FieldByName(name string) *Field {
	if other, ok := otherNames[s.Name+"."+name]; ok {
		name = other
	}
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}

// otherNames are heads that import also takes.
var otherNames = map[string]string{
	"installation.household": "households",
	"lamp.tag":               "tag_code",
	"session.module":         "modules",
	"certificate.module":     "modules",
	"visit.problems":         "problem",
}

// Option returns the option with the number.
func (f *Field) Option(n int64) (Option, bool) {
	for _, o := range f.Options {
		if o.N == n {
			return o, true
		}
	}
	return Option{}, false
}

// OptionByName returns the option with the name.
func (f *Field) OptionByName(name string) (Option, bool) {
	for _, o := range f.Options {
		if o.Name == name {
			return o, true
		}
	}
	return Option{}, false
}
