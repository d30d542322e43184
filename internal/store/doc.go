// Package store keeps one campaign on disk: a journal file, which is flushed before anything counts as saved, and a
// bbolt file with the log, the records and what must survive a restart. Everything in both is sealed. Records are
// held in memory as well, sealed values opened once, so that no list, search or answer ever waits for the disk.
//
// Words: a segment is a piece of a log as it is stored; a note is a small value that other packages leave here; a box
// is a sealed key-value file for what is not part of any log.
//
// Commands, HQ and the laptop's own package import it; nothing else imports bbolt.
package store
