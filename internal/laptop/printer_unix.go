//go:build !windows

package laptop

import (
	"context"
	"os/exec"
	"strings"
)

// printers asks CUPS by its own commands.
func printers(ctx context.Context) (names []string, usual string) {
	out, err := command(ctx, "lpstat", "-e").Output()
	if err != nil {
		return nil, ""
	}
	names = strings.Fields(string(out))
	if out, err := command(ctx, "lpstat", "-d").Output(); err == nil {
		if _, name, ok := strings.Cut(string(out), ":"); ok {
			usual = strings.TrimSpace(name)
		}
	}
	return names, usual
}

// send prints without scaling: labels have to meet their sheet.
func send(ctx context.Context, path, printer string) error {
	return command(ctx, "lp", "-d", printer, "-o", "print-scaling=none", "-o", "fit-to-page=false", "--", path).Run()
}

// command runs a program whose output is in English.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(c.Environ(), "LC_ALL=C")
	return c
}
