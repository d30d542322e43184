// Package help shows the pages of assets/help: what a place is for and how it is used, offline, in the person's language, with pictures
// drawn from the window's own parts in her language, letters and theme. Only ui imports it.
package help
