package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kandili/internal/fieldwork"
	"kandili/internal/laptop"
	"kandili/sync/road"
)

func courierFlags(fs *flag.FlagSet, o *options) {
	fs.Float64Var(&o.size, "size", 0, "out: megabytes of one file at most; more becomes several files")
	fs.BoolVar(&o.all, "all", false, "out: everything on this laptop, not only what HQ has not confirmed")
}

const courierUsage = "Usage: kandilictl courier out FILE|FOLDER [--size MB] [--all], or kandilictl courier in FILE|FOLDER …"

func courier(s *session, args []string) error {
	switch {
	case len(args) == 2 && args[0] == "out" && s.opt.size >= 0:
		return courierOut(s, args[1])
	case len(args) >= 2 && args[0] == "in":
		return courierIn(s, args[1:])
	}
	return usageError{courierUsage}
}

func courierOut(s *session, path string) error {
	show := s.progress("changes")
	sent, err := s.folder.CourierOut(s.ctx, laptop.CourierTo{Path: path, MaxBytes: int64(s.opt.size * 1e6), All: s.opt.all}, inInts(show))
	if err != nil {
		return err
	}
	return s.print(sent, func(w io.Writer) {
		if len(sent.Files) == 0 {
			fmt.Fprintln(w, "HQ has confirmed everything that is on this laptop: there is nothing to carry.")
			return
		}
		io.WriteString(w, sent.Text())
	})
}

func courierIn(s *session, paths []string) error {
	files, err := courierFiles(paths)
	if err != nil {
		return err
	}
	news, err := s.folder.CourierIn(s.ctx, files, inInts(s.progress("bytes")))
	if len(news.Files) == 0 {
		return err
	}
	if e := s.print(news, func(w io.Writer) {
		io.WriteString(w, news.Text())
		if news.Receipts {
			fmt.Fprintf(w, "HQ confirmed what it holds. Not confirmed: %d changes of this laptop.\n", news.Unsent)
		}
	}); err == nil {
		err = e
	}
	return err
}

// courierFiles puts the courier files of a folder in its place.
func courierFiles(paths []string) (files []string, err error) {
	for _, path := range paths {
		if st, err := os.Stat(path); err != nil || !st.IsDir() {
			files = append(files, path)
			continue
		}
		found, err := filepath.Glob(filepath.Join(path, "*"+road.CourierExt))
		if err != nil || len(found) == 0 {
			return nil, &fieldwork.Problem{Code: "no-file", Sentence: "There is no courier file in " + path + ".", Hint: "Courier files end in " + road.CourierExt + ".", Err: err}
		}
		files = append(files, found...)
	}
	return files, nil
}

// inInts passes large figures to a progress that counts in ints.
func inInts(show func(done, total int)) func(done, total int64) {
	if show == nil {
		return nil
	}
	return func(done, total int64) { show(int(done), int(total)) }
}
