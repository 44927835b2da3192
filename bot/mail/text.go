package mail

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mail comes in all of them
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	mostParts = 50 // of a mail that are looked at
	deepest   = 8  // parts within parts
	longest   = 1000
)

// textOf is what a mail says, with what it quotes: its first plain text, or else its first page without markup.
func textOf(e *message.Entity) string {
	var f finder
	f.walk(e, 0)
	if f.plain != "" {
		return f.plain
	}
	return f.page
}

type finder struct {
	plain, page string
	parts       int
}

func (f *finder) walk(e *message.Entity, depth int) {
	if f.parts++; f.parts > mostParts || depth > deepest || f.plain != "" {
		return
	}
	if shown, _, _ := e.Header.ContentDisposition(); strings.EqualFold(shown, "attachment") {
		return
	}
	if parts := e.MultipartReader(); parts != nil {
		for f.parts <= mostParts {
			p, err := parts.NextPart()
			if p == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			f.walk(p, depth+1)
		}
		return
	}
	kind, _, _ := e.Header.ContentType()
	switch {
	case kind == "" || kind == "text/plain":
		f.plain = strings.TrimSpace(read(e.Body))
	case kind == "text/html" && f.page == "":
		f.page = pageText(read(e.Body))
	}
}

// read gives what can be read; a mail that was cut off ends in the middle.
func read(r io.Reader) string {
	raw, _ := io.ReadAll(io.LimitReader(r, maxMail))
	return clean(string(raw))
}

// clean drops what has no business in a text: control characters, and those that turn the direction of others around.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u00A0':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u200B', r == '\uFEFF':
			return -1
		}
		return r
	}, s)
}

// pageText is what an HTML page says, a line for each block. What it quotes goes.
func pageText(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	within := 0 // of what is hidden
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if within == 0 {
				b.WriteString(spaces.ReplaceAllString(string(z.Text()), " "))
			}
		case html.StartTagToken:
			t := z.Token()
			switch {
			case hides(t.DataAtom):
				within++
			case breaks(t.DataAtom):
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			t := z.Token()
			switch {
			case hides(t.DataAtom) && within > 0:
				within--
			case breaks(t.DataAtom):
				b.WriteByte('\n')
			}
		case html.SelfClosingTagToken:
			if breaks(z.Token().DataAtom) {
				b.WriteByte('\n')
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

var (
	hidden = []atom.Atom{atom.Style, atom.Script, atom.Head, atom.Title, atom.Blockquote, atom.Template}
	blocks = []atom.Atom{atom.Br, atom.P, atom.Div, atom.Tr, atom.Li, atom.Table, atom.Hr, atom.H1, atom.H2, atom.H3}
)

func hides(a atom.Atom) bool  { return slices.Contains(hidden, a) }
func breaks(a atom.Atom) bool { return slices.Contains(blocks, a) }

// Where an answer ends and what it answers begins, and where a signature does.
var (
	quoting = regexp.MustCompile(`(?i)^\s*(-{2,}\s*(original message|oorspronkelijk bericht|doorgestuurd bericht` +
		`|forwarded message)|_{8,}\s*$|(van|from|de|von|verzonden|sent)\s*:\s` +
		`|(op|on|le|am)\s.*\b(schreef|wrote|a écrit|schrieb)\b)`)
	quotingTwo = regexp.MustCompile(`(?i)^\s*(op|on|le|am)\s.*\d.*$`)
	wrote      = regexp.MustCompile(`(?i)\b(schreef|wrote|a écrit|schrieb)\b.*:\s*$`)
	parting    = regexp.MustCompile(`(?i)^\s*((met )?(vriendelijke|hartelijke) groet|groet(en|jes)?\b` +
		`|m\.?v\.?g\b|kind regards|best regards|regards|cordialement|mit freundlichen|verstuurd vanaf|sent from|outlook voor)`)
	greeting = regexp.MustCompile(`(?i)^\s*(beste|geachte|hallo|hoi|dag|goede(morgen|middag|navond)|l\.?s\.?` +
		`|dear|hello|hi|bonjour)\b[^:]{0,60}$`)
)

// nothing is the answer of a mail in which no answer stands: it reads like one that is not understood.
const nothing = "?"

// answer is the first paragraph that its sender wrote, in one line, without a greeting.
func answer(text string) string {
	var words []string
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if ends(lines, i) {
			break
		}
		switch {
		case strings.HasPrefix(line, ">") || codeForm.MatchString(line):
			continue
		case line == "" && len(words) > 0:
			return cut(words)
		case line == "" || len(words) == 0 && greeting.MatchString(line):
			continue
		}
		words = append(words, line)
	}
	return cut(words)
}

// ends reports whether the answer is over before a line.
func ends(lines []string, i int) bool {
	line := lines[i]
	if quoting.MatchString(line) || parting.MatchString(line) || strings.TrimRight(line, "\r") == "-- " {
		return true
	}
	return i+1 < len(lines) && quotingTwo.MatchString(line) && wrote.MatchString(lines[i+1])
}

func cut(words []string) string {
	line := []rune(strings.Join(words, " "))
	if len(line) == 0 {
		return nothing
	}
	return string(line[:min(len(line), longest)])
}
