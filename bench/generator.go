package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// size is how many shops are built and how often, and what is hoped for: so many times as fast as Hugo.
type size struct {
	shops, runs int
	faster      map[string]float64
}

var allSizes = []size{
	{1, 3, map[string]float64{modeOwn: 4, modeShared: 20}},
	{20, 3, map[string]float64{modeOwn: 5, modeShared: 20}},
	{200, 1, map[string]float64{modeOwn: 6, modeShared: 20}},
}

// rig is where the two generators run.
type rig struct {
	program, hugo string // hugo is empty where there is none
	dir           string
	outputs       int
}

// generator compares the two at every size.
func generator(program string, sizes []size) (err error) {
	dir, err := os.MkdirTemp("", "recourse-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := &rig{program: program, dir: dir}
	if r.program, err = filepath.Abs(program); err != nil {
		return err
	}
	r.introduce()
	if err := r.fixtures(sizes); err != nil {
		return err
	}
	if err := r.builds(sizes); err != nil {
		return err
	}
	return r.watches(sizes)
}

// introduce finds Hugo and says who is measured, and whether the machine has other things to do.
func (r *rig) introduce() {
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("%d processors, load averages %s", runtime.NumCPU(), load)
	path, err := exec.LookPath("hugo")
	if err != nil {
		fmt.Println("There is no hugo on PATH (apt-get install hugo): only recourse is measured.")
		return
	}
	r.hugo = path
	version, _ := exec.Command(path, "version").Output()
	fmt.Printf("Compared with %s (%s)\n", strings.TrimSpace(string(version)), path)
}

// fixtures are written by a process of their own: a command that is started counts the memory of the one that starts it as
// its own, so this one stays small: up to 20 MiB.
func (r *rig) fixtures(sizes []size) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	modes := []string{modeOwn, modeShared}
	if r.hugo != "" {
		modes = append(modes, modeHugo)
	}
	for _, s := range sizes {
		for _, mode := range modes {
			if _, err := run(self, "-fixture", r.fixture(s, mode), "-shops", strconv.Itoa(s.shops), "-mode", mode); err != nil {
				return err
			}
		}
	}
	time.Sleep(settling)
	return nil
}

// settling is how old texts must be for builds to remember them: some file systems have clocks as coarse.
const settling = 3 * time.Second

// write measures what it takes to write the files of a folder once more, and nothing else: no generator can be faster here.
func (r *rig) write(from, to string) (usage, error) {
	self, err := os.Executable()
	if err != nil {
		return usage{}, err
	}
	said, err := exec.Command(self, "-write", to, "-like", from).Output()
	if err != nil {
		return usage{}, fmt.Errorf("write files like those in %s: %w", from, err)
	}
	var u usage
	_, err = fmt.Sscan(string(said), &u.wall, &u.cpu)
	return u, err
}

func (r *rig) fixture(s size, mode string) string {
	return filepath.Join(r.dir, fmt.Sprintf("%s-%d", mode, s.shops))
}

// shops are the arguments that name the shops of a fixture and the folder of strings they share.
func (r *rig) shops(s size, mode string) []string {
	dir := r.fixture(s, mode)
	args := []string{"--content", filepath.Join(dir, "strings")}
	for i := range s.shops {
		args = append(args, filepath.Join(dir, shopID(i)+".toml"))
	}
	return args
}

// output is a folder nobody has written to. None is removed before the end: ext4 makes files slowly for half a minute after
// many were removed.
func (r *rig) output() string {
	r.outputs++
	return filepath.Join(r.dir, "out", strconv.Itoa(r.outputs))
}

// build runs recourse for pages alone, which is what Hugo makes; into the same folder a second time it finds nothing changed.
// What it remembers of earlier builds is in the cache.
func (r *rig) build(s size, mode, out, cache string) (usage, error) {
	return runWith([]string{"XDG_CACHE_HOME=" + cache}, r.program, append([]string{"build", "--no-widget", "--no-overview", "--out", out}, r.shops(s, mode)...)...)
}

// buildHugo runs Hugo, without a lock file since nobody else builds.
func (r *rig) buildHugo(s size, out string) (usage, error) {
	return run(r.hugo, "--source", r.fixture(s, modeHugo), "--destination", out, "--minify", "--quiet", "--noBuildLock")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

func mebibytes(bytes int64) string { return fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20)) }

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "MISSED"
}
