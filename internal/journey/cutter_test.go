//go:build journey

package journey

import (
	"io"
	"math/rand/v2"
	"net"
	"testing"
)

// cutter is a proxy that cuts every connection after a random number of bytes between least and most. It returns its
// address as HQ's.
func cutter(t *testing.T, to string, least, most int) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go cut(in, to, int64(least+rand.IntN(most-least)))
		}
	}()
	return "https://" + l.Addr().String()
}

// cut carries so many bytes, both ways together, and hangs up.
func cut(in net.Conn, to string, bytes int64) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	left := make(chan int64, 1)
	left <- bytes
	done := make(chan struct{}, 2)
	carry := func(dst io.Writer, src io.Reader) {
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
	go carry(out, in)
	go carry(in, out)
	<-done
}
