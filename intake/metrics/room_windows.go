package metrics

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// Room asks how much of a file system is free for us.
func Room(folder string) (d Disk, err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err == nil {
		err = windows.GetDiskFreeSpaceEx(name, &d.Free, &d.Size, nil)
	}
	if err != nil {
		return Disk{}, fmt.Errorf("ask for the room in %q: %w", folder, err)
	}
	return d, nil
}
