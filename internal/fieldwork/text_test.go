package fieldwork

import (
	"errors"
	"testing"
)

func TestParseValue_readsWhatFormatValueWrites(t *testing.T) {
	options := []Option{{1, "none"}, {2, "car_battery"}, {3, "torch"}}
	for _, c := range []struct {
		typ  Type
		in   string
		want Value
		out  string // "": as in
	}{
		{TypeText, " Oldonyo Nyokie ", Text("Oldonyo Nyokie"), "Oldonyo Nyokie"},
		{TypeText, "two\r\nlines\x00", Text("two\nlines"), "two\nlines"},
		{TypePhone, "0712 345 678", Text("0712 345 678"), ""},
		{TypeTexts, `en; sw;;a\;b`, Text("en\nsw\na;b"), `en;sw;a\;b`},
		{TypeInt, "-12", Int(-12), ""},
		{TypeInt, "12.0", Int(12), "12"},
		{TypeDecimal, "12.5", Int(1250), ""},
		{TypeDecimal, "12,5", Int(1250), "12.5"},
		{TypeDecimal, "0.30000000000000004", Int(30), "0.3"},
		{TypeDecimal, "-0.05", Int(-5), ""},
		{TypeDecimal, "7", Int(700), ""},
		{TypeBool, "TRUE", Int(1), "yes"},
		{TypeBool, "0", Int(0), "no"},
		{TypeEnum, "car_battery", Int(2), ""},
		{TypeEnum, "Car battery", Int(2), "car_battery"},
		{TypeEnums, "torch;none;torch", Ints(1, 3), "none;torch"},
		{TypeDate, "2027-03-14", Int(20891), ""},
		{TypeDate, "1969-12-31", Int(-1), ""},
		{TypeTime, "2027-03-14T08:41:00Z", Int(20891*86400 + 31260), ""},
		{TypeTime, "2027-03-14 08:41", Int(20891*86400 + 31260), "2027-03-14T08:41:00Z"},
		{TypeTime, "2027-03-14T11:41+03:00", Int(20891*86400 + 31260), "2027-03-14T08:41:00Z"},
		{TypePosition, "-1.9512, 36.7541", Ints(-195120, 3675410, 0), "-1.95120,36.75410"},
		{TypePosition, "-1.95120,36.75410,8", Ints(-195120, 3675410, 8), ""},
		{TypeBytes, "00ff", Bytes([]byte{0, 255}), ""},
		{TypeInt, "  ", Value{}, ""},
	} {
		f := &Field{Name: "some_field", Type: c.typ, Options: options}
		got, err := ParseValue(f, c.in)
		if err != nil || got != c.want {
			t.Errorf("type %d %q: got %x %v, want %x", c.typ, c.in, got.Canonical(), err, c.want.Canonical())
			continue
		}
		if want := c.out; FormatValue(f, got) != want && (want != "" || FormatValue(f, got) != c.in && !got.IsZero()) {
			t.Errorf("type %d %q: written as %q", c.typ, c.in, FormatValue(f, got))
		}
	}
}

func TestParseValue_refusesInWords(t *testing.T) {
	for _, c := range []struct {
		typ  Type
		in   string
		code string
	}{
		{TypeText, "caf\xe9", "no-utf8"},
		{TypeInt, "twelve", "no-number"}, {TypeInt, "12.5", "no-number"}, {TypeInt, "1,000", "no-number"}, {TypeInt, "99999999999999999999", "no-number"},
		{TypeDecimal, "1,500", "no-number"}, {TypeDecimal, "NaN", "no-number"}, {TypeDecimal, "Inf", "no-number"}, {TypeDecimal, "0x1p4", "no-number"}, {TypeDecimal, "1e300", "no-number"},
		{TypeBool, "maybe", "no-yes-or-no"}, {TypeEnum, "lava", "no-option"}, {TypeEnums, "none;lava", "no-option"},
		{TypeDate, "14/03/2027", "no-date"}, {TypeDate, "2027-02-30", "no-date"}, {TypeTime, "noon", "no-time"},
		{TypePosition, "1", "no-position"}, {TypePosition, "a,b", "no-position"}, {TypePosition, "NaN,1", "no-position"}, {TypePosition, "1,2,3,4", "no-position"},
		{TypeBytes, "xyz", "no-bytes"}, {TypeRef, "KJ4-0217-X", "needs-look-up"}, {TypeRefs, "", "needs-look-up"},
	} {
		f := &Field{Name: "some_field", Type: c.typ, Options: []Option{{1, "none"}}}
		_, err := ParseValue(f, c.in)
		if p := (*Problem)(nil); !errors.As(err, &p) || p.Code != c.code || p.Sentence == "" {
			t.Errorf("type %d %q: got %v, want %s", c.typ, c.in, err, c.code)
		}
	}
	_, err := ParseValue(&Field{Name: "birth_year", Type: TypeInt}, "old")
	if want := "Birth year is a whole number, such as 12."; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := ParseValue(&Field{Type: TypeRef}, "x"); !errors.Is(err, ErrRef) {
		t.Error("a reference is not told from other errors")
	}
}

func TestFormatValue_ofReferences(t *testing.T) {
	a, b := RecordID{LogID{1, 0}, 5}, RecordID{LogID{2, 9}, 6}
	if got := FormatValue(&Field{Type: TypeRefs}, Refs(a, b)); got != "1.0.5;2.9.6" {
		t.Errorf("got %s", got)
	}
}

func FuzzReadValue(f *testing.F) {
	for _, v := range []Value{{}, Text("Aïssatou"), Int(-7), Ref(RecordID{LogID{1, 2}, 3}), Bytes([]byte{9}), Ints(1, -2, 3), Refs(RecordID{Seq: 1})} {
		f.Add(v.Append(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, n, err := ReadValue(b)
		if err != nil {
			return
		}
		if n < 1 || n > len(b) || string(v.Append(nil)) != string(b[:n]) {
			t.Fatalf("%x: read %d bytes as %x", b, n, v.Canonical())
		}
		for _, s := range Specs() { // whatever others write, it can be judged and shown
			for i := range s.Fields {
				FormatValue(&s.Fields[i], v)
				Check(s, []FieldValue{{s.Fields[i].ID, v}}, 20000)
			}
		}
	})
}

func FuzzParseValue(f *testing.F) {
	for _, s := range []string{"12.5", "2027-03-14", "a;b", "-1.95,36.75,8", "2027-03-14T08:41Z", "yes", "female", "00ff", `a\;b\\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, spec := range Specs() {
			for i := range spec.Fields {
				field := &spec.Fields[i]
				v, err := ParseValue(field, s)
				if err != nil {
					continue
				}
				again, err := ParseValue(field, FormatValue(field, v))
				if err != nil || again != v {
					t.Fatalf("%s %q: %x written as %q reads %x %v", field.Name, s, v.Canonical(), FormatValue(field, v), again.Canonical(), err)
				}
			}
		}
	})
}
