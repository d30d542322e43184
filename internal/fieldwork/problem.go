package fieldwork

import "errors"

// Problem is an error that a person will read: a code for the program, a sentence for the person and the next step.
// Sentence and Hint are English source text; ui/show translates by Code where a catalogue has it. Neither may hold
// a secret or the name of a person.
type Problem struct {
	Code     string // stable, lower case with dashes, for example "wrong-passphrase"
	Sentence string // what happened, and that nothing was lost where that is so
	Hint     string // what to do next; may be empty
	Err      error  // the cause, for logs; may be nil
}

// Error returns the sentence for the person.
func (p *Problem) Error() string { return p.Sentence }

// Unwrap returns the cause, or nil.
func (p *Problem) Unwrap() error { return p.Err }

// Is says whether target is a Problem of the same code, so that errors.Is compares codes and never texts.
func (p *Problem) Is(target error) bool {
	t, ok := target.(*Problem)
	return ok && t.Code == p.Code
}

// Hint returns the next step that belongs to err, or "" where there is none.
func Hint(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return p.Hint
	}
	return ""
}
