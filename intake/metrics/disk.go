package metrics

import "github.com/prometheus/client_golang/prometheus"

// Disk is the room on a file system, in bytes.
type Disk struct{ Free, Size uint64 }

// WatchDisk adds the room on the file system of a folder to what the meter tells.
func (m *Meter) WatchDisk(folder string) {
	if m == nil {
		return
	}
	gauge := func(name, help string, of func(Disk) uint64) prometheus.GaugeFunc {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, func() float64 {
			d, err := Room(folder)
			if err != nil {
				m.StorageError()
			}
			return float64(of(d))
		})
	}
	m.registry.MustRegister(
		gauge("disk_free_bytes", "Room for the program's data.", func(d Disk) uint64 { return d.Free }),
		gauge("disk_size_bytes", "Size of the file system with the program's data.", func(d Disk) uint64 { return d.Size }),
	)
}
