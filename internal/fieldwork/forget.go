package fieldwork

// What goes when a person is forgotten, as her right to erasure asks: what says something about her. What is counted
// stays: that there was a trainee, which sessions she came to, which lamps she built.

// aboutWhom names for each kind of record that is about somebody the field that says about whom.
var aboutWhom = map[Kind]FieldID{
	KindConsent:     ConsentSubject,
	KindAttendance:  AttendancePerson,
	KindAssessment:  AssessmentPerson,
	KindCertificate: CertificatePerson,
	KindHousehold:   HouseholdHead,
	KindQuestion:    QuestionRecord,
}

// Whom returns the record that fields of the kind say to be about; the zero id where they do not say.
func Whom(k Kind, fields []FieldValue) RecordID {
	about, ok := aboutWhom[k]
	if !ok {
		return RecordID{}
	}
	for _, f := range fields {
		if f.Field == about {
			return f.Value.Ref()
		}
	}
	return RecordID{}
}

// Goes says whether a field of a record goes when the person whom the record is about is forgotten. References stay,
// since they say nothing without the records that they lead to; of what this version does not know only they stay.
func Goes(k Kind, f FieldValue) bool {
	if f.Value.IsZero() || len(f.Value.Refs()) > 0 || f.Field == FieldDeleted || f.Field == FieldSameAs {
		return false
	}
	if k == KindQuestion && (f.Field == QuestionText || f.Field == QuestionAnswer) {
		return true // free text about her
	}
	spec := SpecOf(k)
	if spec == nil {
		return true
	}
	field := spec.Field(f.Field)
	return field == nil || field.Personal
}
