package sandbox

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// paneView is a chat as the page shows it.
type paneView struct {
	ID, Title, Role string
	Private         bool
	Quiet           bool // comes and goes
	Hidden          bool // is not there yet
	Reading         bool // nobody types there
	As              []Person
	Face            Person // of a private chat
	Messages        []messageView
	Map             bool
}

// messageView is a message as the page shows it.
type messageView struct {
	Ref, Room, Token  string
	From, Name        string // From is "bot" for the bot
	Bot               bool
	Face              Person
	Body              template.HTML
	Rows              [][]bot.Choice
	Photos            []string
	Sounds, Films     []string // files that are heard and seen
	Pin               *pinView
	Media             string // its sort in words, when it has no content here
	Quote             *quoteView
	Time, Stamp       string
	Edited, Forwarded bool
	Silent, Protect   bool
	MayEdit, MayReply bool
	Reading           bool
}

// pinView is a shared place; X and Y are on the map if On.
type pinView struct {
	Name string
	X, Y float64
	On   bool
	Map  *drawing
}

// quoteView is the beginning of what a message answers.
type quoteView struct{ Ref, Name, Text string }

// pane shows a chat; s.mu is held.
func (w *web) pane(lang string, p Pane) paneView {
	all := w.sandbox.state.messages[p.Room.ID]
	v := paneView{
		ID: p.Room.ID, Title: p.Room.Title, Role: p.Note, Private: p.Room.Kind == bot.Private, As: p.As,
		Quiet: p.Quiet, Hidden: p.Quiet && len(all) == 0, Map: w.drawing != nil,
		Reading: len(p.As) == 0 || p.Room.Kind == bot.Channel,
	}
	if v.Private {
		v.Face = p.As[0]
	}
	if p.Name != "" {
		v.Title = words(w.text(lang, p.Name))
	}
	if p.Role != "" {
		v.Role = strings.Trim(words(w.text(lang, p.Role))+" · "+p.Note, " ·")
	}
	for _, m := range all[max(0, len(all)-newest):] {
		v.Messages = append(v.Messages, w.message(lang, m))
	}
	return v
}

// message shows a message; s.mu is held.
func (w *web) message(lang string, m Message) messageView {
	v := messageView{
		Ref: string(m.Ref), Room: m.Room, Token: m.Token, From: m.From, Bot: m.From == "", Rows: m.Rows, Photos: m.Photos,
		Time: w.day(lang, m.At), Stamp: m.At.Format(time.RFC3339), Edited: !m.Edited.IsZero(), Forwarded: m.Forwarded,
		Silent: m.Silent, Protect: m.Protect, Body: template.HTML(html.EscapeString(m.Text)), //nolint:gosec // escaped
	}
	v.Face, v.Name = w.sandbox.people[m.From], w.sandbox.people[m.From].Name
	if v.Bot {
		v.From, v.Name, v.Body = "bot", words(w.text(lang, "sandbox.bot")), render(m.Text)
		if m.Plain {
			v.Body = template.HTML(html.EscapeString(words(m.Text))) //nolint:gosec // escaped
		}
	}
	if m.Point != nil {
		v.Body, v.Pin = "", w.pinned(lang, *m.Point, m.Text)
	}
	v.Photos, v.Sounds, v.Films = w.sandbox.parted(m.Photos)
	if m.Media != "" && len(m.Photos) == 0 {
		v.Media = words(w.text(lang, "sandbox.media."+string(m.Media)))
	}
	if quoted := w.sandbox.state.find(m.Reply); quoted != nil {
		v.Quote = w.quote(lang, *quoted)
	}
	p, _ := w.sandbox.paneOf(m.Room)
	v.Reading = len(p.As) == 0
	v.MayReply = !v.Reading && p.Room.Kind != bot.Channel
	v.MayEdit = v.MayReply && !v.Bot && m.Text != "" && m.Point == nil && w.sandbox.plays(m.From, p)
	return v
}

// parted parts the files of a message by how the page shows them; s.mu is held.
func (s *Sandbox) parted(ids []string) (photos, sounds, films []string) {
	for _, id := range ids {
		into := &photos
		if kind := bot.KindOf(s.state.files[id].Data).Media; kind == bot.MediaVoice {
			into = &sounds
		} else if kind == bot.MediaVideo {
			into = &films
		}
		*into = append(*into, id)
	}
	return photos, sounds, films
}

// pinned names a place: its own name, else the nearest street, else its coordinates.
func (w *web) pinned(lang string, at orb.Point, name string) *pinView {
	v := &pinView{Name: name, Map: w.drawing}
	if street, _, ok := civic.Nearest(w.sandbox.streets, at); ok && name == "" {
		v.Name = words(w.text(lang, "sandbox.pin.near", "street", street.Name))
	}
	if v.Name == "" {
		v.Name = fmt.Sprintf("%.5f, %.5f", at.Lat(), at.Lon())
	}
	if d := w.drawing; d != nil {
		v.X, v.Y = (at.Lon()-d.West)/d.LonEach, (d.North-at.Lat())/d.LatEach
		v.On = v.X >= 0 && v.X <= d.Width && v.Y >= 0 && v.Y <= d.Height
	}
	return v
}

func (w *web) quote(lang string, m Message) *quoteView {
	const length = 90 // characters
	q := &quoteView{Ref: string(m.Ref), Name: w.sandbox.people[m.From].Name, Text: m.Text}
	if m.From == "" {
		q.Name, q.Text = words(w.text(lang, "sandbox.bot")), words(m.Text)
	}
	q.Text = strings.Join(strings.Fields(q.Text), " ")
	if cut := []rune(q.Text); len(cut) > length {
		q.Text = string(cut[:length-1]) + "…"
	}
	return q
}

func (c *cast) paneOf(room string) (Pane, bool) {
	for _, p := range c.panes {
		if p.Room.ID == room {
			return p, true
		}
	}
	return Pane{}, false
}

func (c *cast) plays(person string, p Pane) bool {
	for _, as := range p.As {
		if as.ID == person {
			return true
		}
	}
	return false
}
