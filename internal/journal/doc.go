// Package journal holds what a replica knows: changes, who had seen what when writing them, the hash chain and the
// signatures over it, the hybrid clock, and the merging of changes into records. It is pure: it opens no file, asks
// no clock and reaches no network. The store, the wire and the exchange import it.
package journal
