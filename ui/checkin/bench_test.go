package checkin

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/ui/kit"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// BenchmarkCheckin_answer is the check-in row of DESIGN.md section 9, through the real place and a real laptop: from the scanner's
// Return until the attendance is durable on the disk and the widgets hold the answer, in the practice campaign with 10,000 changes and
// 200 people in the session. The tone is not played. Drawing is not in p99-ms: tests have only the software painter, which draws the
// whole window anew where the real one sends what changed to the graphics; what it takes for that is told as painting-p99-ms.
func BenchmarkCheckin_answer(b *testing.B) {
	f, err := laptop.Init(filepath.Join(b.TempDir(), "data"), "Kajiado 1", []byte("four words are good"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := f.Practice(1, 10_000); err != nil {
		b.Fatal(err)
	}
	site := uitest.Save(b, f.Store(), fieldwork.KindSite, uitest.Field(fieldwork.SiteName, fieldwork.Text("Oldonyo Nyokie")))
	d := &door{Folder: f, site: site}
	d.session = uitest.Save(b, f.Store(), fieldwork.KindSession, uitest.Field(fieldwork.SessionSite, fieldwork.Ref(site)),
		uitest.Field(fieldwork.SessionTitle, fieldwork.Text("Assembly")), uitest.Field(fieldwork.SessionStart, fieldwork.Int(uitest.Noon.Unix())))
	desk := uitest.NewDesk(b, "en")
	w, p := desk.Show(b, theme.New(theme.Light, 1), 1280, 768, func() place.Place { return New(desk.Env, f.Store(), d) })
	screen := p.(*Screen)
	screen.quiet = true
	p.Enter(d.session)
	var badges []string
	for i := range 300 { // who is there already, and who comes
		id := uitest.Save(b, f.Store(), fieldwork.KindTrainee, uitest.Field(fieldwork.TraineeGivenName, fieldwork.Text("Nasieku")), uitest.Field(fieldwork.TraineeSite, fieldwork.Ref(site)))
		text, err := f.BadgePayload(id)
		if err != nil {
			b.Fatal(err)
		}
		badges = append(badges, text)
		if i >= 200 {
			continue
		}
		if _, err := f.Admit(fieldwork.Pass{Session: d.session, Text: text}); err != nil {
			b.Fatal(err)
		}
	}
	var all, painting []time.Duration
	for i := 0; b.Loop(); i++ {
		kit.Focus(screen.v.code)
		w.Type(badges[(200+i)%len(badges)])
		began := time.Now()
		w.Key(fyne.KeyReturn)
		all = append(all, time.Since(began))
		if len(painting) < 20 {
			painted := time.Now()
			w.Canvas().Capture()
			painting = append(painting, time.Since(painted))
		}
	}
	b.ReportMetric(percentile(all, 99), "p99-ms")
	b.ReportMetric(percentile(all, 50), "p50-ms")
	b.ReportMetric(percentile(painting, 99), "painting-p99-ms")
}

// percentile in milliseconds.
func percentile(list []time.Duration, n int) float64 {
	slices.Sort(list)
	return float64(list[(len(list)*n)/100].Microseconds()) / 1000
}
