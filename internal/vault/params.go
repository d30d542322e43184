package vault

import "fmt"

// Params is the work that one guess of a passphrase costs. The zero value means DefaultParams.
type Params struct {
	MemoryKiB uint32 // KiB of memory, 8 MiB to 1 GiB
	Time      uint32 // passes over the memory, 1 to 10
	Threads   uint8  // lanes, 1 to 16
}

var (
	// DefaultParams is RFC 9106's second recommendation with two lanes, for laptops of two cores: 0.2 to 1 s a guess.
	DefaultParams = Params{MemoryKiB: 64 << 10, Time: 3, Threads: 2}
	// TestParams is the least that Create takes. It is for tests: they unlock hundreds of times.
	TestParams = Params{MemoryKiB: minMemoryKiB, Time: minTime, Threads: 1}
)

// Bounds, on writing and on reading. The upper ones keep a doctored file from taking the laptop's memory or its
// morning. The lower ones lie under OWASP's minimum for Argon2id (19 MiB, 2 passes) so that tests stay quick with
// files that are read by the same code as everyone's. That gives nothing away: the parameters go into the key and
// into the slot's header, so lowering them in a file yields another key and a refusal, not a cheaper guess. What a
// person's slot costs is decided when it is made.
const (
	minMemoryKiB = 8 << 10
	maxMemoryKiB = 1 << 20
	minTime      = 1
	maxTime      = 10
	maxThreads   = 16
)

func (p Params) orDefault() Params {
	if p == (Params{}) {
		return DefaultParams
	}
	return p
}

// check refuses parameters outside the bounds.
func (p Params) check() error {
	if p.MemoryKiB < minMemoryKiB || p.MemoryKiB > maxMemoryKiB || p.Time < minTime || p.Time > maxTime || p.Threads < 1 || p.Threads > maxThreads {
		return fmt.Errorf("parameters out of bounds: %d KiB, %d passes, %d lanes", p.MemoryKiB, p.Time, p.Threads)
	}
	return nil
}
