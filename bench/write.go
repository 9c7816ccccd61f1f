package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// writeAlike writes the files of one folder into another one, on all processors, and prints the wall and CPU time that took
// without reading.
func writeAlike(from, to string) error {
	folders, files, err := readTree(from)
	if err != nil {
		return err
	}
	start, before := time.Now(), cpuTime()
	if err := writeTree(to, folders, files); err != nil {
		return err
	}
	fmt.Println(time.Since(start).Nanoseconds(), (cpuTime() - before).Nanoseconds())
	return nil
}

type fileOfTree struct {
	name string
	data []byte
}

func readTree(dir string) (folders []string, files map[string][]fileOfTree, err error) {
	files = map[string][]fileOfTree{}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || entry.IsDir() {
			folders = append(folders, name)
			return err
		}
		data, err := os.ReadFile(path)
		files[filepath.Dir(name)] = append(files[filepath.Dir(name)], fileOfTree{name, data})
		return err
	})
	return folders, files, err
}

// writeTree makes folders in their order, since one lies in another, and the files of each at once with them.
func writeTree(dir string, folders []string, files map[string][]fileOfTree) error {
	var group sync.WaitGroup
	var next atomic.Int64
	var failed atomic.Value
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(folders); i = int(next.Add(1)) - 1 {
				if err := writeFolder(dir, folders[i], files[folders[i]]); err != nil {
					failed.Store(err)
				}
			}
		})
	}
	group.Wait()
	err, _ := failed.Load().(error)
	return err
}

func writeFolder(dir, folder string, files []fileOfTree) error {
	if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
		return err
	}
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(dir, file.name), file.data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func cpuTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // cannot fail for ourselves
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
