package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Secrets sign what is sent to an address, the newest first. There are two while receivers change from one to the other.
// Printing them shows no key.
type Secrets struct{ signers []*standard.Webhook }

const (
	prefix  = "whsec_"
	most    = 2       // secrets at a time
	minKey  = 24      // bytes, by the standard
	maxKey  = 64      //
	maxFile = 4 << 10 // bytes in which secrets are looked for
)

// NewSecret draws a secret in the form of the standard.
func NewSecret() string {
	key := make([]byte, 32)
	rand.Read(key)
	return prefix + base64.StdEncoding.EncodeToString(key)
}

// ReadSecrets reads secrets from where a shop's file says they are: "env:NAME" or "file:PATH", seen from a folder. A file is
// read anew each time, so that a change holds from the next delivery on. No error shows what was read.
func ReadSecrets(source, folder string) (Secrets, error) {
	text, err := readSource(source, folder)
	if err != nil {
		return Secrets{}, fmt.Errorf("read the secrets of a webhook from %s: %w", source, err)
	}
	secrets, err := ParseSecrets(text)
	if err != nil {
		return Secrets{}, fmt.Errorf("read the secrets of a webhook from %s: %w", source, err)
	}
	return secrets, nil
}

func readSource(source, folder string) (string, error) {
	kind, name, _ := strings.Cut(source, ":")
	switch kind {
	case "env":
		if text := os.Getenv(name); text != "" {
			return text, nil
		}
		return "", fmt.Errorf("the environment has no variable %s; set it to what \"recourse webhook secret\" prints", name)
	case "file":
		if !filepath.IsAbs(name) {
			name = filepath.Join(folder, name)
		}
		return readFile(name)
	}
	return "", errors.New("it is neither env:NAME nor file:PATH")
}

func readFile(name string) (string, error) {
	about, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if !about.Mode().IsRegular() || about.Size() > maxFile { // a pipe or a device might never end
		return "", fmt.Errorf("it is not a file of at most %d bytes", maxFile)
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	return string(text), err
}

// ParseSecrets reads one or two secrets with space or line breaks between them.
func ParseSecrets(text string) (Secrets, error) {
	fields := strings.Fields(text)
	if len(fields) == 0 || len(fields) > most {
		return Secrets{}, fmt.Errorf("there are %d secrets; give one, or two while receivers change, the newer one first", len(fields))
	}
	var s Secrets
	for i, field := range fields {
		code, ok := strings.CutPrefix(field, prefix)
		key, err := base64.StdEncoding.DecodeString(code)
		if !ok || err != nil || len(key) < minKey || len(key) > maxKey {
			return Secrets{}, fmt.Errorf("secret %d is not %s and %d to %d bytes in base64; take what \"recourse webhook secret\" prints", i+1, prefix, minKey, maxKey)
		}
		signer, err := standard.NewWebhookRaw(key)
		if err != nil {
			return Secrets{}, fmt.Errorf("use secret %d: %w", i+1, err)
		}
		s.signers = append(s.signers, signer)
	}
	return s, nil
}

// sign sets the headers of an attempt: a signature for each secret.
func (s Secrets) sign(h http.Header, id string, at time.Time, body []byte) error {
	if len(s.signers) == 0 {
		return errors.New("there is no secret to sign with")
	}
	signatures := make([]string, len(s.signers))
	for i, signer := range s.signers {
		var err error
		if signatures[i], err = signer.Sign(id, at, body); err != nil {
			return err
		}
	}
	h.Set(standard.HeaderWebhookID, id)
	h.Set(standard.HeaderWebhookTimestamp, fmt.Sprint(at.Unix()))
	h.Set(standard.HeaderWebhookSignature, strings.Join(signatures, " "))
	return nil
}

// Verify is what a receiver does with the headers and the untouched body of a request: one of the secrets has signed it, no
// more than five minutes ago. A repeat within these is known by its webhook-id.
func (s Secrets) Verify(h http.Header, body []byte) error {
	err := errors.New("there is no secret to verify with")
	for _, signer := range s.signers {
		if err = signer.Verify(body, h); err == nil {
			return nil
		}
	}
	return fmt.Errorf("verify a webhook: %w", err)
}
