package paper

import (
	"fmt"
	"runtime"
	"sync"

	qrcode "github.com/skip2/go-qrcode"
)

// encodeAll makes the symbols, on all cores: it is most of the work of a sheet. Name is what a payload belongs to, for an error.
func encodeAll(n int, payload, name func(int) string) ([][][]bool, error) {
	codes := make([][][]bool, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), n)
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < n; i += workers {
				codes[i], errs[i] = encode(payload(i))
			}
		}()
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("code of %s: %w", name(i), err)
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
