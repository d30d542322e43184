package exchange

import (
	"time"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/sync/wire"
)

// PhotoClient is the Rest of one exchange on the side that begins it: it asks what the server holds of the photos
// here, sends what it lacks, and fetches what is missing here, previews first. There is one for each exchange.
type PhotoClient struct {
	Album    Album
	Peer     string               // under which what the server holds is remembered
	Policy   PhotoPolicy          // which photos
	Opened   func(blob.Name) bool // somebody wants to see it large; nil: nobody
	Now      func() time.Time     // for the link's rate
	Progress func(PhotoProgress)  // nil: nobody looks

	full    *fieldwork.Problem // why no more photos are taken in
	memory  photoMemory
	jobs    []*photoJob
	listed  map[blob.Name]bool // in jobs, or not to be
	begun   bool
	waiting bool // the last request asked, and no answer came yet
	deaf    bool // the server does not know photos
	asked   []*photoJob
	wanted  int // images that the last request wanted
	came    int // frames of photos in the last answer
	link    photoLink
	count   PhotoProgress
}

// PhotoProgress counts images. What is to be sent or received includes what was.
type PhotoProgress struct {
	Sent      int `json:"sent"`
	ToSend    int `json:"to_send"`
	Received  int `json:"received"`
	ToReceive int `json:"to_receive"`
}

// Pack asks and sends.
func (c *PhotoClient) Pack(limit int, send func(wire.Frame) error) (more bool, err error) {
	if c.Policy == PhotosNone || c.deaf {
		return false, nil
	}
	first := !c.begun
	c.begin()
	c.link.turn(c.Now())
	c.asked, c.wanted, c.came = c.asked[:0], 0, 0
	ask := wire.Photos{Images: uint64(c.Album.WholeImages()), Room: c.link.room()}
	pending := c.ask(&ask, limit)
	if first || len(ask.List) > 0 {
		f := ask.Frame()
		limit -= len(f.Body) + frameHead
		c.link.moved(len(f.Body))
		c.waiting = true
		if err := send(f); err != nil {
			return false, err
		}
	}
	return c.give(limit, pending, send)
}

// ask lists photos of which the server must say what it holds, and those of which it should give something. It says
// whether some must wait for the next request.
func (c *PhotoClient) ask(p *wire.Photos, limit int) (pending bool) {
	most := min(wire.AskPhotos, max(limit/40, 16)) // half of a small body is for what is known already
	room, probes := int(p.Room), 4
	for _, j := range c.jobs {
		want := c.fetches(j)
		if !c.asks(j) && (want == 0 || room <= 0) {
			continue
		}
		if c.probing() && want == 0 && !j.unsure && !lacks(c.Album.PhotoState(j.Name), j.State, blob.Preview) {
			if probes--; probes < 0 { // a few tell how fast the link is
				continue
			}
		}
		if len(p.List) >= most {
			return true
		}
		if room <= 0 {
			want = 0
		}
		p.List = append(p.List, wire.PhotoHeld{Name: j.Name, State: c.Album.PhotoState(j.Name), Want: want})
		c.asked = append(c.asked, j)
		for size, bytes := range imageBytes {
			if want&uint8(size) != 0 {
				c.wanted++
				room -= bytes
			}
		}
	}
	return false
}

// imageBytes is how large images are, about.
var imageBytes = map[blob.Size]int{blob.Preview: 8_000, blob.Working: 120_000}

// probing says that a few chunks shall tell whether the link is fast enough for working images.
func (c *PhotoClient) probing() bool { return c.Policy == PhotosByLink && !c.link.known }

// give sends chunks that the server said to want: previews of all, and when no more photos wait to be asked about,
// working images.
func (c *PhotoClient) give(limit int, pending bool, send func(wire.Frame) error) (more bool, err error) {
	g := giver{album: c.Album, room: limit, send: func(f wire.Frame) error {
		c.link.moved(len(f.Body))
		return send(f)
	}}
	ready := make([]*photoJob, 0, len(c.jobs))
	for _, j := range c.jobs {
		if j.known && !j.unsure && j.sends < mostSends {
			ready = append(ready, j)
		}
	}
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if size == blob.Working && pending {
			return true, nil
		}
		if size == blob.Working && c.probing() {
			g.room = min(g.room, probeBytes)
		}
		if c.up()&uint8(size) == 0 {
			continue
		}
		for _, j := range ready {
			if !j.Wants(size) {
				continue
			}
			n, err := g.give(&j.PhotoHeld, size)
			if err != nil {
				return false, err
			}
			c.gave(j, n)
			if g.short {
				return true, nil
			}
		}
	}
	return false, nil
}

// gave notes that chunks are on their way. Until the server says that they came, nobody knows.
func (c *PhotoClient) gave(j *photoJob, chunks int) {
	if chunks == 0 {
		return
	}
	c.waiting = true
	if !j.unsure {
		j.unsure = true
		j.sends++
		c.asked = append(c.asked, j)
	}
}

// Take takes in what the server says and gives.
func (c *PhotoClient) Take(f wire.Frame) (news bool, err error) {
	switch f.Type {
	case wire.TypePhotos:
		p, err := wire.ReadPhotos(f.Body)
		if err != nil {
			return false, nil
		}
		return c.heard(&p), nil
	case wire.TypeManifest, wire.TypeChunk:
		c.link.moved(len(f.Body))
		c.came++
		if c.full != nil {
			return false, nil
		}
		t, err := takePhoto(c.Album, f)
		if err != nil {
			return false, err
		}
		c.full = t.full
		if t.whole {
			c.count.Received++
			c.tell()
		}
		return t.news, nil
	}
	return false, nil
}

// heard takes in what the server holds of the photos of the last request. What it does not list it holds whole.
func (c *PhotoClient) heard(p *wire.Photos) (news bool) {
	if !c.waiting {
		return false
	}
	c.waiting = false
	listed := map[blob.Name]*wire.PhotoHeld{}
	for i := range p.List {
		listed[p.List[i].Name] = &p.List[i]
	}
	for _, j := range c.asked {
		held := wire.PhotoHeld{Name: j.Name, State: wholePhoto}
		if l := listed[j.Name]; l != nil {
			held = *l
		}
		news = news || !j.known || j.unsure || j.PhotoHeld != held
		c.confirmed(j, held.State)
		j.PhotoHeld, j.known, j.unsure = held, true, false
		j.gone = c.lacking(j) != 0 && c.fetches(j) == 0
		c.memory.note(j)
	}
	switch c.memory.compare(p.Images) {
	case holdsLess: // it was restored from a backup, perhaps: ask about everything again
		c.list()
		news = true
	case holdsOther: // it may have got by now what it lacked
		for _, j := range c.jobs {
			news = news || j.gone && !j.known
			j.gone = j.gone && j.known
		}
	}
	c.tell()
	return news
}

// confirmed counts the images that the server newly says to hold.
func (c *PhotoClient) confirmed(j *photoJob, now blob.State) {
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if j.sends > 0 && now.Of(size).Whole && !j.counted.Of(size).Whole {
			c.count.Sent++
		}
	}
	j.counted = now
}

// wholePhoto is the state of who lacks nothing of a photo.
var wholePhoto = blob.State{}.With(blob.Preview, blob.Held{Whole: true}).With(blob.Working, blob.Held{Whole: true})

// Done says, after an answer that held nothing back, that there is nothing more to do.
func (c *PhotoClient) Done() bool {
	if c.Policy == PhotosNone || c.deaf || !c.begun {
		return true
	}
	if c.waiting { // asked, and not a word about it: an older program
		c.deaf, c.waiting = true, false
		return true
	}
	if c.wanted > 0 && c.came == 0 { // it says to have them and does not give them
		for _, j := range c.asked {
			j.gone = j.gone || c.fetches(j) != 0
		}
	}
	c.link.turn(c.Now())
	c.more()
	for _, j := range c.jobs {
		if c.asks(j) || c.fetches(j) != 0 || c.mayGive(j) {
			return false
		}
	}
	return true
}

// Save remembers what the server holds, so that the next exchange does not ask again. It is called when an exchange
// has ended, well or not.
func (c *PhotoClient) Save() error {
	if !c.begun {
		return nil
	}
	if c.link.known && !c.link.fast() {
		c.memory.slow(c.Now())
	}
	if !c.memory.changed {
		return nil
	}
	c.memory.changed = false
	return c.Album.SetNote(photosNote(c.Peer), c.memory.bytes())
}

// Counted returns how many images moved, and how many the policy lets move.
func (c *PhotoClient) Counted() PhotoProgress {
	p := c.count
	p.ToSend, p.ToReceive = p.Sent, p.Received
	for _, j := range c.jobs {
		mine, lacking := c.Album.PhotoState(j.Name), c.lacking(j)
		for size := blob.Preview; size <= blob.Sizes; size++ {
			bit := uint8(size)
			if c.up()&bit != 0 && mine.Of(size).Whole && !j.counted.Of(size).Whole && !(j.known && !j.Wants(size)) {
				p.ToSend++
			}
			if lacking&bit != 0 && !j.gone {
				p.ToReceive++
			}
		}
	}
	return p
}

// Full says why no photos were taken in any more; nil: all were.
func (c *PhotoClient) Full() *fieldwork.Problem { return c.full }

func (c *PhotoClient) tell() {
	if c.Progress != nil {
		c.Progress(c.Counted())
	}
}
