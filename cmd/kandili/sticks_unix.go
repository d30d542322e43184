//go:build !windows

package main

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	uisync "kandili/ui/sync"
)

// sticks are what is mounted where systems put removable disks: /media and /run/media on Linux, /Volumes on macOS.
func sticks() (list []uisync.Stick) {
	var found []string
	for _, pattern := range []string{"/media/*", "/media/*/*", "/run/media/*/*", "/Volumes/*"} {
		some, _ := filepath.Glob(pattern) // fails for a pattern that is none
		found = append(found, some...)
	}
	for _, dir := range found {
		if !mounted(dir) || unix.Access(dir, unix.W_OK) != nil {
			continue
		}
		if free, ok := freeSpace(dir); ok {
			list = append(list, uisync.Stick{Name: filepath.Base(dir), Path: dir, Free: free})
		}
	}
	return list
}

// mounted says that the folder is on another disk than the folder around it.
func mounted(dir string) bool {
	var in, around unix.Stat_t
	if st, err := os.Lstat(dir); err != nil || !st.IsDir() {
		return false
	}
	return unix.Stat(dir, &in) == nil && unix.Stat(filepath.Dir(dir), &around) == nil && in.Dev != around.Dev
}

// freeSpace is how many bytes an ordinary user may still write there.
func freeSpace(dir string) (int64, bool) {
	var st unix.Statfs_t
	if unix.Statfs(dir, &st) != nil {
		return 0, false
	}
	return int64(st.Bavail) * int64(st.Bsize), true
}
