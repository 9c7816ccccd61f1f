package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// secret reads a setting that must not be a flag, since everybody on the machine sees those: from the environment variable
// name, else from the file that name_FILE names, else from the credential of systemd with that name, in lower case and with
// hyphens (RECOURSE_SMTP_URL: recourse-smtp-url). It is empty where there is none of these.
func secret(name string) (string, error) {
	value, file := os.Getenv(name), os.Getenv(name+"_FILE")
	if value != "" && file != "" {
		return "", fmt.Errorf("read %s: it is set, and so is %s_FILE; keep one of them", name, name)
	}
	if value != "" {
		return value, nil
	}
	credentials := os.Getenv("CREDENTIALS_DIRECTORY")
	if file == "" && credentials != "" {
		file = filepath.Join(credentials, strings.ReplaceAll(strings.ToLower(name), "_", "-"))
		if _, err := os.Stat(file); os.IsNotExist(err) {
			return "", nil
		}
	}
	if file == "" {
		return "", nil
	}
	return secretFile(name, file)
}

func secretFile(name, file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read %s from a file: %w", name, err)
	}
	value := strings.TrimRight(string(data), "\r\n")
	if value == "" {
		return "", fmt.Errorf("read %s from a file: %q is empty", name, file)
	}
	return value, nil
}
