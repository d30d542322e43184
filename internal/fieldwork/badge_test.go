package fieldwork

import (
	"regexp"
	"strings"
	"testing"
)

// This stands on printed badges: if it fails, the code is wrong, not the test.
func TestPayload_isForEver(t *testing.T) {
	k := BadgeKey{Campaign: "KAJI", No: 3, Key: [32]byte{31: 7}}
	got, want := k.Payload("LC5-0217-I", 12), "KD:KAJI:LC5-0217-I:3.12:JBZAFRJKUHZMWRSF"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !regexp.MustCompile(`^[0-9A-Z $%*+./:-]+$`).MatchString(got) {
		t.Errorf("%s does not fit QR's alphanumeric mode", got)
	}
}

// typeOn returns what a laptop with another keyboard shows when a scanner types s by the US one.
func typeOn(us, local, s string) string {
	from, to := []rune(us), []rune(local)
	return strings.Map(func(r rune) rune {
		for i := range from {
			if from[i] == r {
				return to[i]
			}
		}
		return r
	}, s)
}

func TestReadBadge_onOtherKeyboards(t *testing.T) {
	for name, k := range map[string]struct{ us, local string }{
		"German":     {"YZ:-", "ZYÖß"},
		"French":     {"1234567890-:.AQZWM", "&é\"'(-è_çà)M:QAWZ?"},
		"Spanish":    {":-", "Ñ'"},
		"Brazilian":  {":", "Ç"},
		"Portuguese": {":-", "Ç'"},
		"semicolons": {":-", ";/"},
	} {
		for seq := uint64(1); seq <= 300; seq++ { // so that every letter is met in some code or MAC
			id := RecordID{LogID{Node: uint32(seq)}, seq}
			text := testKey.Payload(CodeOf(id), 2)
			typed := typeOn(k.us, k.local, text)
			b, reason := ReadBadge(typed+"\r", "KAJI", testKeys)
			if reason != 0 || !b.Proven || !b.Code.Matches(id) || b.Issue != 2 {
				t.Fatalf("%s: %s typed as %s: %+v, refused as %v", name, text, typed, b, reason)
			}
		}
	}
}

func TestReadBadge_inLowerCaseAndWithUnknownKey(t *testing.T) {
	id := RecordID{LogID{Node: 4}, 217}
	if b, reason := ReadBadge(strings.ToLower(testKey.Payload(CodeOf(id), 0)), "KAJI", testKeys); reason != 0 || !b.Proven {
		t.Errorf("caps lock: %+v %v", b, reason)
	}
	newer := testKey
	newer.No = 2
	if _, reason := ReadBadge(newer.Payload(CodeOf(id), 0), "KAJI", testKeys); reason != RefusalUnknown {
		t.Errorf("a key that has not arrived here yet: %v", reason)
	}
	if _, reason := ReadBadge(strings.Repeat("A", 10_000), "KAJI", testKeys); reason != RefusalUnknown {
		t.Errorf("a very long text: %v", reason)
	}
}

func TestBadgeKeys_areOneAfterAnother(t *testing.T) {
	raw := make([]byte, 64)
	raw[0], raw[32] = 1, 2
	campaign := Record{Kind: KindCampaign, Fields: fieldsOf(CampaignShort, Text("KAJI"), CampaignBadgeKey, Bytes(raw), CampaignBadgeKeyNo, Int(2))}
	keys := BadgeKeys(campaign)
	for no, want := range map[int]byte{1: 1, 2: 2} {
		if k, ok := keys(no); !ok || k.Key[0] != want || k.No != no || k.Campaign != "KAJI" {
			t.Errorf("key %d: %v %v", no, k.Key[0], ok)
		}
	}
	for _, no := range []int{-1, 0, 3, 99} {
		if _, ok := keys(no); ok {
			t.Errorf("key %d exists", no)
		}
	}
	if k, ok := PrintKey(campaign); !ok || k.No != 2 {
		t.Errorf("printed with key %d, %v", k.No, ok)
	}
	if _, ok := PrintKey(Record{}); ok {
		t.Error("a campaign without a key prints badges")
	}
}

// The badge of a person who was merged into another still lets her in, and its issues are its own.
func TestCheckIn_afterTwoPeopleWereMerged(t *testing.T) {
	m := newMemory()
	kept := m.add(KindTrainee, TraineeGivenName, Text("Amina"), TraineeBadgeIssue, Int(3))
	twin := m.add(KindTrainee, TraineeGivenName, Text("Amina N"))
	m.same[twin] = kept
	session := m.add(KindSession)
	scan := func(issue int) Answer {
		return CheckIn(CheckInput{Source: m, Session: session, Campaign: "KAJI", Keys: testKeys, Text: testKey.Payload(CodeOf(twin), issue)})
	}
	if a := scan(0); !a.OK || a.Person != kept {
		t.Errorf("got %+v, want %v to come in", a, kept)
	}
	m.add(KindRevocation, RevocationPerson, Ref(twin), RevocationBadgeIssue, Int(0))
	if a := scan(0); a.Reason != RefusalRevoked {
		t.Errorf("a badge that was called in: %v", a.Reason)
	}
	if a := scan(1); !a.OK {
		t.Errorf("the next badge: %v", a.Reason)
	}
}

func TestCheckIn_rosterAnywayOutAndLate(t *testing.T) {
	m := newMemory()
	amina, omar := m.add(KindTrainee), m.add(KindTrainee)
	jane := m.add(KindVolunteer)
	session := m.add(KindSession, SessionStart, Int(10_000), SessionExpected, Refs(amina))
	for _, c := range []struct {
		name   string
		person RecordID
		now    int64
		anyway bool
		out    bool
		want   Refusal
		kind   int64
		late   bool
	}{
		{"expected and in time", amina, 10_000 + 15*60, false, false, 0, AttendanceIn, false},
		{"expected and late", amina, 10_001 + 15*60, false, false, 0, AttendanceIn, true},
		{"not on the roster", omar, 9_000, false, false, RefusalWrongSession, AttendanceRefused, false},
		{"let in anyway", omar, 9_000, true, false, 0, AttendanceManual, false},
		{"going out", omar, 99_000, false, true, 0, AttendanceOut, false},
		{"volunteers need no roster", jane, 9_000, false, false, 0, AttendanceIn, false},
	} {
		a := CheckIn(CheckInput{Source: m, Session: session, Campaign: "KAJI", Keys: testKeys, Text: CodeOf(c.person), Now: c.now, Anyway: c.anyway, Out: c.out})
		if a.Reason != c.want || a.Kind != c.kind || a.Late != c.late || a.Person != c.person || a.Method != MethodTyped {
			t.Errorf("%s: %+v", c.name, a)
		}
		if faults := Check(&attendanceSpec, a.Attendance(jane, []byte{1}), 0); len(faults) > 0 {
			t.Errorf("%s: what is to be saved has faults: %v", c.name, faults)
		}
	}
}

func TestCheckIn_findsPeopleOfARestoredLaptop(t *testing.T) {
	m := newMemory()
	id := m.put(RecordID{LogID{7, 0xbeef}, 5}, KindTrainee)
	session := m.add(KindSession)
	a := CheckIn(CheckInput{Source: m, Session: session, Campaign: "KAJI", Keys: testKeys, Text: CodeOf(id)})
	if !a.OK || a.Person != id {
		t.Errorf("%s: %+v", CodeOf(id), a)
	}
}

func TestAttendance_keepsARefusalShortened(t *testing.T) {
	a := Answer{Reason: RefusalUnknown, Kind: AttendanceRefused, Method: MethodScan, Text: strings.Repeat("é", 500) + "\xff"}
	r := Record{Fields: a.Attendance(RecordID{}, []byte{1})}
	if got := r.Get(AttendanceScanned).Text(); got != strings.Repeat("é", 120) {
		t.Errorf("kept %q", got)
	}
	if n, _ := r.Get(AttendanceRefusal).Int(); n != RefusalUnknown {
		t.Errorf("kept reason %d", n)
	}
}
