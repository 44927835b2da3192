package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
)

// noColour fills a picture of which only the size matters.
var noColour = color.Black

var noon = time.Date(2026, 11, 27, 21, 40, 0, 0, time.UTC)

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// town is the example world as its page shows it: two residents, the coordinators, the police, a street group.
func town() sandbox.Config {
	world := sandbox.Vlierdam(time.UTC)
	c := sandbox.Config{Now: func() time.Time { return noon }, Zone: time.UTC}
	by := map[string]sandbox.Person{}
	for _, p := range world.Citizens {
		by[p.ID] = sandbox.Person{ID: p.ID, Name: p.Name, Language: p.Language}
		c.People = append(c.People, by[p.ID])
	}
	for _, g := range world.Groups {
		for _, s := range g.Streets {
			c.Map = append(c.Map, civic.Area{Kind: civic.KindStreet, Name: s.Name, Lines: civic.LinesOf(s.Line)})
		}
	}
	room := func(id, title, role string, ids ...string) sandbox.Pane {
		p := sandbox.Pane{Room: sandbox.Room{ID: id, Title: title, Kind: bot.Group, Members: ids}, Role: "sandbox.role." + role}
		for _, id := range ids {
			p.As = append(p.As, by[id])
		}
		return p
	}
	c.Panes = []sandbox.Pane{
		{Room: sandbox.Room{ID: "ana", Kind: bot.Private}, Role: "sandbox.role.resident", Note: "Kastanjelaan"},
		{Room: sandbox.Room{ID: "joris", Kind: bot.Private}, Role: "sandbox.role.guest"},
		room(sandbox.DeskRoom, "BINCO De Vlier", "coordinators", "rachid", "wim"),
		room(sandbox.PoliceRoom, "Wijkagenten", "police", "mirjam"),
		room("kastanje", "Kastanje", "streets", "ana", "wim"),
	}
	return c
}

// inbox keeps what it is given, and its checkpoint; it asks the clock for the time, as a store does.
type inbox struct {
	clock *sandbox.Clock

	mu         sync.Mutex
	rows       []bot.Raw
	checkpoint string
	fail       error
}

func (i *inbox) Checkpoint(context.Context, string, string) (string, error) {
	i.clock.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.checkpoint, nil
}

func (*inbox) Held(context.Context, string) ([]bot.Chat, error) { return nil, nil }

func (i *inbox) Receive(_ context.Context, platform, account string, rows []bot.Raw, checkpoint string) error {
	i.clock.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fail != nil {
		return i.fail
	}
	if platform != sandbox.Name || account == "" {
		return errors.New("not the sandbox's own inbox")
	}
	i.rows, i.checkpoint = append(i.rows, rows...), checkpoint
	return nil
}

func open(t testing.TB, c sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.New(c)
	check(t, err)
	t.Cleanup(func() { _ = box.Close() })
	return box
}

// serve shows the page of a sandbox at an address of this machine.
func serve(t testing.TB, box *sandbox.Sandbox) *httptest.Server {
	t.Helper()
	texts, err := locales.Load()
	check(t, err)
	server := httptest.NewServer(box.Handler(texts.Text))
	t.Cleanup(func() {
		_ = box.Close() // ends the streams, for which the server waits
		server.Close()
	})
	return server
}

// van is a photograph of sorts: a white van in a street.
func van() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	paint := func(x0, y0, x1, y1 int, c color.Color) {
		draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	paint(0, 0, 320, 200, color.RGBA{R: 158, G: 190, B: 208, A: 255})
	paint(0, 70, 320, 140, color.RGBA{R: 176, G: 120, B: 92, A: 255})
	paint(0, 140, 320, 200, color.RGBA{R: 96, G: 102, B: 106, A: 255})
	paint(60, 84, 250, 156, color.RGBA{R: 246, G: 248, B: 248, A: 255})
	paint(196, 94, 238, 118, color.RGBA{R: 70, G: 92, B: 104, A: 255})
	for _, x := range []int{84, 202} {
		paint(x, 146, x+26, 170, color.RGBA{R: 34, G: 36, B: 38, A: 255})
	}
	return encode(img)
}

func picture(wide, high int, c color.Color) []byte {
	img := image.NewRGBA(image.Rect(0, 0, wide, high))
	for x := range wide {
		for y := range high {
			img.Set(x, y, c)
		}
	}
	return encode(img)
}

func encode(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}
