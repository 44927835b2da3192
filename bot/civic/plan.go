package civic

import (
	"cmp"
	"slices"
	"time"
)

// Recipient is where a notice of an alert may go: a group chat or channel of a street group, or one person's private
// chat. It is comparable; two recipients are the same when all of it is the same.
type Recipient struct {
	Target int64
	Kind   TargetKind
	Group  AreaID
	Chat   int64 // our chat id; 0 = there is none, so nothing can be sent
	Person int64 // 0 for a group chat or channel
}

// Listener is a member as far as alerts are concerned.
type Listener struct {
	Person int64
	Chat   int64 // their private chat; 0 = they never spoke to the bot
	Group  AreaID
	Street AreaID
	Wishes
}

// World is a snapshot of everything that decides who hears of an alert.
type World struct {
	Now         time.Time
	Zone        *time.Location // of the network, for quiet hours; nil = UTC
	Areas       map[AreaID]Area
	Targets     []Target
	Listeners   []Listener     // who is told through the targets of kind TargetDirect, by their street group
	Ledger      []Delivery     // of this alert, as it stands when what this notice supersedes is superseded
	Nth         int            // which correction is planned; 0 reads as 1
	Members     map[AreaID]int // active members of each street group
	Unreachable map[int64]bool // chats the bot was thrown out of or blocked in
	Elsewhere   bool           // the same words of the same issuer went to another network as well
}

// Reason is why a recipient is not told. It is also the key of its text.
type Reason string

// The reasons.
const (
	SkipElsewhere    Reason = "not_its_street"
	SkipTold         Reason = "was_told"       // this notice is in the ledger, sent or on its way
	SkipTwice        Reason = "told_elsewhere" // the same chat or person is told through another target
	SkipNeverAlarmed Reason = "never_got_the_alarm"
	SkipMuted        Reason = "muted"       // by the network
	SkipAway         Reason = "away"        // by the person
	SkipUrgentOnly   Reason = "urgent_only" // by the person
	SkipNearbyOnly   Reason = "nearby_only" // by the person
	SkipNoChat       Reason = "no_private_chat"
	SkipUnreachable  Reason = "unreachable"
	SkipOver         Reason = "over_by_then" // the alert ends before the quiet hours do
)

// Reasons lists the reasons in the order in which a plan's summary names them.
var Reasons = []Reason{
	SkipElsewhere, SkipTold, SkipTwice, SkipNeverAlarmed, SkipMuted, SkipAway, SkipUrgentOnly,
	SkipNearbyOnly, SkipNoChat, SkipUnreachable, SkipOver,
}

// Plan says who hears a notice now, who later, and who not, and why. Every recipient is in exactly one of the three.
type Plan struct {
	Notice Notice
	Tell   []Recipient // by group, target, person and chat
	Later  map[Recipient]time.Time
	Skip   map[Recipient]Reason

	Pierced []Recipient // of Tell: in whose quiet hours it comes, because it is pressing; in the order of Tell
	Unheard []AreaID    // street groups of the alarm with members and nowhere to tell them
}

// NewPlan plans a notice: it starts with everybody and lets each stage of [Broadcast] narrow the plan. The same alert,
// notice and world give the same plan.
func NewPlan(a Alert, notice Notice, w World) Plan {
	p := Plan{
		Notice: notice,
		Tell:   everybody(a, notice, w),
		Later:  map[Recipient]time.Time{},
		Skip:   map[Recipient]Reason{},
	}
	if notice == NoticeAlarm {
		p.Unheard = unheard(a, w)
	}
	for _, narrow := range Broadcast {
		narrow(a, w, &p)
	}
	return p
}

// Waiting lists who is told later, in the order of Tell.
func (p Plan) Waiting() []Recipient {
	var waiting []Recipient
	for r := range p.Later {
		waiting = append(waiting, r)
	}
	slices.SortFunc(waiting, compareRecipients)
	return waiting
}

// Skipped counts who is not told for this reason.
func (p Plan) Skipped(reason Reason) int {
	n := 0
	for _, why := range p.Skip {
		if why == reason {
			n++
		}
	}
	return n
}

// SkippedFor lists who is not told for one of these reasons, in the order of Tell.
func (p Plan) SkippedFor(reasons ...Reason) []Recipient {
	var skipped []Recipient
	for r, why := range p.Skip {
		if slices.Contains(reasons, why) {
			skipped = append(skipped, r)
		}
	}
	slices.SortFunc(skipped, compareRecipients)
	return skipped
}

// narrow asks of everybody still to be told why they should not be; no reason keeps them.
func (p *Plan) narrow(why func(Recipient) Reason) {
	kept := p.Tell[:0]
	for _, r := range p.Tell {
		if reason := why(r); reason != "" {
			p.Skip[r] = reason
		} else {
			kept = append(kept, r)
		}
	}
	p.Tell = kept
}

// unheard lists the street groups that an alert is meant for, where people live and no target is set up: nothing would
// tell that they hear nothing, for who is no recipient is not skipped either.
func unheard(a Alert, w World) []AreaID {
	where := spread(a.Areas, w.Areas)
	var groups []AreaID
	for group, people := range w.Members {
		meant := where.whole[w.Areas[group].Network] || where.whole[group] || where.groups[group]
		told := slices.ContainsFunc(w.Targets, func(t Target) bool { return t.Group == group })
		if group != 0 && people > 0 && meant && !told {
			groups = append(groups, group)
		}
	}
	slices.Sort(groups)
	return groups
}

// everybody is each recipient of the world, once, in order. Whoever was alarmed belongs to it even if they have moved
// away since, or their target was bound to another chat.
func everybody(a Alert, notice Notice, w World) []Recipient {
	inGroup := map[AreaID][]Listener{}
	for _, l := range w.Listeners {
		inGroup[l.Group] = append(inGroup[l.Group], l)
	}
	var all []Recipient
	targets := map[int64]Target{}
	for _, t := range w.Targets {
		targets[t.ID] = t
		if t.Kind != TargetDirect {
			all = append(all, Recipient{Target: t.ID, Kind: t.Kind, Group: t.Group, Chat: t.Chat})
			continue
		}
		for _, l := range inGroup[t.Group] {
			all = append(all, Recipient{Target: t.ID, Kind: t.Kind, Group: t.Group, Chat: l.Chat, Person: l.Person})
		}
	}
	if notice != NoticeAlarm {
		for _, d := range w.Ledger {
			if alarmed(a, d) {
				all = append(all, recipientOf(d, targets))
			}
		}
	}
	slices.SortFunc(all, compareRecipients)
	return slices.Compact(all)
}

// alarmed reports whether the delivery is one by which the alert was heard, or may have been, or may still be: its alarm,
// or a correction that took an unsent alarm's place.
func alarmed(a Alert, d Delivery) bool {
	heard := d.Notice == NoticeAlarm || d.Notice == NoticeCorrection
	return d.Alert == a.ID && heard && d.Chat != 0 &&
		(d.Status == DeliverySent || d.Status == DeliveryUnknown || d.Status == DeliveryPending)
}

// recipientOf is whom a delivery was meant for; its target may be gone.
func recipientOf(d Delivery, targets map[int64]Target) Recipient {
	t, known := targets[d.Target]
	if !known && d.Person != 0 {
		t.Kind = TargetDirect
	} else if !known {
		t.Kind = TargetGroup
	}
	return Recipient{Target: d.Target, Kind: t.Kind, Group: t.Group, Chat: d.Chat, Person: d.Person}
}

// compareRecipients orders recipients by group, target, person and chat.
func compareRecipients(a, b Recipient) int {
	return cmp.Or(
		cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Target, b.Target),
		cmp.Compare(a.Person, b.Person),
		cmp.Compare(a.Chat, b.Chat),
		cmp.Compare(a.Kind, b.Kind),
	)
}
