package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// What a post may have, in bytes.
const (
	textBytes  = 1 << 20             // room for a text that is too long to be told so
	photoBytes = photoLimit + 64<<10 // a picture with its caption and what goes around them
)

// complaints tell the player why something was not taken.
var complaints = []struct {
	of  error
	key string
}{
	{ErrEmpty, "sandbox.error.empty"},
	{ErrLong, "sandbox.error.long"},
	{ErrPicture, "sandbox.error.picture"},
	{ErrOutside, "sandbox.error.outside"},
	{ErrUnknown, "sandbox.error.unknown"},
}

// other is the complaint that fits always.
const other = "sandbox.error.other"

// take answers a post of at most so many bytes, and complains of tooMuch beyond them: 204, or a complaint in the page's
// language.
func (w *web) take(limit int64, tooMuch error, do func(r *http.Request) error) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(out, r.Body, limit)
		err := form(r)
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			err = tooMuch
		}
		if err == nil {
			err = do(r)
		}
		if err == nil {
			out.WriteHeader(http.StatusNoContent)
			return
		}
		key := other
		for _, c := range complaints {
			if errors.Is(err, c.of) {
				key = c.key
			}
		}
		http.Error(out, words(w.text(speech(r), key)), http.StatusBadRequest)
	}
}

// form reads the fields of a post, all of it in memory.
func form(r *http.Request) error {
	err := r.ParseForm() // by itself, for the next line keeps its error back when there are no parts
	if err == nil {
		err = r.ParseMultipartForm(photoBytes) //nolint:gosec // the body has its limit already
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return fmt.Errorf("form: %w", err)
	}
	return nil
}

func (w *web) say(r *http.Request) error {
	person, room, text := r.FormValue("person"), r.FormValue("room"), r.FormValue("text")
	if message := r.FormValue("edit"); message != "" {
		_, err := w.sandbox.Edit(person, room, bot.MessageRef(message), text)
		return err
	}
	_, err := w.sandbox.Say(person, room, text, bot.MessageRef(r.FormValue("reply")))
	return err
}

// press takes the token as well, so that a button on a card that has just changed means what the player saw.
func (w *web) press(r *http.Request) error {
	_, err := w.sandbox.hear(raw{
		Do: deedPress, Person: r.FormValue("person"), Room: r.FormValue("room"),
		On: bot.MessageRef(r.FormValue("on")), Token: r.FormValue("token"), Key: r.FormValue("key"),
	})
	return err
}

func (w *web) open(r *http.Request) error {
	_, err := w.sandbox.Open(r.FormValue("person"), r.FormValue("link"))
	return err
}

func (w *web) pin(r *http.Request) error {
	lon, errLon := strconv.ParseFloat(r.FormValue("lon"), 64)
	lat, errLat := strconv.ParseFloat(r.FormValue("lat"), 64)
	at := orb.Point{lon, lat}
	if err := errors.Join(errLon, errLat); err != nil || !civic.Valid(at) {
		return errors.Join(fmt.Errorf("pin at %v", at), err)
	}
	_, err := w.sandbox.Pin(r.FormValue("person"), r.FormValue("room"), at, r.FormValue("name"))
	return err
}

func (w *web) sendPhoto(r *http.Request) error {
	part, _, err := r.FormFile("photo")
	if err != nil {
		return errors.Join(ErrPicture, err)
	}
	data, err := io.ReadAll(part)
	if err := errors.Join(err, part.Close()); err != nil {
		return err
	}
	_, err = w.sandbox.Photo(r.FormValue("person"), r.FormValue("room"), r.FormValue("album"), data, r.FormValue("caption"))
	return err
}

func (w *web) pass(r *http.Request) error {
	switch by := r.FormValue("by"); by {
	case "hour":
		return w.sandbox.clock.Pass(hour)
	case "morning":
		return w.sandbox.clock.PassUntil(morning, 0)
	default:
		return fmt.Errorf("time cannot pass by %q", by)
	}
}
