package laptop

import (
	"context"
	"time"

	"kandili/internal/fieldwork"
)

// printerTime is how long the system's printing may take to answer; a printer that is gone must not hold anybody up.
const printerTime = 10 * time.Second

// Printers are the printers that this computer has, and its usual one. None where it has none, or no CUPS.
func Printers(ctx context.Context) (names []string, usual string) {
	ctx, cancel := context.WithTimeout(ctx, printerTime)
	defer cancel()
	return printers(ctx)
}

// SendToPrinter prints a PDF at 100 % on a printer of Printers. The system has it when this returns; paper comes later.
func SendToPrinter(ctx context.Context, path, printer string) error {
	ctx, cancel := context.WithTimeout(ctx, printerTime)
	defer cancel()
	if err := send(ctx, path, printer); err != nil {
		return &fieldwork.Problem{Code: "not-printed", Sentence: "The printer did not take the sheets. The PDF is saved.", Hint: "Look whether the printer is on, or open the PDF and print it from there.", Err: err}
	}
	return nil
}
