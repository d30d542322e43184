package road

import (
	"net/http"
	"strconv"
	"time"

	"kandili/sync/exchange"
)

// busyOf turns "too many requests" and "not available now" into a problem with the pause that was asked for. A proxy
// before HQ may say so too.
func busyOf(resp *http.Response) error { return exchange.Busy(retryAfter(resp.Header)) }

// retryAfter reads the header of that name: seconds, or a date. A date is reckoned from the answer's own, since our
// clock may be wrong.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if n, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}
