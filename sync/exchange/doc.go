// Package exchange makes two replicas equal. Both sides run it over whatever carries bytes between them: the client
// begins, the server answers, frames are committed as they arrive, and everything may be said twice. It knows no
// store and no network, only the small interfaces below. Roads, HQ and the laptop's own package import it.
package exchange
