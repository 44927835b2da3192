package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/buurtbot/buurtbot/bot/platformtest/browser"
	"github.com/buurtbot/buurtbot/locales"
)

// openAt runs the program's sandbox in a folder of its own until the test ends, with a clock that begins at a time, and
// gives the address of its page.
func openAt(t *testing.T, began time.Time) string {
	t.Helper()
	t.Chdir(t.TempDir())
	c, err := LoadConfig("", []string{"BUURTBOT_SANDBOX_LISTEN=127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(t.Output(), nil)))
	ctx, stop := context.WithCancel(t.Context())
	started := time.Now()
	d := deployment{
		config: c, texts: texts, shell: shell{ctx: ctx, out: io.Discard, err: io.Discard},
		now: func() time.Time { return began.Add(time.Since(started)) },
	}
	if err := errors.Join(d.open(ctx), d.start(ctx)); err != nil {
		stop()
		d.close()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		d.close()
		slog.SetDefault(slog.New(slog.DiscardHandler))
	})
	return "http://" + d.servers[0].listener.Addr().String()
}

// player plays everybody on the page.
type player struct {
	*testing.T
	ctx context.Context
}

func (p player) do(steps ...browser.Step) { p.Helper(); browser.Do(p.ctx, p, steps...) }

// until waits for the page, and tells what stands on it when that is in vain.
func (p player) until(expression string) {
	p.Helper()
	wait := chromedp.Poll[chromedp.Void]("!!("+expression+")",
		chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(20*time.Second))
	if err := chromedp.Do(p.ctx, wait); err != nil {
		p.Fatalf("until %s: %v\n%s", expression, err, p.page())
	}
}

// page is all that is said on the page.
func (p player) page() string {
	p.Helper()
	return browser.Value[string](p.ctx, p, `[...document.querySelectorAll("[data-pane]")].map((p) => "== " + p.dataset.pane +
		(p.hidden ? " (hidden)" : "") + "\n" + [...p.querySelectorAll("[data-message]")].map((m) => "-- " + m.dataset.from + ": "
		+ (m.querySelector("[data-body]")?.innerText ?? "(no words)") + "\n"
		+ [...m.querySelectorAll(".choice")].map((b) => "[" + b.textContent.trim() + "]").join(" ")).join("\n")).join("\n")`)
}

// in is the selector of something in a pane.
func in(pane, selector string) string { return fmt.Sprintf(`[data-pane=%q] %s`, pane, selector) }

// one is a selector as an expression.
func one(selector string) string { return "document.querySelector(`" + selector + "`)" }

// reads waits until the newest message in a pane has all of these words.
func (p player) reads(pane string, words ...string) {
	p.Helper()
	p.until(newest(pane, "", words))
}

// shows waits until some message in a pane has all of these words: a card may stand above newer messages.
func (p player) shows(pane string, words ...string) {
	p.Helper()
	p.until(fmt.Sprintf("[...document.querySelectorAll(`%s`)].some((m) => %s.every((w) => m.innerText.includes(w)))",
		in(pane, `[data-from="bot"]`), list(words)))
}

func newest(pane, more string, words []string) string {
	return fmt.Sprintf("(() => { const m = [...document.querySelectorAll(`%s`)].at(-1); return m && %s.every((w) => m.innerText.includes(w))%s; })()",
		in(pane, "[data-message]"), list(words), more)
}

// list is words as an expression.
func list(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "`" + strings.ReplaceAll(w, "`", "\\`") + "`"
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

// presses is a press on the newest button in a pane with this label.
func (p player) presses(pane, label string) {
	p.Helper()
	p.until(fmt.Sprintf("(() => { const b = [...document.querySelectorAll(`%s`)].findLast((b) => b.textContent.trim() === `%s`);"+
		" document.querySelectorAll('[data-pressed]').forEach((o) => delete o.dataset.pressed);"+
		" if (b) b.dataset.pressed = ''; return b; })()", in(pane, ".choice:not([aria-busy])"), label))
	p.do(browser.Click("[data-pressed]"))
}

// writes types words in a pane and sends them.
func (p player) writes(pane, words string) {
	p.Helper()
	p.do(browser.Type(in(pane, "textarea"), words+kb.Enter))
}

// sends posts a picture without words.
func (p player) sends(pane string, picture image.Image) {
	p.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		p.Fatal(err)
	}
	path := filepath.Join(p.TempDir(), "picture.png")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		p.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(chromedp.CSS(in(pane, "input[type=file]")), []string{path}))
	p.until("!" + one(in(pane, "[data-chip]")) + ".hidden")
	p.do(browser.Click(in(pane, `[data-action="send"]`)))
}

// pins shares the middle of a street, as the map has it.
func (p player) pins(pane, street string) {
	p.Helper()
	p.do(browser.Click(in(pane, `[data-action="pin"]`)), browser.Click(fmt.Sprintf(`[data-street=%q]`, street)),
		browser.Click(`[data-map] [data-action="set"]`))
}

// stands waits until these panes are there, in this order.
func (p player) stands(panes string) {
	p.Helper()
	p.until(`[...document.querySelectorAll("[data-pane]")].filter((p) => !p.hidden).map((p) => p.dataset.pane).join(" ") === "` +
		panes + `"`)
}

// closes puts a pane away, which is told.
func (p player) closes(pane string) {
	p.Helper()
	p.do(browser.Click(in(pane, `[data-action="close"]`)))
	p.until(one("[data-announce]") + `.textContent.startsWith("Gesprek gesloten")`)
}

// hasFocus waits until the focus is within a pane.
func (p player) hasFocus(pane string) {
	p.Helper()
	p.until(fmt.Sprintf("document.activeElement.closest(`[data-pane=%q]`)", pane))
}

// van is a photograph of sorts: a white van in a street.
func van() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for _, part := range []struct {
		at     image.Rectangle
		colour color.RGBA
	}{
		{image.Rect(0, 0, 320, 200), color.RGBA{R: 158, G: 190, B: 208, A: 255}},
		{image.Rect(0, 70, 320, 140), color.RGBA{R: 176, G: 120, B: 92, A: 255}},
		{image.Rect(0, 140, 320, 200), color.RGBA{R: 96, G: 102, B: 106, A: 255}},
		{image.Rect(60, 84, 250, 156), color.RGBA{R: 246, G: 248, B: 248, A: 255}},
		{image.Rect(196, 94, 238, 118), color.RGBA{R: 70, G: 92, B: 104, A: 255}},
		{image.Rect(84, 146, 110, 170), color.RGBA{R: 34, G: 36, B: 38, A: 255}},
		{image.Rect(202, 146, 228, 170), color.RGBA{R: 34, G: 36, B: 38, A: 255}},
	} {
		draw.Draw(img, part.at, image.NewUniform(part.colour), image.Point{}, draw.Src)
	}
	return img
}
