//go:build !linux

package sitegen

// fileSystem would name a file system on which events cannot be relied on; here nobody can be asked.
func fileSystem(string) string { return "" }
