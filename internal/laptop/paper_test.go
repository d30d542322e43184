package laptop

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kandili/internal/fieldwork"
)

// practiceOf is a laptop with so many changes of the practice campaign.
func practiceOf(t *testing.T, changes int) *Folder {
	t.Helper()
	f, err := Init(filepath.Join(t.TempDir(), "data"), "Kajiado 1", phrase)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := f.Practice(1, changes); err != nil {
		t.Fatal(err)
	}
	return f
}

// A batch of tags is printed before travel, and each is known again when it is scanned or typed at the lamp.
func TestTags_numbersAreNeverGivenTwice(t *testing.T) {
	f := practiceOf(t, 10)
	var pdf bytes.Buffer
	first, err := f.Tags(&pdf, 30, Print{Layout: "L7160"})
	if err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Fatal(err)
	}
	second, err := f.NewTags(5)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[fieldwork.Tag]bool{}
	for _, tag := range append(first, second...) {
		if seen[tag] {
			t.Errorf("%v twice", tag)
		}
		seen[tag] = true
	}
	key, _ := f.printKey()
	for _, text := range []string{key.TagPayload(first[3]), strings.ToLower(first[3].String())} {
		if got, ok, err := f.ReadTag(text); err != nil || !ok || got != first[3].String() {
			t.Errorf("%s is read as %q, %v, %v", text, got, ok, err)
		}
	}
	key.Key[0]++
	if _, ok, err := f.ReadTag(key.TagPayload(first[3])); !ok || fieldwork.Hint(err) == "" {
		t.Errorf("a forged tag: %v %v", ok, err)
	}
	if _, ok, err := f.ReadTag("SN001234"); ok || err != nil {
		t.Errorf("a serial number: %v %v", ok, err)
	}
	for _, n := range []int{0, -1, mostTags + 1} {
		if _, err := f.NewTags(n); err == nil {
			t.Errorf("%d tags were made", n)
		}
	}
}

func TestBadges_sayThatTheyWerePrintedBefore(t *testing.T) {
	f := practiceOf(t, 4000)
	people := f.Store().IDs(fieldwork.KindTrainee)[:3]
	if err := f.Badges(io.Discard, people[:2], Print{}); err != nil {
		t.Fatal(err)
	}
	doc, err := f.BadgeSheet(people, Print{})
	if err != nil || doc.List[0].Copy != 1 || doc.List[2].Copy != 0 {
		t.Errorf("%+v %v", doc.List, err)
	}
	if got := f.WithoutBadge(people); !slices.Equal(got, people[2:]) {
		t.Errorf("without a badge: %v", got)
	}
	if _, err := f.Set(fieldwork.CodeOf(people[0]), Cells{"badge_issue": "1"}); err != nil { // the badge was lost
		t.Fatal(err)
	}
	if doc, _ := f.BadgeSheet(people, Print{}); doc.List[0].Issue != 1 || doc.List[0].Copy != 0 {
		t.Errorf("a new issue: %+v", doc.List[0])
	}
	if err := f.Badges(io.Discard, people, Print{Layout: "Avery 9999"}); code(err) != "unknown-layout" {
		t.Errorf("an unknown format: %v", err)
	}
}
