package sheets

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Feature is something at a place.
type Feature struct {
	Lat, Lon   float64 // degrees, WGS 84
	Properties []Property
}

// Property is one thing that is known about a Feature.
type Property struct{ Name, Value string }

// WriteGeoJSON writes a FeatureCollection of points after RFC 7946: longitude first, a line for each feature, so that a long file can be
// looked through and compared.
func WriteGeoJSON(w io.Writer, features func(yield func(Feature) bool)) error {
	out := bufio.NewWriter(w)
	out.WriteString(`{"type":"FeatureCollection","features":[`) // errors stay in out
	sep := "\n"
	for f := range features {
		out.WriteString(sep)
		sep = ",\n"
		if err := writeFeature(out, f); err != nil {
			return err
		}
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

func writeFeature(out *bufio.Writer, f Feature) error {
	at, err := json.Marshal([2]float64{f.Lon, f.Lat})
	if err != nil {
		return fmt.Errorf("a position that is no number: %w", err)
	}
	fmt.Fprintf(out, `{"type":"Feature","geometry":{"type":"Point","coordinates":%s},"properties":{`, at)
	for i, p := range f.Properties {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(p.Name)
		if err != nil {
			return err
		}
		value, err := json.Marshal(p.Value)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s:%s", name, value)
	}
	out.WriteString("}}")
	return nil
}
