// Package synctest proves the exchange: shaped and broken links, many nodes in one process under virtual time, disks
// that crash and fill, clocks that lie, and planted bugs that must be caught. Tests and benchmarks import it, no program does.
package synctest
