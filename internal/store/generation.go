package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"go.etcd.io/bbolt"

	"kandili/internal/vault"
)

// A generation is one run of a campaign's folder: 16 random bytes that stand in the bbolt file and in a file beside it.
// Where the two differ, one of them was put back to an earlier day; where the computer differs, the folder was carried
// to another one and may go on living on both. Either way the numbers of the log may be given elsewhere, too, and this
// replica goes on under a new incarnation. A folder that was put back as a whole is found out by the first node that
// knows more: see Confront.
type generation struct {
	Runs    [][]byte `json:"runs"`    // the last run; between two flushes of one start also the one before
	Machine []byte   `json:"machine"` // a keyed hash of what names the computer; nil: not known
}

// generationName is the file; noteGeneration where the bbolt file has the same. Backups have the latter only, so that
// what is restored from one is found out.
const (
	generationName = "generation.sealed"
	noteGeneration = "generation"
)

var generationAAD = []byte("kandili/generation/v1")

// foundElsewhere says that the folder's log may go on somewhere else.
func (s *Store) foundElsewhere() bool {
	inside := s.getNamed(bucketNotes, noteGeneration)
	g, there := s.readGeneration()
	switch {
	case inside == nil:
		return false // a new file, or one that was built anew here from the journal
	case !there:
		return true // restored from a backup
	case len(g.Machine) > 0 && s.machine() != nil && !bytes.Equal(g.Machine, s.machine()):
		return true
	}
	for _, run := range g.Runs {
		if bytes.Equal(run, inside) {
			return false
		}
	}
	return true
}

func (s *Store) readGeneration() (g generation, there bool) {
	sealed, err := os.ReadFile(s.path(generationName))
	if err != nil {
		return g, !errors.Is(err, fs.ErrNotExist)
	}
	plain, err := s.keys.Sealer("store/identity/v1").Open(nil, generationAAD, sealed)
	if err == nil {
		err = json.Unmarshal(plain, &g)
	}
	return g, err == nil
}

func (s *Store) writeGeneration(runs ...[]byte) error {
	plain, err := json.Marshal(generation{Runs: runs, Machine: s.machine()})
	if err != nil {
		return err
	}
	sealed := s.keys.Sealer("store/identity/v1").Seal(nil, generationAAD, plain)
	if err := vault.WriteFileAtomic(s.path(generationName), sealed, 0o600); err != nil {
		return diskProblem("note the new run", err)
	}
	return nil
}

const noteBoots = "boots"

// beginRun gives this run its count and its generation. Whenever it is cut off, the file holds what the bbolt file has.
// Should the count be lost with a damaged file, it begins anew: it only tells runs of one laptop apart, and the wall
// clock stands beside it.
func (s *Store) beginRun() error {
	n, _ := binary.Uvarint(s.getNamed(bucketNotes, noteBoots))
	s.boot = uint32(n) + 1
	run := make([]byte, 16)
	rand.Read(run) // never fails
	if s.opt.scratch {
		return s.setNamed(bucketNotes, noteBoots, binary.AppendUvarint(nil, uint64(s.boot)))
	}
	runs := [][]byte{run}
	if before := s.getNamed(bucketNotes, noteGeneration); before != nil {
		runs = append(runs, before)
	}
	if err := s.writeGeneration(runs...); err != nil {
		return err
	}
	err := s.update(func(tx *bbolt.Tx) error {
		for name, value := range map[string][]byte{noteBoots: binary.AppendUvarint(nil, uint64(s.boot)), noteGeneration: run} {
			k := s.seal.nameKey(string(bucketNotes), name)
			if err := tx.Bucket(bucketNotes).Put(k, s.seal.put(bucketNotes, k, named(name, value))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return diskProblem("note the new run", err)
	}
	return s.writeGeneration(run)
}

// machine is a keyed hash of what names this computer; nil where nothing does.
func (s *Store) machine() []byte {
	name := s.opt.Machine
	if name == "" {
		name = machineName()
	}
	if name == "" {
		return nil
	}
	sum := s.seal.names.Sum16([]byte("machine"), []byte(name))
	return sum[:]
}
