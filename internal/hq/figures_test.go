package hq

import (
	"testing"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/internal/store"
)

// TestOverview_showsTheLastFiguresWhileNewOnesAreWorkedOut: somebody who works out figures takes long; a page does not wait for it,
// says of when its figures are, and has the new ones once they are there.
func TestOverview_showsTheLastFiguresWhileNewOnesAreWorkedOut(t *testing.T) {
	o, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	s, err := o.CreateCampaign("Kajiado 2027", "KE", 0)
	if err != nil {
		t.Fatal(err)
	}
	if v := o.overview(s); v.Name != "Kajiado 2027" || v.AsOf != "" || v.Team != 0 {
		t.Fatalf("first: %q as of %q, %d volunteers", v.Name, v.AsOf, v.Team)
	}
	busy := make(chan struct{}) // stands for work on a million records
	o.figures.mu.Lock()
	o.figures.work[s.Self().Campaign] = busy
	o.figures.mu.Unlock()
	if _, err := s.Save(store.Draft{Writes: []journal.Write{{Kind: fieldwork.KindVolunteer, Fields: []fieldwork.FieldValue{{Field: fieldwork.VolunteerName, Value: fieldwork.Text("Amina Yusuf")}}}}}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	v := o.overview(s)
	if v.AsOf == "" || v.Team != 0 {
		t.Errorf("while new ones are worked out: as of %q, %d volunteers", v.AsOf, v.Team)
	}
	if waited := time.Since(began); waited < figuresPatience {
		t.Errorf("gave up on new figures after %v", waited)
	}
	o.figures.mu.Lock()
	delete(o.figures.work, s.Self().Campaign)
	o.figures.mu.Unlock()
	close(busy)
	for range 1000 { // on a busy machine new figures may take longer than a page waits
		if v = o.overview(s); v.AsOf == "" {
			break
		}
	}
	if v.AsOf != "" || v.Team != 1 {
		t.Errorf("afterwards: as of %q, %d volunteers", v.AsOf, v.Team)
	}
}
