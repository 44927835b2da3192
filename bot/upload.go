package bot

import (
	"context"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	photoErrand = "photo"
	filmErrand  = "recording"
	albumTimer  = "album"
	albumQuiet  = 2 * time.Second // after the last picture of an album the next question is put
	photoLimit  = 20 << 20        // bytes; the most that the Bot API lets a bot download
)

type upload[A any] struct {
	name string
	in   func(*A) *[]int64
	upTo int
}

// Upload asks for up to so many pictures.
func Upload[A any](name string, in func(*A) *[]int64, upTo int) Step[A] {
	return upload[A]{name: name, in: in, upTo: upTo}
}

func (u upload[A]) Name() string              { return u.name }
func (u upload[A]) Optional() bool            { return true }
func (u upload[A]) Applies(*A) bool           { return true }
func (u upload[A]) Wants(in Input) bool       { return in.Media != nil || in.Text != "" || in.Choice != "" }
func (u upload[A]) Clear(a *A)                { *u.in(a) = nil }
func (u upload[A]) Keys(form string) []string { return []string{form + "." + u.name + ".ask"} }

func (u upload[A]) Ask(_ context.Context, t *Turn, form string, _ A) (Message, error) {
	return Message{Text: t.T(form + "." + u.name + ".ask")}, nil
}

func (u upload[A]) Take(ctx context.Context, t *Turn, in Input, a *A) error {
	if in.Media == nil {
		return Refuse("form.photo.none")
	}
	return t.KeepPhoto(ctx, *in.Media, u.in(a), u.upTo)
}

// Unfit tells why a file can be no picture that is kept, before it is fetched; nil when it may be one.
func (m Media) Unfit() *Refusal {
	switch {
	case m.Kind != MediaPhoto && m.Kind != MediaDocument:
		return Refuse("media." + string(m.Kind))
	case m.Size > photoLimit:
		return Refuse("media.large")
	}
	return nil
}

// KeepPhoto makes room for a picture and sends for it; its number is added to photos.
func (t *Turn) KeepPhoto(ctx context.Context, m Media, photos *[]int64, upTo int) error {
	if why := m.Unfit(); why != nil {
		return why
	}
	return t.keepFile(ctx, photoErrand, m, photos, upTo)
}

// keepFile makes room for a file and sends for it.
func (t *Turn) keepFile(ctx context.Context, errand string, m Media, photos *[]int64, upTo int) error {
	if len(*photos) >= upTo {
		return Refuse("form.photo.many", "max", upTo)
	}
	p := civic.Photo{Owner: t.Chat.ID}
	if err := t.Tx.AddPhoto(ctx, &p); err != nil {
		return err
	}
	*photos = append(*photos, p.ID)
	return t.Errand(ctx, errand, strconv.FormatInt(p.ID, 10), []byte(chatRef(t.Chat.ID)+" "+m.File))
}
