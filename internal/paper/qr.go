package paper

import (
	"fmt"
	"runtime"
	"sync"

	qrcode "github.com/skip2/go-qrcode"
)

// encodeAll makes the symbols, on all cores: it is most of the work of a sheet.
func encodeAll(badges []Badge) ([][][]bool, error) {
	codes := make([][][]bool, len(badges))
	errs := make([]error, len(badges))
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(badges))
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < len(badges); i += workers {
				codes[i], errs[i] = encode(badges[i].Payload)
			}
		}()
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("badge %s: %w", badges[i].Code, err)
		}
	}
	return codes, nil
}

// encode returns the modules of a symbol at level Q, which skip2 calls High, without its quiet zone.
func encode(payload string) ([][]bool, error) {
	q, err := qrcode.New(payload, qrcode.High)
	if err != nil {
		return nil, err
	}
	q.DisableBorder = true
	return q.Bitmap(), nil
}
