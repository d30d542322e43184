package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kandili/internal/hq"
	"kandili/internal/laptop"
	"kandili/internal/store"
)

// asProgram makes the test binary be kandilictl, so that a test has a second process of it.
const asProgram = "KANDILICTL_TEST_IS_THE_PROGRAM"

func TestMain(m *testing.M) {
	store.CheckMain()
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is one call of the program in this process.
func program(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &stdout, &stderr)
	if code != 0 {
		t.Logf("%q: %s", args, stderr.String())
	}
	return stdout.String(), code
}

// village is an HQ that two laptops joined, and that is not on the network any more.
func village(t *testing.T) (phrase string, folders []string) {
	t.Helper()
	dir := t.TempDir()
	phrase = filepath.Join(dir, "phrase")
	if err := os.WriteFile(phrase, []byte("four words are good\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	office, err := hq.Open(filepath.Join(dir, "hq"), hq.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer office.Close()
	campaign, err := office.CreateCampaign("Kajiado", "KE", 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := filepath.Join(dir, "ready"), make(chan error, 1)
	go func() { done <- office.Serve(ctx, hq.ServeOptions{Listen: "127.0.0.1:0", ReadyFile: ready}) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	awaitFile(t, ready)
	var open []*laptop.Folder
	for _, name := range []string{"Kajiado 1", "Kajiado 2"} {
		inv, err := office.Invite(campaign, "volunteer", "", 7)
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, name)
		f, err := laptop.Init(folder, name, []byte("four words are good"))
		if err == nil {
			err = f.Join(t.Context(), inv.String())
		}
		if err != nil {
			t.Fatal(err)
		}
		open, folders = append(open, f), append(folders, folder)
	}
	for _, f := range open { // both know both
		if _, err := f.Sync(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return phrase, folders
}

func awaitFile(t *testing.T, path string) []byte {
	t.Helper()
	for range 2000 {
		if b, err := os.ReadFile(path); err == nil && len(b) > 0 {
			return b
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s never came", path)
	return nil
}

func TestPeer_twoProcessesExchangeWithoutHQ(t *testing.T) {
	phrase, folders := village(t)
	with := func(folder string, args ...string) []string {
		return append(args, "--data", folder, "--passphrase-file", phrase)
	}
	if _, code := program(t, with(folders[0], "add", "trainee", "given_name=Nasieku")...); code != 0 {
		t.Fatal("add")
	}
	ready := filepath.Join(t.TempDir(), "ready")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	serve := exec.Command(self, with(folders[1], "peer", "serve", "--listen", "127.0.0.1:0", "--ready-file", ready, "--json")...)
	serve.Env = append(os.Environ(), asProgram+"=1")
	serve.Stderr = os.Stderr
	said, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer serve.Process.Kill()
	var at struct{ URL string }
	if err := json.Unmarshal(awaitFile(t, ready), &at); err != nil {
		t.Fatal(err)
	}
	out, code := program(t, with(folders[0], "peer", "sync", at.URL)...)
	var res map[string]any
	if err := json.Unmarshal([]byte(out), &res); err != nil || code != 0 {
		t.Fatalf("%q %v, exit %d", out, err, code)
	}
	for _, key := range []string{"sent", "received", "bytes_up", "bytes_down", "requests", "quarantined", "unsent"} {
		if _, ok := res[key]; !ok {
			t.Errorf("no %q in %s", key, out)
		}
	}
	if res["sent"] != 1.0 || res["unsent"] != 1.0 {
		t.Errorf("one sent to the laptop and none to HQ, got %s", out)
	}
	serve.Process.Signal(syscall.SIGTERM)
	text, _ := io.ReadAll(said)
	if err := serve.Wait(); err != nil || strings.TrimSpace(string(text)) != `{"url":"`+at.URL+`"}` {
		t.Errorf("serving ended with %v and had said %q", err, text)
	}
	if out, _ := program(t, with(folders[1], "find", "nasieku", "--json")...); !strings.Contains(out, "Nasieku") {
		t.Errorf("the other laptop finds %s", out)
	}
	if _, code := program(t, with(folders[0], "peer", "dance")...); code != exitUsage {
		t.Errorf("a wrong use exits with %d", code)
	}
	if _, code := program(t, with(folders[0], "peer", "sync", at.URL)...); code != exitFailed {
		t.Errorf("nobody there: exit %d", code)
	}
}
