package task

import (
	"errors"
	"slices"
	"testing"
)

func TestLatest_oneReadingAtATimeAndOneMoreForAllWhoAskedMeanwhile(t *testing.T) {
	s, l := NewStep(), &Latest{}
	var told []string
	n := 0
	read := func() {
		l.Read(s, func() func() error {
			n++
			told = append(told, "prepare")
			return func() error {
				told = append(told, "work")
				if n == 1 {
					return errors.New("torn")
				}
				return nil
			}
		}, func(err error) {
			if err != nil {
				told = append(told, err.Error())
				return
			}
			told = append(told, "took")
		})
	}
	read()
	read()
	read()
	s.Settle()
	want := []string{"prepare", "work", "torn", "prepare", "work", "took"} // also after one that failed
	if !slices.Equal(told, want) {
		t.Errorf("it went %q, want %q", told, want)
	}
	read()
	s.Settle()
	if !slices.Equal(told[len(want):], []string{"prepare", "work", "took"}) {
		t.Errorf("asked once more, it went on with %q", told[len(want):])
	}
}
