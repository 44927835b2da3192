package telegram

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

func TestRefusedUploadHasItsRemedy(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return now }})
	s.Say(noor, noor, "/start")
	photo := jpegOf(t, 40, 30, 1)
	s.Fail(botapi.Fault{Kind: botapi.TooMany, Method: "sendPhoto", Chat: street, RetryAfter: 17})
	if diff := cmp.Diff(remedy{Remedy: bot.Later, After: 17 * time.Second}, remedyOf(s.refuse(letterTo(street, "a"), photo))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	s.Block(noor)
	if e := s.refuse(letterTo(noor, "a"), photo); e.Remedy != bot.Gone {
		t.Errorf("%+v", e)
	}
	now = now.Add(17 * time.Second)
	s.send(letterTo(street, "a"), photo)
	if s.Doubled() != 0 {
		t.Error("sent while the chat was closed")
	}
}

func TestPictureForFiftyGroupsIsUploadedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStrict(t, botapi.Config{Now: time.Now, Limits: true})
		photo := jpegOf(t, 900, 700, 1)
		for i := range int64(50) {
			chat := -1001400000000 - i
			s.AddGroup(botapi.Group{ID: chat, Title: "Straat"})
			s.send(letterTo(chat, "bewijs"), photo)
			time.Sleep(40 * time.Millisecond)
		}
		uploads, named := 0, map[string]int{}
		for _, r := range s.Called("sendPhoto") {
			uploads += len(r.Files)
			named[r.Params["photo"]]++
		}
		if uploads != 1 || len(named) != 2 || s.Throttled() != 0 {
			t.Errorf("%d uploads, %d throttled, %v", uploads, s.Throttled(), named)
		}
		s.ForgetFiles()
		s.send(letterTo(street, "bewijs"), photo)
		if got := s.shown(street); len(got) != 1 {
			t.Errorf("a picture that Telegram forgot: %v", got)
		}
	})
}

func TestAlbumsHaveTheSizeThatTelegramTakes(t *testing.T) {
	var photos [][]byte
	for i := range 23 {
		photos = append(photos, jpegOf(t, 20, 20, i))
		s := newStrict(t, botapi.Config{})
		s.send(letterTo(street, "tekst"), photos...)
		pictures, texts := 0, 0
		for _, m := range s.Messages(street) {
			if m.Kind == "photo" {
				pictures++
			}
			if m.Text == "tekst" {
				texts++
			}
		}
		if pictures != len(photos) || texts != 1 {
			t.Errorf("%d photos: %d shown with %d texts", len(photos), pictures, texts)
		}
	}
}

func TestRecordingsGoAsFilesBesideTheirWords(t *testing.T) {
	s := newStrict(t, botapi.Config{})
	spoken, filmed := []byte("OggS\x00\x02 hallo"), []byte("\x00\x00\x00\x10ftypisom....vmhd")
	s.send(letterTo(street, "de lamp"), jpegOf(t, 40, 30, 1), spoken, filmed)
	var kinds []string
	for _, m := range s.Messages(street) {
		kinds = append(kinds, m.Kind+" "+m.Text)
	}
	if diff := cmp.Diff([]string{"photo de lamp", "document ", "document "}, kinds); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWordsGoWithoutAPictureThatIsRefused(t *testing.T) {
	for name, photo := range map[string][]byte{
		"no picture": []byte("no picture"), "larger than a photo": make([]byte, 10<<20+1), "larger than a request": make([]byte, 52<<20),
		"empty line": jpegOf(t, 2, 400, 1),
	} {
		s := newStrict(t, botapi.Config{})
		s.send(letterTo(street, "de lamp"), photo)
		if diff := cmp.Diff([]string{"de lamp"}, s.shown(street)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if n := len(s.Called("sendPhoto")); n > 1 {
			t.Errorf("%s: uploaded %d times", name, n)
		}
	}
	s := newStrict(t, botapi.Config{})
	s.Forbid(street, botapi.Deny{Photos: true})
	s.send(letterTo(street, "de lamp"), jpegOf(t, 40, 30, 1))
	if diff := cmp.Diff([]string{"de lamp"}, s.shown(street)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// mediaOfAll gives what was sent to the bot besides words.
func (s strict) mediaOfAll() []bot.Media {
	var list []bot.Media
	for _, u := range s.updates() {
		if m, is := u.Event.(bot.Media); is {
			list = append(list, m)
		}
	}
	return list
}

func TestFileIsFetchedHoweverOldItsMessage(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	s := newStrict(t, botapi.Config{Now: func() time.Time { return now }, Impatient: true})
	photo := jpegOf(t, 40, 30, 1)
	s.SendPhoto(noor, noor, photo, botapi.Caption("de lamp"))
	s.poll()
	media := s.mediaOfAll()[0]
	for range 3 {
		got, err := s.tg.Fetch(t.Context(), media.File, 1<<20)
		if err != nil || !bytes.Equal(got, photo) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		now = now.Add(2 * time.Hour)
	}
	if n := len(s.Called("getFile")); n != 3 || media.Caption != "de lamp" || media.Kind != bot.MediaPhoto {
		t.Errorf("%d addresses for three downloads of %+v", n, media)
	}
	s.Fail(botapi.Fault{Kind: botapi.Status502HTML, Method: "download"})
	_, err := s.tg.Fetch(t.Context(), media.File, 1<<20)
	if e := sendFault(t, err); e.Remedy != bot.Later {
		t.Errorf("%+v", e)
	}
}

func TestFileThatCannotBeFetchedIsGivenUp(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.SendVideo(noor, noor, botapi.File{Name: "film.mp4", Size: 25 << 20})
	s.SendDocument(noor, noor, botapi.File{Name: "a.pdf", Data: make([]byte, 2000)})
	s.poll()
	list := s.mediaOfAll()
	for _, c := range []struct {
		file string
		big  bool
	}{{list[0].File, true}, {list[1].File, true}, {"AgACgarbage", false}} {
		_, err := s.tg.Fetch(t.Context(), c.file, 1000)
		if !errors.As(err, new(*bot.FinalError)) || errors.As(err, new(TooBig)) != c.big {
			t.Errorf("%s: %v", c.file, err)
		}
	}
	if list[0].Kind != bot.MediaVideo || list[0].Size != 25<<20 {
		t.Errorf("%+v", list[0])
	}
}

func TestPlaceOnTheMeridianIsOne(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.SendLocation(noor, noor, botapi.Place{Latitude: 51.5})
	s.SendVenue(noor, noor, botapi.Place{Latitude: 51.5}, "Sterrenwacht")
	live := s.SendLiveLocation(noor, noor, botapi.Place{Latitude: 51.5}, time.Hour)
	s.MoveLocation(noor, live, botapi.Place{Latitude: 51.6}, time.Hour)
	s.poll()
	var got []bot.Point
	for _, u := range s.updates() {
		point, _ := u.Event.(bot.Point)
		got = append(got, point)
	}
	at := bot.Point{At: [2]float64{0, 51.5}}
	named := at
	named.Name = "Sterrenwacht"
	if diff := cmp.Diff([]bot.Point{at, named, at}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEverySortOfThingIsKnown(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.SendAlbum(noor, noor, [][]byte{jpegOf(t, 20, 20, 1), jpegOf(t, 20, 20, 2)}, botapi.Caption("twee"))
	s.SendVoice(noor, noor, botapi.File{Data: []byte("x")})
	s.SendSticker(noor, noor)
	s.SendPoll(noor, noor, "Wanneer?", "nu", "straks")
	s.SendContact(noor, noor, "+32470000000", "Ivo")
	s.poll()
	var got []bot.MediaKind
	list := s.mediaOfAll()
	for _, m := range list {
		got = append(got, m.Kind)
	}
	want := []bot.MediaKind{bot.MediaPhoto, bot.MediaPhoto, bot.MediaVoice, bot.MediaSticker, bot.MediaPoll, bot.MediaContact}
	if diff := cmp.Diff(want, got); diff != "" || list[0].Album == "" || list[0].Album != list[1].Album {
		t.Errorf("%+v (-want +got)\n%s", list, diff)
	}
}
