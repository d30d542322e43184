package journey

import (
	"io"
	"math/rand/v2"
	"net"
)

// Cutter is a proxy that cuts every connection after a random number of bytes, both ways together.
type Cutter struct {
	l           net.Listener
	to          string
	least, most int
}

// NewCutter listens on loopback and passes connections on to the address. Close ends it.
func NewCutter(to string, least, most int) (*Cutter, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &Cutter{l: l, to: to, least: least, most: most}
	go c.accept()
	return c, nil
}

// URL is the proxy's address as HQ's.
func (c *Cutter) URL() string { return "https://" + c.l.Addr().String() }

// Close stops taking connections.
func (c *Cutter) Close() error { return c.l.Close() }

func (c *Cutter) accept() {
	for {
		in, err := c.l.Accept()
		if err != nil {
			return
		}
		go c.carry(in, int64(c.least+rand.IntN(c.most-c.least)))
	}
}

func (c *Cutter) carry(in net.Conn, bytes int64) {
	defer in.Close()
	out, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer out.Close()
	left := make(chan int64, 1)
	left <- bytes
	done := make(chan struct{}, 2)
	pass := func(dst io.Writer, src io.Reader) {
		defer func() { done <- struct{}{} }()
		b := make([]byte, 1024)
		for {
			n, err := src.Read(b)
			have := <-left
			n = min(n, int(have))
			left <- have - int64(n)
			if _, e := dst.Write(b[:n]); e != nil || err != nil || have == int64(n) {
				return
			}
		}
	}
	go pass(out, in)
	go pass(in, out)
	<-done
}
