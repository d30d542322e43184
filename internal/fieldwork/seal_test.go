package fieldwork

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

// These stand on paper: if one fails, the code is wrong, not the test.
func TestSealed_areForEver(t *testing.T) {
	k := BadgeKey{Campaign: "KAJI", No: 3, Key: [32]byte{31: 7}}
	session, person := RecordID{LogID{9, 0}, 101}, RecordID{LogID{7, 0xbeef}, 12345}
	roster := RosterOf(session, []RecordID{person, {LogID{7, 0}, 2}})
	for got, want := range map[string]string{
		k.TagPayload(TagOf(LogID{9, 0}, 217)):                                "KL:KAJI:T-U3V-0217-C:3:7764VPV6HOWPUJHP",
		k.RosterPayload(roster):                                              "KR:KAJI:R-U3V-0101-002FN-K:3:XDPWQHZMOYN3LAVT",
		k.RowPayload(session, person):                                        "KP:QR:YV76J-12345-D:3:3EZKVQAJ",
		k.CertificatePayload(CodeOf(session)):                                "KC:KAJI:U3V-0101-3:3:ZLDT6FSFOIYPUMUJ",
		k.CertificateAddress("https://hq.example:8437/", CodeOf(session)):    "HTTPS://HQ.EXAMPLE:8437/VERIFY/U3V-0101-3/3.ZLDT6FSFOIYPUMUJ",
		k.CertificateAddress("https://ngo.example/Kandili", CodeOf(session)): "https://ngo.example/Kandili/verify/U3V-0101-3/3.ZLDT6FSFOIYPUMUJ",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

var alphanumeric = regexp.MustCompile(`^[0-9A-Z $%*+./:-]+$`)

// Level Q holds 29 characters in 25 modules and 47 in 29: rows have to stay small.
func TestSealed_fitTheirSymbols(t *testing.T) {
	session, person := RecordID{LogID{9, 0}, 101}, RecordID{LogID{7, 0}, 2345}
	for text, most := range map[string]int{
		testKey.RowPayload(session, person):                              29,
		testKey.TagPayload(TagOf(LogID{7, 0xbeef}, 12345)):               47,
		testKey.RosterPayload(RosterOf(session, []RecordID{person})):     47,
		testKey.CertificatePayload(CodeOf(person)):                       47,
		testKey.CertificateAddress("https://hq.example", CodeOf(person)): 67,
	} {
		if len(text) > most || !alphanumeric.MatchString(text) {
			t.Errorf("%s: %d characters, at most %d", text, len(text), most)
		}
	}
}

func TestReadSealed_onOtherKeyboards(t *testing.T) {
	for name, k := range map[string]struct{ us, local string }{
		"US":        {"", ""},
		"German":    {"YZ:-", "ZYÖß"},
		"French":    {"1234567890-:.AQZWM", "&é\"'(-è_çà)M:QAWZ?"},
		"Spanish":   {":-", "Ñ'"},
		"Brazilian": {":", "Ç"},
	} {
		for n := uint64(1); n <= 200; n++ {
			id := RecordID{LogID{Node: uint32(n)}, n}
			tag := TagOf(id.Log, n)
			if got, proven, reason := ReadTag(strings.ToLower(typeOn(k.us, k.local, testKey.TagPayload(tag)))+"\r", "KAJI", testKeys); got != tag || !proven || reason != 0 {
				t.Fatalf("%s: tag %v is read as %v %v %v", name, tag, got, proven, reason)
			}
			roster := RosterOf(id, []RecordID{id, {LogID{3, 0}, n}})
			if got, proven, reason := ReadRoster(typeOn(k.us, k.local, testKey.RosterPayload(roster)), "KAJI", testKeys); got != roster || !proven || reason != 0 {
				t.Fatalf("%s: roster %v is read as %v %v %v", name, roster, got, proven, reason)
			}
			person := RecordID{LogID{4, 0}, n}
			if got, reason := ReadRow(typeOn(k.us, k.local, testKey.RowPayload(id, person)), id, testKeys); !got.Matches(person) || reason != 0 {
				t.Fatalf("%s: row of %v is read as %v %v", name, person, got, reason)
			}
			if got, proven, reason := ReadCertificate(typeOn(k.us, k.local, testKey.CertificatePayload(CodeOf(id))), "KAJI", testKeys); got != CodeOf(id) || !proven || reason != 0 {
				t.Fatalf("%s: certificate %s is read as %v %v %v", name, CodeOf(id), got, proven, reason)
			}
		}
	}
}

// Whoever changes a letter, takes another campaign's paper or prints with a key of his own is refused, without a network.
func TestReadSealed_forgedIsRefused(t *testing.T) {
	tag := TagOf(LogID{7, 0}, 12)
	good := testKey.TagPayload(tag)
	mine := BadgeKey{Campaign: "KAJI", No: testKey.No, Key: [32]byte{9, 9}}
	newer := testKey
	newer.No = 77
	for name, c := range map[string]struct {
		text string
		want Refusal
	}{
		"own key":         {mine.TagPayload(tag), RefusalForged},
		"another tag":     {strings.Replace(good, tag.String(), TagOf(LogID{7, 0}, 13).String(), 1), RefusalForged},
		"slip in the tag": {strings.Replace(good, "0012", "0021", 1), RefusalForged},
		"campaign":        {strings.Replace(good, "KAJI", "BARI", 1), RefusalWrongCampaign},
		"newer key":       {newer.TagPayload(tag), RefusalUnknown},
		"a badge's MAC":   {"KL:KAJI:" + tag.String() + ":1:" + testKey.mac("KL:KAJI:"+tag.String()+":1"), RefusalForged},
		"a badge":         {testKey.Payload("KJ4-0217-X", 0), RefusalUnknown},
		"a roster":        {testKey.RosterPayload(RosterOf(RecordID{LogID{7, 0}, 12}, nil)), RefusalUnknown},
		"anything":        {"https://example.org", RefusalUnknown},
		"much":            {strings.Repeat("KL:KAJI:", 999), RefusalUnknown},
		"nothing":         {"", RefusalUnknown},
	} {
		if _, proven, reason := ReadTag(c.text, "KAJI", testKeys); proven || reason != c.want {
			t.Errorf("%s: %v %v, want refused as %v", name, proven, reason, c.want)
		}
	}
	session, person := RecordID{LogID{9, 0}, 101}, RecordID{LogID{7, 0}, 12}
	row := testKey.RowPayload(session, person)
	if _, reason := ReadRow(row, RecordID{LogID{9, 0}, 102}, testKeys); reason != RefusalWrongSession {
		t.Errorf("row of another session: %v", reason)
	}
	if _, reason := ReadRow(mine.RowPayload(session, person), session, testKeys); reason != RefusalForged {
		t.Errorf("row with another key: %v", reason)
	}
	if a := CheckIn(CheckInput{Source: newMemory(), Session: session, Campaign: "KAJI", Keys: testKeys, Text: row}); a.OK {
		t.Error("a row of a roster opened the door")
	}
	seal := testKey.CertificateSeal("KJ4-0517-Q")
	if ProvesCertificate("KJ4-0518-Q", seal, testKeys) || ProvesCertificate("KJ4-0517-Q", mine.CertificateSeal("KJ4-0517-Q"), testKeys) || ProvesCertificate("KJ4-0517-Q", "", testKeys) {
		t.Error("a forged seal proves a certificate")
	}
}

func TestReadCertificate_fromItsAddress(t *testing.T) {
	number := CodeOf(RecordID{LogID{7, 0}, 517})
	for name, c := range map[string]struct {
		text   string
		proven bool
		want   Refusal
	}{
		"capital letters": {testKey.CertificateAddress("https://hq.example", number), true, 0},
		"below a path":    {testKey.CertificateAddress("https://ngo.example/Kandili", number), true, 0},
		"number only":     {"https://hq.example/verify/" + number, false, 0},
		"typed":           {strings.ToLower(strings.ReplaceAll(number, "-", "")), false, 0},
		"forged":          {"https://hq.example/verify/" + number + "/1.AAAAAAAAAAAAAAAA", false, RefusalForged},
		"slip":            {"https://hq.example/verify/" + number[:len(number)-1] + "?", false, RefusalUnknown},
	} {
		if got, proven, reason := ReadCertificate(c.text, "KAJI", testKeys); proven != c.proven || reason != c.want || reason == 0 && got != number {
			t.Errorf("%s: %q %v %v", name, got, proven, reason)
		}
	}
}

func TestParseTag_asPeopleTypeIt(t *testing.T) {
	for n := uint64(1); n < 40_000; n += 97 {
		tag := TagOf(LogID{uint32(n), uint32(n % 3 * 777)}, n)
		for _, typed := range []string{tag.String(), strings.ToLower(tag.String()), strings.ReplaceAll(tag.String(), "-", " - "), " " + tag.String() + "\n"} {
			if got, err := ParseTag(typed); err != nil || got != tag {
				t.Fatalf("%q is read as %v, %v", typed, got, err)
			}
		}
		if _, err := ParseCode(tag.String()); err == nil {
			t.Fatalf("%v is taken for a record", tag)
		}
		if got, err := ParseTag(strings.ReplaceAll(tag.String(), "-", "")); !errors.Is(err, ErrAmbiguousCode) && (err != nil || got != tag) {
			t.Fatalf("%v without dashes is read as %v, %v", tag, got, err)
		}
	}
}

// Every single wrong character is noticed.
func TestParseTagAndRoster_noticeSlips(t *testing.T) {
	tag, roster := TagOf(LogID{7, 0}, 217).String(), RosterOf(RecordID{LogID{9, 0}, 101}, []RecordID{{LogID{7, 0}, 2}}).String()
	for at := range len(tag) {
		for _, c := range checkAlphabet {
			typed := tag[:at] + string(c) + tag[at+1:]
			if got, err := ParseTag(typed); tag[at] != '-' && typed != tag && err == nil && got.String() != tag {
				t.Errorf("%s is taken for a tag: %v", typed, got)
			}
		}
	}
	for at := range len(roster) {
		for _, c := range checkAlphabet {
			typed := roster[:at] + string(c) + roster[at+1:]
			if got, err := ParseRoster(typed); roster[at] != '-' && typed != roster && err == nil && got.String() != roster {
				t.Errorf("%s is taken for a roster: %v", typed, got)
			}
		}
	}
	if _, err := ParseTag(tag[:len(tag)-1] + "?"); !errors.Is(err, ErrNoCode) {
		t.Errorf("a question mark: %v", err)
	}
	if _, err := ParseTag("T-" + LettersOf(LogID{7, 0}) + "-0217-" + string(otherThan(tag[len(tag)-1]))); !errors.Is(err, ErrMistypedTag) {
		t.Errorf("wrong check character: %v", err)
	}
}

func otherThan(c byte) byte {
	if c == 'A' {
		return 'B'
	}
	return 'A'
}

// A roster is entered from the code it was printed under: people who were added since stand at the end; any other change of
// the list is noticed, because row 7 would be somebody else.
func TestRoster_tellsWhoStandsInWhichRow(t *testing.T) {
	session := RecordID{LogID{9, 0}, 101}
	amina, omar, jane := RecordID{LogID{7, 0}, 1}, RecordID{LogID{7, 0}, 2}, RecordID{LogID{8, 0}, 1}
	printed := RosterOf(session, []RecordID{amina, omar})
	read, err := ParseRoster(strings.ToLower(strings.ReplaceAll(printed.String(), "-", "")))
	if err != nil || read != printed || !read.Session.Matches(session) {
		t.Fatalf("%v is read as %v, %v", printed, read, err)
	}
	for name, c := range map[string]struct {
		now  []RecordID
		want int
	}{
		"as it was":       {[]RecordID{amina, omar}, 2},
		"one more":        {[]RecordID{amina, omar, jane}, 2},
		"one less":        {[]RecordID{amina}, -1},
		"another order":   {[]RecordID{omar, amina}, -1},
		"somebody before": {[]RecordID{jane, amina, omar}, -1},
		"one replaced":    {[]RecordID{amina, jane}, -1},
	} {
		people, ok := read.People(c.now)
		if ok != (c.want >= 0) || ok && len(people) != c.want {
			t.Errorf("%s: %v %v", name, people, ok)
		}
	}
	if r := RosterOf(session, make([]RecordID, 2000)); r.Rows != MaxRoster {
		t.Errorf("%d rows", r.Rows)
	}
}
