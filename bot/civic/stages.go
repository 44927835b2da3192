package civic

import "time"

// Quiet hours, by the network's clock: from ten in the evening until seven in the morning.
const (
	quietFrom  = 22
	quietUntil = 7
)

// Stage narrows a plan.
type Stage func(a Alert, w World, p *Plan)

// Broadcast is the order in which a plan is narrowed. A rule is one function here and one place in this list. NotTwice
// stands after the stages that silence a way to a person, so that somebody whose one way is muted or gone still hears
// through the other.
var Broadcast = []Stage{ByStreet, AllClearOnlyToTheAlarmed, Muted, Unreachable, NotTwice, QuietHours, OnceADay}

// ByStreet leaves out who lives elsewhere: an alert to a street reaches the chats of its street group, and, one by one,
// the members of that street only; an alert to a street group or a network reaches all of it. Corrections and all-clears
// follow the alarm instead, wherever it went.
func ByStreet(a Alert, w World, p *Plan) {
	if p.Notice != NoticeAlarm {
		return
	}
	where := spread(a.Areas, w.Areas)
	lives := map[home]bool{}
	for _, l := range w.Listeners {
		if where.streets[l.Street] {
			lives[home{l.Person, l.Group}] = true
		}
	}
	p.narrow(func(r Recipient) Reason {
		switch {
		case where.whole[w.Areas[r.Group].Network], where.whole[r.Group]:
			return ""
		case r.Kind == TargetDirect && lives[home{r.Person, r.Group}]:
			return ""
		case r.Kind != TargetDirect && where.groups[r.Group]:
			return ""
		}
		return SkipElsewhere
	})
}

// AllClearOnlyToTheAlarmed sends a correction or all-clear to exactly those who got the alarm, or may have got it.
func AllClearOnlyToTheAlarmed(a Alert, w World, p *Plan) {
	if p.Notice == NoticeAlarm {
		return
	}
	got := map[addressee]bool{}
	for _, d := range w.Ledger {
		if alarmed(a, d) {
			got[addressee{d.Target, d.Person, d.Chat}] = true
		}
	}
	p.narrow(func(r Recipient) Reason {
		if got[addressee{r.Target, r.Person, r.Chat}] {
			return ""
		}
		return SkipNeverAlarmed
	})
}

// Muted leaves out targets the network silenced, and people who do not want this alert. Who was alarmed hears how it ended
// even so.
func Muted(a Alert, w World, p *Plan) {
	if p.Notice != NoticeAlarm {
		return
	}
	muted, unwanted := map[int64]bool{}, map[int64]Reason{}
	for _, t := range w.Targets {
		muted[t.ID] = t.Muted
	}
	where := spread(a.Areas, w.Areas)
	for _, l := range w.Listeners {
		if why := l.unwanted(a, w.Now, where); why != "" {
			unwanted[l.Person] = why
		}
	}
	p.narrow(func(r Recipient) Reason {
		switch {
		case muted[r.Target]:
			return SkipMuted
		case r.Person != 0:
			return unwanted[r.Person]
		}
		return ""
	})
}

// unwanted says why a person does not want an alert; empty when they do.
func (l Listener) unwanted(a Alert, now time.Time, where spreading) Reason {
	switch {
	case l.AwayAt(now):
		return SkipAway
	case a.Pressing():
		return ""
	case l.Urgent:
		return SkipUrgentOnly
	case l.Nearby && !where.streets[l.Street]:
		return SkipNearbyOnly
	}
	return ""
}

// Unreachable leaves out people without a private chat and chats that are closed to the bot.
func Unreachable(_ Alert, w World, p *Plan) {
	p.narrow(func(r Recipient) Reason {
		switch {
		case r.Chat == 0 && r.Person != 0:
			return SkipNoChat
		case r.Chat == 0 || w.Unreachable[r.Chat]:
			return SkipUnreachable
		}
		return ""
	})
}

// NotTwice tells nobody the same notice twice: not who has it by the ledger, and not one chat through two targets. An
// alarm reaches a person through one chat only; what follows goes to each chat that got the alarm.
func NotTwice(a Alert, w World, p *Plan) {
	chats, people := map[int64]Reason{}, map[int64]Reason{}
	for _, d := range w.Ledger {
		if told(a, d, p.Notice, w.Nth) {
			chats[d.Chat], people[d.Person] = SkipTold, SkipTold
		}
	}
	p.narrow(func(r Recipient) Reason {
		byPerson := r.Person != 0 && p.Notice == NoticeAlarm
		if reason := chats[r.Chat]; reason != "" {
			return reason
		}
		if reason := people[r.Person]; reason != "" && byPerson {
			return reason
		}
		chats[r.Chat], people[r.Person] = SkipTwice, SkipTwice
		return ""
	})
}

// QuietHours keeps what is not pressing until the morning: seven, or the hour that a person chose. An alarm that is over
// by then is not sent at all. What is pressing goes through, and says so.
func QuietHours(a Alert, w World, p *Plan) {
	own := map[int64]Hours{}
	for _, l := range w.Listeners {
		own[l.Person] = l.Quiet
	}
	if a.Pressing() {
		p.pierce(own, pierceAt(a, p.Notice, w.Now), w.Zone)
		return
	}
	p.narrow(func(r Recipient) Reason {
		end, quiet := own[r.Person].end(w.Now, w.Zone)
		if quiet && p.Notice == NoticeAlarm && !a.Until.IsZero() && !a.Until.After(end) {
			return SkipOver
		}
		return ""
	})
	now := p.Tell[:0]
	for _, r := range p.Tell {
		if end, quiet := own[r.Person].end(w.Now, w.Zone); quiet {
			p.Later[r] = end
		} else {
			now = append(now, r)
		}
	}
	p.Tell = now
}

// pierceAt is the time that decides whose quiet hours a notice pierces. Of an alarm it is when it was issued, so that what a
// second officer approves reads the same when the quiet hours begin or end meanwhile.
func pierceAt(a Alert, notice Notice, now time.Time) time.Time {
	if notice == NoticeAlarm && !a.Issued.IsZero() {
		return a.Issued
	}
	return now
}

// pierce notes in whose quiet hours something comes all the same.
func (p *Plan) pierce(own map[int64]Hours, at time.Time, zone *time.Location) {
	for _, r := range p.Tell {
		if _, quiet := own[r.Person].end(at, zone); quiet {
			p.Pierced = append(p.Pierced, r)
		}
	}
}

// OnceADay keeps information, and what is put right in it, until the hour at which it comes together to who wants it once a
// day, in one message. Each keeps its own row in the ledger, so that it can still be put right, taken back and made neutral.
// What is over by then comes as it does to everybody, so that nothing is lost.
func OnceADay(a Alert, w World, p *Plan) {
	at := DigestAt(w.Now, w.Zone)
	if a.Kind != InfoAlert || p.Notice == NoticeAllClear || !a.Until.IsZero() && !a.Until.After(at) {
		return
	}
	wanted := map[int64]bool{}
	for _, l := range w.Listeners {
		wanted[l.Person] = l.Digest
	}
	now := p.Tell[:0]
	for _, r := range p.Tell {
		if wanted[r.Person] {
			p.Later[r] = at
		} else {
			now = append(now, r)
		}
	}
	p.Tell = now
	for r := range p.Later {
		if wanted[r.Person] {
			p.Later[r] = at
		}
	}
}

// addressee is what tells the deliveries of one notice apart.
type addressee struct{ target, person, chat int64 }

// told reports whether the delivery is this notice, the nth of its kind, sent or on its way, or replaced by newer news.
func told(a Alert, d Delivery, notice Notice, nth int) bool {
	if d.Alert != a.ID || d.Notice != notice || d.Status == DeliveryFailed {
		return false
	}
	return notice != NoticeCorrection || max(d.Nth, 1) == max(nth, 1)
}

// home is a person in a street group.
type home struct {
	person int64
	group  AreaID
}

// spreading is what an alert's areas come down to.
type spreading struct {
	whole   map[AreaID]bool // networks and street groups of which everybody is meant
	streets map[AreaID]bool
	groups  map[AreaID]bool // the street groups of those streets
}

// spread sorts areas by their kind; an area that is not known means nobody.
func spread(ids []AreaID, areas map[AreaID]Area) spreading {
	s := spreading{whole: map[AreaID]bool{}, streets: map[AreaID]bool{}, groups: map[AreaID]bool{}}
	for _, id := range ids {
		switch area := areas[id]; area.Kind {
		case KindNetwork, KindGroup:
			s.whole[id] = true
		case KindStreet:
			s.streets[id], s.groups[area.Parent] = true, true
		}
	}
	return s
}
