package hq

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
)

// Backups that were made before somebody was forgotten hold that person. Once a newer one is proven, which has all that they have, HQ destroys
// those of its own making. Those that were carried elsewhere it can only name.

// madeName is under which name the office remembers where it put backups.
const madeName = "backups/made"

// mostMade is how many places of backups the office remembers.
const mostMade = 200

// madeBackups are the files that HQ wrote backups to, as far as it did not remove them itself.
func (o *Office) madeBackups() (paths []string) {
	json.Unmarshal(o.box.Get(madeName), &paths) // nothing: none
	return paths
}

// destroyBackups removes backups from before the last forgetting and notes in the trial what became of them. Removed are those that went
// before, for their age.
func (o *Office) destroyBackups(t *Trial, removed []string) error {
	beside, _ := filepath.Glob(filepath.Join(filepath.Dir(t.Path), backupPattern)) // fails for a pattern that is none
	paths := append(o.madeBackups(), beside...)
	slices.Sort(paths)
	before := o.lastForgotten()
	var left []string
	var failed error
	for _, path := range slices.Compact(paths) {
		_, err := os.Stat(path)
		gone := errors.Is(err, fs.ErrNotExist)
		switch old := backupTime(path) < before; {
		case slices.Contains(removed, path):
		case gone && old:
			t.Elsewhere = append(t.Elsewhere, path)
		case gone:
			left = append(left, path) // a stick that is not in, or a backup that was carried away: it may be asked for later
		case !old:
			left = append(left, path)
		default:
			if err := os.Remove(path); err != nil {
				failed = &fieldwork.Problem{Code: "backup-stays", Sentence: "An older backup that holds somebody forgotten could not be removed: " + path,
					Hint: "Remove it by hand.", Err: err}
				left = append(left, path)
				continue
			}
			t.Destroyed++
			_ = poolBeside(path).tidy() // what cannot be removed stays, and only takes room
		}
	}
	return errors.Join(failed, o.put(madeName, left[max(0, len(left)-mostMade):]))
}

// backupTime reads from the name of a backup when it was begun, in seconds since 1970; 0 where the name does not say.
func backupTime(path string) int64 {
	before, _, _ := strings.Cut(backupPattern, "*")
	stamp := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), before), filepath.Ext(path))
	at, err := time.Parse("20060102-150405", stamp)
	if err != nil {
		return 0
	}
	return at.Unix()
}

// lastForgotten is when HQ last forgot somebody, in any campaign, by its clock; 0: never.
func (o *Office) lastForgotten() (at int64) {
	for _, s := range o.Campaigns() {
		s.Each(fieldwork.KindForgotten, func(r fieldwork.Record) bool {
			if when, _ := r.Get(fieldwork.ForgottenAt).Int(); r.ID.Log.Node == 0 {
				at = max(at, when)
			}
			return true
		})
	}
	return at
}

// destroyed says in words what became of older backups; empty: nothing.
func (t *Trial) destroyed() string {
	var parts []string
	if t.Destroyed > 0 {
		parts = append(parts, plural(t.Destroyed, "One older backup that held somebody forgotten was destroyed.", "%s older backups that held somebody forgotten were destroyed."))
	}
	if len(t.Elsewhere) > 0 {
		parts = append(parts, "Not where HQ put them, and to be destroyed by you: "+strings.Join(t.Elsewhere, ", ")+".")
	}
	return strings.Join(parts, " ")
}

// spaced puts a space before a sentence that is there.
func spaced(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}
