package chime

import (
	"errors"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	playSound   = syscall.NewLazyDLL("winmm.dll").NewProc("PlaySoundW")
	messageBeep = syscall.NewLazyDLL("user32.dll").NewProc("MessageBeep")
)

const (
	sndNoDefault = 0x0002
	sndFilename  = 0x00020000
)

// player plays a file with what every Windows has.
func player() func(path string) error {
	return func(path string) error {
		name, err := windows.UTF16PtrFromString(path)
		if err != nil {
			return err
		}
		if ok, _, _ := playSound.Call(uintptr(unsafe.Pointer(name)), 0, sndFilename|sndNoDefault); ok == 0 {
			return errors.New("the sound was not played")
		}
		return nil
	}
}

func beep() { messageBeep.Call(0) }
