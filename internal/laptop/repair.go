package laptop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// Repaired says what a repair found and did, over all campaigns of a data folder.
type Repaired struct {
	OK         bool     `json:"ok"`          // everything on the disk is sound now
	Found      []string `json:"found"`       // what was wrong; empty: nothing
	Done       []string `json:"done"`        // what was done about it
	Aside      []string `json:"aside"`       // damaged files that were moved aside, within the data folder
	Missing    uint64   `json:"missing"`     // writes that could not be read and that a sync may bring back
	NewLetters bool     `json:"new_letters"` // codes made from now on begin with other letters
	Logs       int      `json:"logs"`
	Changes    int      `json:"changes"`
	Records    int      `json:"records"`
}

// Repair looks at everything in a data folder that nobody has open, and builds anew what is damaged; see store.Repair.
// It returns what was found and done before an error, too.
func Repair(dir string, passphrase []byte) (Repaired, error) {
	out := Repaired{Found: []string{}, Done: []string{}, Aside: []string{}}
	keys, err := vault.Unlock(filepath.Join(dir, vaultName), passphrase)
	if errors.Is(err, fs.ErrNotExist) {
		return out, noFolder(err)
	}
	if err != nil {
		return out, err
	}
	defer keys.Wipe()
	campaigns, err := os.ReadDir(filepath.Join(dir, campaignsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return out, fmt.Errorf("list the campaigns: %w", err)
	}
	for _, c := range campaigns {
		r, err := store.Repair(filepath.Join(dir, campaignsDir, c.Name()), keys, store.Options{})
		out.add(c.Name(), r)
		if err != nil {
			return out, err
		}
	}
	if len(campaigns) == 0 {
		return out, &fieldwork.Problem{Code: "no-campaign", Sentence: "There is no campaign in this folder, so nothing can be damaged.", Hint: "Check --data, or join a campaign with an invite."}
	}
	out.OK = true
	return out, nil
}

func (r *Repaired) add(campaign string, one store.Repaired) {
	r.Found = append(r.Found, one.Found...)
	r.Done = append(r.Done, one.Done...)
	for _, name := range one.Aside {
		r.Aside = append(r.Aside, filepath.Join(campaignsDir, campaign, name))
	}
	r.Missing += one.Missing
	r.NewLetters = r.NewLetters || one.Renewed
	r.Logs, r.Changes, r.Records = r.Logs+one.Report.Logs, r.Changes+one.Report.Changes, r.Records+one.Report.Records
}
