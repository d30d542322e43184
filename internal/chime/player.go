//go:build !windows

package chime

import (
	"context"
	"os"
	"os/exec"
	"time"

	"golang.org/x/term"
)

// players are the programs that play a WAV on the systems that we know, and what they need before the file.
var players = [][]string{{"pw-play"}, {"paplay"}, {"aplay", "-q"}, {"afplay"}, {"play", "-q"}}

// longest is how long a player may take; sound servers that hang must not keep the next tone.
const longest = 2 * time.Second

// player finds what plays here, or nil.
func player() func(path string) error {
	for _, p := range players {
		name, err := exec.LookPath(p[0])
		if err != nil {
			continue
		}
		return func(path string) error {
			ctx, cancel := context.WithTimeout(context.Background(), longest)
			defer cancel()
			return exec.CommandContext(ctx, name, append(p[1:len(p):len(p)], path)...).Run()
		}
	}
	return nil
}

// beep is what a terminal can do.
func beep() {
	if term.IsTerminal(int(os.Stderr.Fd())) {
		os.Stderr.WriteString("\a")
	}
}
