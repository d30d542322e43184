package fieldwork

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden list of numbers; only ever to add to it")

const numbersFile = "../../testdata/fieldwork/numbers.txt"

func numbers() string {
	var b strings.Builder
	for _, s := range Specs() {
		fmt.Fprintf(&b, "%s = %d\n", s.Name, s.Kind)
		for _, f := range s.Fields {
			fmt.Fprintf(&b, "%s.%s = %d type %d\n", s.Name, f.Name, f.ID, f.Type)
			for _, o := range f.Options {
				fmt.Fprintf(&b, "%s.%s.%s = %d\n", s.Name, f.Name, o.Name, o.N)
			}
		}
	}
	return b.String()
}

func TestSpecs_numbersNeverChange(t *testing.T) {
	got := numbers()
	if *update {
		if err := os.WriteFile(numbersFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(numbersFile)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for line := range strings.Lines(got) {
		have[line] = true
	}
	for line := range strings.Lines(string(golden)) {
		if !have[line] {
			t.Errorf("gone or renumbered: %s", line)
		}
		delete(have, line)
	}
	for line := range have {
		t.Errorf("new and not in the golden list yet (go test -run Specs -update): %s", line)
	}
}

func TestSpecs_areWhole(t *testing.T) {
	names := map[string]bool{}
	for i, s := range Specs() {
		if s == nil || s.Kind != Kind(i+1) || names[s.Name] {
			t.Fatalf("kind %d: missing, misplaced or named twice", i+1)
		}
		names[s.Name] = true
		if k, ok := KindByName(s.Name); !ok || k != s.Kind || SpecOf(k) != s {
			t.Errorf("%s is not found by name", s.Name)
		}
		fields := map[string]bool{}
		for k := range s.Fields {
			f := &s.Fields[k]
			if f.ID != FieldID(firstField+k) || s.Field(f.ID) != f || s.FieldByName(f.Name) != f || fields[f.Name] {
				t.Errorf("%s.%s: number %d has a gap or a double", s.Name, f.Name, f.ID)
			}
			fields[f.Name] = true
			checkField(t, s, f)
		}
	}
}

func checkField(t *testing.T, s *Spec, f *Field) {
	t.Helper()
	isEnum := f.Type == TypeEnum || f.Type == TypeEnums
	if isEnum != (len(f.Options) > 0) {
		t.Errorf("%s.%s: options and type do not agree", s.Name, f.Name)
	}
	if f.Of != 0 && f.Type != TypeRef && f.Type != TypeRefs || f.Of != 0 && SpecOf(f.Of) == nil {
		t.Errorf("%s.%s points to kind %d", s.Name, f.Name, f.Of)
	}
	if (f.Policy == PolicySticky) != (len(f.Sticky) > 0) {
		t.Errorf("%s.%s: sticky without an option that sticks, or the other way round", s.Name, f.Name)
	}
	for _, n := range f.Sticky {
		if _, ok := f.Option(n); !ok {
			t.Errorf("%s.%s sticks to an option that it does not have", s.Name, f.Name)
		}
	}
	if f.With != 0 && (f.With >= f.ID || s.Field(f.With) == nil) {
		t.Errorf("%s.%s goes with a field that is not ranked before it", s.Name, f.Name)
	}
	if s.AppendOnly && f.Policy != PolicyAppend {
		t.Errorf("%s.%s: of a kind that is only appended to, with policy %d", s.Name, f.Name, f.Policy)
	}
	for i, o := range f.Options {
		if o.N != int64(i+1) || o.Name == "" {
			t.Errorf("%s.%s: option %d is number %d", s.Name, f.Name, i+1, o.N)
		}
	}
}

func TestSpecs_knowUnknownKindsAndFields(t *testing.T) {
	if SpecOf(0) != nil || SpecOf(9999) != nil || Kind(9999).String() != "kind 9999" {
		t.Error("a kind of a later version has a table")
	}
	s := SpecOf(KindTrainee)
	if s.Field(1) != nil || s.Field(9999) != nil || s.FieldByName("shoe_size") != nil {
		t.Error("an unknown field has a description")
	}
	if f := SpecOf(KindInstallation).FieldByName("household"); f == nil || f.ID != InstallationHouseholds {
		t.Error("a file's head household is not understood")
	}
}
