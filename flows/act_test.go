package flows_test

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// act is one thing that a person does.
type act struct {
	person, room string
	kind         string // say, press, press old, pin, media, block, unblock, forge
	text         string
	reply        bool
	forwarded    bool
	edited       bool
	anonymous    bool
	channel      bool // written in the name of a channel
	point        orb.Point
	media        bot.MediaKind
	size         int64
	count        int
	data         []byte // of a file, when it matters
	list         bool   // data is a list and no picture
}

var (
	repeat = regexp.MustCompile(`^\((\d+) × (.)\)$`)
	sized  = regexp.MustCompile(`^(video|file) (\d+)MB ?(.*)$`)
)

func parseAct(person, room, what string) (act, error) {
	a := act{person: person, room: room, kind: "say", text: what, count: 1}
	switch {
	case strings.HasPrefix(what, "[") && strings.HasSuffix(what, "]"):
		a.kind, a.text = "press", strings.Trim(what, "[]")
		return a, nil
	case strings.HasPrefix(what, "late: ["):
		a.kind, a.text = "press", strings.Trim(strings.TrimPrefix(what, "late: "), "[]")
		return a, nil
	case strings.HasPrefix(what, "old: ["):
		a.kind, a.text = "press old", strings.Trim(strings.TrimPrefix(what, "old: "), "[]")
		return a, nil
	case strings.HasPrefix(what, "("):
		return a.special(what)
	case strings.HasPrefix(what, "@"):
		a.kind = "pin"
		_, err := fmt.Sscanf(what, "@%g,%g", &a.point[1], &a.point[0])
		return a, err
	}
	if manner, rest, ok := strings.Cut(what, ": "); ok {
		if a.manner(manner) != nil {
			a, err := parseAct(person, room, rest)
			*a.manner(manner) = true
			return a, err
		}
	}
	return a.mediaAct(what), nil
}

// manner is how something is done, by the word before the colon; nil when it is no such word.
func (a *act) manner(word string) *bool {
	switch word {
	case "re":
		return &a.reply
	case "fwd":
		return &a.forwarded
	case "edit":
		return &a.edited
	case "anon":
		return &a.anonymous
	case "chan":
		return &a.channel
	}
	return nil
}

func (a act) special(what string) (act, error) {
	switch what {
	case "(blocks)":
		a.kind = "block"
	case "(unblocks)":
		a.kind = "unblock"
	case "(forged)":
		a.kind = "forge"
	case "(white space)":
		a.text = " \n\t "
	default:
		m := repeat.FindStringSubmatch(what)
		if m == nil {
			return a, nil // a text in brackets
		}
		n, err := strconv.Atoi(m[1])
		a.text = strings.Repeat(m[2], n)
		return a, err
	}
	return a, nil
}

func (a act) mediaAct(what string) act {
	word, caption, _ := strings.Cut(what, " ")
	switch word {
	case "photo":
		a.kind, a.media, a.text = "media", bot.MediaPhoto, caption
	case "album":
		n, rest, _ := strings.Cut(caption, " ")
		a.kind, a.media, a.text = "media", bot.MediaPhoto, rest
		a.count, _ = strconv.Atoi(n)
	case "voice":
		a.kind, a.media, a.text = "media", bot.MediaVoice, caption
	case "sticker", "poll", "contact":
		if caption == "" {
			a.kind, a.media, a.text = "media", bot.MediaKind(word), ""
		}
	case "file":
		a.kind, a.media, a.text = "media", bot.MediaDocument, caption
	case "list":
		a.kind, a.media, a.list, a.data = "media", bot.MediaDocument, true, []byte(strings.ReplaceAll(caption, "⏎", "\n"))
	case "picture":
		what, rest, _ := strings.Cut(caption, " ")
		a.kind, a.media, a.text, a.data = "media", bot.MediaDocument, rest, pictureOf(what)
	}
	if m := sized.FindStringSubmatch(what); m != nil {
		mb, _ := strconv.ParseInt(m[2], 10, 64)
		a.kind, a.media, a.text, a.size = "media", bot.MediaVideo, m[3], mb<<20
		if m[1] == "file" {
			a.media = bot.MediaDocument
		}
	}
	return a
}

// shown is something that people saw.
type shown struct {
	who    string // "ana", "desk", or "wim@desk" for the line under a press
	sign   string // "<" new, "=" changed, "~" acknowledged
	text   string // plain
	rows   [][]string
	photos int
}

func (s shown) String() string {
	head := s.who + " " + s.sign + " "
	pad := strings.Repeat(" ", len(head))
	lines := strings.Split(s.text, "\n")
	if s.photos > 0 {
		lines = append(lines, fmt.Sprintf("(%d photo)", s.photos))
	}
	for _, row := range s.rows {
		lines = append(lines, "["+strings.Join(row, "] [")+"]")
	}
	for i := range lines {
		if i > 0 && lines[i] != "" {
			lines[i] = pad + lines[i]
		}
	}
	return head + strings.Join(lines, "\n") + "\n"
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

// testLog writes what the bot logs into the test's output, which is shown when the test fails.
func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(logWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

type logWriter struct{ t *testing.T }

func (w logWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
