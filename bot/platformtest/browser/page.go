package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Step is something to be done on a page.
type Step = chromedp.Action[chromedp.Void]

// Do does the steps, one after the other; the test ends when one cannot be done.
func Do(ctx context.Context, t testing.TB, steps ...Step) {
	t.Helper()
	for i, step := range steps {
		if err := chromedp.Do(ctx, step); err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
}

// Value is what an expression is worth on the page.
func Value[V any](ctx context.Context, t testing.TB, expression string) V {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[V](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Until waits until an expression is true on the page; the test ends when it is not within half a minute.
func Until(ctx context.Context, t testing.TB, expression string) {
	t.Helper()
	wait := chromedp.Poll[chromedp.Void]("!!("+expression+")",
		chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(30*time.Second))
	if err := chromedp.Do(ctx, wait); err != nil {
		t.Fatalf("until %s: %v", expression, err)
	}
}

// Click presses the first element that a CSS selector finds, once it can be seen.
func Click(selector string) Step { return chromedp.Click(chromedp.CSS(selector)) }

// Type types into the first element that a CSS selector finds.
func Type(selector, text string) Step { return chromedp.SendKeys(chromedp.CSS(selector), text) }

// Key types where the focus is.
func Key(keys string) Step { return chromedp.KeyEvent(keys) }

// Desk gives the page the size of a window on a desk.
func Desk() Step { return chromedp.EmulateViewport(1440, 900) }

// Phone gives the page the size of a telephone of 390 by 844 pixels that is touched.
func Phone() Step {
	return chromedp.EmulateViewport(390, 844, chromedp.EmulatePortrait, chromedp.EmulateMobile, chromedp.EmulateTouch,
		chromedp.EmulateScale(2))
}

// Narrow gives the page the least width at which it must work: 320 pixels, as WCAG 2.2 (1.4.10) has it.
func Narrow() Step {
	return chromedp.EmulateViewport(320, 640, chromedp.EmulatePortrait, chromedp.EmulateMobile, chromedp.EmulateTouch)
}

// Prefer has the browser say what its person prefers: "prefers-color-scheme", "dark".
func Prefer(feature, value string) Step {
	return chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
		})
		return err
	})
}

// settled brings everything that moves or changes its colour to its end at once.
func settled(ctx context.Context, t testing.TB) {
	t.Helper()
	Value[int](ctx, t, "document.getAnimations().map((moving) => moving.finish()).length")
}

// Shot keeps a picture of the page as NAME.png in the folder that BUURTBOT_SHOTS names; without one it does nothing.
func Shot(ctx context.Context, t testing.TB, name string) {
	t.Helper()
	folder := os.Getenv("BUURTBOT_SHOTS")
	if folder == "" {
		return
	}
	settled(ctx, t)
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600)
	}
	if err != nil {
		t.Error(fmt.Errorf("shot %s: %w", name, err))
	}
}
