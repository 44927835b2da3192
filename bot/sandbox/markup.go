package sandbox

import (
	"html"
	"html/template"
	"net/url"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// render makes tiny HTML fit for the page: b, i, code and links to the web, by mail or by telephone stay, every other
// tag is left out and its words stay; whatever is open at the end is closed.
func render(text string) template.HTML {
	var out strings.Builder
	var open []string
	tokens := xhtml.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			closeTags(&out, &open, len(open))
			return template.HTML(out.String()) //nolint:gosec // every byte of it is escaped or one of four tags
		case xhtml.TextToken:
			out.WriteString(html.EscapeString(tokens.Token().Data))
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			openTag(&out, &open, tokens.Token())
		case xhtml.EndTagToken:
			name := tokens.Token().Data
			if i := lastIndex(open, name); i >= 0 {
				closeTags(&out, &open, len(open)-i)
			}
		case xhtml.CommentToken, xhtml.DoctypeToken:
		}
	}
}

func openTag(out *strings.Builder, open *[]string, t xhtml.Token) {
	switch t.Data {
	case "b", "i", "code":
		out.WriteString("<" + t.Data + ">")
	case "a":
		link, ok := href(t)
		if !ok || slices.Contains(*open, "a") {
			return
		}
		out.WriteString(`<a href="` + html.EscapeString(link) + `" target="_blank" rel="noopener noreferrer">`)
	default:
		return
	}
	*open = append(*open, t.Data)
}

func href(t xhtml.Token) (string, bool) {
	for _, a := range t.Attr {
		if a.Key != "href" {
			continue
		}
		u, err := url.Parse(a.Val)
		if err != nil {
			return "", false
		}
		return u.String(), slices.Contains([]string{"http", "https", "mailto", "tel"}, u.Scheme)
	}
	return "", false
}

// closeTags closes the innermost tags.
func closeTags(out *strings.Builder, open *[]string, count int) {
	for range count {
		last := len(*open) - 1
		out.WriteString("</" + (*open)[last] + ">")
		*open = (*open)[:last]
	}
}

func lastIndex(all []string, one string) int {
	for i, s := range slices.Backward(all) {
		if s == one {
			return i
		}
	}
	return -1
}

// words gives the words of tiny HTML without the tags, as a title or a label needs them.
func words(text string) string {
	var out strings.Builder
	tokens := xhtml.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			return out.String()
		case xhtml.TextToken:
			out.WriteString(tokens.Token().Data)
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken, xhtml.CommentToken, xhtml.DoctypeToken:
		}
	}
}
