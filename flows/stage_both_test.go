package flows_test

import (
	"context"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
)

// bothStages is a network whose residents and street groups are on one platform, and whose coordinators and officers,
// with their rooms, are on the other. They work on the same cases.
type bothStages struct {
	telegram *telegramStage
	matrix   *matrixStage
	mode     mode
	officers map[string]bool // people and rooms that are not on the residents' platform
}

func newBothStages(p *player, w sandbox.World, now func() time.Time) *bothStages {
	p.t.Helper()
	s := &bothStages{
		telegram: newTelegramStage(p.t, p.tr, w, now), matrix: newMatrixStage(p.t, p.tr, w, now),
		mode: p.mode, officers: officersOf(w),
	}
	p.check(s.telegram.PollOnce(p.ctx, forgetful{})) // the first poll tells the bot its name
	return s
}

// officersOf are those who work with reports, and their rooms.
func officersOf(w sandbox.World) map[string]bool {
	all := map[string]bool{}
	for _, c := range w.Citizens {
		all[c.ID] = c.Role != civic.Resident && c.Role != civic.Guest
	}
	for _, room := range w.Rooms {
		all[room] = true
	}
	return all
}

// of is the stage on which a person or a room is.
func (s *bothStages) of(name string) stage {
	if s.officers[name] == (s.mode.residents == telegram.Name) {
		return s.matrix
	}
	return s.telegram
}

func (s *bothStages) platforms() []bot.Platform {
	return []bot.Platform{s.telegram, s.matrix}
}

// platform is the residents'.
func (s *bothStages) platform() bot.Platform { return s.of("").platform() }

func (s *bothStages) account(person string) string { return s.of(person).account(person) }

func (s *bothStages) do(ctx context.Context, in bot.Inbox, a act) error {
	return s.of(a.room).do(ctx, in, a)
}

func (s *bothStages) throwOut(ctx context.Context, in bot.Inbox, room string) error {
	return s.of(room).throwOut(ctx, in, room)
}

func (s *bothStages) shown() []shown { return append(s.telegram.shown(), s.matrix.shown()...) }

// rename gives everybody the id on the platform where they are.
func (s *bothStages) rename(w sandbox.World) sandbox.World {
	away := telegram.Name
	if s.mode.residents == telegram.Name {
		away = matrix.Name
	}
	w.Away = map[string]string{}
	for i, c := range w.Citizens {
		w.Citizens[i].ID = s.account(c.ID)
		if s.of(c.ID) == stage(s.matrix) {
			w.Citizens[i].Chat = s.matrix.rooms[c.ID]
		}
		if s.of(c.ID) != s.of("") {
			w.Away[w.Citizens[i].ID], w.Away[w.Citizens[i].Chat] = away, away
		}
	}
	for i, g := range w.Groups {
		if g.Room != "" {
			w.Groups[i].Room = s.room(g.Room, w.Away, away)
		}
	}
	for kind, room := range w.Rooms {
		w.Rooms[kind] = s.room(room, w.Away, away)
	}
	return w
}

// room is the id of a room on the platform where it is.
func (s *bothStages) room(name string, where map[string]string, away string) string {
	id := s.telegram.account(name)
	if s.of(name) == stage(s.matrix) {
		id = s.matrix.rooms[name]
	}
	if s.of(name) != s.of("") {
		where[id] = away
	}
	return id
}

// never tells why a transcript cannot happen in a mode; empty when it can.
func (m mode) never(tr transcript) string {
	if !m.matrix && m.residents == "" {
		return ""
	}
	if why := offMatrix(tr); why != "" {
		return "not on Matrix: " + why
	}
	if m.residents == "" {
		return ""
	}
	w := (&player{tr: tr, zone: time.UTC}).world()
	officers := officersOf(w)
	for _, match := range doer.FindAllStringSubmatch(strings.Join(tr.lines, "\n"), -1) {
		for name := range strings.SplitSeq(match[1], "+") {
			room := strings.TrimPrefix(match[2], "@")
			if room != "" && officers[room] != officers[name] {
				return name + " has no account on the platform of " + room
			}
		}
	}
	return ""
}
