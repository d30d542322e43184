package laptop

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
	"kandili/internal/vault"
	"kandili/sync/road"
)

// SiteNote keeps the village where the laptop is at work.
const SiteNote = "window/site"

// JoinPack joins a campaign from HQ's pack on a stick, without a network: the laptop becomes the node that HQ made for it, has the
// campaign's records at once, and syncs when it meets a network. progress is told bytes and may be nil.
func (f *Folder) JoinPack(ctx context.Context, pack []byte, code string, progress func(done, total int64)) error {
	if f.store != nil {
		return &fieldwork.Problem{Code: "already-joined", Sentence: "This laptop has joined a campaign already. Nothing was changed.", Hint: "Take a new data folder for another campaign: --data DIR."}
	}
	p, err := road.ReadPack(bytes.NewReader(pack), code)
	if err != nil {
		return err
	}
	campaign, err := hex.DecodeString(p.Campaign)
	if err != nil || len(campaign) != len(journal.Campaign{}) {
		return road.ErrNoPack
	}
	self := store.Identity{Campaign: journal.Campaign(campaign), Name: f.settings.Name, Seed: p.Seed, URLs: p.URLs, Pin: p.Pin,
		Log: fieldwork.LogID{Node: p.Node}, Token: p.Token, HQKey: p.HQKey, Courier: p.Courier, Voucher: p.Voucher}
	if err := f.enter(self); err != nil {
		return err
	}
	if err := vault.SetRecovery(filepath.Join(f.Dir, vaultName), f.keys, p.Recovery); err != nil {
		return err
	}
	if site, _, err := fieldwork.ReadID(p.Site); err == nil && len(p.Site) > 0 {
		if err := f.store.SetNote(SiteNote, []byte(site.String())); err != nil {
			return err
		}
	}
	return f.takePacked(ctx, p.Records, progress)
}

// takePacked takes the records of a pack in. What fails here comes with the first sync, or by any courier file.
func (f *Folder) takePacked(ctx context.Context, records []byte, progress func(done, total int64)) error {
	dir, err := os.MkdirTemp(f.Dir, "pack-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "records"+road.CourierExt)
	if err := os.WriteFile(file, records, 0o600); err != nil {
		return err
	}
	_, err = f.CourierIn(ctx, []string{file}, progress)
	return err
}
