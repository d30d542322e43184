package journey

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// Meeting is two laptops in two real windows, far from HQ: they find each other, two people compare a code, and both
// have everything.
type Meeting struct {
	Programs string
	Dir      string
	Pictures string
	Say      func(string, ...any)
	Typed    bool // the network hides laptops from each other: one types the other's address

	play   *Play
	first  *side
	second *side
}

// side is one of the two laptops.
type side struct {
	*seat
	screen *Screen
}

// Agreed is what the meeting ended with.
type Agreed struct {
	Digests   [2]string // of both laptops
	People    string    // whom the first laptop finds that the second registered
	Complaint string    // what the windows wrote about errors
}

// Run plays the meeting.
func (m *Meeting) Run(ctx context.Context) (a Agreed, err error) {
	m.play = &Play{Programs: m.Programs, Dir: m.Dir, Say: m.Say}
	if err := m.prepare(ctx); err != nil {
		return a, err
	}
	for _, s := range []*side{m.first, m.second} {
		defer s.screen.Close()
		if err := s.open(ctx); err != nil {
			return a, err
		}
	}
	time.Sleep(6 * time.Second) // to find each other, and to ask who the other is
	meet := m.found
	if m.Typed {
		meet = m.typed
	}
	if err := meet(ctx); err != nil {
		return a, errors.Join(err, m.first.screen.Picture(ctx, "failed"), m.second.screen.Picture(ctx, "failed"))
	}
	time.Sleep(5 * time.Second)
	for i, s := range []*side{m.first, m.second} {
		if err := s.screen.Picture(ctx, "same"); err != nil {
			return a, err
		}
		a.Complaint += s.screen.Complaints()
		s.screen.Kill() // what was exchanged is on the disk
		if a.Digests[i], err = s.run(ctx, "digest"); err != nil {
			return a, err
		}
		a.Digests[i], _, _ = strings.Cut(a.Digests[i], " ")
	}
	a.People, err = m.first.run(ctx, "find", "Fatoumata")
	return a, err
}

// prepare lets two laptops join and know of each other; then HQ is gone.
func (m *Meeting) prepare(ctx context.Context) error {
	stop, err := m.play.startHQ(ctx)
	if err != nil {
		return err
	}
	defer stop()
	sides := []**side{&m.first, &m.second}
	for i, name := range []string{"Kajiado 1", "Kajiado 2"} {
		s, err := m.play.newSeat(ctx, name, nil)
		if err != nil {
			return err
		}
		defer s.road.Close()
		*sides[i] = &side{seat: s, screen: &Screen{Programs: m.Programs, Home: filepath.Join(m.Dir, "home of "+name), Pictures: filepath.Join(m.Pictures, fmt.Sprint(i+1))}}
	}
	for i, who := range []string{"given_name=Nasieku", "given_name=Fatoumata"} {
		if err := (*sides[i]).sync(ctx); err != nil {
			return err
		}
		if _, err := (*sides[i]).run(ctx, "add", "trainee", who); err != nil {
			return err
		}
	}
	m.Say("Two laptops know of each other and of HQ's key; then HQ is out of reach.")
	return nil
}

func (s *side) open(ctx context.Context) error {
	if err := s.screen.Start(ctx, 1280, 800); err != nil {
		return err
	}
	if err := s.screen.Open(ctx, "--data", s.dir, "--lang", "en"); err != nil {
		return err
	}
	if err := s.steps(ctx, "'"+playPassphrase, "Return"); err != nil {
		return err
	}
	time.Sleep(3 * time.Second) // to unlock
	return s.steps(ctx, "ctrl+9")
}

// found: the first sees the second in its list and connects.
func (m *Meeting) found(ctx context.Context) error {
	m.Say("They found each other. The first connects, the second compares the code and agrees.")
	if err := m.first.steps(ctx, "!found", "Tab", "Tab", "Return"); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	if err := m.first.steps(ctx, "!code", "Return"); err != nil {
		return err
	}
	return m.second.agree(ctx)
}

// typed: the first types what the second's place of syncing shows.
func (m *Meeting) typed(ctx context.Context) error {
	m.Say("The network hides them: the second types the first's address, the first compares the code and agrees.")
	if err := m.second.steps(ctx, "Tab", "Return", "'127.0.0.1", "Return"); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	if err := m.second.steps(ctx, "!code", "Return"); err != nil {
		return err
	}
	return m.first.agree(ctx)
}

// agree answers the laptop that asks, which stands first in the list. The focus starts on the refusal.
func (s *side) agree(ctx context.Context) error {
	time.Sleep(3 * time.Second)
	return s.steps(ctx, "!asked", "Tab", "Tab", "Return", "!compare", "shift+Tab", "Return")
}

func (s *side) steps(ctx context.Context, list ...string) error { return s.screen.Steps(ctx, list...) }
