package flows_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
)

var readFile = flag.String("read", "", "write the keys that residents read to this file")

// firstMark is the first of the characters that mark texts: of those that Unicode leaves to programs.
const firstMark = '\uE000'

// unmarked are texts that are taken apart rather than read.
var unmarked = regexp.MustCompile(`\.words(\.|$)|^command\.|^word\.|^language\.name$|^time\.month|^join\.street\.elsewhere$`)

// reading is what people without a role read: which keys, and where.
type reading struct {
	mu   sync.Mutex
	keys []string          // by mark
	read map[string]string // key: who read it first, in which transcript

	unbound map[string]string // likewise, of what goes to somebody alone who may have no role any more when it does
}

// markedTexts are the texts, each begun with a character of its own that nobody sees.
func markedTexts(t *testing.T) (*locales.Texts, *reading) {
	t.Helper()
	r := &reading{read: map[string]string{}, unbound: map[string]string{}}
	marks := map[string]string{}
	files := fstest.MapFS{}
	names, err := filepath.Glob("../locales/??.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for line := range strings.Lines(string(raw)) {
			key, text, ok := strings.Cut(line, ": ")
			if ok && !strings.HasPrefix(line, "#") && !unmarked.MatchString(key) {
				if marks[key] == "" {
					marks[key] = string(firstMark + rune(len(r.keys)))
					r.keys = append(r.keys, key)
				}
				words, quoted := strings.CutPrefix(text, `"`)
				line = key + ": " + strings.Repeat(`"`, btoi(quoted)) + marks[key] + words
			}
			b.WriteString(line)
		}
		files[filepath.Base(name)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	texts, err := locales.LoadFS(files)
	if err != nil {
		t.Fatal(err)
	}
	return texts, r
}

// hear notes the texts that somebody read, and gives the words without the marks.
func (r *reading) hear(words, who string, note func() bool) string {
	return strings.Map(func(c rune) rune {
		if c < firstMark || int(c-firstMark) >= len(r.keys) {
			return c
		}
		if key := r.keys[c-firstMark]; note() {
			r.mu.Lock()
			if r.read[key] == "" {
				r.read[key] = who
			}
			r.mu.Unlock()
		}
		return -1
	}, words)
}

// loose notes the texts of a letter that is sent whoever its reader is by then.
func (r *reading) loose(words, who string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range words {
		if c >= firstMark && int(c-firstMark) < len(r.keys) {
			r.unbound[r.keys[c-firstMark]] = who
		}
	}
}

// ear is the sandbox with somebody who listens to what residents are told.
type ear struct {
	*localStage
	p *player
	r *reading
}

func (e *ear) platform() bot.Platform { return e }

// Send implements [bot.Platform].
func (e *ear) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	resident := e.resident(l.To.ID)
	who := filepath.Base(e.p.tr.file) + ": " + l.To.ID
	if l.To.Kind == bot.Private && l.For == nil && l.Lane != bot.LaneAnswer {
		e.r.loose(l.Text, who)
	}
	l.Text = e.r.hear(l.Text, who, resident)
	rows := make([][]bot.Choice, len(l.Rows))
	for i, row := range l.Rows {
		rows[i] = slices.Clone(row)
		for j := range rows[i] {
			rows[i][j].Label = e.r.hear(rows[i][j].Label, who, resident)
		}
	}
	l.Rows = rows
	return e.localStage.Send(ctx, l, photos)
}

// Answer implements [bot.Platform].
func (e *ear) Answer(ctx context.Context, query, text string) error {
	parts := strings.Split(query, "/")
	if len(parts) == 3 {
		text = e.r.hear(text, filepath.Base(e.p.tr.file)+": "+query, e.resident(parts[1]))
	}
	return e.localStage.Answer(ctx, query, text)
}

// resident reports whether a private chat is of somebody who works for no network, did not when the story began, and is not about
// to.
func (e *ear) resident(chat string) func() bool {
	return sync.OnceValue(func() bool {
		if _, room := e.rooms[chat]; room {
			return false
		}
		for _, c := range e.p.world().Citizens {
			if c.ID == chat && c.Role != "" && c.Role != civic.Resident && c.Role != civic.Guest {
				return false
			}
		}
		var m civic.Member
		err := e.p.store.Do(e.p.ctx, func(tx bot.Tx) (err error) {
			m, err = tx.Identify(e.p.ctx, bot.UserRef{Platform: sandbox.Name, ID: e.account(chat)})
			return err
		})
		return err == nil && !slices.ContainsFunc(m.Grants, func(g civic.Grant) bool { return g.Role != civic.Resident })
	})
}

// mayBeLate are texts of staff that go to somebody alone whether or not they still have a role by then, each for its reason.
var mayBeLate = map[string]string{
	"alert.planned.role": ownRole, "card.closed": ownRole, "case.card.closed": ownRole, "roleend.told": ownRole,
	"rolelapse.told": ownRole, "cover.ended": ownRole, "cover.ended.police": ownRole,

	"claim.card.confirmed": decided, "claim.card.expired": decided, "claim.card.refused": decided,
	"claim.card.lapsed": decided,
	"lookup.card.ended": decided, "lookup.card.expired": decided, "lookup.card.expired.found": decided,
	"lookup.card.refused": decided, "lookup.card.withdrawn": decided, "lookup.found.given": decided,
	"lookup.found.redacted": decided, "lookup.found.nothing": decided,
	"lookupsecond.card.agreed": decided, "lookupsecond.card.expired": decided,
	"lookupsecond.card.refused": decided, "lookup.card.over": decided, "lookupsecond.card.over": decided, "lookupsecond.card.withdrawn": decided,
	"member.card.approved": decided, "member.card.declined": decided, "member.decline.not_here": decided,
	"member.decline.not_sure": decided, "member.decline.talk": decided, "appeal.card.stands": decided, "appeal.card.undone": decided,
}

const (
	ownRole = "it is about their own role"
	decided = "it takes the place of what they were to decide"
)

// A text that is said to somebody who has no role but that of a resident is not called one of the staff's, in
// locales/staff.txt: every language has it. What is one of the staff's, and may wait for hours before it goes to one of them, is
// for those alone who still have the role by then.
func TestResidentsReadNoTextsOfStaff(t *testing.T) {
	shipped := textsOf(t)
	texts, r := markedTexts(t)
	t.Run("play", func(t *testing.T) {
		for _, tr := range transcripts(t) {
			if !*every && tr.sum()%8 != 0 {
				continue // .ci/run listens to all of them
			}
			t.Run(strings.TrimSuffix(filepath.Base(tr.file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				tr.play(t, mode{texts: texts, reading: r})
			})
		}
	})
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(r.read)) {
		if shipped.Staff(key) {
			t.Errorf("%s is staff's by locales/staff.txt, but was told in %s", key, r.read[key])
		}
		lines = append(lines, fmt.Sprintf("%s\t%s", key, r.read[key]))
	}
	for _, key := range slices.Sorted(maps.Keys(r.unbound)) {
		if shipped.Staff(key) && mayBeLate[key] == "" {
			t.Errorf("%s is staff's and would go to somebody whose role is over (bot.Readers): %s", key, r.unbound[key])
		}
	}
	if *every && len(lines) < 400 {
		t.Errorf("few listened: %d texts were read", len(lines))
	}
	if *readFile != "" {
		if err := os.WriteFile(*readFile, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
