//go:build linux || darwin || freebsd

package metrics

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Room asks how much of a file system is free for programs that are not root.
func Room(folder string) (Disk, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return Disk{}, fmt.Errorf("ask for the room in %q: %w", folder, err)
	}
	block := uint64(s.Bsize)
	return Disk{Free: uint64(s.Bavail) * block, Size: uint64(s.Blocks) * block}, nil
}
