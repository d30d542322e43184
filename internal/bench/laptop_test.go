package bench

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	desk "kandili/internal/laptop"
	"kandili/internal/practice"
	"kandili/internal/store"
)

// BenchmarkSave_form saves a registration – journal file and bbolt, both flushed – and, in turns with it, the same number of bytes
// in one bare bbolt transaction on the same disk.
func BenchmarkSave_form(b *testing.B) {
	s := laptop(b, store.Identity{Seed: store.NewSeed(), Log: fieldwork.LogID{Node: 1}})
	bare, err := bbolt.Open(filepath.Join(b.TempDir(), "bare"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true})
	must(b, err)
	defer bare.Close()
	forms := registrations(b, 300)
	var saved, updated []time.Duration
	for b.Loop() {
		for i, form := range forms {
			began := time.Now()
			c, err := s.Save(store.Draft{Writes: []journal.Write{form}})
			saved = append(saved, time.Since(began))
			must(b, err)
			value := c.Append(nil)
			began = time.Now()
			must(b, bare.Update(func(tx *bbolt.Tx) error {
				bucket, err := tx.CreateBucketIfNotExists([]byte("b"))
				if err != nil {
					return err
				}
				return bucket.Put([]byte(fmt.Sprint(len(saved), i)), value)
			}))
			updated = append(updated, time.Since(began))
		}
	}
	save, update := percentile(saved, 50), percentile(updated, 50)
	b.ReportMetric(save.Seconds()*1000, "p50-ms")
	b.ReportMetric(percentile(saved, 99).Seconds()*1000, "p99-ms")
	b.ReportMetric(update.Seconds()*1000, "p50-ms-bare")
	b.ReportMetric(save.Seconds()/update.Seconds(), "x-bare-update")
}

// registrations are trainees of the practice programme as a form gives them.
func registrations(b *testing.B, n int) (list []journal.Write) {
	b.Helper()
	logs, err := practice.Reference()
	must(b, err)
	for _, l := range logs {
		for _, c := range l {
			if w := c.Writes[0]; w.Kind == fieldwork.KindTrainee && len(list) < n {
				list = append(list, w)
			}
		}
	}
	return list
}

// hundredThousand fills a store with people of made-up names and returns the names.
func hundredThousand(b *testing.B, s *store.Store) (names []string) {
	b.Helper()
	forms := registrations(b, 3000)
	rnd := rand.New(rand.NewPCG(1, 1))
	text := func(field fieldwork.FieldID) string {
		for {
			for _, f := range forms[rnd.IntN(len(forms))].Fields {
				if f.Field == field {
					return f.Value.Text()
				}
			}
		}
	}
	syllables := []string{"ka", "mi", "nde", "wa", "nji", "ru", "sso", "le", "a", "mo", "tu", "gá", "ñe", "pha", "li"}
	for len(names) < 100_000 {
		var drafts []store.Draft
		for range 2000 {
			family := text(fieldwork.TraineeFamilyName)
			for range rnd.IntN(3) {
				family += syllables[rnd.IntN(len(syllables))]
			}
			given := text(fieldwork.TraineeGivenName)
			names = append(names, given+" "+family)
			drafts = append(drafts, store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindTrainee, Fields: []fieldwork.FieldValue{
				{Field: fieldwork.TraineeGivenName, Value: fieldwork.Text(given)}, {Field: fieldwork.TraineeFamilyName, Value: fieldwork.Text(family)}}}}})
		}
		_, err := s.SaveAll(drafts)
		must(b, err)
	}
	return names
}

// queries are what people type, key after key: of three letters at least, because SQLite's trigrams need so many.
func queries(names []string) (list []string) {
	rnd := rand.New(rand.NewPCG(2, 2))
	for range 100 {
		letters := []rune(names[rnd.IntN(len(names))])
		for n := 3; n <= min(len(letters), 10); n++ {
			list = append(list, string(letters[:n]))
		}
	}
	return list
}

// BenchmarkSearch_people searches among 100,000 people, the best 20 first, after every key from the third on; and has the sqlite3
// program do the same with FTS5's trigrams, the best 20 by rank, on the same machine in the same run.
func BenchmarkSearch_people(b *testing.B) {
	s := laptop(b, store.Identity{Seed: store.NewSeed(), Log: fieldwork.LogID{Node: 1}})
	names := hundredThousand(b, s)
	list := queries(names)
	var took []time.Duration
	for b.Loop() {
		for _, q := range list {
			began := time.Now()
			found := s.Search(fieldwork.KindTrainee, q, 20)
			took = append(took, time.Since(began))
			if len(found) == 0 {
				b.Fatalf("nothing found for %q", q)
			}
		}
	}
	ours := percentile(took, 99)
	b.ReportMetric(percentile(took, 50).Seconds()*1000, "p50-ms")
	b.ReportMetric(ours.Seconds()*1000, "p99-ms")
	if theirs := fts5(b, names, list); theirs != nil {
		p99 := percentile(theirs, 99)
		b.ReportMetric(p99.Seconds()*1000, "p99-ms-fts5")
		b.ReportMetric(ours.Seconds()/p99.Seconds(), "x-fts5")
	}
}

// fts5 returns how long SQLite took for each query, by its own clock; nil where there is no sqlite3.
func fts5(b *testing.B, names, list []string) (took []time.Duration) {
	b.Helper()
	path, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Log("no sqlite3 on this machine: nothing to compare with")
		return nil
	}
	var script strings.Builder
	script.WriteString("create virtual table p using fts5(name, tokenize='trigram');\nbegin;\n")
	for _, n := range names {
		fmt.Fprintf(&script, "insert into p values('%s');\n", strings.ReplaceAll(n, "'", "''"))
	}
	script.WriteString("commit;\n.timer on\n")
	for _, q := range list {
		phrase := strings.ReplaceAll(strings.ReplaceAll(q, `"`, `""`), "'", "''")
		fmt.Fprintf(&script, "select rowid from p where p match '\"%s\"' order by rank limit 20;\n", phrase)
	}
	cmd := exec.Command(path, filepath.Join(b.TempDir(), "fts.db"))
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.Output()
	must(b, err)
	for lines := bufio.NewScanner(strings.NewReader(string(out))); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "Run Time: real "); ok {
			seconds, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			must(b, err)
			took = append(took, time.Duration(seconds*float64(time.Second)))
		}
	}
	if len(took) != len(list) {
		b.Fatalf("SQLite answered %d of %d queries", len(took), len(list))
	}
	return took
}

// BenchmarkCheckin_answer scans badges of the whole practice programme: from the text of the badge to the answer, saved. What
// the window draws after that is not in it.
func BenchmarkCheckin_answer(b *testing.B) {
	f, err := practiceLaptop(filepath.Join(b.TempDir(), "data"))
	must(b, err)
	defer f.Close()
	s := f.Store()
	sessions := s.IDs(fieldwork.KindSession)
	people := s.IDs(fieldwork.KindTrainee)
	var took []time.Duration
	for b.Loop() {
		for i, id := range people[:min(len(people), 400)] {
			badge, err := f.BadgePayload(id)
			must(b, err)
			began := time.Now()
			_, err = f.CheckIn(sessions[i%len(sessions)], badge, fieldwork.RecordID{})
			took = append(took, time.Since(began))
			must(b, err)
		}
	}
	b.ReportMetric(percentile(took, 50).Seconds()*1000, "p50-ms")
	b.ReportMetric(percentile(took, 99).Seconds()*1000, "p99-ms")
}

func practiceLaptop(dir string) (*desk.Folder, error) {
	f, err := desk.Init(dir, "Bench", []byte("four words are good"))
	if err != nil {
		return nil, err
	}
	return f, f.Practice(1, 0)
}
