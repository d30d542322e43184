// Package layout holds no code, only the tests that keep the shape of this repository: who may import whom and why, where goroutines
// start, which packages are pure, and which versions of our dependencies must not move. Nothing imports it.
//
// The rules are in rules_test.go, one entry each, with the reason and with a small source that breaks the rule, so that every rule
// is seen to go red.
package layout
