//go:build !linux && !darwin && !freebsd && !windows

package metrics

import "errors"

// Room is not known here.
func Room(string) (Disk, error) { return Disk{}, errors.ErrUnsupported }
