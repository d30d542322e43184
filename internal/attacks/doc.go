// Package attacks holds no code, only the test that attacks a real HQ, a laptop's door and courier files the way somebody would who
// means harm, and counts what was refused. Nothing imports it.
package attacks
