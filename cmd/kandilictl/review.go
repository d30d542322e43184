package main

import (
	"fmt"
	"io"
	"strings"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/store"
)

// printedQuestion is a question of HQ as --json prints it.
type printedQuestion struct {
	Code   string `json:"code"`
	Record string `json:"record"`
	Name   string `json:"name"`
	Text   string `json:"text"`
	Mine   bool   `json:"mine"` // this laptop is asked
}

func questions(s *session, args []string) error {
	if err := want(args, 0, "questions"); err != nil {
		return err
	}
	list, err := s.folder.Questions()
	if err != nil {
		return err
	}
	st := s.folder.Store()
	out := []printedQuestion{}
	for _, q := range list {
		about := q.Get(fieldwork.QuestionRecord).Ref()
		rec, _ := st.Record(about)
		out = append(out, printedQuestion{Code: fieldwork.CodeOf(q.ID), Record: fieldwork.CodeOf(about), Name: fieldwork.Name(rec),
			Text: q.Get(fieldwork.QuestionText).Text(), Mine: fieldwork.AskedOf(q) == st.Self().Log.Node})
	}
	return s.print(map[string]any{"questions": out}, func(w io.Writer) {
		if len(out) == 0 {
			fmt.Fprintln(w, "HQ asks nothing.")
		}
		for _, q := range out {
			whose := ""
			if !q.Mine {
				whose = " (another laptop is asked)"
			}
			fmt.Fprintf(w, "%-14s %s, %s%s\n    %s\n", q.Code, q.Record, q.Name, whose, q.Text)
		}
	})
}

func answer(s *session, args []string) error {
	if len(args) < 2 {
		return usageError{"Usage: kandilictl answer CODE TEXT"}
	}
	q, err := s.folder.Answer(args[0], strings.Join(args[1:], " "))
	if err != nil {
		return err
	}
	return s.print(map[string]string{"question": fieldwork.CodeOf(q.ID)}, func(w io.Writer) {
		fmt.Fprintln(w, "Answered. It goes to HQ with the next sync.")
	})
}

// undo takes back the last change that was made on this laptop, by whichever run.
func undo(s *session, args []string) error {
	if err := want(args, 0, "undo"); err != nil {
		return err
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	last, ok := st.LastChange()
	if !ok {
		return store.ErrNothingToUndo
	}
	if _, err := st.Undo(st.Author(), last.Dot(0)); err != nil {
		return err
	}
	shown := []laptop.Shown{}
	for i := range last.Writes {
		if r, ok := s.folder.Show(last.Target(i), false); ok {
			shown = append(shown, r)
		}
	}
	return s.print(map[string]any{"undone": shown}, func(w io.Writer) {
		for _, r := range shown {
			state := "is as before"
			if r.Deleted {
				state = "was taken back"
			}
			fmt.Fprintf(w, "%s %s.\n", r.Code, state)
		}
	})
}
