// Package browser looks at pages in a headless Chromium, for tests of what a person sees.
//
// Rules of the package: a test that needs a browser is skipped where none is installed, unless BUURTBOT_BROWSER is
// "required", and then it fails. A page that writes an error to its console, throws, or asks for anything beyond this
// machine fails its test. [Audit] says what a page has wrong for those who do not see it, or see it badly.
//
// Why Chromium and not a parser: focus, contrast, the order of the tab key and the accessibility tree are made by the
// browser, and nothing else knows them.
package browser

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long a test may take with its browser.
const patience = 5 * time.Minute

// starts is how often a browser is started before it is said that it does not start.
const starts = 3

// commands are the names under which Chromium is installed.
func commands() []string {
	return []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"}
}

// Start opens a browser with one empty page, on a desk: 1440 by 900 pixels. The context is for actions of
// [chromedp.Do] and [chromedp.Run] and ends with the test.
func Start(t testing.TB) context.Context {
	t.Helper()
	path, err := find()
	if err != nil {
		if os.Getenv("BUURTBOT_BROWSER") == "required" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	ctx, err := launch(t, path)
	if err != nil {
		t.Fatal(err)
	}
	return settle(ctx, t)
}

// launch starts the browser, and again when it ends before its first page is there: on a machine with much to do it
// does so once in a long while.
func launch(t testing.TB, path string) (context.Context, error) {
	t.Helper()
	whole, stop := context.WithTimeout(context.Background(), patience)
	t.Cleanup(stop)
	var failures []error
	for range starts {
		ctx, cancel := chromedp.NewContext(whole, chromedp.WithAllocatorOptions(flags(path, t.TempDir())...))
		err := chromedp.Do(ctx, Desk())
		if err == nil {
			t.Cleanup(cancel)
			return ctx, nil
		}
		cancel()
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}

// Another opens a page for somebody else in the browser of ctx: nothing that the first one keeps is known to it.
func Another(ctx context.Context, t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	return settle(ctx, t)
}

func find() (string, error) {
	for _, name := range commands() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium is installed: looked for %v", commands())
}

// flags keep the browser to itself, in a home of its own; the sandbox of its own cannot be had in a container.
func flags(path, home string) []chromedp.ExecAllocatorOption {
	all := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.WSURLReadTimeout(patience), chromedp.Env("HOME=" + home),
	}
	for _, name := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-dev-shm-usage",
	} {
		all = append(all, chromedp.Flag(name, true))
	}
	return all
}

// settle gives a page its size and has everything it does wrong reported when the test ends.
func settle(ctx context.Context, t testing.TB) context.Context {
	t.Helper()
	Do(ctx, t, Desk())
	requests, console := chromedp.Events(ctx, network.RequestWillBeSent), chromedp.Console(ctx)
	found := &findings{}
	go func() {
		for r, err := range requests {
			if err == nil && !local(r.Request.URL) {
				found.add("the page asks for " + r.Request.URL)
			}
		}
	}()
	go func() {
		for m, err := range console {
			// What the network says about a server that went away is what some tests are about.
			if err == nil && m.Source != "network" && (m.IsException() || m.Type == chromedp.ConsoleError) {
				found.add("console: " + m.Text)
			}
		}
	}()
	t.Cleanup(func() {
		for _, words := range found.list() {
			t.Error(words)
		}
	})
	return ctx
}

// local reports whether an address is on this machine, or on no machine at all.
func local(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() ||
		u.Scheme == "data" || u.Scheme == "blob" || u.Scheme == "about"
}
