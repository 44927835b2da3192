package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A configuration is used, or refused with what is wrong in it: whatever stands in the file.
func FuzzLoadConfig(f *testing.F) {
	shipped, err := os.ReadFile("../../config.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shipped)
	for _, s := range []string{"network: [\n", "a: &a [*a]", "telegram:\n  token: env:X\n", "? {}\n: {}\n", "areas:\n- - -\n", "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		var wrong ConfigError
		if _, err := LoadConfig(path, nil); err != nil && !errors.As(err, &wrong) {
			t.Errorf("%T: %v", err, err)
		}
	})
}
