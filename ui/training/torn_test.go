package training

import (
	"errors"
	"testing"

	"kandili/internal/fieldwork"
	"kandili/ui/place"
	"kandili/ui/theme"
	"kandili/ui/uitest"
)

// tornSchool cannot say who earned a certificate.
type tornSchool struct {
	*school
	err error
}

func (s *tornSchool) Earned(course fieldwork.RecordID) ([]fieldwork.Earned, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.school.Earned(course)
}

// The grid and the certificates are worked out beside the window: where that fails they say so, and come when it is tried again.
func TestTraining_whatCannotBeReadSaysSo(t *testing.T) {
	school := newSchool(t)
	store, tools := &uitest.Torn{Store: school.Store()}, &tornSchool{school: school}
	desk := uitest.NewDesk(t, "en")
	desk.Env.Site, desk.Env.Files = func() fieldwork.RecordID { return school.site }, school
	w, p := desk.Show(t, theme.New(theme.Light, 1), 1024, 600, func() place.Place { return New(desk.Env, store, tools) })
	s := &set{school, t, desk, w, p.(*Screen)}

	store.Kind = fieldwork.KindAttendance
	s.has(s.key(keyGrid), "This could not be read", "Try again")
	w.Golden("grid-torn.png")
	store.Kind = 0
	w.TapText("Try again")
	s.has(s.settle(), "Aïssatou Sène", "3 people, 1 session")
	s.p.Back()

	tools.err = errors.New("a page of the file is gone")
	s.has(s.key(keyCertify), "a page of the file is", "gone. Nothing that was saved is lost.")
	w.Golden("certificates-torn.png")
	tools.err = nil
	w.TapText("Try again")
	s.has(s.settle(), "Aïssatou Sène", "Missed: Safety")
}
