package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
)

// checkArg makes a program of ours look at one file and end: see CheckMain.
const checkArg = "check-file-in-child"

// Exit codes of the child.
const (
	checkSound   = 0
	checkDamaged = 3
	checkInUse   = 4
)

// Limits of the child: a damaged file can make bbolt crash, run for ever or eat all memory.
const (
	checkTime   = 60 * time.Second
	checkMemory = 2 << 30 // bytes
)

// CheckMain must be the first call of every program that opens a store. In a child that was started to look at a
// file it looks and ends the program; otherwise it returns at once.
func CheckMain() {
	if len(os.Args) != 3 || os.Args[1] != checkArg {
		return
	}
	debug.SetMemoryLimit(checkMemory)
	os.Exit(checkFile(os.Args[2]))
}

func checkFile(path string) int {
	db, err := openBolt(path)
	if errors.Is(err, errInUse) {
		return checkInUse
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return checkDamaged
	}
	defer db.Close()
	code := checkSound
	db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			fmt.Fprintln(os.Stderr, err)
			code = checkDamaged
		}
		return nil
	})
	return code
}

// checkInChild returns nil for a sound file, errInUse for a locked one, and what the child said for a damaged one.
// Where no child can be started the file counts as sound: then bbolt is our only witness.
func checkInChild(path string) error {
	if _, err := os.Stat(path); err != nil {
		return nil // openBolt tells
	}
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), checkTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, checkArg, path)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit) && exit.ExitCode() == checkInUse:
		return errInUse
	case errors.As(err, &exit):
		return fmt.Errorf("the file is damaged: %.500s", out)
	}
	return nil
}
