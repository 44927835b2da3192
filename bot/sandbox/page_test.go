package sandbox_test

import (
	"context"
	"image/color"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/browser"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// visitor is somebody who looks at the page of the example town, with somebody who answers.
type visitor struct {
	*testing.T
	ctx   context.Context
	other *counterpart
	box   *sandbox.Sandbox
	cut   func() // every connection of the page
}

func TestPage(t *testing.T) {
	ctx := browser.Start(t)
	for name, looks := range map[string][]func(v visitor){ // what goes together is seen on one page, which takes a second to make
		"desk": {onADesk}, "phone": {onAPhone}, "narrow": {onANarrowPhone}, "dark": {inTheDark}, "keyboard": {byKeyboard}, "round": {everywhere},
		"typing": {typing}, "pressing": {pressing}, "editing": {editing}, "photos, complaints": {photos, complaining},
		"map": {pinning}, "quiet, links": {comingAndGoing, following}, "unread, closing on a phone": {missing, closingOnAPhone},
		"unbroken": {breaking}, "calm, aloud, time": {calm, aloud, passing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // much of it is waiting
			box := open(t, town())
			server := serve(t, box)
			v := visitor{t, browser.Another(ctx, t), answerAll(t, box), box, server.CloseClientConnections}
			v.visit(server.URL)
			for _, look := range looks {
				look(v)
			}
		})
	}
	t.Run("program that stops", func(t *testing.T) { outliving(browser.Another(ctx, t), t) })
}

func (v visitor) visit(url string) {
	v.Helper()
	v.do(chromedp.Navigate(url + "/?lang=nl"))
	v.until(`document.body.dataset.live === "on"`)
}

func (v visitor) do(steps ...browser.Step) { v.Helper(); browser.Do(v.ctx, v, steps...) }
func (v visitor) until(expression string)  { v.Helper(); browser.Until(v.ctx, v, expression) }
func (v visitor) shot(name string)         { v.Helper(); browser.Shot(v.ctx, v, name) }
func (v visitor) audit()                   { v.Helper(); browser.Audit(v.ctx, v) }
func (v visitor) count(selector string) int {
	v.Helper()
	return browser.Value[int](v.ctx, v, `document.querySelectorAll('`+selector+`').length`)
}

func (v visitor) text(expression string) string {
	v.Helper()
	return browser.Value[string](v.ctx, v, expression)
}

// in is the selector of something in a pane.
func in(pane, selector string) string { return `[data-pane="` + pane + `"] ` + selector }

// says waits until a pane shows words.
func (v visitor) says(pane, words string) {
	v.Helper()
	v.until(`document.querySelector('` + in(pane, "[data-log]") + "').textContent.includes(`" + words + "`)")
}

// writes types words in a pane and sends them with the enter key.
func (v visitor) writes(pane, words string) {
	v.Helper()
	v.do(browser.Type(in(pane, "textarea"), words+kb.Enter))
}

func (v visitor) file(picture []byte) string {
	v.Helper()
	path := filepath.Join(v.TempDir(), strconv.Itoa(len(picture))+".png")
	check(v, os.WriteFile(path, picture, 0o600))
	return path
}

func (v visitor) choosesPhotos(pane string, paths ...string) {
	v.Helper()
	v.do(chromedp.SetUploadFiles(chromedp.CSS(in(pane, "input[type=file]")), paths))
	v.until(`[...document.querySelectorAll('` + in(pane, ".chip img") + `')].filter((i) => i.naturalWidth > 0).length === ` +
		strconv.Itoa(len(paths)))
}

// story plays what is looked at: a newcomer, a report, a card that is taken.
func (v visitor) story() {
	v.Helper()
	v.do(browser.Click(in("joris", `[data-action="start"]`)))
	v.says("joris", "Wat is er aan de hand?")
	v.choosesPhotos("ana", v.file(van()))
	v.writes("ana", "Deze bus")
	v.says("ana", "De foto is bewaard")
	v.writes("ana", "Een witte bus rijdt steeds langzaam door onze straat.")
	v.says("desk", "witte bus")
	v.do(browser.Click(in("desk", `[data-choice="take"]`)))
	v.says("desk", "Opgepakt door Rachid")
	v.other.post("kastanje", "<b>BIN-alarm KAS-7F3K</b>\nLet op een witte bus in de Kastanjelaan. Ga er niet zelf op af. Bel <b>112</b>.")
	v.says("kastanje", "BIN-alarm")
}

func onADesk(v visitor) {
	v.shot("desk-start")
	v.audit()
	v.story()
	v.until(`document.querySelectorAll(".toast").length === 1`)
	v.shot("desk")
	v.audit()
	if shown := browser.Value[bool](v.ctx, v, `document.querySelector(".panes").scrollWidth <= innerWidth`); !shown {
		v.Error("the five panes do not stand side by side in 1440 pixels")
	}
}

func inTheDark(v visitor) {
	v.do(browser.Prefer("prefers-color-scheme", "dark"))
	v.story()
	v.audit()
	v.do(browser.Click("[data-dismiss]"), browser.Click(in("ana", `[data-action="pin"]`)))
	v.shot("dark-map")
	v.audit()
	v.do(browser.Click(`[data-map] [data-action="close"]`))
	v.shot("dark")
	if ground := v.text(`getComputedStyle(document.documentElement).backgroundColor`); ground != "rgb(14, 20, 18)" {
		v.Errorf("in the dark the ground is %s", ground)
	}
}

func onAPhone(v visitor) {
	v.do(browser.Phone())
	v.shot("phone-start")
	v.audit()
	v.do(browser.Click("[data-dismiss]"))
	v.writes("ana", "Een witte bus rijdt steeds langzaam door onze straat.")
	v.says("ana", "KAS-7F3K")
	v.shot("phone")
	v.audit()
	if n := browser.Value[int](v.ctx, v, `[...document.querySelectorAll(".pane")].filter((p) => p.checkVisibility()).length`); n != 1 {
		v.Errorf("%d panes show on a phone", n)
	}
	v.until(`document.querySelector('[data-tab="desk"]').dataset.unread === "1"`)
	v.do(browser.Click(`[data-tab="desk"]`))
	v.until(`document.querySelector('` + in("desk", "[data-choice]") + `').checkVisibility()`)
	v.until(`document.querySelector('[data-tab="desk"]').dataset.unread === "0"`)
	v.shot("phone-desk")
	v.audit()
	v.do(browser.Click(in("desk", `[data-action="pin"]`)))
	v.shot("phone-map")
	v.audit()
}

func onANarrowPhone(v visitor) {
	v.do(browser.Narrow())
	v.shot("narrow-start")
	v.audit()
	v.do(browser.Click("[data-dismiss]"))
	v.writes("ana", "Eenheellangwoordzonderspaties"+"enznogeenseenheellangwoordzonderspaties")
	v.says("ana", "KAS-7F3K")
	v.shot("narrow")
	v.audit()
}

func typing(v visitor) {
	v.do(browser.Type(in("ana", "textarea"), "een"), browser.Key(kb.Enter))
	v.says("ana", "KAS-7F3K")
	if left := v.text(`document.querySelector('` + in("ana", "textarea") + `').value`); left != "" {
		v.Errorf("%q stays in the box", left)
	}
	if e, _ := last[bot.Text](v.other); e.Body != "een" {
		v.Errorf("heard %+v", e)
	}
	v.do(browser.Type(in("desk", "textarea"), "twee"), browser.Click(in("desk", `[data-speaker="wim"]`)),
		browser.Click(in("desk", `[data-action="send"]`)))
	v.until(`document.querySelector('` + in("desk", `[data-from="wim"]`) + `')`)
	v.do(browser.Click(in("desk", `[data-message="m2"]`)), browser.Click(in("desk", `[data-message="m2"] [data-action="reply"]`)))
	v.writes("desk", "drie")
	v.until(`document.querySelector('` + in("desk", ".quote") + `')`)
	if e, _ := last[bot.Text](v.other); e.Body != "drie" || e.ReplyTo != "m2" {
		v.Errorf("heard %+v", e)
	}
}

// pressing sees the card change where it stands, and the focus stay on it.
func pressing(v visitor) {
	v.writes("ana", "een")
	v.says("desk", "KAS-7F3K")
	before := v.count(in("desk", "[data-message]"))
	v.do(chromedp.Focus(chromedp.CSS(in("desk", `[data-choice="close"]`))), browser.Key(kb.Enter))
	v.says("desk", "Opgepakt door Rachid")
	if focus := v.text(`document.activeElement.dataset.choice ?? document.activeElement.outerHTML`); focus != "close" {
		v.Errorf("the focus is on %s", focus)
	}
	v.do(browser.Click(in("joris", `[data-action="start"]`)))
	v.says("joris", "Wat is er aan de hand?")
	v.do(chromedp.Focus(chromedp.CSS(in("joris", `[data-choice="theft"]`))), browser.Key(kb.Enter))
	v.says("joris", "Je koos: theft")
	if focus := v.text(`document.activeElement.dataset.from ?? document.activeElement.outerHTML`); focus != "bot" {
		v.Errorf("the button is gone, and the focus is on %s", focus)
	}
	if after := v.count(in("desk", "[data-message]")); after != before {
		v.Errorf("%d messages have become %d", before, after)
	}
	if mark := v.text(`document.querySelector('` + in("desk", "[data-edited] .changed") + `').textContent`); mark != "gewijzigd" {
		v.Errorf("the mark is %q", mark)
	}
	v.until(`document.querySelector('` + in("desk", "[data-toast]") + `').textContent === "Rachid: Genoteerd"`)
}

func editing(v visitor) {
	v.writes("ana", "een witte bus")
	v.says("ana", "KAS-7F3K")
	v.do(browser.Click(in("ana", ".person")), browser.Click(in("ana", `[data-action="edit"]`)))
	v.until(`document.querySelector('` + in("ana", "textarea") + `').value === "een witte bus"`)
	v.shot("desk-edit")
	v.audit()
	v.do(browser.Key("je" + kb.Enter))
	v.says("ana", "Ik lees nu: een witte busje")
	v.until(`document.querySelectorAll('` + in("ana", ".person") + `').length === 1`)
	v.until(`document.querySelector('` + in("ana", ".person[data-edited] [data-body]") + `').textContent === "een witte busje"`)
	v.do(browser.Click(in("ana", ".person")), browser.Click(in("ana", `[data-action="reply"]`)), browser.Key(kb.Escape))
	v.until(`document.querySelector('` + in("ana", "[data-chip]") + `').hidden`)
}

func photos(v visitor) {
	v.choosesPhotos("ana", v.file(picture(300, 200, color.White)), v.file(picture(200, 200, color.Black)))
	v.shot("desk-photos")
	v.audit()
	v.writes("ana", "Twee kanten")
	v.until(`document.querySelectorAll('` + in("ana", ".person img") + `').length === 2`)
	v.until(`[...document.querySelectorAll('` + in("ana", ".person img") + `')].every((i) => i.complete && i.naturalWidth > 0)`)
	v.until(`document.querySelectorAll('` + in("ana", ".bot") + `').length === 2`)
	v.other.mu.Lock()
	defer v.other.mu.Unlock()
	var got []bot.Media
	for _, u := range v.other.heard {
		got = append(got, u.Event.(bot.Media))
	}
	if got[0].Album == "" || got[0].Album != got[1].Album || got[0].Caption != "Twee kanten" || got[1].Caption != "" {
		v.Errorf("heard %+v", got)
	}
}

func pinning(v visitor) {
	v.do(browser.Click(in("ana", `[data-action="pin"]`)), browser.Click(`[data-street="Meidoornpad"]`))
	v.shot("desk-map")
	v.audit()
	v.do(browser.Click(`[data-map] [data-action="set"]`))
	v.says("ana", "Bij: Meidoornpad")
	v.says("ana", "Die plek heb ik: 51.6008, 5.6072")
	v.do(browser.Click(in("ana", `[data-action="pin"]`)), chromedp.MouseClickXY(720, 430))
	near := v.text(`document.querySelector("[data-near]").textContent`)
	v.do(browser.Click(`[data-map] [data-action="close"]`))
	v.until(`!document.querySelector("[data-map]").open`)
	if near == "" || v.count(in("ana", ".pin")) != 1 {
		v.Errorf("near %q, and %d pins", near, v.count(in("ana", ".pin")))
	}
	v.do(browser.Key("x"))
	v.until(`document.querySelector('` + in("ana", "textarea") + `').value === "x"`)
}

func passing(v visitor) {
	v.until(`document.querySelector("[data-clock]").textContent === "vr 27 nov 21:40"`)
	v.do(browser.Click(`[data-pass="hour"]`))
	v.until(`document.querySelector("[data-clock]").textContent === "vr 27 nov 22:40"`)
	v.do(browser.Click(`[data-pass="morning"]`))
	v.until(`document.querySelector("[data-clock]").textContent === "za 28 nov 08:00"`)
	v.until(`document.querySelector("[data-announce]").textContent === "Het is nu za 28 nov 08:00"`)
	if now := v.box.Clock().Now().Format("15:04"); now != "08:00" {
		v.Errorf("it is %s", now)
	}
}

// missing counts what came where nobody looked.
func missing(v visitor) {
	v.do(browser.Phone())
	v.other.post("kastanje", "Eén")
	v.other.post("kastanje", "Twee")
	v.until(`document.querySelector('[data-tab="kastanje"]').dataset.unread === "2"`)
	v.until(`document.title === "(2) Buurtbot – proeftuin"`)
	v.until(`document.querySelector('[data-tab="kastanje"] [data-badge]').textContent.includes("nieuw: 2")`)
	v.do(browser.Click(`[data-tab="kastanje"]`))
	v.until(`document.title === "Buurtbot – proeftuin"`)
	for range 30 {
		v.other.post("kastanje", "Nog een bericht")
	}
	v.until(`document.querySelectorAll('` + in("kastanje", "[data-message]") + `').length === 32`)
	log := `document.querySelector('` + in("kastanje", "[data-log]") + `')`
	browser.Value[int](v.ctx, v, log+`.scrollTop = 0`)
	v.other.post("kastanje", "Het laatste")
	v.do(browser.Click(in("kastanje", `[data-action="newest"]`)))
	v.until(log + `.scrollHeight - ` + log + `.scrollTop - ` + log + `.clientHeight < 40`)
}

func complaining(v visitor) {
	v.do(chromedp.SetUploadFiles(chromedp.CSS(in("ana", "input[type=file]")), []string{v.file([]byte("no picture"))}))
	v.until(`!document.querySelector('` + in("ana", "[data-chip]") + `').hidden`)
	v.writes("ana", "kijk")
	v.until(`document.querySelector('` + in("ana", ".toast.bad") + `')?.textContent.startsWith("Dit is geen foto")`)
	v.until(`document.querySelector('` + in("ana", "textarea") + `').value === "kijk"`)
	v.audit()
}

func calm(v visitor) {
	v.do(browser.Prefer("prefers-reduced-motion", "reduce"))
	v.writes("ana", "een")
	v.says("ana", "KAS-7F3K")
	if moving := browser.Value[int](v.ctx, v, `document.getAnimations().length`); moving != 0 {
		v.Errorf("%d things move", moving)
	}
}

// aloud looks at what a screen reader is given.
func aloud(v visitor) {
	v.writes("ana", "een")
	v.says("desk", "KAS-7F3K")
	found := map[string]bool{}
	for _, n := range browser.Tree(v.ctx, v) {
		found[n.Role+" "+n.Name] = true
	}
	for _, want := range []string{
		"log Gesprek: Ana", "log Gesprek: BINCO De Vlier", "textbox Bericht in Ana", "region Wijkagenten", "button Oppakken",
		"button Vraag de melder", "radio Rachid", "group Je bent", "button Foto sturen", "button Plek delen op de kaart",
		"button Versturen", "button 1 uur verder", "navigation Taal", "link Naar de gesprekken", "heading Buurtbot",
	} {
		if !found[want] {
			v.Errorf("there is no %s", want)
		}
	}
	if live := v.count(`[role="log"][aria-live="polite"]`); live != v.count("[data-pane]") {
		v.Errorf("%d chats are read aloud", live)
	}
}
