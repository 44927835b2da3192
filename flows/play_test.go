package flows_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// testKey is the key of every database here, so that they share a blank one.
var testKey = []byte("transcripts")

// sharedTexts are read once: they are the same for everybody who plays.
var sharedTexts = sync.OnceValues(locales.Load)

// mode is a way in which a transcript is played; the chat must read the same in each.
type mode struct {
	restarted bool           // engine and database opened anew before every line
	repeated  bool           // every update comes twice
	crashed   bool           // the program ends between commit and delivery
	telegram  bool           // over the wire to a Bot API server
	matrix    bool           // over the wire to a homeserver
	ground    ground         // a real homeserver; nil = a fake
	searched  bool           // nothing is sealed, because the files are looked through
	profile   string         // the country; empty = nl, which the transcripts are written in
	residents string         // where residents are, and those who work with reports on the other; empty = all are on one
	texts     *locales.Texts // what is said; nil = the shipped texts
	reading   *reading       // who listens; nil = nobody
}

var modes = map[string]mode{
	"restarted": {restarted: true}, "repeated": {repeated: true}, "crashed": {crashed: true},
	"telegram": {telegram: true}, "matrix": {matrix: true},
	"residents on Telegram": {residents: telegram.Name}, "residents on Matrix": {residents: matrix.Name},
}

// can reports whether a line can happen in a mode: Telegram always says who presses.
func (m mode) can(line string) bool {
	if m.matrix || m.residents != "" {
		return canOnMatrix(line) && (m.ground == nil || !refusedOnReal(line))
	}
	return !m.telegram || !strings.Contains(line, " > anon: [")
}

// player plays one transcript.
type player struct {
	t      *testing.T
	ctx    context.Context
	tr     transcript
	mode   mode
	dir    string
	path   string
	images int
	now    time.Time
	zone   *time.Location
	rand   *rand.ChaCha8
	texts  *locales.Texts
	stage  stage
	office *office // nil = nobody works by mail
	others []bot.Platform
	store  *storage.Store
	engine *bot.Engine
	post   []*bot.Courier    // one for each platform
	refs   map[string]string // the newest reference that was shown, by prefix
	// lacking is what was pressed in vain, in a country where it is not offered.
	lacking []string
	lacks   map[string][]bot.Finding
	peeker  *sql.DB // looks into the file called peeked
	peeked  string
	waiting bool // no letter gets through
}

func open(t *testing.T, tr transcript, m mode) *player {
	t.Helper()
	zone, err := time.LoadLocation(zones[m.country()])
	if err != nil {
		t.Fatal(err)
	}
	texts, err := sharedTexts()
	if err != nil {
		t.Fatal(err)
	}
	if m.texts != nil {
		texts = m.texts
	}
	at := tr.header("at")
	if at == "" {
		at = "2025-10-14 20:15"
	}
	start, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		t.Fatal(err)
	}
	p := &player{
		t: t, ctx: t.Context(), tr: tr, mode: m, dir: t.TempDir(), now: start, zone: zone, texts: texts,
		rand: rand.NewChaCha8([32]byte{7}), refs: map[string]string{}, lacks: map[string][]bot.Finding{},
	}
	p.path = filepath.Join(p.dir, "chat.db")
	p.check(storagetest.Lay(storage.Options{Path: p.path, AuditKey: testKey, Plain: m.searched}))
	w := p.world()
	p.stage = p.newStage(w)
	p.start()
	p.check(sandbox.Seed(p.ctx, p.store, p.stage.platform().Name(), p.stage.rename(w), p.now))
	return p
}

// world is the example world with the transcript's cast.
func (p *player) world() sandbox.World {
	w := sandbox.Vlierdam(p.zone)
	w.Network.Profile = p.mode.country()
	if name := p.tr.header("channel"); name != "" {
		w.Groups = append(w.Groups, sandbox.ExampleGroup{Name: name, Code: "CHANNEL1", Prefix: "CHA", Room: "kanaal", Channel: true})
	}
	many, _ := strconv.Atoi(p.tr.header("groups"))
	for i := len(w.Groups); i < many; i++ {
		w.Groups = append(w.Groups, sandbox.ExampleGroup{
			Name: fmt.Sprint("Groep ", i), Code: fmt.Sprint("GROEP", i), Room: fmt.Sprint("groep", i),
			Prefix: fmt.Sprintf("G%c%c", 'A'+i/26, 'A'+i%26),
		})
	}
	for i, g := range w.Groups {
		if strings.Contains(p.tr.header("direct"), g.Name) || p.tr.header("bare") != "" {
			w.Groups[i].Room = ""
		}
		w.Groups[i].Untold = p.tr.header("bare") != "" || strings.Contains(p.tr.header("untold"), g.Name)
		if also := p.tr.header("also"); also != "" {
			w.Groups[i].Streets = append(w.Groups[i].Streets, sandbox.ExampleStreet{Name: also})
		}
	}
	if p.tr.header("bare") != "" {
		w.Rooms = nil
	}
	cast := p.tr.header("cast")
	if cast == "" {
		return w
	}
	w.Citizens = nil
	for member := range strings.SplitSeq(cast, ";") {
		f := strings.Fields(member)
		c := sandbox.Citizen{ID: f[0], Name: strings.ToUpper(f[0][:1]) + f[0][1:], Role: civic.Role(f[1]), Language: "nl"}
		for _, word := range f[2:] {
			if len(word) == 2 {
				c.Language = word
				continue
			}
			c.Group = word
		}
		w.Citizens = append(w.Citizens, c)
	}
	return w
}

func (p *player) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// start opens the database and builds engine and courier on it.
func (p *player) start() {
	p.t.Helper()
	store, err := storage.Open(p.ctx, storage.Options{
		Path: p.path, AuditKey: testKey, Plain: p.mode.searched, Now: func() time.Time { return p.now }, Sync: storage.SyncOff,
	})
	p.check(err)
	platforms := []bot.Platform{p.stage.platform()}
	if both, is := p.stage.(*bothStages); is {
		platforms = both.platforms()
	}
	for i, platform := range platforms {
		if p.lacks != nil {
			platforms[i] = looking{platform, p.lacks}
		}
	}
	if p.tr.header("paced") != "" {
		for i, platform := range platforms {
			platforms[i] = paced{platform}
		}
	}
	if header := p.tr.header("mail"); header != "" {
		if p.office == nil {
			p.office = newOffice(p.t, header, store, func() time.Time { return p.now })
		}
		platforms = append(platforms, p.office.mail)
	}
	platforms = append(platforms, p.others...)
	e := flows.Bot(store, p.texts, platforms, flows.Options{
		Questions: policeAsk[p.tr.header("questions")], ReportsPerHour: 5, DraftsSpec: "*/15 * * * *", Retention: civic.DefaultRetention(), RetentionSpec: "45 3 * * *",
	})
	e.Now = func() time.Time { return p.now }
	e.Rand = p.rand
	e.Log = testLog(p.t)
	e.Flood = &bot.Flood{PerMinute: 20}
	p.store, p.engine, p.post = store, e, nil
	p.check(e.Start(p.ctx))
	for _, platform := range platforms {
		c := bot.NewCourier(store, platform, e.Now)
		p.check(c.Start(p.ctx))
		p.post = append(p.post, c)
	}
}

// paced is a platform whose groups bear as much as those of Telegram.
type paced struct{ bot.Platform }

// Caps implements [bot.Platform].
func (p paced) Caps() bot.Caps {
	c := p.Platform.Caps()
	c.GroupPerM = 18
	return c
}

func (p *player) close() { p.check(p.store.Close()) }

func (p *player) restart() {
	p.t.Helper()
	p.close()
	p.start()
}

// crash goes on with the files as they are, as after a kill.
func (p *player) crash() {
	p.t.Helper()
	p.images++
	image := filepath.Join(p.dir, fmt.Sprintf("crash%d.db", p.images))
	for _, end := range []string{"", "-wal"} {
		p.check(copyFile(p.path+end, image+end))
	}
	p.close()
	p.path = image
	p.start()
}

// line plays one line and gives what was said.
func (p *player) line(line string) []string {
	p.t.Helper()
	if p.mode.restarted {
		p.restart()
	}
	switch {
	case strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "… "):
		p.pass(strings.TrimPrefix(line, "… "))
	case strings.HasPrefix(line, "! "):
		p.order(strings.Fields(strings.ReplaceAll(line, "(code)", p.refs["(code)"]))[1:])
	default:
		who, what, _ := strings.Cut(line, " > ")
		p.act(who, what)
	}
	p.drain()
	return append(p.took(), p.said()...)
}

func (p *player) act(who, what string) {
	p.t.Helper()
	if p.office != nil && p.office.boxes[who] != "" {
		p.check(p.office.write(p.ctx, p.inbox(), who, wanted.ReplaceAllStringFunc(what, p.refOf)))
		p.now = p.now.Add(time.Second)
		return
	}
	people, room, inRoom := strings.Cut(who, "@")
	for person := range strings.SplitSeq(people, "+") {
		if !inRoom {
			room = person
		}
		what := strings.ReplaceAll(what, "(code)", p.refs["(code)"])
		a, err := parseAct(person, room, wanted.ReplaceAllStringFunc(what, p.refOf))
		p.check(err)
		err = p.stage.do(p.ctx, p.inbox(), a)
		if p.mode.profile != "" && err != nil && a.kind == "press" {
			p.lacking = append(p.lacking, lacks)
			continue
		}
		p.check(err)
	}
	p.now = p.now.Add(time.Second)
}

var (
	wanted    = regexp.MustCompile(`\b[A-Za-z]{1,6}-\?{4}`)
	reference = regexp.MustCompile(`\b([A-Z]{1,6})-[0-9A-HJKMNP-TV-Z]{4}\b`)
	// What is stored of an account or a chat differs between platforms.
	ofPlatform = regexp.MustCompile(`\{[^{}]*"platform":[^{}]*\}`)
	// The messages that something was told with are kept where a network tells when one is taken back.
	ofMessages = regexp.MustCompile(`,?\\?"(pieces|_told)\\?":(\[.*?\}\]|"\[.*?\]")`)
	// The code of an invitation.
	invitation = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{26}\b`)
)

// refOf is the reference that "KAS-????" stands for, in small letters for "kas-????".
func (p *player) refOf(mark string) string {
	prefix, _, _ := strings.Cut(mark, "-")
	ref, known := p.refs[strings.ToUpper(prefix)]
	if !known && p.mode.profile != "" {
		return prefix + "-0000" // what it is about was refused in this country
	}
	if !known {
		p.t.Fatalf("nobody was shown a reference that begins with %s", prefix)
	}
	if prefix == strings.ToLower(prefix) {
		return strings.ToLower(ref)
	}
	return ref
}

// inbox is the store, or the store told everything twice.
func (p *player) inbox() bot.Inbox {
	if p.mode.repeated {
		return twice{p.store}
	}
	return p.store
}

type twice struct{ bot.Inbox }

func (w twice) Receive(ctx context.Context, platform, account string, rows []bot.Raw, checkpoint string) error {
	for range 2 {
		if err := w.Inbox.Receive(ctx, platform, account, rows, checkpoint); err != nil {
			return err
		}
	}
	return nil
}

// drain works until nothing is left to do now.
func (p *player) drain() {
	p.t.Helper()
	for range 10000 {
		n, err := p.engine.HandleNext(p.ctx)
		p.check(err)
		p.check(p.engine.Tick(p.ctx))
		ran, err := p.engine.RunErrand(p.ctx) // after what the clock asked for
		p.check(err)
		if p.mode.crashed && n > 0 {
			p.crash()
		}
		sent := p.deliver()
		if n == 0 && !ran && !sent {
			return
		}
	}
	p.t.Fatal("the bot never comes to rest")
}

// deliver lets every courier bring a letter.
func (p *player) deliver() bool {
	p.t.Helper()
	one := false
	if p.waiting {
		return false
	}
	for _, c := range p.post {
		sent, err := c.DeliverNext(p.ctx)
		p.check(err)
		one = one || sent
	}
	return one
}
