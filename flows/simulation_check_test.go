package flows_test

import (
	"database/sql"
	"regexp"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // to look at what was left, past our own code

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// check looks whether the properties of reliability §3.8 hold of what was seen and of what was left.
func (s *simulation) check() {
	if n, err := s.store.VerifyAudit(s.ctx); err != nil {
		s.t.Errorf("P8: after %d entries: %v", n, err)
	}
	left := s.look(s.path)
	defer left.close()
	s.count(left)
	left.reported()
	left.approved()
	s.checkCanary()
	left.quiet()
	left.accepted()
	left.afterAllClear()
	left.audited()
	left.moved()
	left.heardTheEnd()
	left.lookedAlong()
	left.punctual()
	left.drilled()
	left.refused()
	left.heard()
	s.followed()
	left.held()
	s.checkCopies()
	s.checkOrder()
	s.checkErased()
}

func (s *simulation) count(l leftover) {
	s.counts.cases = len(l.strings("SELECT ref FROM cases"))
	s.counts.alerts = len(l.strings("SELECT ref FROM alerts"))
	s.counts.ended = len(l.strings("SELECT ref FROM alerts WHERE status = 'closed_with_outcome'"))
	s.counts.restores = s.restores
	for _, n := range s.knocks {
		s.counts.moved += n
	}
	s.counts.members = len(l.strings("SELECT person FROM memberships WHERE standing = 'active'"))
}

// look opens a database that is to be looked at.
func (s *simulation) look(path string) leftover {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	s.must(err)
	return leftover{s: s, db: db}
}

func (l leftover) close() { l.s.must(l.db.Close()) }

// leftover is the database when all is over.
type leftover struct {
	s  *simulation
	db *sql.DB
}

// rows gives what a query finds, each row as its columns in words.
func (l leftover) rows(query string, args ...any) [][]string {
	found, err := l.db.QueryContext(l.s.ctx, query, args...)
	l.s.must(err)
	defer func() { l.s.must(found.Close()) }()
	columns, err := found.Columns()
	l.s.must(err)
	var all [][]string
	for found.Next() {
		row, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		l.s.must(found.Scan(into...))
		words := make([]string, len(columns))
		for i := range row {
			words[i] = row[i].String
		}
		all = append(all, words)
	}
	l.s.must(found.Err())
	return all
}

// strings gives the first column.
func (l leftover) strings(query string, args ...any) []string {
	var all []string
	for _, row := range l.rows(query, args...) {
		all = append(all, row[0])
	}
	return all
}

// reported is P1: every report that was accepted reached the coordinators; one that was taken back need not, and one about
// somebody of the network must not, at first. What waited in a copy is held, and who sets the clock a day ahead ends the life
// of what waits.
func (l leftover) reported() {
	for _, ref := range l.strings("SELECT ref FROM cases c WHERE status <> 'withdrawn' AND NOT EXISTS "+
		"(SELECT 1 FROM reports r WHERE r.case_id = c.id AND r.about_member = 1)"+
		" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE (o.state = 'held' OR $1 AND (o.state = 'expired' OR o.state = 'unknown' AND o.uncertain = 1)) AND o.about = 'case/' || c.id)", l.s.leapt) {
		reached := false
		for _, d := range l.s.history {
			reached = reached || d.room == sandbox.DeskRoom && strings.Contains(d.text, ref)
		}
		if !reached {
			l.s.t.Errorf("P1: the coordinators never saw %s: %v", ref, l.rows("SELECT id, chat, state, tries, behind, created, not_before, expires, why FROM outbox"+
				" WHERE about = (SELECT 'case/' || id FROM cases WHERE ref = $1)", ref))
		}
	}
}

// checkCopies is the rest of P1: nothing was said more often than once and once more for each outcome nobody learnt; where a
// letter is recognised, once.
func (s *simulation) checkCopies() {
	posts, once := map[int64]int{}, map[int64]bool{}
	for _, d := range s.history {
		if d.op == bot.OpPost {
			posts[d.letter]++
			once[d.letter] = d.once
		}
	}
	for letter, n := range posts {
		if n > 1+s.uncertain[letter] || n > 1 && once[letter] {
			s.t.Errorf("P1: letter %d was posted %d times, with %d outcomes unknown", letter, n, s.uncertain[letter])
		}
	}
}

var anyRef = regexp.MustCompile(`\b(KAS|MEI|VLR|A)-[0-9A-HJKMNP-TV-Z]{4}\b`)

// sending are the entries of the trail that tell who let an alert go.
const sending = "('alert.sent', 'alert.approved', 'alert.forced')"

// approved is P2: whatever a street group reads about a case or an alert was sent by one person who might at that time.
func (l leftover) approved() {
	for _, d := range l.s.lasting() {
		if d.room != "kastanje" && d.room != "meidoorn" {
			continue
		}
		about, isAlert := strings.CutPrefix(d.report, "alert/")
		if !isAlert {
			if anyRef.MatchString(d.text) {
				l.s.t.Errorf("P2: said to a street group, and about no alert: %s", d)
			}
			continue
		}
		sent := l.rows("SELECT actor, at, seq FROM audit WHERE action IN "+sending+" AND object = $1", "alert/"+about)
		if len(sent) != 1 {
			l.s.t.Errorf("P2: %d approvals of %s", len(sent), d.report)
			continue
		}
		may := l.rows("SELECT 1 FROM roles WHERE person = $1 AND role = 'police' AND starts <= $2"+
			" AND (ends = 0 OR ends > $2) AND NOT EXISTS (SELECT 1 FROM audit WHERE action = 'role.ended'"+
			" AND object = 'member/' || $1 AND seq < $3)", sent[0][0], sent[0][1], sent[0][2])
		if here := l.rows("SELECT 1 FROM persons WHERE id = $1", sent[0][0]); len(may) == 0 && len(here) > 0 { // who left takes their roles along
			l.s.t.Errorf("P2: %s was sent by person %s, who was not police at %s: %v", d.report, sent[0][0], sent[0][1],
				l.rows("SELECT role, starts, ends, revoked_at FROM roles WHERE person = $1", sent[0][0]))
		}
	}
}

// checkCanary is P3: nothing in a group or in the log names who reports. Coordinators see the name of who applies.
func (s *simulation) checkCanary() {
	for _, d := range s.history {
		private := strings.HasPrefix(d.room, canary) || d.room == "wim" || d.room == "rachid"
		if !private && d.room != sandbox.DeskRoom && strings.Contains(strings.ToLower(d.text), canary) {
			s.t.Errorf("P3: %s", d)
		}
	}
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(strings.ToLower(line), canary) || strings.Contains(line, storyMark) {
			s.t.Errorf("P3: logged: %s", line)
			break
		}
	}
}

// quiet is P4: nothing is left halfway.
func (l leftover) quiet() {
	for _, left := range l.rows("SELECT 'letter', id, state, why FROM outbox WHERE state IN ('pending', 'sending')" +
		" UNION ALL SELECT 'update', id, state, why FROM inbox WHERE state = 'received'" +
		" UNION ALL SELECT 'errand', id, kind, '' FROM errands") {
		l.s.t.Errorf("P4: left halfway: %s", strings.Join(left, " "))
	}
}

// texts is what every report tells.
func (l leftover) texts() []string {
	var all []string
	l.s.must(l.s.store.View(l.s.ctx, func(tx bot.Tx) error {
		for _, row := range l.rows("SELECT DISTINCT case_id FROM reports") {
			number, err := strconv.ParseInt(row[0], 10, 64)
			if err != nil {
				return err
			}
			reports, err := tx.Reports(l.s.ctx, number)
			if err != nil {
				return err
			}
			for _, r := range reports {
				all = append(all, r.Text)
			}
		}
		return nil
	}))
	return all
}

// accepted is P6: what was promised is stored, once, and no update was taken in twice.
func (l leftover) accepted() {
	refs := map[string]bool{}
	for _, ref := range l.strings("SELECT ref FROM cases UNION ALL SELECT ref FROM alerts") {
		refs[ref] = true
	}
	for _, d := range l.s.lasting() {
		if ref := anyRef.FindString(d.text); ref != "" && ref != "A-7F3K" && !refs[ref] && promises(d.text) {
			l.s.t.Errorf("P6: %s was promised and is not stored: %s", ref, d)
		}
	}
	stories := map[string]int{}
	for _, text := range l.texts() {
		for _, story := range story.FindAllString(text, -1) {
			stories[story]++
		}
	}
	for story, n := range stories {
		if n > 1 {
			l.s.t.Errorf("P6: %s is stored in %d reports", story, n)
		}
	}
	if n := len(l.strings("SELECT id FROM inbox")); n != len(l.s.received) {
		l.s.t.Errorf("P6: %d updates were received, %d are stored", len(l.s.received), n)
	}
}

var story = regexp.MustCompile(storyMark + `\d+`)

// promises reports whether a text is a receipt.
func promises(text string) bool {
	return strings.Contains(text, "Dit is melding ") || strings.HasPrefix(text, "Melding ")
}

// afterAllClear is P7 and P9: once a chat has read how an alert ended, it never reads the alert, and what was called back
// is not sent.
func (l leftover) afterAllClear() {
	notices := map[int64][2]string{}
	for _, row := range l.rows("SELECT letter, alert, notice FROM deliveries WHERE letter <> 0") {
		id, err := strconv.ParseInt(row[0], 10, 64)
		l.s.must(err)
		notices[id] = [2]string{row[1], row[2]}
	}
	for _, letter := range l.s.late {
		if n := notices[letter]; n[1] == "alarm" || n[1] == "correction" {
			l.s.t.Errorf("P9: %s of alert %s in letter %d, after the alert was ended", n[1], n[0], letter)
		}
	}
	over := map[string]time.Time{}
	for _, d := range l.s.lasting() {
		n, ok := notices[d.letter]
		where := n[0] + " " + d.room
		switch _, ended := over[where]; {
		case !ok:
		case n[1] == "all_clear":
			over[where] = d.at
		case ended && n[1] != "outcome" && n[1] != "take_back": // which takes away what was described
			l.s.t.Errorf("P7: %s of alert %s after its all-clear: %s", n[1], n[0], d)
		}
	}
}

// audited is P8: what happened to cases and alerts stands in the trail; and the file is whole.
func (l leftover) audited() {
	for _, row := range l.rows("SELECT ref FROM cases c WHERE NOT EXISTS (SELECT 1 FROM audit a" +
		" WHERE a.object = 'case/' || c.id AND a.action = 'case.received')" +
		" UNION ALL SELECT ref FROM alerts c WHERE NOT EXISTS (SELECT 1 FROM audit a" +
		" WHERE a.object = 'alert/' || c.id AND a.action IN " + sending + ") AND status NOT IN ('checked', 'retracted')") {
		l.s.t.Errorf("P8: no entry tells of %s", row[0])
	}
	if broken := l.rows("PRAGMA foreign_key_check"); len(broken) > 0 {
		l.s.t.Errorf("foreign keys: %v", broken)
	}
	if verdict := l.strings("PRAGMA quick_check"); len(verdict) != 1 || verdict[0] != "ok" {
		l.s.t.Errorf("file: %v", verdict)
	}
}
