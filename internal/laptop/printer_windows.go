package laptop

import (
	"context"

	"golang.org/x/sys/windows"
)

// windowsPrinter stands for whatever Windows prints on by itself: its verb "print" takes no other.
const windowsPrinter = "Windows"

func printers(context.Context) (names []string, usual string) {
	return []string{windowsPrinter}, windowsPrinter
}

// send hands the PDF to the program that shows PDFs, with the verb "print". Where there is none, Windows says so.
func send(_ context.Context, path, _ string) error {
	verb, err := windows.UTF16PtrFromString("print")
	if err != nil {
		return err
	}
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, file, nil, nil, windows.SW_HIDE)
}
