// Package lists is what every list of records can do: sort, filter, remember how it was left, and export what it shows. The places of
// ui import it.
package lists
