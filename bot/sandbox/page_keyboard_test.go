package sandbox_test

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/browser"
	"github.com/buurtbot/buurtbot/locales"
)

// goes presses the tab key until the focus is on what a selector finds, and sees to it that every stop can be seen.
func (v visitor) goes(selector string) {
	v.Helper()
	for range 120 {
		if v.tabs("at.matches(`" + selector + "`)") {
			return
		}
	}
	v.Fatalf("the tab key does not lead to %s", selector)
}

// tabs presses the tab key, sees to it that the stop can be seen, and tells what is asked of the element with the focus, at.
func (v visitor) tabs(asked string) bool {
	v.Helper()
	v.do(browser.Key(kb.Tab))
	stop := browser.Value[[]bool](v.ctx, v, `(() => {
		const at = document.activeElement;
		const ring = [at, at.closest("label"), at.closest(".line")].some((e) => e && parseFloat(getComputedStyle(e).outlineWidth) >= 2
			&& getComputedStyle(e).outlineStyle !== "none");
		return [`+asked+`, at === document.body || ring];
	})()`)
	if !stop[1] {
		v.Fatalf("the focus cannot be seen on %s", v.text(`document.activeElement.outerHTML.slice(0, 200)`))
	}
	return stop[0]
}

// everywhere goes once round the page with the tab key, at the width of a desk and of a phone, and sees to it that it comes to
// everything that can be pressed or written in. Of radio buttons it comes to the one that is chosen; arrows lead to the others.
func everywhere(v visitor) {
	v.story()
	for _, width := range []int64{1440, 390} {
		v.do(chromedp.EmulateViewport(width, 900))
		browser.Value[int](v.ctx, v, `(document.activeElement.blur(), window.reached = new Set(), 0)`)
		for round := false; !round; {
			round = v.tabs(`(() => { const old = reached.has(at); reached.add(at); return old; })()`)
		}
		missed := browser.Value[[]string](v.ctx, v, `[...document.querySelectorAll(
			"a[href], button, textarea, select, input, summary, [tabindex='0']")].filter((e) =>
			!e.disabled && e.checkVisibility({ visibilityProperty: true }) && !reached.has(e) && !(e.type === "radio" &&
			[...reached].some((r) => r.name === e.name))).map((e) => e.outerHTML.slice(0, 200))`)
		for _, e := range missed {
			v.Errorf("at %d pixels the tab key does not come to %s", width, e)
		}
		if stops := browser.Value[int](v.ctx, v, `reached.size`); stops < 20 {
			v.Errorf("at %d pixels it comes to %d things only", width, stops)
		}
	}
}

// byKeyboard plays a report, its card and a place without a mouse.
func byKeyboard(v visitor) {
	v.goes(".skip")
	v.do(browser.Key(kb.Enter))
	v.goes(in("ana", "textarea"))
	v.do(browser.Key("Er staat een bus" + kb.Enter))
	v.says("desk", "KAS-7F3K")
	v.goes(in("ana", `[data-action="pin"]`))
	v.do(browser.Key(kb.Enter))
	v.until(`document.querySelector("[data-map]").open && document.activeElement.matches("[data-ground]")`)
	near := v.text(`document.querySelector("[data-near]").textContent`)
	for range 12 {
		v.do(browser.Key(kb.ArrowUp))
	}
	if moved := v.text(`document.querySelector("[data-near]").textContent`); moved == near || moved == "" {
		v.Errorf("the arrow keys lead from %q to %q", near, moved)
	}
	v.do(browser.Key(kb.Enter))
	v.says("ana", "Die plek heb ik")
	v.until(`document.activeElement.matches('` + in("ana", "textarea") + `')`)
	v.goes(in("desk", `[data-choice="take"]`))
	v.shot("desk-focus")
	v.do(browser.Key(" "))
	v.says("desk", "Opgepakt door Rachid")
	v.until(`document.activeElement.closest('` + in("desk", "[data-message]") + `')`)
	v.goes(in("desk", `[data-speaker="rachid"]`))
	v.do(browser.Key(kb.ArrowRight))
	v.until(`document.querySelector('` + in("desk", `[data-speaker="wim"]`) + `').checked`)
	v.do(browser.Key(kb.Tab + "Ik ga kijken" + kb.Enter))
	v.until(`document.querySelector('` + in("desk", `[data-from="wim"]`) + `')`)
}

// breaking loses the connection while things happen; each of them shows once.
func breaking(v visitor) {
	v.do(browser.Type(in("ana", "textarea"), "nog niet verstuurd"))
	for n := range 20 {
		v.other.post("ana", "Bericht "+strconv.Itoa(n))
		if n%5 == 0 {
			v.cut()
		}
	}
	v.says("ana", "Bericht 19")
	v.until(`document.body.dataset.live === "on"`)
	if n := v.count(in("ana", "[data-message]")); n != 20 {
		v.Errorf("%d messages are there", n)
	}
	if left := v.text(`document.querySelector('` + in("ana", "textarea") + `').value`); left != "nog niet verstuurd" {
		v.Errorf("the box has %q", left)
	}
}

// outliving stops the program and starts it again with its journal.
func outliving(ctx context.Context, t *testing.T) {
	t.Parallel()
	c := kept(t)
	first := open(t, c)
	post(t, first, "ana", "Een", []bot.Choice{{Key: "yes", Label: "Ja"}})
	address, stop := listen(t, "127.0.0.1:0", first.Handler(must(locales.Load()).Text))
	browser.Do(ctx, t, chromedp.Navigate("http://"+address+"/?lang=nl"))
	browser.Until(ctx, t, `document.body.dataset.live === "on"`)
	browser.Do(ctx, t, browser.Type(in("ana", "textarea"), "half"), chromedp.Focus(chromedp.CSS(in("ana", "[data-choice]"))))
	check(t, first.Close())
	stop()
	browser.Until(ctx, t, `!document.querySelector("[data-offline]").hidden`)
	browser.Shot(ctx, t, "desk-offline")
	browser.Audit(ctx, t)
	browser.Do(ctx, t, browser.Type(in("joris", "textarea"), "hoort iemand mij"+kb.Enter))
	browser.Until(ctx, t, `document.querySelector('`+in("joris", ".toast.bad")+`')`)
	browser.Until(ctx, t, `document.querySelector('`+in("joris", "textarea")+`').value === "hoort iemand mij"`)
	browser.Do(ctx, t, chromedp.Focus(chromedp.CSS(in("ana", "[data-choice]"))))

	c.Now = func() time.Time { return noon.Add(time.Minute) }
	second := open(t, c)
	post(t, second, "ana", "Twee")
	_, stop = listen(t, address, second.Handler(must(locales.Load()).Text))
	t.Cleanup(stop)
	t.Cleanup(func() { _ = second.Close() })
	browser.Until(ctx, t, `document.querySelectorAll('`+in("ana", "[data-message]")+`').length === 2`)
	browser.Until(ctx, t, `document.querySelector("[data-offline]").hidden`)
	if kept := browser.Value[string](ctx, t, `document.querySelector('`+in("ana", "textarea")+`').value`); kept != "half" {
		t.Errorf("the box has %q", kept)
	}
	if focus := browser.Value[string](ctx, t, `document.activeElement.dataset.choice ?? ""`); focus != "yes" {
		t.Errorf("the focus is on %q", focus)
	}
	post(t, second, "ana", "Drie")
	browser.Until(ctx, t, `document.querySelectorAll('`+in("ana", "[data-message]")+`').length === 3`)
}

// listen serves at an address until stop is called.
func listen(t *testing.T, address string, h http.Handler) (at string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	check(t, err)
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // ends with the server
	}()
	return l.Addr().String(), func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
		_ = server.Close()
		<-done
	}
}
