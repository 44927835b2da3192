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
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/storage"
)

// kills is how often the built program is killed while people talk to it.
var kills = flag.Int("kills", 0, "how often to kill the built program")

// crowdOf is people who file one report after another, by the script, without waiting for answers.
type crowdOf struct {
	*front
	mu    sync.Mutex
	lines []int // how many each person said
}

// killedPeople is how many people talk.
const killedPeople = 300

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

// talk lets people talk until stop is closed, and then finish their reports.
func (c *crowdOf) talk(dice *rand.Rand, stop <-chan struct{}) {
	ticker := time.NewTicker(4 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			for p := range c.lines {
				for c.lines[p]%len(reportScript()) != 0 {
					c.say(p)
				}
			}
			return
		case <-ticker.C:
			c.say(dice.IntN(killedPeople))
		}
	}
}

// moment draws how the next run ends: at some moment, or at a commit of some kind.
func moment(dice *rand.Rand) (failpoint string, wait time.Duration) {
	const longest = 400 * time.Millisecond
	wait = time.Duration(dice.Int64N(int64(longest)))
	if dice.IntN(2) == 0 {
		return "", wait
	}
	whens, labels := []string{"before", "after"}, []string{"receive", "apply", "claim", "settle"}
	// The first rows after a crash are counted one by one, and one that seems to take the program down is set aside; so the
	// program does not kill itself at the very first.
	const first, most = 2, 30
	return fmt.Sprintf("%s/%s/%d", whens[dice.IntN(2)], labels[dice.IntN(len(labels))], first+dice.IntN(most)), 2 * longest
}

// The program is killed at random moments and at its commits while people file reports; afterwards every report is there
// once, with a receipt and a card, and the database is whole.
func TestKill(t *testing.T) {
	if *kills == 0 {
		t.Skip("not asked for: go test -tags goolm ./cmd/buurtbot -run 'TestKill$' -args -kills 100")
	}
	program := filepath.Join(t.TempDir(), "buurtbot")
	compile(t, program, "goolm failpoints")
	home := t.TempDir()
	inhabit(t, home, killedPeople)
	c := &crowdOf{front: newFront(t, botapi.Config{}, killedPeople, 2), lines: make([]int, killedPeople)}
	server := httptest.NewServer(c.front)
	defer server.Close()
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	stop, talked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(talked)
		c.talk(rand.New(rand.NewPCG(seed, 2)), stop)
	}()
	environment := []string{
		"BUURTBOT_LIMITS_TELEGRAM_GROUP_PER_MINUTE=0", "BUURTBOT_LIMITS_PERSON_REPORTS_PER_HOUR=0",
		"BUURTBOT_LIMITS_PERSON_MESSAGES_PER_MINUTE=0",
	}
	selfMade := 0
	for range *kills {
		failpoint, wait := moment(dice)
		p := launch(t, program, home, server.URL, append(environment, "FAILPOINT="+failpoint)...)
		if p.killed(t, wait) {
			selfMade++
		}
	}
	close(stop)
	<-talked
	p := launch(t, program, home, server.URL, environment...)
	calm(t, c.Server, filepath.Join(home, "town.db"))
	p.stop(t)
	t.Logf("%d kills, %d of them at a commit", *kills, selfMade)
	c.check(t, home)
}

// killed kills the program after a while, and reports whether it did so itself.
func (p process) killed(t *testing.T, wait time.Duration) bool {
	t.Helper()
	select {
	case err := <-p.ended:
		if err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the program ended: %v\n%s", err, p.words)
		}
		return true
	case <-time.After(wait):
		_ = p.Process.Kill()
		<-p.ended
		return false
	}
}

// calm waits until nothing waits any more, at Telegram, in the inbox, or in the outbox.
func calm(t *testing.T, n *botapi.Server, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_query_only=1&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const query = "SELECT (SELECT count(*) FROM inbox WHERE state = 'received')" +
		" + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"
	left := -1
	for end := time.Now().Add(4 * time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if err := db.QueryRow(query).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 && n.Pending() == 0 {
			return
		}
	}
	t.Fatalf("%d rows still wait, and %d updates at Telegram", left, n.Pending())
}

// check compares what was said with what is stored and what was delivered.
func (c *crowdOf) check(t *testing.T, home string) {
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
	db, err := sql.Open("sqlite", "file:"+path+"?_query_only=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	refs := c.filed(t, store, db)
	desk := texts(c.Server, -1001000000001)
	for story, ref := range refs {
		var person, nth int
		if _, err := fmt.Sscanf(story, "De lamp bij paal %d-%d", &person, &nth); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(texts(c.Server, int64(firstResident+person)), ref) {
			t.Errorf("%s has no receipt of %s", story, ref)
		}
		if !strings.Contains(desk, ref) {
			t.Errorf("the coordinators have no card of %s", ref)
		}
	}
}

// filed looks that every story that was told is stored once, and gives their references.
func (c *crowdOf) filed(t *testing.T, store *storage.Store, db *sql.DB) map[string]string {
	t.Helper()
	rows, err := db.Query("SELECT id, ref FROM cases")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	refs, counts := map[string]string{}, map[string]int{}
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
	said := 0
	for person, lines := range c.lines {
		for nth := range lines / len(reportScript()) {
			said++
			if n := counts[told(person, nth)]; n != 1 {
				t.Errorf("%q is stored %d times", told(person, nth), n)
			}
		}
	}
	if len(counts) != said {
		t.Errorf("%d stories were told, %d are stored", said, len(counts))
	}
	t.Logf("%d stories", said)
	return refs
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
