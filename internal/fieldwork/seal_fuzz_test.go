package fieldwork

import "testing"

// FuzzReadPaper reads what a scanner may type: nothing makes a reader fall over, and what is proven is what was printed.
func FuzzReadPaper(f *testing.F) {
	session, person := RecordID{LogID{9, 0}, 101}, RecordID{LogID{7, 0xbeef}, 12345}
	tag, roster := TagOf(LogID{7, 0}, 217), RosterOf(session, []RecordID{person})
	for _, seed := range []string{testKey.TagPayload(tag), testKey.RosterPayload(roster), testKey.RowPayload(session, person), testKey.CertificatePayload(CodeOf(session)),
		testKey.CertificateAddress("https://hq.example", CodeOf(session)), tag.String(), roster.String(), "KL:KAJI:T--1:1:", "R-KJ4-0101-999ZZ-0", "TTTTTTTTT1111111111", "/verify//", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, proven, reason := ReadTag(text, "KAJI", testKeys); proven && (reason != 0 || got.No == 0) {
			t.Errorf("tag %q: %v %v", text, got, reason)
		} else if reason == 0 {
			if again, err := ParseTag(got.String()); err != nil || again != got {
				t.Errorf("tag %q: %v is read again as %v, %v", text, got, again, err)
			}
		}
		if got, _, reason := ReadRoster(text, "KAJI", testKeys); reason == 0 {
			if again, err := ParseRoster(got.String()); err != nil || again != got {
				t.Errorf("roster %q: %v is read again as %v, %v", text, got, again, err)
			}
			got.People([]RecordID{person})
		}
		if got, reason := ReadRow(text, session, testKeys); reason == 0 && got.Seq == 0 {
			t.Errorf("row %q: %v", text, got)
		}
		if got, proven, reason := ReadCertificate(text, "KAJI", testKeys); reason == 0 {
			if _, err := ParseCode(got); err != nil || proven && !ProvesCertificate(got, testKey.CertificateSeal(got), testKeys) {
				t.Errorf("certificate %q: %q %v", text, got, err)
			}
		}
	})
}
