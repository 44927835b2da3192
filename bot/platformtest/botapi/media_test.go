package botapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

// picture is a JPEG of some size, in a shade of its own.
func picture(t testing.TB, width, height, shade int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: uint8((i*7 + shade) % 251)}.Y
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload makes a call with files.
func (w town) upload(method string, files map[string][]byte, pairs ...any) reply {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range args(pairs...) {
		_ = form.WriteField(name, values[0])
	}
	for name, data := range files {
		part, err := form.CreateFormFile(name, "photo.jpg")
		if err != nil {
			w.t.Fatal(err)
		}
		_, _ = part.Write(data)
	}
	_ = form.Close()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://telegram.test/bot"+token+"/"+method, &body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	r, err := w.send(req)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func fileOf(t testing.TB, raw json.RawMessage) string {
	t.Helper()
	var m struct {
		Photo    []struct{ File_id string } //nolint:revive // the wire's name
		Document struct{ File_id string }   //nolint:revive // the wire's name
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if n := len(m.Photo); n > 0 {
		return m.Photo[n-1].File_id
	}
	return m.Document.File_id
}

func TestPhotoIsUploadedOnceAndNamedAfterwards(t *testing.T) {
	w := newTown(t, botapi.Config{})
	r := w.upload("sendPhoto", map[string][]byte{"photo": picture(t, 40, 30, 1)}, "chat_id", lane, "caption", "<b>a</b>", "parse_mode", "HTML")
	id := fileOf(t, r.Result)
	w.ok("sendPhoto", "chat_id", yard, "photo", id)
	w.upload("sendPhoto", map[string][]byte{"x": picture(t, 40, 30, 1)}, "chat_id", lane, "photo", "attach://x")
	w.refused("Bad Request: wrong file identifier/HTTP URL specified", "sendPhoto", "chat_id", lane, "photo", "AgACgarbage")
	w.refused("Bad Request: wrong file identifier/HTTP URL specified", "sendPhoto", "chat_id", lane)
	doc := w.SendDocument(noor, noor, botapi.File{Name: "a.pdf", Data: []byte("x")})
	var u struct{ Message json.RawMessage }
	_ = json.Unmarshal(w.poll()[0], &u)
	w.refused("Bad Request: can't use file of type Document as Photo", "sendPhoto", "chat_id", lane, "photo", fileOf(t, u.Message))
	w.refused("Bad Request: message caption is too long", "sendPhoto", "chat_id", lane, "photo", id, "caption", strings.Repeat("é", 1025))
	if m := w.Messages(lane); m[0].Text != "a" || m[0].Kind != "photo" || doc == 0 {
		t.Errorf("%+v", m)
	}
}

func TestPhotoThatIsNoneIsRefused(t *testing.T) {
	w := newTown(t, botapi.Config{})
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "file must be non-empty"},
		{[]byte("no picture"), "IMAGE_PROCESS_FAILED"},
		{picture(t, 2, 400, 0), "PHOTO_INVALID_DIMENSIONS"},
		{make([]byte, 10<<20+1), "file is too big"},
	} {
		if r := w.upload("sendPhoto", map[string][]byte{"photo": c.data}, "chat_id", lane); r.Description != "Bad Request: "+c.want {
			t.Errorf("%s, want %s", r.Description, c.want)
		}
	}
	if r := w.upload("sendPhoto", map[string][]byte{"photo": make([]byte, 52<<20)}, "chat_id", lane); r.status != 413 || r.Code != 413 {
		t.Errorf("%+v", r)
	}
}

func TestAlbumHasItsSizeAndItsKind(t *testing.T) {
	w := newTown(t, botapi.Config{})
	album := func(n int, kind string) []any {
		list := `{"type":"photo","media":"attach://f"}` + strings.Repeat(`,{"type":"`+kind+`","media":"attach://f"}`, n-1)
		return []any{"chat_id", lane, "media", "[" + list + "]"}
	}
	files := map[string][]byte{"f": picture(t, 40, 30, 1)}
	for _, c := range []struct {
		args []any
		want string
	}{
		{album(1, "photo"), "Bad Request: too few messages to send as an album"},
		{album(11, "photo"), "Bad Request: too many messages to send as an album"},
		{album(2, "document"), "Bad Request: document can't be mixed with other media types"},
		{album(2, "hologram"), "Bad Request: can't parse InputMedia: type must be one of photo, video, document"},
		{[]any{"chat_id", lane, "media", `[{"type":"photo","media":"attach://g"},{"type":"photo","media":"attach://f"}]`}, "Bad Request: wrong file identifier/HTTP URL specified"},
		{[]any{"chat_id", lane, "media", `[{"type":"photo"},{"type":"photo","media":"attach://f"}]`}, `Bad Request: can't parse InputMedia: Field "media" must be non-empty`},
		{album(10, "photo"), ""},
	} {
		if r := w.upload("sendMediaGroup", files, c.args...); r.Description != c.want {
			t.Errorf("%q, want %q", r.Description, c.want)
		}
	}
	documents := album(2, "document")
	documents[3] = strings.ReplaceAll(documents[3].(string), `"photo"`, `"document"`)
	if r := w.upload("sendMediaGroup", map[string][]byte{"f": nil}, documents...); r.Description != "Bad Request: file must be non-empty" {
		t.Errorf("%+v", r)
	}
	got := w.Messages(lane)
	if len(got) != 10 || got[0].Album == "" || got[0].Album != got[9].Album {
		t.Errorf("%d messages", len(got))
	}
}

func TestEveryItemOfAnAlbumCounts(t *testing.T) {
	w := newTown(t, botapi.Config{Limits: true})
	files := map[string][]byte{"f": picture(t, 40, 30, 1)}
	media := "[" + strings.Repeat(`{"type":"photo","media":"attach://f"},`, 9) + `{"type":"photo","media":"attach://f"}]`
	for i := range 3 {
		r := w.upload("sendMediaGroup", files, "chat_id", lane, "media", media)
		if r.OK != (i < 2) {
			t.Errorf("album %d: %+v", i, r)
		}
		w.forward(time.Second)
	}
}

func TestUploadsOfOneSizeAreThrottled(t *testing.T) {
	w := newTown(t, botapi.Config{Limits: true})
	large := picture(t, 900, 700, 3)
	if len(large) < 100<<10 {
		t.Fatal(len(large))
	}
	for i := range 6 {
		r := w.upload("sendPhoto", map[string][]byte{"photo": large}, "chat_id", lane)
		if r.OK != (i < 5) || (!r.OK && r.Parameters.RetryAfter != 60) {
			t.Errorf("upload %d: %+v", i, r)
		}
		w.forward(2 * time.Second)
	}
	w.forward(time.Minute)
	if r := w.upload("sendPhoto", map[string][]byte{"photo": large}, "chat_id", lane); !r.OK {
		t.Error(r.Description)
	}
}

func TestCaptionIsEditedInPlaceOfText(t *testing.T) {
	w := newTown(t, botapi.Config{})
	m := w.upload("sendPhoto", map[string][]byte{"photo": picture(t, 40, 30, 1)}, "chat_id", lane, "caption", "a").id()
	w.refused("Bad Request: there is no text in the message to edit", "editMessageText", "chat_id", lane, "message_id", m, "text", "b")
	w.refused("Bad Request: message caption is too long", "editMessageCaption", "chat_id", lane, "message_id", m, "caption", strings.Repeat("a", 1025))
	w.ok("editMessageCaption", "chat_id", lane, "message_id", m, "caption", "b")
	w.refused(notModified, "editMessageCaption", "chat_id", lane, "message_id", m, "caption", "b")
}

func TestPictureTakesThePlaceOfAnother(t *testing.T) {
	now := time.Unix(1_795_600_000, 0)
	w := newTown(t, botapi.Config{Now: func() time.Time { return now }})
	m := w.upload("sendPhoto", map[string][]byte{"photo": picture(t, 40, 30, 1)}, "chat_id", lane, "caption", "a").id()
	now = now.Add(72 * time.Hour)
	w.refused("Bad Request: message can't be deleted for everyone", "deleteMessage", "chat_id", lane, "message_id", m)
	other := map[string][]byte{"blank": picture(t, 30, 20, 2)}
	w.upload("editMessageMedia", other, "chat_id", lane, "message_id", m, "media", `{"type":"photo","media":"attach://blank","caption":"<b>b</b>","parse_mode":"HTML"}`)
	for _, shown := range w.Messages(lane) {
		if shown.ID == m && (shown.Text != "b" || !bytes.Equal(shown.Picture, other["blank"]) || !shown.Edited) {
			t.Errorf("%+v", shown)
		}
	}
	w.refused("Bad Request: type of the media is not known", "editMessageMedia", "chat_id", lane, "message_id", m, "media", `{"type":"fax"}`)
	w.refused("Bad Request: wrong file identifier/HTTP URL specified", "editMessageMedia", "chat_id", lane, "message_id", m,
		"media", `{"type":"photo","media":"nonsense"}`)
}

func TestFileIsFetchedForAnHour(t *testing.T) {
	w := newTown(t, botapi.Config{})
	data := picture(t, 40, 30, 1)
	w.SendPhoto(noor, noor, data, botapi.Caption("de lamp"))
	var u struct{ Message json.RawMessage }
	_ = json.Unmarshal(w.poll()[0], &u)
	id := fileOf(t, u.Message)
	path := func() string {
		var f struct{ File_path string } //nolint:revive // the wire's name
		_ = json.Unmarshal(w.ok("getFile", "file_id", id).Result, &f)
		return f.File_path
	}
	get := func(path string) (int, string) {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://telegram.test/file/bot"+token+"/"+path, nil)
		r, err := w.send(req)
		if err != nil {
			t.Fatal(err)
		}
		return r.status, r.Description
	}
	first := path()
	w.forward(59 * time.Minute)
	if status, body := get(first); status != 200 || body != string(data) {
		t.Errorf("%d, %d bytes", status, len(body))
	}
	w.forward(time.Minute)
	if status, _ := get(first); status != 404 {
		t.Errorf("%d after an hour", status)
	}
	if status, _ := get(path()); status != 200 {
		t.Errorf("%d", status)
	}
	w.refused("Bad Request: wrong file_id or the file is temporarily unavailable", "getFile", "file_id", "AgACgarbage")
	w.SendVideo(noor, noor, botapi.File{Size: 25 << 20})
	batch := w.poll("offset", idOf(t, w.poll("offset", 1)[0])+1)
	var v struct {
		Message struct {
			Video struct{ File_id string } //nolint:revive // the wire's name
		}
	}
	_ = json.Unmarshal(batch[0], &v)
	w.refused("Bad Request: file is too big", "getFile", "file_id", v.Message.Video.File_id)
}

func TestPlaceOnTheGreenwichMeridian(t *testing.T) {
	w := newTown(t, botapi.Config{})
	w.refused("Bad Request: longitude is empty", "sendLocation", "chat_id", lane, "latitude", 51.5)
	w.ok("sendLocation", "chat_id", lane, "latitude", 51.5, "longitude", 0)
}

func TestPeopleSendAllSortsOfThings(t *testing.T) {
	w := newTown(t, botapi.Config{})
	at := botapi.Place{Latitude: 51.2194}
	w.SendAlbum(noor, noor, [][]byte{picture(t, 40, 30, 1), picture(t, 40, 30, 2)}, botapi.Caption("twee"))
	w.SendVoice(noor, noor, botapi.File{Data: []byte("x")})
	w.SendSticker(noor, noor)
	w.SendPoll(noor, noor, "Wanneer?", "nu", "straks")
	w.SendContact(noor, noor, "+32470000000", "Ivo")
	w.SendLocation(noor, noor, at)
	w.SendVenue(noor, noor, at, "Speeltuin")
	live := w.SendLiveLocation(noor, noor, at, time.Hour)
	w.MoveLocation(noor, live, botapi.Place{Latitude: 51.22}, 0)
	var got []string
	albums := map[string]int{}
	for _, raw := range w.poll() {
		var u map[string]json.RawMessage
		var m map[string]any
		_ = json.Unmarshal(raw, &u)
		for kind, about := range u {
			if kind == "update_id" {
				continue
			}
			_ = json.Unmarshal(about, &m)
			for _, what := range []string{"photo", "voice", "sticker", "poll", "contact", "venue", "location"} {
				if m[what] != nil {
					got = append(got, fmt.Sprintf("%s %s %v", kind, what, m["caption"]))
				}
			}
			if id, is := m["media_group_id"].(string); is {
				albums[id]++
			}
		}
	}
	want := []string{
		"message photo twee", "message photo <nil>", "message voice <nil>", "message sticker <nil>", "message poll <nil>",
		"message contact <nil>", "message location <nil>", "message venue <nil>", "message location <nil>", "message location <nil>",
		"edited_message location <nil>",
	}
	if diff := cmp.Diff(want, got); diff != "" || len(albums) != 1 {
		t.Errorf("%v (-want +got)\n%s", albums, diff)
	}
}
