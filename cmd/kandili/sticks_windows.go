package main

import (
	"golang.org/x/sys/windows"

	uisync "kandili/ui/sync"
)

// sticks are the drives that Windows calls removable.
func sticks() (list []uisync.Stick) {
	mask, err := windows.GetLogicalDrives()
	if err != nil {
		return nil
	}
	for letter := 'A'; letter <= 'Z'; letter++ {
		if mask>>(letter-'A')&1 == 0 {
			continue
		}
		root := string(letter) + `:\`
		name, err := windows.UTF16PtrFromString(root)
		if err != nil || windows.GetDriveType(name) != windows.DRIVE_REMOVABLE {
			continue
		}
		if free, ok := freeSpace(root); ok { // a reader without a card has none
			list = append(list, uisync.Stick{Name: root, Path: root, Free: free})
		}
	}
	return list
}

// freeSpace is how many bytes this user may still write there.
func freeSpace(dir string) (int64, bool) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, false
	}
	var free uint64
	if windows.GetDiskFreeSpaceEx(name, &free, nil, nil) != nil {
		return 0, false
	}
	return int64(free), true
}
