package hq

import (
	"fmt"
	"net/http"
	"time"

	"kandili/internal/fieldwork"
	"kandili/ui/show"
)

// backupLine says in a line how old the last proven backup is.
type backupLine struct {
	Mark, Text string
	Good       bool
}

// staleBackup is from when on an old proof is a warning: a day and the time that a daily one may take.
const staleBackup = 36 * time.Hour

func (p *site) backupLine(w *show.Words) backupLine {
	t, at := p.lastTrial(), int64(0)
	for _, s := range p.Campaigns() {
		proven := p.provenOf(s.Self().Campaign).At
		if at == 0 || proven < at {
			at = proven
		}
		if proven == 0 {
			return backupLine{"✕", w.T("hq.backup.none"), false}
		}
	}
	age, ago := p.now().Unix()-at, w.Ago(p.now(), time.Unix(at, 0))
	switch {
	case at == 0:
		return backupLine{"○", w.T("hq.backup.nothing"), false}
	case t.Failed != "" && t.At > at:
		return backupLine{"✕", w.T("hq.backup.failed", ago), false}
	case age > int64(staleBackup.Seconds()):
		return backupLine{"◐", w.T("hq.backup.stale", ago), false}
	}
	return backupLine{"●", w.T("hq.backup.good", ago), true}
}

type backupsView struct {
	Said      said
	Line      backupLine
	Trial     Trial
	At        string
	Path      string
	Campaigns []backupCampaign
	May       bool
}

type backupCampaign struct {
	Name, Proven string
	Writes, Held uint64 // in the proven backup, and by now
}

func (p *site) backupsPage(w http.ResponseWriter, r *http.Request, v view) {
	v.Title = "Backups"
	b := backupsView{Said: p.saidOf(r), Line: p.backupLine(p.words), Trial: p.lastTrial(), May: v.Role == "admin" || v.Role == "officer"}
	if b.Trial.At > 0 {
		b.At = ago(p.now().Unix() - b.Trial.At)
	}
	for _, s := range p.ordered() {
		proven := p.provenOf(s.Self().Campaign)
		c := backupCampaign{Name: campaignRecord(s).Get(fieldwork.CampaignName).Text(), Proven: "never"}
		if proven.At > 0 {
			c.Proven, b.Path = ago(p.now().Unix()-proven.At), proven.Path
		}
		for _, seq := range proven.heads() {
			c.Writes += seq
		}
		for _, seq := range s.Heads() {
			c.Held += seq
		}
		b.Campaigns = append(b.Campaigns, c)
	}
	v.Body = b
	p.show(w, http.StatusOK, "backups.html", v)
}

// proveNow makes a backup and proves it, while the person waits.
func (p *site) proveNow(d decision) (outcome, error) {
	t, err := p.Prove(d.r.Context(), p.backups)
	if err != nil {
		return outcome{}, err
	}
	return outcome{said: fmt.Sprintf("Proven: %s changes and %s records were restored and read whole.", thousands(t.Writes), thousands(t.Records)), back: "/backups"}, nil
}

func ago(seconds int64) string {
	switch {
	case seconds < 120:
		return "just now"
	case seconds < 2*3600:
		return fmt.Sprintf("%d minutes ago", seconds/60)
	case seconds < 2*86400:
		return fmt.Sprintf("%d hours ago", seconds/3600)
	}
	return fmt.Sprintf("%d days ago", seconds/86400)
}
