package browser_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/bot/platformtest/browser"
)

func TestBrowserThatEndsAtOnceIsStartedAgain(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		browser.Start(t) // skips, or says that one is required
		return           // it is installed under another name
	}
	dir := t.TempDir()
	mark := filepath.Join(dir, "was here")
	script := fmt.Sprintf("#!/bin/sh\n[ -e %[1]q ] && exec %[2]q \"$@\"\n: >%[1]q\nexit 1\n", mark, path)
	if err := os.WriteFile(filepath.Join(dir, "chromium"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	ctx := browser.Start(t)
	if _, err := os.Stat(mark); err != nil {
		t.Error("the first start did not fail")
	}
	if got := browser.Value[int](ctx, t, "6*7"); got != 42 {
		t.Errorf("the page says %d", got)
	}
}
