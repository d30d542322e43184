package laptop

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"kandili/internal/fieldwork"
	"kandili/sync/road"
)

// inNetwork is set in the process that has a network of its own.
const inNetwork = "KANDILI_TEST_OWN_NETWORK"

// ownNetwork runs the test in a process with a network of its own, where packets to all reach all and nobody else. It
// says true in that process. Where the system does not let us, the test says so and is skipped.
func ownNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inNetwork) != "" {
		return true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=90s")
	cmd.Env = append(os.Environ(), inNetwork+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Skipf("this system gives no network of its own to a test: %v", err)
	}
	t.Logf("in a network of its own:\n%s", out)
	if err != nil {
		t.Fatal(err)
	}
	return false
}

// loopbackUp switches the loopback interface on, for packets to all too.
func loopbackUp(t *testing.T) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	var req struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}
	copy(req.name[:], "lo")
	req.flags = syscall.IFF_UP | syscall.IFF_MULTICAST | syscall.IFF_LOOPBACK
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&req))); e != 0 {
		t.Fatal(e)
	}
}

// overheard gathers what goes to everybody on the network.
func overheard(t *testing.T) func() []byte {
	t.Helper()
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.ListenMulticastUDP("udp4", lo, &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353})
	if err != nil {
		t.Fatal(err)
	}
	all := make(chan []byte, 1)
	go func() {
		var b bytes.Buffer
		buf := make([]byte, 9000)
		for {
			n, err := c.Read(buf)
			if err != nil {
				all <- b.Bytes()
				return
			}
			b.Write(buf[:n])
		}
	}()
	return func() []byte { c.Close(); return <-all }
}

func sees(p *Peers, ok func(Nearby) bool) bool {
	for _, n := range p.Nearby() {
		if ok(n) {
			return true
		}
	}
	return false
}

func TestNearby_laptopsFindEachOtherByThemselves(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	loopbackUp(t)
	h, other := newHQ(t), newHQ(t)
	var a, b, foreign *Folder
	h.online(func() {
		a, b = h.join("Kajiado 1"), h.join("Kajiado 2")
		sync(t, b)
		sync(t, a)
		sync(t, b)
	})
	other.online(func() { foreign = other.join("Enugu 1"); sync(t, foreign) })
	meet(t, a, 5)
	meet(t, b, 7)
	heard := overheard(t)
	begun := time.Now()
	anywhere := func(f *Folder, opt PeerOptions) *Peers {
		opt.Listen, opt.Look = ":0", true
		p, err := f.OpenPeers(opt)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	pa := anywhere(a, PeerOptions{ByItself: func() bool { return true }})
	defer pa.Close()
	pb := anywhere(b, PeerOptions{})
	pf := anywhere(foreign, PeerOptions{})
	defer pf.Close()

	isB := func(n Nearby) bool {
		return n.Here && n.Name == "Kajiado 2" && !n.Friend && n.Why == "" && n.Code != ""
	}
	wait(t, "a sees b", func() bool { return sees(pa, isB) })
	wait(t, "b sees a", func() bool { return sees(pb, func(n Nearby) bool { return n.Here && n.Name == "Kajiado 1" }) })
	t.Logf("found after %v: %+v", time.Since(begun).Round(time.Millisecond), pa.Nearby())
	if len(pf.Nearby()) > 0 || len(pa.Nearby()) != 1 {
		t.Errorf("another campaign is seen: %+v, %+v", pf.Nearby(), pa.Nearby())
	}

	// Both people agree; the exchange comes by itself, and what each brings was told before.
	self := func(f *Folder) uint32 { return f.Store().Self().Log.Node }
	if err := pa.Confirm(self(b)); err != nil {
		t.Fatal(err)
	}
	if err := pb.Confirm(self(a)); err != nil {
		t.Fatal(err)
	}
	pb.lookAgain(t.Context())
	if !sees(pb, func(n Nearby) bool { return n.Friend && n.Knows && n.Brings == 5 && n.Takes == 7 }) {
		t.Errorf("b knows of a: %+v", pb.Nearby())
	}
	pa.lookAgain(t.Context())
	wait(t, "they exchange by themselves", func() bool {
		return a.Store().Count(fieldwork.KindTrainee) == 12 && b.Store().Count(fieldwork.KindTrainee) == 12
	})
	wait(t, "a knows that nothing differs", func() bool {
		return sees(pa, func(n Nearby) bool { return n.Knows && n.Brings+n.Takes == 0 && !n.Busy && n.Last > 0 })
	})

	time.Sleep(time.Until(begun.Add(2500 * time.Millisecond))) // until its name counts as its own, a laptop says no good-bye
	left := time.Now()
	pb.Close()
	wait(t, "b said good-bye", func() bool { return !sees(pa, func(n Nearby) bool { return n.Here }) })
	if took := time.Since(left); took > 10*time.Second {
		t.Errorf("a took %v to see that b left", took)
	}
	if !sees(pa, func(n Nearby) bool { return n.Name == "Kajiado 2" && n.Friend }) {
		t.Errorf("a friend who left is still a friend: %+v", pa.Nearby())
	}
	host, _ := os.Hostname()
	said := heard()
	if len(said) < 500 {
		t.Errorf("only %d bytes were heard: this test cannot see what goes out", len(said))
	}
	campaign := a.Store().Self().Campaign
	for _, secret := range []string{"Kajiado", "Enugu", host, string(campaign[:]), hex.EncodeToString(campaign[:]), fmt.Sprintf("%X", campaign[:])} {
		if bytes.Contains(bytes.ToLower(said), bytes.ToLower([]byte(secret))) {
			t.Errorf("the whole network hears %q", secret)
		}
	}
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestWatchNetworks_tellsThatOneCame(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	came := make(chan struct{}, 10)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { road.WatchNetworks(ctx, func() { came <- struct{}{} }); close(done) }()
	time.Sleep(200 * time.Millisecond)
	loopbackUp(t)
	select {
	case <-came:
	case <-time.After(20 * time.Second):
		t.Error("nobody was told")
	}
	cancel()
	<-done
}
