package homeserver

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// variable decides whether tests with a real homeserver run.
const variable = "BUURTBOT_DENDRITE"

// find gives the path of the binary, and builds it when it is not there.
func find(t testing.TB) string {
	t.Helper()
	switch wish := os.Getenv(variable); wish {
	case "":
		t.Skipf("left out: %s is not set, so nothing was tried on a real homeserver", variable)
	case "required":
	default:
		return wish
	}
	_, file, _, _ := runtime.Caller(0)
	module := filepath.Join(filepath.Dir(file), "..", "dendrite")
	sum, err := os.ReadFile(filepath.Join(module, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(append(sum, runtime.Version()...))
	binary := filepath.Join(cache(t), "dendrite-"+hex.EncodeToString(hash[:8]))
	// Packages are tested side by side, and all of them come here first; one builds, and the others wait.
	release, err := alone(binary + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := os.Stat(binary); err != nil {
		build(t, module, binary)
	}
	return binary
}

// cache is the folder for what outlives a test.
func cache(t testing.TB) string {
	t.Helper()
	users, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(users, "buurtbot")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// build compiles without C: with the SQLite that the nested module asks for, that is as good.
func build(t testing.TB, module, binary string) {
	t.Helper()
	began := time.Now()
	part := fmt.Sprintf("%s.%d", binary, os.Getpid())
	cmd := exec.CommandContext(t.Context(), "go", "build", "-C", module, "-o", part, "tool")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the homeserver: %v\n%s", err, out)
	}
	if err := os.Rename(part, binary); err != nil {
		t.Fatal(err)
	}
	t.Logf("built the homeserver in %v", time.Since(began).Round(time.Second))
}
