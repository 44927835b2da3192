package sandbox_test

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/browser"
)

// following opens the private chat of the one who speaks, which was not to be seen before.
func following(v visitor) {
	v.writes("ana", "een")
	v.says("desk", "Vraag de melder")
	if v.count(`[data-tab="wim"][hidden]`) != 1 {
		v.Error("Wim's chat is there before anything stands in it")
	}
	v.do(browser.Click(in("desk", `[data-speaker="wim"]`)), browser.Click(in("desk", "[data-link]")))
	v.says("wim", "Hoi Wim!")
	v.until(`document.activeElement.closest('[data-pane="wim"]')`)
	v.hears("Gesprek geopend: Wim")
	v.audit()
	if e, _ := last[bot.Command](v.other); e.Name != "start" || e.Args != "ask-1" {
		v.Errorf("heard %+v", e)
	}
}

// comingAndGoing has a private chat come when something is said there, and go when it is closed, and keeps the focus and
// those who listen in the picture.
func comingAndGoing(v visitor) {
	v.do(browser.Prefer("prefers-reduced-motion", "reduce")) // what is pressed must not be gliding into sight
	v.do(browser.Type(in("ana", "textarea"), "half"))
	v.other.post("rachid", "Alleen voor jou")
	v.until(`!document.querySelector('[data-pane="rachid"]').hidden && !document.querySelector('[data-tab="rachid"]').hidden`)
	v.hears("Gesprek geopend: Rachid")
	if row := v.text(`[...document.querySelectorAll("[data-pane]:not([hidden])")].map((p) => p.dataset.pane).join()`); row !=
		"ana,joris,desk,rachid,bureau,kastanje" {
		v.Errorf("the panes are %s", row)
	}
	v.until(`document.activeElement.matches('` + in("ana", "textarea") + `')`)
	v.shot("desk-six")
	v.audit()
	v.goes(in("rachid", `[data-action="close"]`))
	v.do(browser.Key(kb.Enter))
	v.hears("Gesprek gesloten: Rachid")
	v.until(`document.querySelector('[data-pane="rachid"]').hidden && document.querySelector('[data-tab="rachid"]').hidden`)
	v.until(`document.activeElement.matches('` + in("ana", "textarea") + `')`)
	v.do(chromedp.Reload())
	v.until(`document.body.dataset.live === "on" && document.querySelectorAll('` + in("rachid", "[data-message]") + `').length === 1`)
	v.until(`document.querySelector('[data-pane="rachid"]').hidden`)
	v.do(browser.Click(in("desk", `[data-speaker="wim"]`)), browser.Click(in("desk", `[data-action="private"]`)))
	v.until(`document.activeElement.closest('[data-pane="wim"]')`)
	v.do(browser.Click(in("wim", `[data-action="close"]`)))
	v.until(`document.activeElement.matches('` + in("desk", `[data-action="private"]`) + `')`)
	v.other.post("rachid", "Nog iets")
	v.says("rachid", "Nog iets")
	v.until(`!document.querySelector('[data-pane="rachid"]').hidden`)
}

// closingOnAPhone always leaves a chat to look at.
func closingOnAPhone(v visitor) {
	v.do(browser.Phone())
	v.other.post("mirjam", "Alleen voor jou")
	v.until(`document.querySelector('[data-tab="mirjam"]').dataset.unread === "1"`)
	v.do(browser.Click(`[data-tab="mirjam"]`))
	v.until(`document.querySelector('[data-pane="mirjam"]').checkVisibility()`)
	v.audit()
	v.do(browser.Click(in("mirjam", `[data-action="close"]`)))
	v.until(`document.activeElement.closest('[data-pane]:not([data-pane="mirjam"])')?.checkVisibility()`)
}

// hears waits until something was read aloud.
func (v visitor) hears(words string) {
	v.Helper()
	v.until(`document.querySelector("[data-announce]").textContent === "` + words + `"`)
}
