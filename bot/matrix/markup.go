package matrix

import (
	"html"
	"strings"

	nethtml "golang.org/x/net/html"
)

// Limits of one event, in bytes. An event may have 64 KiB after encryption, which adds a third.
const (
	textLimit = 8000     // UTF-16 units that a letter should stay below
	bodyLimit = 12 << 10 // of the plain text
	htmlLimit = 20 << 10 // of the marked-up text
)

// marked is a text in the two forms that a Matrix message has.
type marked struct{ html, plain string }

// render turns our tiny HTML into Matrix's: lines end in a tag there, and everything but the four tags is dropped. In
// the plain form a link shows its address after its words.
func render(markup string) marked {
	var out, plain strings.Builder
	link, from := "", 0
	z := nethtml.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return marked{out.String(), plain.String()}
		case nethtml.TextToken:
			text := z.Token().Data
			plain.WriteString(text)
			out.WriteString(lines(text))
		case nethtml.StartTagToken:
			t := z.Token()
			if tag, kept := opening(t); kept {
				out.WriteString(tag)
			}
			if t.Data == "a" {
				link, from = address(t), plain.Len()
			}
		case nethtml.EndTagToken:
			t := z.Token()
			if keptTag(t.Data) {
				out.WriteString("</" + t.Data + ">")
			}
			if t.Data == "a" && link != "" && plain.String()[from:] != link {
				plain.WriteString(" (" + link + ")")
			}
		case nethtml.SelfClosingTagToken, nethtml.CommentToken, nethtml.DoctypeToken:
		}
	}
}

func lines(text string) string { return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") }

func keptTag(name string) bool { return name == "b" || name == "i" || name == "code" || name == "a" }

func opening(t nethtml.Token) (tag string, kept bool) {
	switch {
	case t.Data == "a":
		return `<a href="` + html.EscapeString(address(t)) + `">`, true
	case keptTag(t.Data):
		return "<" + t.Data + ">", true
	}
	return "", false
}

// address is where a link leads; nothing but the web and mail.
func address(t nethtml.Token) string {
	for _, a := range t.Attr {
		if a.Key != "href" {
			continue
		}
		for _, scheme := range [...]string{"https://", "http://", "mailto:", "tel:", "geo:"} {
			if strings.HasPrefix(a.Val, scheme) {
				return a.Val
			}
		}
	}
	return ""
}

// within cuts a text to what an event bears. A text that is too long for that loses its markup.
func (t marked) within() marked {
	if len(t.plain) > bodyLimit {
		t.plain = strings.ToValidUTF8(t.plain[:bodyLimit], "") + "…"
		t.html = ""
	}
	if len(t.html) > htmlLimit {
		t.html = ""
	}
	return t
}
