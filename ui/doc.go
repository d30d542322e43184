// Package ui is the window: the start page, the column of places, the menu and its keys, the bars above and below. It knows every
// place, no place knows it. Only cmd/kandili imports it.
package ui
