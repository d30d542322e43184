package sheets_test

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"kandili/internal/sheets"
)

func TestWriteGeoJSON_isWhatRFC7946Says(t *testing.T) {
	var b bytes.Buffer
	err := sheets.WriteGeoJSON(&b, func(yield func(sheets.Feature) bool) {
		_ = yield(sheets.Feature{Lat: -1.85212, Lon: 36.77654, Properties: []sheets.Property{{Name: "tag_code", Value: `KJ-"0042"`}, {Name: "note", Value: "Élodie\n="}}}) &&
			yield(sheets.Feature{Lat: 0, Lon: -179.5})
	})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type     string
		Features []struct {
			Type     string
			Geometry struct {
				Type        string
				Coordinates []float64
			}
			Properties map[string]string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	if got.Type != "FeatureCollection" || len(got.Features) != 2 {
		t.Fatalf("got %+v", got)
	}
	f := got.Features[0]
	if f.Type != "Feature" || f.Geometry.Type != "Point" || f.Geometry.Coordinates[0] != 36.77654 || f.Geometry.Coordinates[1] != -1.85212 {
		t.Errorf("longitude comes first: %+v", f)
	}
	if f.Properties["tag_code"] != `KJ-"0042"` || f.Properties["note"] != "Élodie\n=" {
		t.Errorf("properties %q", f.Properties)
	}
}

func TestWriteGeoJSON_emptyAndNoNumber(t *testing.T) {
	var b bytes.Buffer
	if err := sheets.WriteGeoJSON(&b, func(func(sheets.Feature) bool) {}); err != nil || !json.Valid(b.Bytes()) {
		t.Errorf("%v: %s", err, b.String())
	}
	if err := sheets.WriteGeoJSON(&b, func(yield func(sheets.Feature) bool) { yield(sheets.Feature{Lat: math.NaN()}) }); err == nil {
		t.Error("NaN is no latitude")
	}
}
