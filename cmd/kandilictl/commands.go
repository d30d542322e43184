package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/internal/sheets"
	"kandili/sync/road"
)

var commands []command

func init() { // commands refer to help, which lists commands
	commands = []command{
		{name: "init", args: "--name NODE", about: "make a data folder", example: `init --name "Kajiado 1" --practice 1 --changes 2000`, noFolder: true, run: initFolder,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.StringVar(&o.name, "name", "", "what people call this laptop")
				fs.Uint64Var(&o.practice, "practice", 0, "fill it with the practice campaign of this seed")
				fs.Uint64Var(&o.changes, "changes", 0, "how many changes of practice, about; 0: the whole programme")
			}},
		{name: "join", args: "INVITE", about: "join a campaign by an invite: its text, or a file with it; or by HQ's pack on a stick", example: "join invite.txt", run: join,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.StringVar(&o.codeFile, "code-file", "", "file with the code of a campaign pack; without it, it is asked for")
			}},
		{name: "import", args: "KIND FILE", about: "add the rows of a CSV, XLSX or JSON Lines file", example: "import trainee people.xlsx --sheet Kajiado --dry-run", run: importFile,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.BoolVar(&o.dryRun, "dry-run", false, "only say what would happen")
				fs.StringVar(&o.sheet, "sheet", "", "name of the sheet of an XLSX workbook; default: the first that is not hidden")
			}},
		{name: "add", args: "KIND FIELD=VALUE …", about: "make a record", example: "add trainee given_name=Nasieku birth_year=1994", run: add},
		{name: "set", args: "CODE FIELD=VALUE …", about: "correct a record; a photo is given as photo=@FILE", example: "set KJ4-0217-X phone=\"0712 345 678\" photo=@nasieku.jpg", run: set},
		{name: "show", args: "CODE", about: "show a record", example: "show KJ4-0217-X --history", run: show,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.BoolVar(&o.history, "history", false, "also who wrote what, when and on which laptop")
			}},
		{name: "list", args: "KIND", about: "list records", example: "list trainee --limit 20", run: list, flags: listFlags},
		{name: "find", args: "TEXT", about: "find people, lamps, sites and volunteers by any part of a name, phone or code", example: "find nasieku", run: find, flags: listFlags},
		{name: "questions", args: "", about: "what HQ asks about records, this laptop's own first", example: "questions --json", run: questions},
		{name: "answer", args: "CODE TEXT", about: "answer a question, by its own code or the record's", example: "answer KJ4-0217-X \"Her brother's phone, I asked.\"", run: answer},
		{name: "undo", args: "", about: "take back the last change that was made on this laptop", example: "undo", run: undo},
		{name: "checkin", args: "BADGE", about: "check somebody in, or out", example: "checkin --session KJ4-0101-T KJ4-0217-X", run: checkin, flags: checkinFlags},
		{name: "session", args: "show|open|plan|close|cancel CODE", about: "who came to a session; open or close it", example: "session close KJ4-0101-T --headcount 33", run: sitting,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.Int64Var(&o.headcount, "headcount", 0, "how many heads somebody counted, when closing; 0: nobody did")
			}},
		{name: "grid", args: "--out FILE", about: "attendance: people by sessions, with totals", example: "grid --site Entasopia --format xlsx --out attendance.xlsx", run: grid,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.StringVar(&o.format, "format", "csv", "csv or xlsx")
				fs.StringVar(&o.out, "out", "", "the file; - for standard output")
				fs.StringVar(&o.site, "site", "", "code or name of a site")
			}},
		{name: "enter", args: "ROSTER", about: "enter a paper roster from its code: rows that were ticked, as numbers", example: "enter R-KJ4-0101-030QM-X --here 1-12,15 --late 13 --excused 14", run: enterRoster,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.StringVar(&o.here, "here", "", "rows of who was there")
				fs.StringVar(&o.late, "late", "", "rows of who came late")
				fs.StringVar(&o.excused, "excused", "", "rows of who was excused")
			}},
		{name: "lost", args: "BADGE-OR-CODE", about: "a badge was lost: the old one is refused from now on; print the new one", example: "lost KJ4-0217-X --out badge.pdf", run: lostBadge,
			flags: func(fs *flag.FlagSet, o *options) { fs.StringVar(&o.out, "out", "", "the PDF of the new badge") }},
		{name: "certify", args: "COURSE", about: "who earned which certificate of a course; with --issue, issue them", example: "certify KJ4-0005-K --issue", run: certify,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.BoolVar(&o.issue, "issue", false, "issue to everybody who earned one and has none")
			}},
		{name: "sync", args: "", about: "exchange with HQ", example: "sync --max-time 5m --photos previews", run: sync,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.StringVar(&o.photos, "photos", "", "which photos: previews, working, all, none or auto (by the link); default: as the settings say")
				fs.StringVar(&o.maxTime, "max-time", "", "give up after this long, for example 90s or 5m; what arrived stays")
			}},
		{name: "courier", args: "out|in FILE", about: "carry changes and receipts on a stick, encrypted", example: "courier out /media/stick --size 100", run: courier, flags: courierFlags},
		{name: "peer", args: "serve|sync URL|list", about: "exchange with another laptop of the campaign, without HQ", example: "peer sync https://192.168.1.23:8438", run: peer, flags: peerFlags},
		{name: "export", args: "KIND", about: "write records to a file", example: "export trainee --format xlsx --out people.xlsx", run: export,
			flags: func(fs *flag.FlagSet, o *options) {
				fs.StringVar(&o.format, "format", "csv", "csv, xlsx or jsonl")
				fs.StringVar(&o.out, "out", "", "the file; - for standard output")
				fs.StringVar(&o.photos, "photos", "", "a folder that gets the records' photos, too, as CODE-FIELD.jpg")
				fs.StringVar(&o.site, "site", "", "code or name of a site")
			}},
		{name: "badges", args: "--out FILE.pdf", about: "print badges of everybody, or of a site", example: "badges --out badges.pdf --layout \"Avery L7160\" --site Entasopia", run: badges,
			flags: func(fs *flag.FlagSet, o *options) {
				labelFlags(fs, o)
				fs.StringVar(&o.site, "site", "", "code or name of a site")
				fs.BoolVar(&o.fresh, "new", false, "only those whose badge was not printed on this laptop yet")
			}},
		{name: "tags", args: "--count N --out FILE.pdf", about: "print lamp tags that are bound when a lamp is installed", example: "tags --count 48 --out tags.pdf", run: tags,
			flags: func(fs *flag.FlagSet, o *options) {
				labelFlags(fs, o)
				fs.IntVar(&o.count, "count", 0, "how many")
			}},
		{name: "roster", args: "--session CODE --out FILE.pdf", about: "print a session's attendance list, for ticking on paper", example: "roster --session KJ4-0101-T --out roster.pdf", run: roster,
			flags: func(fs *flag.FlagSet, o *options) {
				pageFlags(fs, o)
				fs.StringVar(&o.session, "session", "", "code of the session")
			}},
		{name: "certificates", args: "--out FILE.pdf", about: "print the certificates that were issued, of a course, or of a site; --issue first issues those that were earned", example: "certificates --issue --out certificates.pdf --site Entasopia", run: certificates,
			flags: func(fs *flag.FlagSet, o *options) {
				pageFlags(fs, o)
				fs.StringVar(&o.course, "course", "", "code of the course; may be left out where there is one only")
				fs.StringVar(&o.site, "site", "", "code or name of a site")
				fs.BoolVar(&o.issue, "issue", false, "issue certificates to those who earned one and have none")
			}},
		{name: "handover", args: "--site S --out FOLDER", about: "write what stays with a village: a PDF and open tables of lamps, people, parts and whom to call", example: "handover --site Entasopia --out handover", run: handover,
			flags: func(fs *flag.FlagSet, o *options) {
				pageFlags(fs, o)
				fs.StringVar(&o.site, "site", "", "code or name of a site")
			}},
		{name: "labels", args: "", about: "the formats of labels, and how large a code is on them", example: "labels --out test.pdf --layout L7160", run: labels, flags: labelFlags},
		{name: "impact", args: "", about: "the indicators, each with its n", example: "impact --json", run: impact},
		{name: "digest", args: "", about: "a hash of what the campaign shows: equal on replicas that hold the same", example: "digest", run: digest},
		{name: "verify", args: "", about: "read everything on disk and say what is found", example: "verify", run: verify},
		{name: "repair", args: "", about: "verify, and build anew from what can be read what is damaged; damaged files are kept", example: "repair", noFolder: true, run: repair},
		{name: "recover", args: "", about: "open a folder whose passphrase is lost, with the code that HQ reads to you, and give it a new one", example: "recover --code-file code.txt",
			noFolder: true, run: recoverFolder, flags: func(fs *flag.FlagSet, o *options) {
				fs.StringVar(&o.codeFile, "code-file", "", "file with the recovery code; without it, it is asked for")
			}},
		{name: "backup", args: "FILE", about: "write a sealed copy, and read it back", example: "backup /media/stick/kandili.backup", run: backup},
		{name: "restore", args: "FILE", about: "fill a new data folder from a backup", example: "restore kandili.backup --data new-folder", noFolder: true, run: restore},
	}
}

func listFlags(fs *flag.FlagSet, o *options) {
	fs.StringVar(&o.site, "site", "", "code or name of a site")
	fs.IntVar(&o.limit, "limit", 0, "how many; 0: all, of find 20")
}

func want(args []string, n int, usage string) error {
	if len(args) != n {
		return usageError{"Usage: kandilictl " + usage}
	}
	return nil
}

func initFolder(s *session, args []string) error {
	if err := want(args, 0, "init --name NODE"); err != nil {
		return err
	}
	phrase, err := s.passphrase(true)
	if err != nil {
		return err
	}
	f, err := laptop.Init(s.opt.data, s.opt.name, phrase)
	if err != nil {
		return err
	}
	s.folder = f
	if s.opt.practice > 0 {
		err = f.Practice(s.opt.practice, int(s.opt.changes))
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return s.print(map[string]string{"name": s.opt.name, "data": s.opt.data}, func(w io.Writer) { fmt.Fprintf(w, "Made the data folder of %s.\n", s.opt.name) })
}

func join(s *session, args []string) error {
	if err := want(args, 1, "join INVITE"); err != nil {
		return err
	}
	text := args[0]
	if b, err := os.ReadFile(text); err == nil {
		if road.IsPack(b) {
			return s.joinPack(b)
		}
		text = string(b)
		if strings.HasPrefix(text, "\x89PNG") {
			if text, err = laptop.ReadInvitePicture(b); err != nil {
				return err
			}
		}
	}
	if err := s.folder.Join(s.ctx, text); err != nil {
		return err
	}
	self := s.folder.Store().Self()
	letters := fieldwork.LettersOf(self.Log)
	return s.print(map[string]any{"campaign": self.Campaign.String(), "node": self.Log.Node, "letters": letters}, func(w io.Writer) {
		fmt.Fprintf(w, "Joined. Codes made on this laptop begin with %s. Sync to get the records.\n", letters)
	})
}

// joinPack joins from HQ's pack on a stick.
func (s *session) joinPack(pack []byte) error {
	code, err := s.recoveryCode()
	if err != nil {
		return err
	}
	if err := s.folder.JoinPack(s.ctx, pack, code, inInts(s.progress("bytes"))); err != nil {
		return err
	}
	self := s.folder.Store().Self()
	letters := fieldwork.LettersOf(self.Log)
	return s.print(map[string]any{"campaign": self.Campaign.String(), "node": self.Log.Node, "letters": letters}, func(w io.Writer) {
		fmt.Fprintf(w, "Joined, with the campaign's records. Codes made on this laptop begin with %s.\n", letters)
	})
}

func importFile(s *session, args []string) error {
	if err := want(args, 2, "import KIND FILE [--sheet NAME] [--dry-run]"); err != nil {
		return err
	}
	in, err := os.Open(args[1])
	if err != nil {
		return &fieldwork.Problem{Code: "no-file", Sentence: "The file " + args[1] + " cannot be opened.", Hint: "Check its name.", Err: err}
	}
	defer in.Close()
	table, err := sheets.ReadSheet(in, s.opt.sheet)
	if err != nil {
		return err
	}
	res, err := s.folder.Import(args[0], table, s.opt.dryRun, s.progress("rows"))
	if err != nil {
		return err
	}
	s.opt.json = true // its output is a contract: one JSON object in either case
	return s.print(res, nil)
}

// progress prints on a terminal's standard error how far long work is, and nothing elsewhere.
func (s *session) progress(what string) func(done, total int) {
	f := s.terminal()
	if f == nil {
		return nil
	}
	var last time.Time
	return func(done, total int) {
		if now := time.Now(); done == total || now.Sub(last) > 200*time.Millisecond {
			last = now
			fmt.Fprintf(f, "\r%d of %d %s", done, total, what)
			if done == total {
				fmt.Fprintln(f)
			}
		}
	}
}

// terminal is standard error where a person looks at it, else nil.
func (s *session) terminal() *os.File {
	f, ok := s.err.(*os.File)
	if !ok {
		return nil
	}
	if st, err := f.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return f
}

func cellsOf(args []string) (laptop.Cells, error) {
	cells := laptop.Cells{}
	for _, a := range args {
		k, v, ok := strings.Cut(a, "=")
		if !ok {
			return nil, usageError{fmt.Sprintf("%q is not FIELD=VALUE.", a)}
		}
		cells[strings.ToLower(k)] = v
	}
	return cells, nil
}

func add(s *session, args []string) error {
	if len(args) < 2 {
		return usageError{"Usage: kandilictl add KIND FIELD=VALUE …"}
	}
	cells, err := cellsOf(args[1:])
	if err != nil {
		return err
	}
	r, err := s.folder.Add(args[0], cells)
	if err != nil {
		return err
	}
	return s.printRecord(r.ID, false)
}

func set(s *session, args []string) error {
	if len(args) < 2 {
		return usageError{"Usage: kandilictl set CODE FIELD=VALUE …"}
	}
	cells, err := cellsOf(args[1:])
	if err != nil {
		return err
	}
	r, err := s.folder.Set(args[0], cells)
	if err != nil {
		return err
	}
	return s.printRecord(r.ID, false)
}

func show(s *session, args []string) error {
	if err := want(args, 1, "show CODE [--history]"); err != nil {
		return err
	}
	st, err := s.folder.Campaign()
	if err != nil {
		return err
	}
	r, err := st.ByCode(args[0])
	if err != nil {
		return err
	}
	return s.printRecord(r.ID, s.opt.history)
}

func (s *session) printRecord(id fieldwork.RecordID, history bool) error {
	shown, _ := s.folder.Show(id, history)
	return s.print(shown, func(w io.Writer) { printShown(w, shown) })
}

func printShown(w io.Writer, r laptop.Shown) {
	fmt.Fprintf(w, "%s  %s  (%s)\n", r.Code, r.Kind, r.Where)
	if r.Forgotten {
		fmt.Fprintln(w, "  forgotten on request: what said who it was is gone, what is counted stays")
	}
	printReceipt(w, r)
	for _, k := range sortedKeys(r.Fields) {
		fmt.Fprintf(w, "  %-24s %s\n", k, r.Fields[k])
	}
	for k, v := range r.Contested {
		fmt.Fprintf(w, "  %-24s ? %s\n", k, strings.Join(v, " | "))
	}
	for _, h := range r.History {
		when := h.When
		if h.Unsure {
			when = "about " + when + " (? clock unsure)"
		}
		fmt.Fprintf(w, "  %s %s (%s)\n", when, h.Laptop, h.Where)
		for _, k := range sortedKeys(h.Fields) {
			fmt.Fprintf(w, "      %-20s %s\n", k, h.Fields[k])
		}
	}
}

// printReceipt says how HQ confirmed the record, and what it asks.
func printReceipt(w io.Writer, r laptop.Shown) {
	if x := r.Receipt; x != nil {
		line := "confirmed by HQ"
		if x.Number != "" {
			line = "receipt " + x.Number
		}
		if x.At != "" {
			line += " of " + x.At
		}
		if x.BackedUp {
			line += ", in a proven backup"
		}
		if x.Quarantined != "" {
			line += ", kept apart by HQ (" + x.Quarantined + ")"
		}
		fmt.Fprintf(w, "  %s\n", line)
	}
	for _, q := range r.Questions {
		mark, about := "?", ""
		if !q.Open {
			mark = "✓"
		}
		if q.Field != "" {
			about = " (" + q.Field + ")"
		}
		fmt.Fprintf(w, "  %s %s%s: %s\n", mark, q.Code, about, q.Text)
		if q.Answer != "" {
			fmt.Fprintf(w, "      %s\n", q.Answer)
		}
	}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func backup(s *session, args []string) error {
	if err := want(args, 1, "backup FILE"); err != nil {
		return err
	}
	if err := s.folder.Backup(args[0]); err != nil {
		return err
	}
	return s.print(map[string]string{"file": args[0]}, func(w io.Writer) { fmt.Fprintf(w, "Backup written to %s and read back.\n", args[0]) })
}

func restore(s *session, args []string) error {
	if err := want(args, 1, "restore FILE --data DIR"); err != nil {
		return err
	}
	phrase, err := s.passphrase(false)
	if err != nil {
		return err
	}
	if err := laptop.Restore(s.opt.data, args[0], phrase); err != nil {
		return err
	}
	return s.print(map[string]string{"data": s.opt.data}, func(w io.Writer) { fmt.Fprintln(w, "Restored. Sync to get what HQ has beyond the backup.") })
}
