// Package photos puts photos into forms and onto pages: chosen by keyboard or dropped on the window, made small beside the
// window, looked at large. ui and its places import it.
package photos

import (
	"kandili/internal/blob"
)

// Store keeps the photos; *store.Store is one. Its methods may be called from any goroutine.
type Store interface {
	AddPhoto(m blob.Manifest, files [][]byte) (blob.Name, error)
	Photo(name blob.Name, size blob.Size) ([]byte, error)
	PhotoState(name blob.Name) blob.State
	WishPhoto(name blob.Name) error // fetch the large one with the next sync
}
