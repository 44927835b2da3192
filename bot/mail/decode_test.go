package mail_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/quick"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/mail"
)

func offline(t *testing.T) *mail.Mail {
	return started(t, mail.Config{From: "BIN De Vlier <" + us + ">", Plus: true})
}

func reply(body string) bot.Update {
	return bot.Update{From: bot.UserRef{Platform: mail.Name, ID: partner}, Event: bot.Reply{Token: token, Body: body}}
}

func TestTheFirstParagraphIsTheAnswer(t *testing.T) {
	m := offline(t)
	for name, c := range map[string]struct{ text, want string }{
		"one line":        {"aangenomen", "aangenomen"},
		"number":          {"1\n", "1"},
		"greeting":        {"Beste mensen,\n\nklaar: glas is opgeruimd.\n\nJan", "klaar: glas is opgeruimd."},
		"wrapped":         {"klaar: het glas is\nopgeruimd\n\nen nog iets", "klaar: het glas is opgeruimd"},
		"closing":         {"klaar\nMet vriendelijke groet,\nJan de Vries", "klaar"},
		"signature":       {"klaar\n-- \nJan de Vries", "klaar"},
		"quoted":          {"> 1. Opgepakt\n> 2. Klaar\n\nterug: niet van ons", "terug: niet van ons"},
		"gmail":           {"gepland 3 december\n\nOp di 1 dec 2026 om 10:00 schreef BIN <bin@vlier.example>:\n> klaar", "gepland 3 december"},
		"gmail wrapped":   {"klaar\nOp di 1 dec 2026 om 10:00\nBIN <bin@vlier.example> schreef:\n> x", "klaar"},
		"outlook":         {"klaar\n________________________________\nVan: BIN\nVerzonden: dinsdag", "klaar"},
		"outlook headers": {"klaar\nVan: BIN De Vlier\nOnderwerp: x", "klaar"},
		"english":         {"done: swept\n\nOn Tue, 1 Dec 2026 BIN wrote:\n> x", "done: swept"},
		"nothing":         {"\n\n", "?"},
		"only quoted":     {"> klaar", "?"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := decode(t, m, answering(c.text)); got != reply(c.want) {
				t.Errorf("got %+v, want %q", got, c.want)
			}
		})
	}
}

func TestWhatIsNoPlainTextIsRead(t *testing.T) {
	m := offline(t)
	mixed := "Content-Type: multipart/mixed; boundary=b"
	for name, c := range map[string]struct {
		text string
		more []string
		want string
	}{
		"html only": {
			"<html><head><style>p{}</style></head><body><p>Beste,</p><p>klaar: <b>glas</b> weg</p>" +
				"<blockquote>terug: nee</blockquote></body></html>", []string{"Content-Type: text/html; charset=utf-8"}, "klaar: glas weg",
		},
		"alternative": {
			"--b\nContent-Type: text/plain\n\nklaar\n--b\nContent-Type: text/html\n\n<p>terug</p>\n--b--",
			[]string{"Content-Type: multipart/alternative; boundary=b"},
			"klaar",
		},
		"attachment first": {
			"--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nterug\n" +
				"--b\nContent-Type: text/plain\n\nklaar\n--b--", []string{mixed}, "klaar",
		},
		"only an attachment": {
			"--b\nContent-Type: image/jpeg\nContent-Disposition: attachment\n\nxxxx\n--b--", []string{mixed}, "?",
		},
		"latin 1": {
			"terug: niet geïnstalleerd",
			[]string{"Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: base64"},
			"terug: cafÃ©",
		},
		"quoted printable": {
			"klaar: caf=C3=A9 gesproken",
			[]string{"Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"},
			"klaar: café gesproken",
		},
		"windows 1252": {
			"klaar: =93glas=94 weg",
			[]string{"Content-Type: text/plain; charset=windows-1252", "Content-Transfer-Encoding: quoted-printable"},
			"klaar: “glas” weg",
		},
		"utf 16": {
			base64Of("k\x00l\x00a\x00a\x00r\x00"), []string{"Content-Type: text/plain; charset=utf-16le", "Content-Transfer-Encoding: base64"}, "klaar",
		},
		"no charset that there is": {
			"klaar", []string{"Content-Type: text/plain; charset=x-klingon"}, "klaar",
		},
		"cut off in the middle": {
			"--b\nContent-Type: text/plain\n\nklaar\n--b\nContent-Type: image/jpeg\n\nAAAA", []string{mixed}, "klaar",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "latin 1" {
				c.text = base64Of("terug: caf\xc3\xa9") // the bytes of UTF-8, said to be Latin 1
			}
			if got := decode(t, m, answering(c.text, c.more...)); got != reply(c.want) {
				t.Errorf("got %+v, want %q", got, c.want)
			}
		})
	}
}

func TestACodeIsFoundWhereverItCameBack(t *testing.T) {
	m := offline(t)
	for name, raw := range map[string]string{
		"address":        answering("klaar"),
		"capitals":       written(partner, "BIN+"+strings.ToUpper(code)+"@VLIER.example", "klaar"),
		"envelope":       written(partner, "BIN <bin@vlier.example>", "klaar", "Delivered-To: bin+"+code+"@vlier.example"),
		"one of several": written(partner, "x@y.example, BIN <bin+"+code+"@vlier.example>", "klaar"),
		"quoted words":   written(partner, us, "klaar\n\n> iets\n> [bb:"+code+"]"),
		"subject":        strings.Replace(written(partner, us, "klaar"), "KAS-7F3K", "KAS-7F3K [bb:"+code+"]", 1),
	} {
		if got := decode(t, m, raw); got != reply("klaar") {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestMailWithoutARightCodeIsNobodys(t *testing.T) {
	m := offline(t)
	want := bot.Update{From: bot.UserRef{Platform: mail.Name, ID: partner}, Event: bot.Reply{Body: "klaar"}}
	for name, to := range map[string]string{
		"none": us, "too short": "bin+abc@vlier.example", "not canonical": "bin+" + code[:25] + "5@vlier.example",
		"of somebody else": "jan+" + code + "@vlier.example", "elsewhere": "bin+" + code + "@evil.example",
	} {
		if got := decode(t, m, written(partner, to, "klaar")); got != want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestMachinesAreNotHeard(t *testing.T) {
	m := offline(t)
	for _, header := range []string{
		"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; x=y", "Precedence: bulk", "Precedence: auto_reply",
		"X-Auto-Response-Suppress: All", "List-Id: <x.example>", "Return-Path: <>", "X-Autoreply: yes",
		"Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
	} {
		if got := decode(t, m, answering("klaar", header)); !got.Empty() {
			t.Errorf("%s: got %+v", header, got)
		}
	}
	if got := decode(t, m, answering("klaar", "Auto-Submitted: no", "Return-Path: <jan@gemeente.example>")); got != reply("klaar") {
		t.Errorf("a person: got %+v", got)
	}
	for _, from := range []string{us, "bin+x@vlier.example", "MAILER-DAEMON@gemeente.example", "noreply@gemeente.example"} {
		if got := decode(t, m, written(from, "bin+"+code+"@vlier.example", "klaar")); !got.Empty() {
			t.Errorf("%s: got %+v", from, got)
		}
	}
}

func TestASenderIsOneAddress(t *testing.T) {
	m := offline(t)
	for _, from := range []string{
		"", "jan", "jan@localhost", partner + ", x@y.example", "<>", partner + "\nFrom: x@y.example", "undisclosed:;",
	} {
		if got := decode(t, m, written(from, "bin+"+code+"@vlier.example", "klaar")); !got.Empty() {
			t.Errorf("%q: got %+v", from, got)
		}
	}
	named := written("\"Jan (gemeente) <x>\" <Meldpunt@Gemeente.example>", "bin+"+code+"@vlier.example", "klaar")
	if got := decode(t, m, named); got != reply("klaar") {
		t.Errorf("got %+v", got)
	}
}

func TestOnlyTheServerThatIsTrustedSaysWhoIsGenuine(t *testing.T) {
	const trusted = "mx.vlier.example"
	m := started(t, mail.Config{From: us, Plus: true, Trust: trusted})
	results := func(s string) string { return "Authentication-Results: " + s }
	for name, c := range map[string]struct {
		more []string
		want bool
	}{
		"dmarc":              {[]string{results(trusted + "; dmarc=pass header.from=gemeente.example")}, true},
		"dmarc of another":   {[]string{results(trusted + "; dmarc=pass header.from=evil.example")}, false},
		"dmarc failed":       {[]string{results(trusted + "; spf=pass smtp.mailfrom=gemeente.example; dmarc=fail header.from=gemeente.example")}, false},
		"spf":                {[]string{results(trusted + "; spf=pass smtp.mailfrom=jan@gemeente.example")}, true},
		"spf of another":     {[]string{results(trusted + "; spf=pass smtp.mailfrom=evil.example")}, false},
		"dkim":               {[]string{results(trusted + "; dkim=pass header.d=gemeente.example")}, true},
		"dkim of another":    {[]string{results(trusted + "; dkim=pass header.d=evil.example")}, false},
		"no results":         {nil, false},
		"none":               {[]string{results(trusted + "; none")}, false},
		"another server":     {[]string{results("mx.evil.example; dmarc=pass header.from=gemeente.example")}, false},
		"one slipped under":  {[]string{results(trusted + "; dmarc=fail header.from=gemeente.example"), results(trusted + "; dmarc=pass header.from=gemeente.example")}, false},
		"one above, foreign": {[]string{results("mx.evil.example; dmarc=fail"), results(trusted + "; dmarc=pass header.from=gemeente.example")}, true},
	} {
		if got := !decode(t, m, answering("klaar", c.more...)).Empty(); got != c.want {
			t.Errorf("%s: heard: %v", name, got)
		}
	}
}

const bounce = "--b\nContent-Type: text/plain\n\nSorry\n--b\nContent-Type: message/delivery-status\n\n" +
	"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; x@y\nAction: %s\nStatus: 5.1.1\n--b--"

func TestABounceTellsWhichLetterDidNotArrive(t *testing.T) {
	m := offline(t)
	kind := "Content-Type: multipart/report; report-type=delivery-status; boundary=b"
	from := "Mail Delivery <mailer-daemon@mx.example>"
	failed := written(from, "bin+"+code+"@vlier.example", strings.Replace(bounce, "%s", "failed", 1), kind, "Return-Path: <>")
	want := bot.Bounced{Token: token}
	if got := decode(t, m, failed); got.Event != want {
		t.Errorf("got %+v", got)
	}
	late := written(from, "bin+"+code+"@vlier.example", strings.Replace(bounce, "%s", "delayed", 1), kind, "Return-Path: <>")
	if got := decode(t, m, late); !got.Empty() {
		t.Errorf("delayed: got %+v", got)
	}
	codeless := written(from, us, strings.Replace(bounce, "%s", "failed", 1)+"\n[bb:"+code+"]", kind, "Return-Path: <>")
	if got := decode(t, m, codeless); !got.Empty() {
		t.Errorf("codeless: got %+v", got)
	}
}

func TestWhoeverSharesTheDomainSpeaksForTheDesk(t *testing.T) {
	m := offline(t)
	at := func(address string) bot.ChatRef {
		return bot.ChatRef{Platform: mail.Name, ID: address, Kind: bot.Group}
	}
	by := func(address string) bot.UserRef { return bot.UserRef{Platform: mail.Name, ID: address} }
	for _, c := range []struct {
		desk, from string
		want       bool
	}{
		{partner, partner, true},
		{partner, "jan@gemeente.example", true},
		{partner, "jan@evil.example", false},
		{partner, "jan@gemeente.example.evil.example", false},
		{partner, "jan@xgemeente.example", false},
		{"wijkagent@gmail.com", "wijkagent@gmail.com", true},
		{"wijkagent@gmail.com", "iemand@gmail.com", false},
	} {
		if got := m.Speaks(at(c.desk), by(c.from)); got != c.want {
			t.Errorf("%s for %s: %v", c.from, c.desk, got)
		}
	}
	if m.Speaks(bot.ChatRef{Platform: "matrix", ID: partner}, by(partner)) {
		t.Error("a chat elsewhere has no mail")
	}
}

func TestNoBytesTakeTheReaderDown(t *testing.T) {
	m := offline(t)
	whole := []byte(strings.ReplaceAll(answering("klaar", "Content-Type: multipart/mixed; boundary=b"), "\n", "\r\n"))
	never := func(junk []byte, at uint16) bool {
		i := int(at) % len(whole)
		for _, raw := range [][]byte{junk, append(bytes.Clone(whole[:i]), junk...), append(bytes.Clone(junk), whole[i:]...)} {
			if _, err := m.Decode(raw); err != nil {
				return false
			}
		}
		return true
	}
	if err := quick.Check(never, &quick.Config{MaxCount: 300}); err != nil {
		t.Error(err)
	}
}
