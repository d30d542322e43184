package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
)

// recoverFolder gives a folder a new passphrase by the code that HQ keeps for it. Neither stands on the command line.
func recoverFolder(s *session, args []string) error {
	if err := want(args, 0, "recover [--code-file F]"); err != nil {
		return err
	}
	code, err := s.recoveryCode()
	if err != nil {
		return err
	}
	fmt.Fprintln(s.err, "Now a new passphrase.")
	phrase, err := s.passphrase(true)
	if err != nil {
		return err
	}
	f, err := laptop.Recover(s.opt.data, code, phrase)
	if err != nil {
		return err
	}
	if err := s.print(map[string]bool{"recovered": true}, func(w io.Writer) {
		fmt.Fprintln(w, "The new passphrase opens this laptop. Nothing was lost; the code is used up.")
	}); err != nil {
		return err
	}
	return f.Close()
}

func (s *session) recoveryCode() (string, error) {
	if s.opt.codeFile != "" {
		b, err := os.ReadFile(s.opt.codeFile)
		if err != nil {
			return "", &fieldwork.Problem{Code: "no-file", Sentence: "The file with the code cannot be read.", Hint: "Check --code-file.", Err: err}
		}
		return string(b), nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", usageError{"A code is needed.\nGive --code-file F."}
	}
	fmt.Fprint(s.err, "Code, as HQ gives it: ")
	line, err := bufio.NewReader(s.in).ReadString('\n')
	if err != nil {
		return "", err
	}
	return line, nil
}
