package fieldwork

import "testing"

var testKey = BadgeKey{Campaign: "KAJI", No: 1, Key: [32]byte{1, 2, 3}}

func testKeys(no int) (BadgeKey, bool) { return testKey, no == 1 }

func TestReadBadge_scannersTypeInManyWays(t *testing.T) {
	id := RecordID{Log: LogID{Node: 4}, Seq: 217}
	payload := testKey.Payload(CodeOf(id), 2)
	for name, text := range map[string]string{"as printed": payload, "with return": payload + "\r\n", "with spaces": "  " + payload + "\t"} {
		b, reason := ReadBadge(text, "KAJI", testKeys)
		if reason != 0 || !b.Proven || b.Issue != 2 || !b.Code.Matches(id) {
			t.Errorf("%s: %+v %v", name, b, reason)
		}
	}
	if b, reason := ReadBadge(CodeOf(id), "KAJI", testKeys); reason != 0 || b.Proven {
		t.Errorf("a typed code is a look-up and no proof: %+v %v", b, reason)
	}
}

func TestReadBadge_everyChangedLetterIsNoticed(t *testing.T) {
	payload := testKey.Payload(CodeOf(RecordID{Log: LogID{Node: 4}, Seq: 217}), 0)
	for i := range payload {
		for _, c := range "A7" {
			forged := payload[:i] + string(c) + payload[i+1:]
			if forged == payload {
				continue
			}
			if b, reason := ReadBadge(forged, "KAJI", testKeys); reason == 0 && b.Proven && i != 2 && !isSeparator(payload[i]) {
				t.Errorf("%s passes as %+v", forged, b)
			}
		}
	}
	other := testKey
	other.Key[5] ^= 1
	if _, reason := ReadBadge(other.Payload("KJ4-0217-X", 0), "KAJI", testKeys); reason == 0 {
		t.Error("a badge under another key passes")
	}
}

// isSeparator: what parts the fields may be anything, since scanners type it differently.
func isSeparator(c byte) bool { return c == ':' || c == '-' || c == '.' }

func TestCheckIn_everyAnswerHasItsReason(t *testing.T) {
	m := newMemory()
	here, there := m.add(KindSite, SiteName, Text("Here")), m.add(KindSite, SiteName, Text("There"))
	amina := m.add(KindTrainee, TraineeGivenName, Text("Amina"), TraineeSite, Ref(here))
	omar := m.add(KindTrainee, TraineeGivenName, Text("Omar"), TraineeSite, Ref(there))
	session := m.add(KindSession, SessionSite, Ref(here), SessionStatus, Int(SessionStatusOpen))
	closed := m.add(KindSession, SessionSite, Ref(here), SessionStatus, Int(SessionStatusClosed))
	forged := testKey
	forged.Key[0] = 9
	lost := m.add(KindTrainee, TraineeGivenName, Text("Lost"), TraineeSite, Ref(here), TraineeBadgeIssue, Int(1))
	unknown := RecordID{Log: LogID{Node: 7}, Seq: 9999}
	in := func(session RecordID, text string) Answer {
		return CheckIn(CheckInput{Source: m, Session: session, Campaign: "KAJI", Keys: testKeys, Text: text, Now: 1_800_000_000})
	}
	badge := func(id RecordID, k BadgeKey) string { return k.Payload(CodeOf(id), 0) }
	for _, x := range []struct {
		name    string
		session RecordID
		text    string
		want    Refusal
	}{
		{"welcome", session, badge(amina, testKey), 0},
		{"typed code", session, CodeOf(amina), 0},
		{"nobody has this code", session, badge(unknown, testKey), RefusalUnknown},
		{"not a code", session, "hello", RefusalUnknown},
		{"forged", session, badge(amina, forged), RefusalForged},
		{"lost badge printed anew", session, badge(lost, testKey), RefusalRevoked},
		{"other campaign", session, BadgeKey{Campaign: "XXXX", No: 1, Key: testKey.Key}.Payload(CodeOf(amina), 0), RefusalWrongCampaign},
		{"other site", session, badge(omar, testKey), RefusalWrongSite},
		{"session closed", closed, badge(amina, testKey), RefusalSessionClosed},
		{"no session", amina, badge(amina, testKey), RefusalWrongSession},
	} {
		a := in(x.session, x.text)
		if a.Reason != x.want || a.OK != (x.want == 0) {
			t.Errorf("%s: ok %v, reason %v, want %v", x.name, a.OK, a.Reason, x.want)
		}
		if fields := a.Attendance(RecordID{}, []byte{1}); (Record{Fields: fields}).Get(AttendanceTime).IsZero() {
			t.Errorf("%s: what is kept has no time", x.name)
		}
	}
	m.add(KindAttendance, fieldPairs(in(session, badge(amina, testKey)).Attendance(RecordID{}, []byte{1}))...)
	if a := in(session, badge(amina, testKey)); a.Reason != RefusalAlreadyIn {
		t.Errorf("a second scan: %v", a.Reason)
	}
}

func fieldPairs(list []FieldValue) []any {
	var pairs []any
	for _, f := range list {
		pairs = append(pairs, f.Field, f.Value)
	}
	return pairs
}

func FuzzReadBadge(f *testing.F) {
	f.Add(testKey.Payload("KJ4-0217-X", 0))
	f.Add("KJ4-0217-X")
	f.Fuzz(func(t *testing.T, text string) {
		b, reason := ReadBadge(text, "KAJI", testKeys)
		if reason == 0 && b.Code == (Code{}) {
			t.Fatalf("%q is let through without a code", text)
		}
	})
}

func TestCheckInPerson_whoWalksInIsOnNoRoster(t *testing.T) {
	m := newMemory()
	here := m.add(KindSite, SiteName, Text("Here"))
	amina, joseph := m.add(KindTrainee, TraineeGivenName, Text("Amina"), TraineeSite, Ref(here)), m.add(KindTrainee, TraineeGivenName, Text("Joseph"), TraineeSite, Ref(here))
	session := m.add(KindSession, SessionSite, Ref(here), SessionExpected, Refs(amina))
	for method, want := range map[int64]Refusal{MethodWalkIn: 0, MethodRoster: RefusalWrongSession} {
		r, _ := m.Record(joseph)
		got := CheckInPerson(CheckInput{Source: m, Session: session, Method: method, Now: 1_800_000_000}, r)
		if got.Reason != want {
			t.Errorf("method %d: %v, want %v", method, got.Reason, want)
		}
	}
}
