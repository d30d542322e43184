// Package paper lays out and draws what is printed: badge and tag sheets, rosters, certificates, hand-over packets. It is pure:
// fonts, words and content come from outside, the same input gives the same bytes. The laptop's package imports it.
//
// A document draws itself on a desk; a desk has a pen, which writes PDF or paints a picture. Text is set by a typesetter: letters
// that a PDF reader can place itself stay text, everything that needs shaping (Arabic, Devanagari, marks without a letter of
// their own) becomes outlines. All lengths are millimetres from the page's upper left corner, sizes of letters are points.
package paper
