package fieldwork

import (
	"fmt"
	"strings"
)

// together holds the rules that look at several fields of a record at once, and at the form of a few texts.
func (c *checker) together() {
	switch c.spec.Kind {
	case KindCampaign:
		c.campaign()
	case KindSite:
		c.letters(SiteCountry, 2, "A country is two letters, such as KE.")
	case KindVolunteer:
		c.email(VolunteerEmail)
	case KindHousehold:
		c.household()
		c.letters(HouseholdCurrency, 3, "A currency is three letters, such as KES.")
		c.bothBool(HouseholdGrid, HouseholdNoLight, "A home with the grid has light.")
	case KindTrainee:
		c.trainee()
	case KindConsent:
		c.consent()
	case KindSession:
		c.order(SessionStart, SessionEnd, "The session ends before it starts.")
	case KindAttendance:
		c.attendance()
	case KindLampModel:
		c.letters(LampModelCurrency, 3, "A currency is three letters, such as KES.")
	case KindVisit:
		c.letters(VisitCurrency, 3, "A currency is three letters, such as KES.")
		if c.unset(VisitPlanned) && c.unset(VisitDone) {
			c.fault(VisitDone, "needed", "A visit needs the day when it was done or is planned.", "")
		}
	case KindStockMove:
		c.stockMove()
	case KindRevocation:
		if c.unset(RevocationNode) && c.unset(RevocationPerson) {
			c.fault(RevocationPerson, "needed", "A revocation names a laptop or a person.", "")
		}
	}
}

func (c *checker) unset(f FieldID) bool { return c.record.Get(f).IsZero() }

// is says that the field holds the number.
func (c *checker) is(f FieldID, n int64) bool {
	got, ok := c.record.Get(f).Int()
	return ok && got == n
}

// order says that the first date or time may not be after the second.
func (c *checker) order(first, second FieldID, text string) {
	from, ok1 := c.record.Get(first).Int()
	to, ok2 := c.record.Get(second).Int()
	if ok1 && ok2 && to < from {
		c.fault(second, "wrong-order", text, "Look at both.")
	}
}

// letters says that a code such as a currency has so many capital letters.
func (c *checker) letters(f FieldID, size int, text string) {
	s := c.record.Get(f).Text()
	if s != "" && (len(s) != size || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		c.fault(f, "wrong-form", text, "")
	}
}

func (c *checker) bothBool(x, y FieldID, text string) {
	if c.record.Get(x).Bool() && c.record.Get(y).Bool() {
		c.fault(y, "contradiction", text, "Choose one of the two.")
	}
}

func (c *checker) email(f FieldID) {
	s := c.record.Get(f).Text()
	if at := strings.IndexByte(s, '@'); s != "" && (at < 1 || at == len(s)-1 || strings.ContainsAny(s, " \n")) {
		c.fault(f, "no-email", "An e-mail address looks like name@example.org.", "Leave it empty if there is none.")
	}
}

func (c *checker) campaign() {
	c.order(CampaignStart, CampaignEnd, "The campaign ends before it starts.")
	c.letters(CampaignCountry, 2, "A country is two letters, such as KE.")
	if s := c.record.Get(CampaignShort).Text(); s != "" && !isShort(s) {
		c.fault(CampaignShort, "wrong-form", "The short name is two to four capital letters or digits.", "It stands on every badge, such as KAJI.")
	}
}

// trainee asks for one name, whichever, and for a birth year that a living person can have.
func (c *checker) trainee() {
	if c.unset(TraineeGivenName) && c.unset(TraineeFamilyName) && c.unset(TraineeOtherName) && c.unset(TraineeLocalName) {
		c.fault(TraineeGivenName, "name-needed", "A name is needed, given or family.", "One name is enough.")
	}
	c.email(TraineeEmail)
	thisYear := int64(DayOf(c.today).Year())
	if year, ok := c.record.Get(TraineeBirthYear).Int(); ok && (year < thisYear-maxAge || year > thisYear) {
		c.fault(TraineeBirthYear, "birth-year", fmt.Sprintf("A birth year lies between %d and %d.", thisYear-maxAge, thisYear), "Unknown? Choose an age band.")
	}
}

func (c *checker) consent() {
	c.order(ConsentDate, ConsentWithdrawnAt, "The consent was withdrawn before it was given.")
	if c.is(ConsentMethod, ConsentMethodVerbalWitness) && c.unset(ConsentWitness) {
		c.fault(ConsentWitness, "needed", "Verbal consent needs a witness.", "Somebody who heard it and can say so.")
	}
}

// CheckConsent judges a consent together with the person whose it is: somebody under 18 needs a guardian, named here
// or in the person's record.
func CheckConsent(fields []FieldValue, subject Record, today int64) []Fault {
	faults := Check(&consentSpec, fields, today)
	consent := Record{Fields: fields}
	guardian := !consent.Get(ConsentGuardian).IsZero() || !subject.Get(TraineeGuardian).IsZero()
	if subject.Kind == KindTrainee && !guardian && IsMinor(subject, today) {
		faults = append(faults, Fault{ConsentGuardian, "guardian-needed", "Somebody under 18 needs a guardian who agrees.", "Enter the guardian's name."})
	}
	return faults
}

func (c *checker) attendance() {
	refused := c.is(AttendanceKind, AttendanceRefused)
	switch {
	case refused && c.unset(AttendanceRefusal):
		c.fault(AttendanceRefusal, "needed", "A refusal needs its reason.", "")
	case !refused && !c.unset(AttendanceRefusal):
		c.fault(AttendanceRefusal, "contradiction", "Only a refused check-in has a reason for refusal.", "")
	case !refused && c.unset(AttendancePerson):
		c.fault(AttendancePerson, "needed", "An attendance needs a person.", "")
	case !refused && c.unset(AttendanceSession):
		c.fault(AttendanceSession, "needed", "An attendance needs a session.", "")
	}
}

// household refuses a head count that is no home's.
func (c *checker) household() {
	if n := Members(c.record); n > 100 {
		c.fault(HouseholdUnder5, "out-of-bounds", fmt.Sprintf("A household of %d people is too large.", n), "Enter each home by itself.")
	}
}

func (c *checker) stockMove() {
	from, to := c.record.Get(StockMoveFrom), c.record.Get(StockMoveTo)
	if from.IsZero() && to.IsZero() {
		c.fault(StockMoveTo, "needed", "A move of stock needs where from or where to.", "")
	} else if from == to && c.record.Get(StockMoveFromSite) == c.record.Get(StockMoveToSite) {
		c.fault(StockMoveTo, "contradiction", "Stock moves from one place to another.", "Choose two different places.")
	}
}

// isShort says that s can stand as a campaign's short name on a badge.
func isShort(s string) bool {
	return len(s) >= 2 && len(s) <= 4 && strings.Trim(s, checkAlphabet) == ""
}
