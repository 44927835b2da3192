package sandbox_test

import (
	"context"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/buurtbot/buurtbot/bot/platformtest/browser"
)

// visit opens the page of the example town with somebody who answers, in Dutch.
func visit(t *testing.T) (context.Context, *counterpart) {
	t.Helper()
	ctx := browser.Start(t)
	box := open(t, town())
	c := answerAll(t, box)
	browser.Do(t, ctx, chromedp.Navigate(serve(t, box).URL+"/?lang=nl"))
	browser.Until(t, ctx, `document.body.dataset.live === "on"`)
	return ctx, c
}

// in is the selector of something in a pane.
func in(pane, selector string) string { return `[data-pane="` + pane + `"] ` + selector }

// says waits until a pane shows words.
func says(t *testing.T, ctx context.Context, pane, words string) {
	t.Helper()
	browser.Until(t, ctx, `document.querySelector('`+in(pane, "[data-log]")+`').textContent.includes(`+"`"+words+"`"+`)`)
}

func TestPlayOnADesk(t *testing.T) {
	ctx, _ := visit(t)
	browser.Shot(t, ctx, "desk-empty")
	browser.Do(t, ctx, browser.Click(in("joris", `[data-action="start"]`)))
	says(t, ctx, "joris", "Wat is er aan de hand?")
	browser.Do(t, ctx, browser.Type(in("ana", "textarea"), "Een witte bus rijdt steeds langzaam door de Kastanjelaan.\r"))
	says(t, ctx, "desk", "witte bus")
	browser.Do(t, ctx, browser.Click(in("desk", `[data-choice="take"]`)))
	says(t, ctx, "desk", "Opgepakt door Rachid")
	photo := filepath.Join(t.TempDir(), "bus.png")
	check(t, os.WriteFile(photo, picture(320, 200, color.RGBA{R: 90, G: 140, B: 160, A: 255}), 0o600))
	browser.Do(t, ctx, chromedp.SetUploadFiles(chromedp.CSS(in("ana", "input[type=file]")), []string{photo}))
	browser.Shot(t, ctx, "desk-photo")
	browser.Do(t, ctx, browser.Type(in("ana", "textarea"), "Dit is de bus\r"))
	says(t, ctx, "ana", "De foto is bewaard")
	browser.Do(t, ctx, browser.Click(in("ana", `[data-action="pin"]`)))
	browser.Shot(t, ctx, "desk-map")
	browser.Do(t, ctx, browser.Click(`[data-street="Meidoornpad"]`), browser.Click(`[data-action="set"]`))
	says(t, ctx, "ana", "Die plek heb ik")
	browser.Shot(t, ctx, "desk")
	browser.Audit(t, ctx)
}
