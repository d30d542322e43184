package exchange

import (
	"time"

	"kandili/internal/blob"
)

// What of a link is measured by photos.
const (
	fastRate   = 24_000                    // bytes a second from which a link is fast: a working image takes five seconds
	measured   = 24_000                    // bytes whose time tells the rate, whatever the round trip
	probeBytes = 2 * (blob.ChunkSize + 64) // sent to find out; chunks are never lost
	slowTime   = time.Hour                 // for which a link that was slow is not tried again
	firstRoom  = 48 << 10                  // bytes of photos in an answer before anything is measured
	fastRoom   = 512 << 10                 // and on a fast link at most
)

// photoLink is how fast photos move.
type photoLink struct {
	at    time.Time
	bytes int
	rate  float64 // bytes a second, the last that was measured
	known bool
}

// moved counts bytes since the last turn.
func (l *photoLink) moved(n int) { l.bytes += n }

// turn measures from one request to the next. Few bytes that went fast tell as well.
func (l *photoLink) turn(now time.Time) {
	if took := now.Sub(l.at); !l.at.IsZero() && took > 0 {
		rate := float64(l.bytes) / took.Seconds()
		if l.bytes >= measured || l.bytes > measured/4 && rate >= fastRate {
			l.rate, l.known = rate, true
		}
	}
	l.at, l.bytes = now, 0
}

func (l *photoLink) fast() bool { return l.known && l.rate >= fastRate }

// room is how many bytes of photos an answer may have: a change that is saved meanwhile waits that long.
func (l *photoLink) room() uint64 {
	if !l.known || l.rate == 0 {
		return firstRoom
	}
	return uint64(min(max(l.rate*bodyTime.Seconds(), leastRoom), fastRoom))
}
