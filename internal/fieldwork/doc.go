// Package fieldwork is the vocabulary of Kandili: which kinds of records there are, which fields they have, which
// rules hold, how codes are made and how results are counted. It is pure, imports the standard library only, and
// every other package may import it.
package fieldwork
