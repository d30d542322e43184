package show

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is the name of a country in the person's language, from its ISO 3166 code; the code itself where it is no country's.
func (w *Words) Country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() {
		return code
	}
	if name := display.Regions(language.Make(w.Code())).Name(region); name != "" {
		return name
	}
	return code
}
