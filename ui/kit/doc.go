// Package kit is our own set of widgets on Fyne: everything works from the keyboard, focus is always visible, every state has a
// shape and a word besides its colour. Only ui and its places import it. All of it lives on the window's goroutine.
package kit
