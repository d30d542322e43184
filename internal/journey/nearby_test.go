//go:build journey && linux

package journey

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// inNetwork is set in the process that has a network of its own.
const inNetwork = "KANDILI_JOURNEY_OWN_NETWORK"

// TestTwoWindowsMeet: two laptops without HQ find each other, two people compare a code, and both have everything. It
// happens on a network of its own where the system gives one, so that nobody else hears of it; elsewhere an address
// is typed.
func TestTwoWindowsMeet(t *testing.T) {
	programs := os.Getenv("KANDILI_BUILD")
	if programs == "" {
		t.Fatal("KANDILI_BUILD names no folder with the programs: run “make journey”")
	}
	typed := false
	if os.Getenv(inNetwork) == "" {
		out, err := ownNetwork(t)
		if err == nil {
			t.Logf("on a network of its own:\n%s", out)
			return
		}
		if len(out) > 0 {
			t.Fatalf("on a network of its own: %v\n%s", err, out)
		}
		t.Logf("this system gives no network of its own (%v): an address is typed", err)
		typed = true
	}
	pictures := filepath.Join(programs, "run", "nearby")
	if err := os.RemoveAll(pictures); err != nil {
		t.Fatal(err)
	}
	m := &Meeting{Programs: programs, Dir: t.TempDir(), Pictures: pictures, Say: t.Logf, Typed: typed}
	got, err := m.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Digests[0] != got.Digests[1] || got.Digests[0] == "" || !strings.Contains(got.People, "Fatoumata") {
		t.Errorf("%+v", got)
	}
	if strings.Contains(got.Complaint, "rror") && !strings.Contains(got.Complaint, "user locale") {
		t.Errorf("the windows complained:\n%s", got.Complaint)
	}
}

// ownNetwork runs the test in a process whose loopback interface is all the network there is, and reaches everybody on
// it at once. No output and an error: the system does not let us.
func ownNetwork(t *testing.T) (string, error) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", `ip link set lo multicast on && ip link set lo up && exec "$0" "$@"`, self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), inNetwork+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "ip: not found") || strings.Contains(string(out), "RTNETLINK") {
		return "", err
	}
	return string(out), err
}
