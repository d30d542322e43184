//go:build !windows

package laptop

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A computer's printing is its own programs; here they are scripts that note what they were asked.
func TestSendToPrinter_asksCUPS(t *testing.T) {
	dir := t.TempDir()
	script := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	script("lpstat", `[ "$1" = -e ] && printf 'Office\nHP_Laser\n' || echo 'system default destination: HP_Laser'`)
	script("lp", `printf '%s\n' "$@" > "`+dir+`/asked"; case "$*" in *Broken*) exit 1;; esac`)
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	names, usual := Printers(context.Background())
	if strings.Join(names, ",") != "Office,HP_Laser" || usual != "HP_Laser" {
		t.Errorf("printers %q, usual %q", names, usual)
	}
	if err := SendToPrinter(context.Background(), "-strange name.pdf", "HP_Laser"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	if asked := strings.Fields(string(b)); asked[0] != "-d" || asked[1] != "HP_Laser" || !strings.Contains(string(b), "print-scaling=none") || !strings.HasSuffix(string(b), "--\n-strange name.pdf\n") {
		t.Errorf("lp was asked %q", b)
	}
	if err := SendToPrinter(context.Background(), "x.pdf", "Broken"); code(err) != "not-printed" {
		t.Errorf("a printer that refuses: %v", err)
	}
}

func TestPrinters_noneWithoutCUPS(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if names, usual := Printers(context.Background()); len(names) != 0 || usual != "" {
		t.Errorf("%q %q", names, usual)
	}
}
