package exchange

import (
	"kandili/internal/blob"
	"kandili/sync/wire"
)

// photoJob is one photo of which something may have to move.
type photoJob struct {
	wire.PhotoHeld            // what the server holds and wants
	counted        blob.State // what it said last to hold
	known          bool       // it said so in this exchange
	unsure         bool       // chunks are on their way
	gone           bool       // it lacks what we want, or does not give it
	sends          int        // requests that carried chunks of it
}

// mostSends is how many requests may carry chunks of one photo: cut after cut needs some, and a server that forgets
// what it got shall not get more of them.
const mostSends = 64

// begin lists the photos that may have something to move.
func (c *PhotoClient) begin() {
	if c.begun {
		c.more()
		return
	}
	c.begun = true
	c.memory.read(c.Album.Note(photosNote(c.Peer)))
	if c.memory.slowAt(c.Now()) {
		c.link.known = true
	}
	c.list()
}

// list makes the jobs from what is remembered.
func (c *PhotoClient) list() {
	c.jobs, c.listed = c.jobs[:0], map[blob.Name]bool{}
	c.more()
}

// more makes jobs of the photos that were not listed yet: records that came in this exchange name them, or people save
// meanwhile. Photos that are whole on both sides are none.
func (c *PhotoClient) more() {
	names := c.Album.PhotoNames()
	c.memory.only(names)
	for _, name := range names {
		if c.listed[name] {
			continue
		}
		c.listed[name] = true
		j := &photoJob{PhotoHeld: wire.PhotoHeld{Name: name}}
		j.State, j.gone = c.memory.recall(name)
		j.counted = j.State
		mine := c.Album.PhotoState(name)
		if c.lacking(j) != 0 || lacks(mine, j.State, blob.Preview) || lacks(mine, j.State, blob.Working) {
			c.jobs = append(c.jobs, j)
		}
	}
}

// up is the sum of the sizes that are sent.
func (c *PhotoClient) up() uint8 { return c.Policy.up(c.link.fast() || !c.link.known) }

// asks says whether the server must be asked what it holds before anything can be done.
func (c *PhotoClient) asks(j *photoJob) bool {
	return j.unsure || !j.known && (c.mayGive(j) || c.fetches(j) != 0)
}

// mayGive says whether the server may lack something that is here and that the policy sends.
func (c *PhotoClient) mayGive(j *photoJob) bool {
	if j.sends >= mostSends {
		return false
	}
	up, mine := c.up(), c.Album.PhotoState(j.Name)
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if up&uint8(size) != 0 && lacks(mine, j.State, size) && (!j.known || j.Wants(size)) {
			return true
		}
	}
	return false
}

// lacking is the sum of the sizes that the policy wants and that are not here.
func (c *PhotoClient) lacking(j *photoJob) (sizes uint8) {
	if c.full != nil {
		return 0
	}
	down, mine := c.Policy.down(c.Opened != nil && c.Opened(j.Name)), c.Album.PhotoState(j.Name)
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if down&uint8(size) != 0 && !mine.Of(size).Whole {
			sizes |= uint8(size)
		}
	}
	return sizes
}

// fetches is the sum of the sizes of which the server may have something that is lacking here.
func (c *PhotoClient) fetches(j *photoJob) (sizes uint8) {
	if j.gone {
		return 0
	}
	lacking, mine := c.lacking(j), c.Album.PhotoState(j.Name)
	for size := blob.Preview; size <= blob.Sizes; size++ {
		if lacking&uint8(size) != 0 && (!j.known || lacks(j.State, mine, size)) {
			sizes |= uint8(size)
		}
	}
	return sizes
}
