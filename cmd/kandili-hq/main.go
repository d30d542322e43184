// Command kandili-hq is the office's server, and the commands that go with it.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/hq"
	"kandili/internal/store"
	"kandili/internal/vault"
)

const usage = `kandili-hq is what laptops sync with, and where the office sees what is true.

  serve --listen ADDR [--ready-file F] [--tls self|acme:HOST|off-loopback]
        [--acme-directory URL] [--acme-http :80]
        [--prove 24h] [--backups FOLDER]
                          every day, make a backup and restore it on trial
  campaign create NAME --country CC [--people-lit N]
  campaign list
  account create NAME --role admin|officer|viewer|donor [--password-file F]
  invite --campaign C --role ROLE [--url URL] [--days N] [--out FILE.png|FILE.txt]
  pack [LAPTOP] --campaign C [--site S] --role ROLE --out FILE.kpack
                          everything a laptop needs to join without a network, under a code
  digest --campaign C     a hash of what the campaign shows
  verify                  read everything on disk and say what is found
  export KIND --campaign C --out FILE.csv
  courier in FILE…        take in courier files from a stick
  courier out FOLDER --campaign C [--node N] [--size MB] [--all]
                          write an answer for the laptops, with receipts
  backup FILE             while it serves, too
  prove [--backups FOLDER] make a backup, restore it on trial, and call what is
                          in it durable if it is whole
  receipt NUMBER --campaign C
                          what a receipt number from a laptop is worth
  restore FILE            into a new folder. A daily backup needs the folder “photos”
                          that lies beside it; --without-photos goes without
  recover NODE            the code that opens a laptop whose passphrase is lost; it works once
  forget CODE             take what says who a person is out of HQ and, at their
                          next contact, of every laptop; what is counted stays.
                          Proves a new backup and destroys the older ones
  snapshot --campaign C   prove a backup and cover the history with pages, for new
                          laptops and to spare room on the others; HQ does it by
                          itself when it is worth it
  revoke NODE             keep apart what a lost laptop sends from now on

Every command takes --data DIR and --json.

Examples:
  kandili-hq campaign create "Kajiado 2027" --country KE --people-lit 11000 --data hq
  kandili-hq account create lea --role officer --data hq
  kandili-hq serve --listen 0.0.0.0:8437 --data hq
  kandili-hq courier in /media/stick/*.kcourier --data hq
  kandili-hq invite --role volunteer --url https://hq.example.org:8437 --out invite.png --data hq
`

func main() {
	store.CheckMain()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are what the flags say.
type options struct {
	hq.Command
	data, listen, ready, tls, out, passwordFile string
	acmeDirectory, acmeHTTP                     string
	json, withoutPhotos                         bool
	size                                        float64
	prove                                       time.Duration
}

// errUsage is a wrong use of a command.
type errUsage struct{ text string }

func (e errUsage) Error() string { return e.text }

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	o, rest, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp) || len(args) == 0:
		fmt.Fprint(out, usage)
		return 0
	case err == nil:
		err = do(ctx, o, rest, out, errs)
	}
	var wrong errUsage
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintf(errs, "%s\nSee “kandili-hq --help”.\n", wrong.text)
		return 2
	}
	fmt.Fprintln(errs, err)
	if hint := fieldwork.Hint(err); hint != "" {
		fmt.Fprintln(errs, hint)
	}
	return 1
}

// parse takes flags wherever they stand among the words.
func parse(args []string) (o options, words []string, err error) {
	fs := flag.NewFlagSet("kandili-hq", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.data, "data", "kandili-hq", "")
	fs.StringVar(&o.listen, "listen", "", "")
	fs.StringVar(&o.acmeDirectory, "acme-directory", "", "")
	fs.StringVar(&o.acmeHTTP, "acme-http", "", "")
	fs.StringVar(&o.ready, "ready-file", "", "")
	fs.StringVar(&o.tls, "tls", "self", "")
	fs.StringVar(&o.Campaign, "campaign", "", "")
	fs.StringVar(&o.Country, "country", "", "")
	fs.StringVar(&o.Role, "role", "", "")
	fs.StringVar(&o.URL, "url", "", "")
	fs.StringVar(&o.Site, "site", "", "")
	fs.IntVar(&o.Days, "days", 7, "")
	fs.Int64Var(&o.Target, "people-lit", 0, "")
	fs.StringVar(&o.out, "out", "", "")
	fs.StringVar(&o.passwordFile, "password-file", "", "")
	fs.StringVar(&o.Node, "node", "", "")
	fs.BoolVar(&o.All, "all", false, "")
	fs.Float64Var(&o.size, "size", 0, "")
	fs.DurationVar(&o.prove, "prove", 24*time.Hour, "")
	fs.StringVar(&o.Dir, "backups", "", "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.withoutPhotos, "without-photos", false, "")
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return o, nil, err
			}
			return o, nil, errUsage{err.Error()}
		}
		if args = fs.Args(); len(args) > 0 {
			words, args = append(words, args[0]), args[1:]
		}
	}
	return o, words, nil
}

func do(ctx context.Context, o options, words []string, out, errs io.Writer) error {
	if len(words) == 0 {
		return errUsage{"Which command?"}
	}
	switch words[0] {
	case "serve":
		return serve(ctx, o, errs)
	case "restore":
		if len(words) != 2 {
			return errUsage{"Usage: kandili-hq restore FILE --data NEW-FOLDER [--without-photos]"}
		}
		return hq.Restore(o.data, words[1], o.withoutPhotos)
	case "campaign", "account":
		if len(words) < 2 {
			return errUsage{"Usage: kandili-hq " + words[0] + " create NAME"}
		}
		o.Name, o.Args = words[0]+" "+words[1], words[2:]
	case "courier":
		if err := courier(&o, words); err != nil {
			return err
		}
	default:
		o.Name, o.Args = words[0], words[1:]
	}
	if o.Dir != "" { // the process that serves the folder may stand elsewhere
		path, err := filepath.Abs(o.Dir)
		if err != nil {
			return fmt.Errorf("find %s: %w", o.Dir, err)
		}
		o.Dir = path
	}
	if o.passwordFile != "" {
		b, err := os.ReadFile(o.passwordFile)
		if err != nil {
			return &fieldwork.Problem{Code: "no-file", Sentence: "The file with the password cannot be read.", Hint: "Check --password-file.", Err: err}
		}
		o.Password = strings.TrimRight(string(b), "\r\n")
	}
	if o.Name == "backup" {
		if len(o.Args) != 1 {
			return errUsage{"Usage: kandili-hq backup FILE"}
		}
		o.out = o.Args[0]
	}
	o.Picture = strings.EqualFold(filepath.Ext(o.out), ".png")
	return command(o, out)
}

// courier makes names of files whole: the process that serves the folder may stand elsewhere.
func courier(o *options, words []string) error {
	if len(words) < 3 || words[1] != "in" && words[1] != "out" || words[1] == "out" && len(words) != 3 || o.size < 0 {
		return errUsage{"Usage: kandili-hq courier in FILE…, or kandili-hq courier out FOLDER --campaign C [--node N] [--size MB] [--all]"}
	}
	o.Name, o.MaxBytes = "courier "+words[1], int64(o.size*1e6)
	for _, name := range words[2:] {
		path, err := filepath.Abs(name)
		if err != nil {
			return fmt.Errorf("find %s: %w", name, err)
		}
		o.Args = append(o.Args, path)
	}
	return nil
}

func serve(ctx context.Context, o options, errs io.Writer) error {
	host, acme := strings.CutPrefix(o.tls, "acme:")
	if !acme && o.tls != "self" && o.tls != "off-loopback" {
		return errUsage{"--tls is self, acme:HOST or off-loopback."}
	}
	if o.listen == "" && acme {
		o.listen = ":443" // where authorities look
	}
	office, err := hq.Open(o.data, hq.Options{})
	if err != nil {
		return err
	}
	opt := hq.ServeOptions{Listen: cmp.Or(o.listen, "127.0.0.1:8437"), ReadyFile: o.ready, Plain: o.tls == "off-loopback", Log: errs, Prove: o.prove, Backups: o.Dir}
	if acme {
		opt.ACME = &hq.ACME{Host: host, Directory: o.acmeDirectory, HTTP: o.acmeHTTP}
	}
	err = office.Serve(ctx, opt)
	return errors.Join(err, office.Close())
}

func command(o options, out io.Writer) error {
	r, err := hq.Run(o.data, o.Command)
	if err != nil {
		return err
	}
	if r.Failed != nil {
		if o.json && r.Object != nil {
			fmt.Fprintf(out, "%s\n", r.Object)
		} else {
			fmt.Fprint(out, r.Text) // what was done in spite of it
		}
		return r.Failed
	}
	if o.out != "" && r.File != nil {
		if err := vault.WriteFileAtomic(o.out, r.File, 0o600); err != nil {
			return &fieldwork.Problem{Code: "not-written", Sentence: "The file " + o.out + " could not be written.", Hint: "Check that the folder exists and has space.", Err: err}
		}
	}
	switch {
	case o.json:
		fmt.Fprintf(out, "%s\n", r.Object)
	case o.out == "" || o.Name == "backup" || o.Name == "pack":
		fmt.Fprint(out, r.Text)
	}
	return nil
}
