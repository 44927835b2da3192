package main

import (
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/storage"
)

// kills is how often the built program is killed while people talk to it.
var kills = flag.Int("kills", 0, "how often to kill the built program")

// terms is how often it is told to stop.
var terms = flag.Int("terms", 0, "how often to tell the built program to stop")

// crowdOf is people who file one report after another, by the script, without waiting for answers.
type crowdOf struct {
	*front
	mu    sync.Mutex
	lines []int // how many each person said
	// may is how many lines may have been said by now, on a machine so slow that the program is long dead by then; 0 = any
	// number.
	may atomic.Int64
}

// killedPeople is how many people talk, and linesEach how much they say at most while the program lives once.
const (
	killedPeople = 300
	linesEach    = 100
)

// say lets a person say the next line of their script. What they tell is told once.
func (c *crowdOf) say(person int) {
	c.mu.Lock()
	n := c.lines[person]
	c.lines[person]++
	c.mu.Unlock()
	script := reportScript()
	line := script[n%len(script)]
	if strings.HasPrefix(line, "De lamp") {
		line = told(person, n/len(script))
	}
	id := int64(firstResident + person)
	c.Say(id, id, line)
}

// told is the nth story of a person.
func told(person, nth int) string {
	return fmt.Sprintf("De lamp bij paal %d-%d doet het niet meer", person, nth)
}

// talk lets people say a line after each pause until stop is closed, and then finish their reports.
func (c *crowdOf) talk(dice *rand.Rand, pause time.Duration, stop <-chan struct{}) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for said := int64(0); ; {
		select {
		case <-stop:
			for p := range c.lines {
				for c.lines[p]%len(reportScript()) != 0 {
					c.say(p)
				}
			}
			return
		case <-ticker.C:
			if may := c.may.Load(); may == 0 || said < may {
				c.say(dice.IntN(len(c.lines)))
				said++
			}
		}
	}
}

// The program is killed at random moments and at its commits while people file reports; afterwards every report is there
// once, with a receipt and a card, and the database is whole.
func TestKill(t *testing.T) {
	if *kills == 0 {
		t.Skip("not asked for: go test -tags goolm ./cmd/buurtbot -run 'TestKill$' -args -kills 100")
	}
	var points failpointsMet
	batter(t, "goolm failpoints", *kills, func(p *battered) {
		point, wait := points.next(p.dice, 400*time.Millisecond)
		up := p.awake(p.dice)
		if p.launch("FAILPOINT="+point).killed(t, up, wait) {
			points.hit(point)
		}
	})
	points.tell(t, *kills)
}

// The program is told to stop at random moments while people file reports. It ends by itself and in time, and nothing is
// lost or done twice (reliability.md, I1).
func TestTerm(t *testing.T) {
	if *terms == 0 {
		t.Skip("not asked for: go test -tags goolm ./cmd/buurtbot -run 'TestTerm$' -args -terms 100")
	}
	longest := time.Duration(0)
	batter(t, "goolm", *terms, func(b *battered) {
		wait := time.Duration(b.dice.Int64N(int64(600 * time.Millisecond)))
		up := b.awake(b.dice)
		p := b.launch()
		p.until(t, up)
		time.Sleep(wait)
		longest = max(longest, p.told(t, up != b.polled))
	})
	t.Logf("told to stop %d times, it took %v at most", *terms, longest.Round(time.Millisecond))
}

// told tells the program to stop, and gives how long it took to. One that has just begun may not listen yet.
func (p process) told(t *testing.T, early bool) time.Duration {
	t.Helper()
	const patience = 20 * time.Second
	began := time.Now()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		if err != nil && (!early || !strings.Contains(err.Error(), "terminated")) {
			t.Fatalf("the program ended: %v\n%s", err, p.words)
		}
	case <-time.After(patience):
		_ = p.Process.Kill()
		t.Fatalf("it did not stop within %v\n%s", patience, p.words)
	}
	return time.Since(began)
}

// battered is the built program, which is stopped and started while people talk to it.
type battered struct {
	*crowdOf
	t       *testing.T
	dice    *rand.Rand
	program string
	home    string
	url     string
}

// launch starts the program.
func (b *battered) launch(environment ...string) process {
	b.t.Helper()
	return launch(b.t, b.program, b.home, b.url, append(boundless(), environment...)...)
}

// batter lets once happen to the program so many times, and looks afterwards that nothing is lost or done twice.
func batter(t *testing.T, tags string, times int, once func(*battered)) {
	t.Helper()
	b := &battered{t: t, program: filepath.Join(t.TempDir(), "buurtbot"), home: t.TempDir()}
	compile(t, b.program, tags)
	inhabit(t, b.home, killedPeople)
	c := &crowdOf{front: newFront(t, botapi.Config{}, killedPeople, 2), lines: make([]int, killedPeople)}
	server := httptest.NewServer(c.front)
	defer server.Close()
	b.crowdOf, b.url = c, server.URL
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	b.dice = rand.New(rand.NewPCG(seed, 1))
	stop, talked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(talked)
		c.talk(rand.New(rand.NewPCG(seed, 2)), 4*time.Millisecond, stop)
	}()
	for range times {
		c.may.Add(linesEach)
		once(b)
	}
	close(stop)
	<-talked
	p := b.launch()
	calm(t, c.Server, filepath.Join(b.home, "town.db"))
	p.stop(t)
	c.check(t, b.home)
}

// boundless lets people and chats be as busy as they like.
func boundless() []string {
	return []string{
		"BUURTBOT_LIMITS_TELEGRAM_GROUP_PER_MINUTE=0", "BUURTBOT_LIMITS_PERSON_REPORTS_PER_HOUR=0",
		"BUURTBOT_LIMITS_PERSON_MESSAGES_PER_MINUTE=0",
	}
}

// awake tells when a program that is started now counts as running: once it polls, and at once one time in four. A machine
// may be so slow that a program which is always killed soon after its start is killed at its first update each time, and
// takes that for the reason.
func (n *front) awake(dice *rand.Rand) <-chan struct{} {
	select {
	case <-n.polled: // by the one before
	default:
	}
	if dice.IntN(4) > 0 {
		return n.polled
	}
	at := make(chan struct{})
	close(at)
	return at
}

// killed kills the program a while after it is up, and reports whether it did so itself.
func (p process) killed(t *testing.T, up <-chan struct{}, wait time.Duration) bool {
	t.Helper()
	var over <-chan time.Time
	for {
		select {
		case err := <-p.ended:
			if err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the program ended: %v\n%s", err, p.words)
			}
			return true
		case <-up:
			up, over = nil, time.After(wait)
		case <-over:
			_ = p.Process.Kill()
			<-p.ended
			return false
		}
	}
}

// calmIn is how long nothing may be done of what waits.
const calmIn = 4 * time.Minute

// calm waits until nothing waits any more, at Telegram, in the inbox, or in the outbox, as long as anything is done.
func calm(t *testing.T, n *botapi.Server, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_query_only=1&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const query = "SELECT (SELECT count(*) FROM inbox WHERE state = 'received')" +
		" + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"
	left, before := -1, -1
	for end := time.Now().Add(calmIn); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if err := db.QueryRow(query).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 && n.Pending() == 0 {
			return
		}
		if now := left + n.Pending(); now != before {
			before, end = now, time.Now().Add(calmIn)
		}
	}
	t.Fatalf("%d rows still wait, and %d updates at Telegram", left, n.Pending())
}

// check compares what was said with what is stored and what was delivered.
func (c *crowdOf) check(t *testing.T, home string) {
	t.Helper()
	c.receipts(t, filed(t, home, c.stories()))
}

// receipts looks that everybody who told something read the reference of it, and the coordinators as well.
func (c *crowdOf) receipts(t *testing.T, refs map[string]string) {
	t.Helper()
	desk := texts(c.Server, -1001000000001)
	for _, ref := range refs {
		if !strings.Contains(desk, ref) {
			t.Errorf("the coordinators have no card of %s", ref)
		}
	}
	for person, lines := range c.lines {
		read := texts(c.Server, int64(firstResident+person))
		for nth := range lines / len(reportScript()) {
			if ref := refs[told(person, nth)]; ref == "" || !strings.Contains(read, ref) {
				t.Errorf("%s has no receipt of %q", told(person, nth), ref)
			}
		}
	}
}

// stories are all that was told to the end.
func (c *crowdOf) stories() []string {
	var all []string
	for person, lines := range c.lines {
		for nth := range lines / len(reportScript()) {
			all = append(all, told(person, nth))
		}
	}
	return all
}

// filed looks that the database is whole and holds every story once and no other, and gives their references.
func filed(t *testing.T, home string, stories []string) map[string]string {
	t.Helper()
	path := filepath.Join(home, "town.db")
	var config Config
	config.Keys.Dir = filepath.Join(home, "keys")
	o, err := options(t.Context(), config, path)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), o) // looks at the whole file
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if n, err := store.VerifyAudit(t.Context()); err != nil {
		t.Errorf("audit trail of %d: %v", n, err)
	}
	setAside(t, path)
	refs, counts := cases(t, store, path)
	for _, story := range stories {
		if n := counts[story]; n != 1 {
			t.Errorf("%q is stored %d times", story, n)
		}
	}
	if len(counts) != len(stories) {
		t.Errorf("%d stories were told, %d are stored", len(stories), len(counts))
	}
	t.Logf("%d stories", len(stories))
	return refs
}

// cases gives, for every story that is stored, the reference of its case and how often it is stored.
func cases(t *testing.T, store *storage.Store, path string) (refs map[string]string, counts map[string]int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_query_only=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT id, ref FROM cases")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	refs, counts = map[string]string{}, map[string]int{}
	for rows.Next() {
		var (
			number int64
			ref    string
		)
		if err := rows.Scan(&number, &ref); err != nil {
			t.Fatal(err)
		}
		for _, text := range reported(t, store, number) {
			refs[text] = ref
			counts[text]++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return refs, counts
}

// reported is what the reports of a case tell.
func reported(t *testing.T, store *storage.Store, number int64) []string {
	t.Helper()
	var all []string
	err := store.View(t.Context(), func(tx bot.Tx) error {
		reports, err := tx.Reports(t.Context(), number)
		for _, r := range reports {
			all = append(all, r.Text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// texts is all that was said in a chat.
func texts(n *botapi.Server, chat int64) string {
	var all strings.Builder
	for _, m := range n.Messages(chat) {
		all.WriteString(m.Text)
		all.WriteByte('\n')
	}
	return all.String()
}
