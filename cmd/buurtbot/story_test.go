package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/buurtbot/buurtbot/bot/platformtest/browser"
)

// TestTheWholeStoryOnThePage plays the whole job in the real program, from a newcomer's sign-up to the outcome of an alert
// that their report led to, as somebody would who opened the page for the first time. With a folder in BUURTBOT_SHOTS it
// keeps pictures there; the one in the README is story-desk-light.
func TestTheWholeStoryOnThePage(t *testing.T) {
	p := player{t, browser.Start(t)}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	p.do(browser.Prefer("prefers-reduced-motion", "reduce")) // so that what is pressed stands still
	p.do(chromedp.Navigate(openAt(t, time.Date(2026, 11, 28, 20, 15, 0, 0, zone)) + "/?lang=nl"))
	p.until(`document.body.dataset.live === "on"`)
	p.stands("ana joris desk bureau kastanje")
	p.do(browser.Click("[data-dismiss]"))
	p.joins()
	p.tells()
	p.reports()
	p.triages()
	p.warns()
	p.corrects()
	p.ends()
	p.looksBack()
	p.keepsNames()
	p.isFineForEverybody()
}

// joins is the sign-up of a newcomer, who is in danger on the way.
func (p player) joins() {
	p.do(browser.Click(in("joris", `[data-action="start"]`)))
	p.reads("joris", "Welkom bij BIN De Vlier", "Huisregels", "Privacy")
	p.presses("joris", "Ja, ik doe mee")
	p.reads("joris", "18 jaar of ouder")
	p.writes("joris", "help, er is brand hiernaast!!")
	p.reads("joris", "Bel nu 112")
	p.presses("joris", "Ja")
	p.reads("joris", "In welke straat woon je?")
	p.presses("joris", "Kastanjelaan")
	p.reads("joris", "Hoe mogen de coördinatoren je noemen?")
	p.writes("joris", "Joris")
	p.reads("joris", "ligt nu bij de coördinatoren")
	p.reads("desk", "Nieuwe aanvraag", "Naam: Joris", "Straat: Kastanjelaan")
	p.presses("desk", "Toelaten")
	p.reads("desk", "Joris doet mee", "Toegelaten door Rachid")
	p.shows("joris", "Welkom, je doet mee met BIN De Vlier")
	p.shows("joris", "Heb je gebeld?") // what a guest told waits for the member
	p.presses("joris", "Stoppen")
	p.reads("joris", "Wil je stoppen?")
	p.presses("joris", "Stoppen en wissen")
	p.reads("joris", "estopt")
}

// tells is a small report of somebody who is a member already.
func (p player) tells() {
	p.writes("ana", "De lantaarn in de Kastanjestraat is kapot")
	p.shows("ana", "Ik begrijp: Iets is kapot op straat · Kastanjestraat")
	p.reads("ana", "Wanneer was het?")
	p.presses("ana", "Eerder")
	p.reads("ana", "Heb je foto’s?")
	p.presses("ana", "Overslaan")
	p.reads("ana", "Klopt het zo?", "Waar: Kastanjestraat")
	p.presses("ana", "Versturen")
	p.reads("ana", "Dit is melding KAS-")
	p.reads("desk", "Iets is kapot op straat", "Kastanjestraat (Kastanje)", "lantaarn", "Nu: ontvangen")
}

// reports is a report with everything: words, its kind, a place on the map, a photo.
func (p player) reports() {
	p.writes("joris", "Een witte bus rijdt stapvoets heen en weer en stopt bij elk huis")
	p.shows("joris", "Ik begrijp: Verdacht voertuig")
	p.reads("joris", "Waar is het?")
	p.pins("joris", "Kastanjelaan")
	p.reads("joris", "Wanneer was het?")
	p.presses("joris", "Vandaag")
	p.reads("joris", "Wat is het kenteken?", "Alleen de politie krijgt het")
	p.presses("joris", "Genoeg zo")
	p.reads("joris", "Hoe weet je dit?")
	p.presses("joris", "Zelf gezien")
	p.reads("joris", "Klopt het zo?", "Verdacht voertuig", "Waar: Kastanjelaan", "zelf gezien")
	p.presses("joris", "Wijzigen of aanvullen")
	p.presses("joris", "Iets toevoegen")
	p.sends("joris", van())
	p.reads("joris", "Staat iemand of een kenteken herkenbaar op een foto?")
	p.presses("joris", "Nee")
	p.reads("joris", "Klopt het zo?", "Verdacht voertuig", "1 foto")
	p.presses("joris", "Versturen")
	p.reads("joris", "Dit is melding KAS-")
	p.reads("desk", "Verdacht voertuig", "Kastanjelaan (Kastanje)", "witte bus", "Nu: ontvangen")
}

// triages is what the coordinators do: take the case, ask the reporter, hand it to the police.
func (p player) triages() {
	p.presses("desk", "Opgepakt")
	p.reads("desk", "Nu: in beoordeling (Rachid)")
	p.reads("joris", "een coördinator kijkt ernaar")
	p.presses("desk", "Vraag stellen")
	p.hasFocus("rachid")
	p.reads("rachid", "Wat wil je de melder van KAS-", "De melder ziet niet wie je bent.")
	p.writes("rachid", "Staat er iets op de bus?")
	p.reads("rachid", "is verstuurd")
	p.reads("desk", "Vraag: Staat er iets op de bus?", "Nu: vraag aan de melder (Rachid)")
	p.reads("joris", "Een vraag over je melding", "Staat er iets op de bus?")
	p.writes("joris", "Ja, De Snelle Loodgieter")
	p.reads("desk", "De Snelle Loodgieter")
	p.presses("desk", "Doorzetten ▸ politie")
	p.reads("desk", "Doorgezet: Politie")
	p.shows("joris", "doorgezet naar de politie") // one message a day, kept up to date
	p.shows("bureau", "Doorgezet: Politie", "De Snelle Loodgieter")
}

// warns is the officer's alert about the case.
func (p player) warns() {
	p.presses("bureau", "Opgepakt")
	p.reads("bureau", "Mirjam")
	p.presses("bureau", "Alarm maken")
	p.hasFocus("mirjam")
	p.reads("mirjam", "Wanneer is of was het?")
	p.presses("mirjam", "Een kwartier geleden")
	p.reads("mirjam", "Zo gaat het eruit:", "Wanneer:", "Verdacht voertuig, Kastanjelaan.", "Gaat meteen naar 1 straatgroep.", "1 straatgroep niet: ander gebied.")
	p.presses("mirjam", "Tekst wijzigen")
	p.reads("mirjam", "Typ hoe het moet worden.")
	p.writes("mirjam", "In de Kastanjelaan rijdt een witte bus stapvoets heen en weer. De bestuurder kijkt bij voordeuren naar binnen.")
	p.reads("mirjam", "De bestuurder kijkt bij voordeuren naar binnen.")
	p.presses("mirjam", "Versturen")
	p.reads("mirjam", "Weet je het zeker?")
	p.presses("mirjam", "Ja, versturen")
	p.reads("kastanje", "POLITIE", "witte bus", "Bel 112")
	p.shows("bureau", "Verstuurd door Mirjam", "bezorgd")
	p.shows("joris", "de politie heeft de buurt gewaarschuwd")
}

// corrects is a correction, which reaches whom the alert reached.
func (p player) corrects() {
	p.presses("mirjam", "Corrigeren")
	p.reads("mirjam", "Typ de hele tekst zoals die moet zijn")
	p.writes("mirjam", "In de Kastanjelaan rijdt een grijze bus stapvoets heen en weer. De bestuurder kijkt bij voordeuren naar binnen.")
	p.reads("mirjam", "Wie het bericht heeft, krijgt dit:", "Correctie.", "grijze bus")
	p.presses("mirjam", "Correctie versturen")
	p.reads("kastanje", "Correctie van bericht", "grijze bus")
	p.shows("bureau", "Gecorrigeerd.")
}

// ends is the outcome, and what the street and the reporter hear of it.
func (p player) ends() {
	p.presses("bureau", "Afloop melden")
	p.reads("mirjam", "Hoe liep het af?")
	p.presses("mirjam", "Onschuldige verklaring")
	p.reads("mirjam", "Wil je er iets bij zeggen?")
	p.writes("mirjam", "Het was een loodgieter die een huisnummer zocht.")
	p.reads("mirjam", "Zo gaat het eruit:", "Afloop")
	p.presses("mirjam", "Afloop versturen")
	p.reads("kastanje", "Afloop van bericht", "loodgieter")
	p.shows("mirjam", "Afgesloten.", "Afloop: 1 van 1 bezorgd.")
	p.shows("bureau", "Afgesloten.", "Correctie: 1 van 1 bezorgd.", "Afloop: 1 van 1 bezorgd.")
	p.reads("joris", "dit is de afloop van het bericht aan de buurt", "loodgieter")
	p.writes("kastanje", "Fijn dat het meeviel!")
	p.reads("kastanje", "Fijn dat het meeviel!")
	p.presses("bureau", "Afgehandeld")
	p.reads("joris", "is afgehandeld door de politie", "Is het opgelost?")
}

// looksBack is the reporter's list, and the private chats that are closed again.
func (p player) looksBack() {
	p.writes("joris", "/meldingen")
	p.reads("joris", "Verdacht voertuig")
	p.stands("ana joris desk rachid bureau mirjam kastanje")
	p.closes("rachid")
	p.closes("mirjam")
	p.stands("ana joris desk bureau kastanje")
}

// keepsNames sees to it that nobody reads who told, and that the street reads the alert, its correction and its outcome,
// once each.
func (p player) keepsNames() {
	for _, pane := range []string{"bureau", "kastanje", "mirjam", "rachid"} {
		log := browser.Value[string](p.ctx, p, one(in(pane, "[data-log]"))+".textContent")
		if strings.Contains(log, "Joris") {
			p.Errorf("%s reads who told: %s", pane, log)
		}
	}
	got := browser.Value[int](p.ctx, p, "document.querySelectorAll(`"+in("kastanje", `[data-from="bot"]`)+"`).length")
	if got != 3 {
		p.Errorf("the street reads %d messages", got)
	}
}

// isFineForEverybody looks at the page in the light and in the dark, on a desk and on a phone.
func (p player) isFineForEverybody() {
	// What is told for a few seconds only would hide what is looked at.
	browser.Value[int](p.ctx, p, `document.querySelectorAll("[data-toast]").forEach((t) => t.remove()) ?? 0`)
	for _, look := range []struct {
		name, scheme string
		size         browser.Step
	}{
		{"desk-light", "light", browser.Desk()},
		{"desk-dark", "dark", browser.Desk()},
		{"phone-dark", "dark", browser.Phone()},
		{"phone-light", "light", browser.Phone()},
	} {
		p.do(look.size, browser.Prefer("prefers-color-scheme", look.scheme))
		browser.Shot(p.ctx, p, "story-"+look.name)
		browser.Audit(p.ctx, p)
	}
}
