package main

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/goccy/go-yaml"
)

// hidden is what a secret shows of itself.
const hidden = "***"

// Secret is a token or password. However it is printed, logged or encoded, it shows ***; only [Secret.Reveal] tells it.
type Secret struct {
	// A pointer, because fmt calls no method on the fields of an unexported field, and prints an address here instead.
	value     *string
	reference string // env:NAME or file:PATH
}

var (
	_ encoding.TextMarshaler = Secret{}
	_ json.Marshaler         = Secret{}
	_ yaml.BytesMarshaler    = Secret{}
)

// Reveal is the secret itself; empty when it is not known.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Known reports whether there is a secret.
func (s Secret) Known() bool { return s.value != nil }

// String hides the secret.
func (s Secret) String() string { return hidden }

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return hidden }

// Format hides the secret from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the secret from the keys of encoded maps and from XML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON hides the secret.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalYAML hides the secret.
func (s Secret) MarshalYAML() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// errUnset is a reference to a variable that is not there.
var errUnset = errors.New("is not set")

var variableForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// secrets reads what the references name. A token or password whose variable is not set turns its platform off.
func (l *loader) secrets() {
	t := &l.config.Telegram
	if err := l.read(&t.Token); err != nil && !errors.Is(err, errUnset) {
		l.wrong("telegram.token", "%s", err)
	}
	m := &l.config.Matrix
	for key, secret := range map[string]*Secret{
		"matrix.password": &m.Password, "matrix.access_token": &m.AccessToken, "matrix.passphrase": &m.Passphrase,
	} {
		if err := l.read(secret); err != nil && !errors.Is(err, errUnset) {
			l.wrong(key, "%s", err)
		}
	}
	for key, secret := range l.readMail() {
		if err := l.read(secret); err != nil && !errors.Is(err, errUnset) {
			l.wrong(key, "%s", err)
		}
	}
	if err := l.read(&l.config.Open311.Key); err != nil && !errors.Is(err, errUnset) {
		l.wrong("open311.api_key", "%s", err)
	}
	if err := l.read(&l.config.Ops.Ping); err != nil {
		l.wrong("ops.ping", "%s", err)
	}
	if err := l.read(&t.Webhook.Secret); err != nil {
		l.wrong("telegram.webhook.secret", "%s", err)
	}
}

// read finds the value behind a secret's reference; no reference is no secret. An error says nothing of the value.
func (l *loader) read(s *Secret) error {
	kind, name, _ := strings.Cut(s.reference, ":")
	switch {
	case s.reference == "":
		return nil
	case kind == "env" && variableForm.MatchString(name):
		value := l.environ[name]
		if value == "" {
			return fmt.Errorf("the variable %s %w", name, errUnset)
		}
		s.value = &value
		return nil
	case kind == "file" && name != "":
		value, err := readSecret(l.beside(name))
		if err != nil {
			return fmt.Errorf("the file %s %w", quote(name), err)
		}
		s.value = &value
		return nil
	}
	return errors.New("write env:NAME or file:PATH here; the secret itself belongs in that variable or file")
}

// readSecret reads a file that only its owner may read, without the line end after its first line.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", errors.New("cannot be read: " + reason(err))
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", errors.New("can be read by others; say chmod 600")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", errors.New("cannot be read: " + reason(err))
	}
	value := strings.TrimRight(string(data), "\r\n")
	if value == "" {
		return "", errors.New("is empty")
	}
	return value, nil
}

// beside finds a file that is named in the configuration; a name that is not absolute starts where the configuration is.
func (l *loader) beside(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(l.folder, name)
}
