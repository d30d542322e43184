// Package photo makes of a picture file what a campaign keeps: a small preview and a working image, upright, without
// anything else that the file held. What may be of use of that, where and when it was taken, is handed out once. A
// picture is what a stranger made, so every limit is checked before a pixel is decoded, and only one is decoded at a time.
//
// The laptop's own package, HQ and programs import it.
package photo
