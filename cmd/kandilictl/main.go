// Command kandilictl is everything a laptop does, without a window: for scripts, for support and for tests.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/term"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/store"
)

func main() {
	store.CheckMain()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// command is one of the program's commands.
type command struct {
	name, args, about, example string
	noFolder                   bool // works without an unlocked data folder
	flags                      func(*flag.FlagSet, *options)
	run                        func(*session, []string) error
}

// options are what the flags say.
type options struct {
	data, passphraseFile         string
	json                         bool
	name, site, session, layout  string
	format, out, sheet, photos   string
	practice, changes            uint64
	limit                        int
	dryRun, history              bool
	maxTime                      string
	listen, readyFile            string
	size                         float64
	all                          bool
	headcount, at                int64
	here, late, excused, nonce   string
	picture                      string
	goesOut, anyway, issue       bool
	start, count                 int
	lang, page, course, codeFile string
	fresh                        bool
}

// session is one run of a command.
type session struct {
	ctx    context.Context
	opt    options
	in     io.Reader
	out    io.Writer
	err    io.Writer
	folder *laptop.Folder
}

// usageError is a wrong use of a command.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" || args[0] == "help" {
		help(out)
		return exitDone
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(errw, "There is no command %q.\nSee “kandilictl --help”.\n", args[0])
		return exitUsage
	}
	s := &session{ctx: ctx, in: in, out: out, err: errw}
	rest, err := s.parse(&commands[i], args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err == nil {
		err = s.do(&commands[i], rest)
	}
	return s.tell(err)
}

// parse takes flags wherever they stand among the arguments.
func (s *session) parse(c *command, args []string) (rest []string, err error) {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&s.opt.data, "data", "", "data folder; default: the system's place for local application data")
	fs.StringVar(&s.opt.passphraseFile, "passphrase-file", os.Getenv("KANDILI_PASSPHRASE_FILE"), "file with the passphrase; also KANDILI_PASSPHRASE_FILE")
	fs.BoolVar(&s.opt.json, "json", false, "print one JSON object")
	if c.flags != nil {
		c.flags(fs, &s.opt)
	}
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				helpOf(s.out, c, fs)
				return nil, err
			}
			return nil, usageError{fmt.Sprintf("%v\nSee “kandilictl %s --help”.", err, c.name)}
		}
		args = fs.Args()
		if len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return rest, nil
}

func (s *session) do(c *command, args []string) (err error) {
	if s.opt.data == "" {
		if s.opt.data, err = laptop.DefaultDir(); err != nil {
			return err
		}
	}
	if c.noFolder {
		return c.run(s, args)
	}
	phrase, err := s.passphrase(false)
	if err != nil {
		return err
	}
	if s.folder, err = laptop.Open(s.opt.data, phrase); err != nil {
		return err
	}
	defer func() {
		if e := s.folder.Close(); err == nil {
			err = e
		}
	}()
	return c.run(s, args)
}

// passphrase reads it from the file, or asks at a terminal; a new one is asked for twice.
func (s *session) passphrase(fresh bool) ([]byte, error) {
	if s.opt.passphraseFile != "" {
		b, err := os.ReadFile(s.opt.passphraseFile)
		if err != nil {
			return nil, &fieldwork.Problem{Code: "no-passphrase-file", Sentence: "The file with the passphrase cannot be read.", Hint: "Check --passphrase-file.", Err: err}
		}
		return []byte(strings.TrimRight(string(b), "\r\n")), nil
	}
	fd := int(os.Stdin.Fd())
	if !term.IsTerminal(fd) {
		return nil, usageError{"A passphrase is needed.\nGive --passphrase-file F, or set KANDILI_PASSPHRASE_FILE."}
	}
	fmt.Fprint(s.err, "Passphrase: ")
	first, err := term.ReadPassword(fd)
	fmt.Fprintln(s.err)
	if err != nil || !fresh {
		return first, err
	}
	fmt.Fprint(s.err, "The same again: ")
	second, err := term.ReadPassword(fd)
	fmt.Fprintln(s.err)
	if err == nil && string(first) != string(second) {
		return nil, &fieldwork.Problem{Code: "differs", Sentence: "The two passphrases differ. Nothing was made.", Hint: "Try again."}
	}
	return first, err
}

// tell prints an error as one sentence and one hint, and returns the exit code.
func (s *session) tell(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintln(s.err, usage.text)
		return exitUsage
	}
	fmt.Fprintln(s.err, err)
	if hint := fieldwork.Hint(err); hint != "" {
		fmt.Fprintln(s.err, hint)
	}
	return exitFailed
}

// print prints the object as JSON, or else what text prints.
func (s *session) print(object any, text func(io.Writer)) error {
	if !s.opt.json {
		text(s.out)
		return nil
	}
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	return e.Encode(object)
}

func help(w io.Writer) {
	fmt.Fprint(w, "kandilictl does everything that a laptop does, without a window.\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-28s %s\n", c.name+" "+c.args, c.about)
	}
	fmt.Fprint(w, "\nEvery command takes --data DIR, --passphrase-file F and --json, and tells more with --help.\n\n"+
		"Examples:\n  kandilictl init --name \"Kajiado 1\"\n  kandilictl join invite.txt\n  kandilictl add trainee given_name=Nasieku family_name=\"Ole Ntutu\" birth_year=1994\n  kandilictl sync\n")
}

func helpOf(w io.Writer, c *command, fs *flag.FlagSet) {
	fmt.Fprintf(w, "kandilictl %s %s\n%s.\n\n", c.name, c.args, c.about)
	fs.SetOutput(w)
	fs.PrintDefaults()
	fmt.Fprintf(w, "\nExample:\n  kandilictl %s\n", c.example)
}
