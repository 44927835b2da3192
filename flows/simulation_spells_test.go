package flows_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// spells are faults that last, or that change the world for good: a login that was revoked, a group that got another
// address, a room that put the bot out.
type spells struct {
	address map[string]string // where a room is now, by its name; others are where they always were
	names   map[string]string // the name of a room, by every address that it ever had
	knocks  map[string]int    // calls to a former address
	excused map[string]int    // those that could not be helped
	leapt   bool              // the clock was set a day ahead
	setBack bool              // the last time it was set back, and can be known to have been
	putOut  bool              // the street group has put the bot out
	wrong   time.Duration     // by how much the clock is ahead of everybody else's
}

// whim does what happens seldom.
func (s *simulation) whim() {
	switch s.rand.IntN(13) {
	case 0, 1, 2:
		s.leave()
	case 3, 4:
		s.step("retire", s.retire)
	case 5:
		f := s.nets[s.rand.IntN(len(s.nets))]
		s.note("the login is revoked on " + f.name)
		f.refusedUntil = s.now.Add(time.Duration(1+s.rand.IntN(90)) * time.Minute)
	case 6:
		s.step("move", s.move)
	case 7:
		s.step("door", s.door)
	case 8:
		s.step("leap", s.leap)
	case 9:
		s.flood()
	default:
		s.archive()
	}
}

// refuse answers as a network does that does not know the bot's login any more.
func (f *faulty) refuse(l bot.Letter) error {
	s := f.s
	if s.calm || !s.now.Before(f.refusedUntil) {
		return nil
	}
	const pause = 5 * time.Minute // before it is asked again
	if since := s.now.Sub(f.refusedAt); since >= 0 && since < pause {
		s.t.Errorf("P15: letter %d, %v after the network refused the bot", l.ID, since)
	}
	f.refusedAt, f.refusals = s.now, f.refusals+1
	s.counts.refused++
	s.note(fmt.Sprintf("letter %d: refused", l.ID))
	return &bot.SendError{Remedy: bot.Down, Global: true, Err: errors.New(revoked)}
}

const revoked = "the login was revoked"

// refused is P15: a network that refuses the bot is asked seldom, an administrator hears of it once it is over, and nothing
// is given up because of it.
func (l leftover) refused() {
	for _, row := range l.rows("SELECT id, state FROM outbox WHERE state = 'dead' AND why LIKE '%" + revoked + "%'") {
		l.s.t.Errorf("P15: letter %s was given up because the network refused the bot", row[0])
	}
	for _, f := range l.s.nets {
		if f.learnt && l.s.restores == 0 { // who heard of it before a copy may not hear of it again
			l.told(f)
		}
	}
}

// told is the rest of P15: an administrator heard that a network refused the bot.
func (l leftover) told(f *faulty) {
	title := strings.ToUpper(f.name[:1]) + f.name[1:]
	lead, _, _ := strings.Cut(l.s.texts.Text("nl", "outage.told", "platform", title)+"#", ".")
	told := slices.ContainsFunc(l.s.history, func(d delivery) bool {
		return d.room == keeper && strings.HasPrefix(d.text, plain(lead))
	})
	late := l.rows("SELECT 1 FROM outbox o JOIN accounts a ON a.chat = o.chat WHERE a.person IN" +
		" (SELECT person FROM roles WHERE role = 'admin') AND o.state IN ('expired', 'unknown')") // too old, whether or not it was tried
	still := l.rows("SELECT 1 FROM timers WHERE kind = 'chat.down'") // the clock was set back since
	if !told && len(late) == 0 && len(still) == 0 {
		l.s.t.Errorf("P15: nobody heard that %s refused the bot %d times", f.name, f.refusals)
	}
}

// keeper is the administrator, who does nothing of their own accord.
const keeper = "beheer"

// move gives a street group another address, as a group on Telegram that becomes a supergroup. What people did there before
// comes from the former one.
func (s *simulation) move() error {
	room := []string{"kastanje", "meidoorn"}[s.rand.IntN(2)]
	former := s.addressOf(room)
	if room == "kastanje" && s.putOut || s.netOf(room).once != nil {
		return nil
	}
	s.address[room] = fmt.Sprintf("%s-%d", room, len(s.names)+1)
	s.names[former], s.names[s.address[room]] = room, room
	for _, r := range s.outside {
		if strings.Contains(string(r.Body), inRoom(former)) {
			s.excused[former]++ // the bot may answer
		}
	}
	s.note(fmt.Sprintf("%s is now %s", former, s.address[room]))
	return nil
}

func (s *simulation) addressOf(room string) string {
	if to, ok := s.address[room]; ok {
		return to
	}
	return room
}

// nameOf is the room at an address.
func (s *simulation) nameOf(address string) string {
	if room, ok := s.names[address]; ok {
		return room
	}
	return address
}

// inRoom is how an update says where it was done.
func inRoom(address string) string {
	raw, _ := json.Marshal(address)
	return `"room":` + string(raw)
}

// roomIn is where an update was done.
func roomIn(body []byte) string {
	var d deed
	_ = json.Unmarshal(body, &d) // it was written as one
	return d.Room
}

// forward answers at a former address, and finds the room at the present one.
func (s *simulation) forward(l *bot.Letter) error {
	room := s.nameOf(l.To.ID)
	if now := s.addressOf(room); now != l.To.ID {
		s.knocks[l.To.ID]++
		s.note(fmt.Sprintf("letter %d to %s: moved", l.ID, l.To.ID))
		return &bot.SendError{Remedy: bot.MovedTo, To: now, Err: errors.New("the group was upgraded")}
	}
	l.To.ID = room
	return nil
}

// followed is P16: a group that moved is called at its former address until that was learnt, and not again.
func (s *simulation) followed() {
	for former, n := range s.knocks {
		if may := 1 + s.excused[former]; n > may {
			s.t.Errorf("P16: %d calls to %s, which moved, where %d could not be helped", n, former, may)
		}
	}
}

// door lets the street group put the bot out, or take it in again.
func (s *simulation) door() error {
	s.everAway["kastanje"] = true
	s.putOut = !s.putOut
	if s.putOut {
		s.note("kastanje puts the bot out")
		return s.platform.throwOut(s.ctx, capture{s}, "kastanje")
	}
	s.note("kastanje takes the bot in")
	return s.platform.do(s.ctx, capture{s}, act{person: "wim", room: "kastanje", kind: "unblock", count: 1})
}

// leap sets the clock forward or back by an hour or a day.
func (s *simulation) leap() error {
	by := []time.Duration{time.Hour, 24 * time.Hour, -time.Hour, -24 * time.Hour}[s.rand.IntN(4)]
	s.now = s.now.Add(by)
	if by < 0 { // whoever did not look at the clock while it was ahead cannot know
		looked := s.number("SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'clock'), 0)")
		s.setBack = looked > s.now.Add(time.Minute).UnixMilli()
	}
	s.leapt = s.leapt || by > time.Hour
	if by < 0 { // networks have clocks of their own
		for _, f := range s.nets {
			f.refusedUntil, f.shut, f.known = f.refusedUntil.Add(by), f.shut.Add(by), f.known.Add(by)
		}
		for room, until := range s.blocked {
			s.blocked[room] = until.Add(by)
		}
	}
	if by > 0 {
		s.wrongYear()
	}
	s.note(fmt.Sprintf("the clock is set %v", by))
	if by < 0 { // what is kept in memory goes by a clock that only goes on; this one does not, so the machine starts anew
		s.lostSight()
		s.reopen()
	}
	return nil
}

// correct sets a clock back that ran ahead. How long ago a network refused the bot is no other for it.
func (s *simulation) correct(by time.Duration) {
	s.now = s.now.Add(-by)
	for _, f := range s.nets {
		f.refusedAt = f.refusedAt.Add(-by)
	}
}

// wrongYear sets the clock into another year and, once it was looked at, right again: P19 is that nothing is given up or
// erased meanwhile, because every network says otherwise.
func (s *simulation) wrongYear() {
	const year = 366 * 24 * time.Hour
	calm := s.calm
	s.calm = true
	defer func() { s.calm = calm }()
	kept := func() (n [3]int64) {
		return [3]int64{
			s.number("SELECT count(*) FROM timers"),
			s.number("SELECT count(*) FROM outbox WHERE state = 'pending'"),
			s.number("SELECT count(*) FROM reports WHERE text <> ''"),
		}
	}
	before := kept()
	s.now, s.wrong = s.now.Add(year), year
	err := s.engine.Tick(s.ctx)
	s.now, s.wrong = s.now.Add(-year), 0
	if after := kept(); err == nil && after != before {
		s.t.Errorf("P19: in a wrong year timers, letters and texts went from %d to %d", before, after)
	}
	s.note("the clock was in another year")
}

// waitsForNoClock is the rest of P4: once the clock was looked at after it was set back, nothing that was told to wait for a
// while waits for as long as the clock was wrong.
func (s *simulation) waitsForNoClock() {
	if !s.setBack || s.restores > 0 {
		return
	}
	const slack = 30 * time.Minute // for the steps of less than a minute by which clocks are set right
	l := s.look(s.path)
	defer l.close()
	for _, late := range l.rows("SELECT kind, ref, at FROM timers WHERE stretch > 0 AND at > $1 + stretch",
		s.now.Add(slack).UnixMilli()) {
		s.t.Errorf("P4: a timer waits for a clock that was ahead: %s", strings.Join(late, " "))
	}
}

// crowned is the world with its administrator.
func crowned(all []sandbox.Citizen) []sandbox.Citizen {
	return append(all, sandbox.Citizen{ID: keeper, Name: "Beheer", Language: "nl", Role: civic.Admin})
}
