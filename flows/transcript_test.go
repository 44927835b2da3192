package flows_test

import (
	"bytes"
	"flag"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// A transcript is a txtar file with one part "chat". The comment above it says what it is about and may hold
//
//	# cast: ana resident Kastanje nl; joris guest; rachid network_coordinator; mirjam police
//	# at: 2025-10-14 21:47
//	# direct: Meidoorn          (this street group is told by direct message)
//	# channel: Centrum          (there is a third street group, which is told in the channel kanaal; it has no streets)
//	# also: Kerkstraat          (each street group has a street of this name)
//	# bare: yes                 (no room is bound)
//	# captions: yes             (words stand below a picture, as they do nowhere on Matrix)
//	# questions: camera         (police ask these instead of what is built in)
//
// Lines of the chat that are script:
//
//	ana > text                  said in ana's private chat; /command as text
//	wim@desk > text             said in a room: desk, bureau, kastanje, meidoorn; nieuw and kanaal are not bound
//	wim@desk > [Opgepakt]       a press on the newest message there that has such a button; a link opens the private chat
//	wim@desk > late: [Losmaken]  a press on what a card still shows, and may not be chosen on it any more
//	wim@desk > old: [Opgepakt]  a press on the newest button of that name that ever was there, gone or not
//	wim+rachid@desk > [Opgepakt]  two people at once: neither sees what the other did
//	wim@desk > re: text         in reply to the newest message of the bot that has buttons, else to the newest one
//	ana > fwd: text             passed on from elsewhere        ana > edit: text     an older message changed
//	wim@desk > anon: text       as an anonymous admin           wim@desk > chan: text       in the name of a channel
//	ana > @51.6021,5.6056       a pin                           ana > photo text     a picture with a caption
//	ana > album 3 text          pictures sent together          ana > voice, sticker, poll, contact, video 25MB, file
//	ana > video 25MB text       words below it; so also voice, file, and a file 25MB
//	ana > picture @51.6,5.6     a picture sent as a file that says where it was made; also picture huge, picture false
//	ana > list a,b⏎c,d          a list sent as a file, its lines parted by ⏎
//	ana > /intrekken KAS-????   the newest reference with this prefix that anybody was shown
//	ana > (4097 × a)            a long text                     ana > (white space)
//	ana > (blocks)  (unblocks)  the bot                         wim@desk > (forged)  a press with a token of nobody
//	… 8h later                  time passes: Go's durations, and d for days         … until 08:00
//	… 3h down                   the program is down for so long
//	! restart                   the engine and the database are opened anew
//	! role mirjam ends          the person's roles end now      ! room kastanje gone  the bot is thrown out
//	! room kastanje lacks no_pin muted!      what a look finds missing there; ! is grave
//	! invite 7F3K9QRS role police            a one-time code, also: room coordinators, room target:group Kastanje
//	! confirm 7F3K9QRS                       the operator's word for a role that somebody took by this code
//	ana > /start (code)                      the newest code of an invitation that anybody was shown
//	! rules ana old             the person agreed to an older version of the house rules
//	! letters wait              no letter gets through until "! letters go"
//	! mute Kastanje             deliveries to this street group are silenced by its network
//	# a remark
//
// Everything else is what was said: "who < text" is new, "who = text" is an earlier message changed in place, and
// "who ~ text" is the line that acknowledges a press. go test -run TestTranscripts -args -update writes it anew.
//
// Each transcript is played under the profile be as well, where people name that country's numbers. What is answered
// differs from the transcript in those numbers and in words of the country only; where it differs in more, testdata/be
// has what is said there.
var update = flag.Bool("update", false, "write the transcripts anew")

// Each transcript is played plainly, in both countries, and every second in one of the other ways, which its name decides;
// some are also crashed, which takes longest. .ci/run asks for all of them.
var every = flag.Bool("every", false, "play each transcript in every way but the plain one")

// On a homeserver, and in every way, all transcripts together take more than half an hour of two processors. A run plays the
// stories and a third of the others; .ci/run takes another third each day, or all of them when it is told to.
var third = os.Getenv("BUURTBOT_THIRD") // 0, 1 or 2; empty = all

// Two platforms at once are twice the work of one; .ci/run asks for it.
var both = flag.Bool("both", false, "play the transcripts with residents and officers on different platforms, too")

// Every transcript is played in both countries, at once; .ci/run asks for the second in every other way as well.
var profile = flag.String("profile", "", "the country in which transcripts are restarted, repeated and played on platforms")

var script = regexp.MustCompile(`^(\w+(\+\w+)*(@\w+)? > |… |! |#)`)

type transcript struct {
	file  string
	about string
	lines []string // of the chat
}

func readTranscript(t *testing.T, file string) transcript {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := txtar.Parse(raw)
	if len(a.Files) != 1 || a.Files[0].Name != "chat" {
		t.Fatalf("%s: want one part named chat", file)
	}
	return transcript{file: file, about: string(a.Comment), lines: strings.Split(strings.TrimSpace(string(a.Files[0].Data)), "\n")}
}

// header finds a "# name: value" in the comment.
func (tr transcript) header(name string) string {
	for line := range strings.SplitSeq(tr.about, "\n") {
		if v, ok := strings.CutPrefix(line, "# "+name+": "); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func (tr transcript) script() []string {
	var lines []string
	for _, l := range tr.lines {
		if script.MatchString(l) {
			lines = append(lines, l)
		}
	}
	return lines
}

func (tr transcript) write(t *testing.T, chat string) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(tr.about)
	b.WriteString("-- chat --\n" + chat)
	if err := os.WriteFile(tr.file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func transcripts(t *testing.T) []transcript {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	var all []transcript
	for _, f := range files {
		all = append(all, readTranscript(t, f))
	}
	return all
}

// goes reports whether the transcript is played in one of the ways on one platform.
func (tr transcript) goes(way string) bool {
	ways := []string{"matrix", "repeated", "restarted", "telegram"}
	sum := tr.sum()
	chance := sum / len(ways) % 16
	return *every && tr.turn() || chance%3 == 0 && way == ways[sum%len(ways)] || chance == 1 && way == "crashed"
}

// turn reports whether the transcript is among those that take their turn now.
func (tr transcript) turn() bool {
	return third == "" || strconv.Itoa(tr.sum()%3) == third || strings.HasPrefix(filepath.Base(tr.file), "S")
}

// sum is a number by which transcripts are chosen from.
func (tr transcript) sum() int { return int(crc32.ChecksumIEEE([]byte(filepath.Base(tr.file)))) }

// exchange is a line of the script and what was said to it.
type exchange struct {
	line string
	said []string
}

// written is the chat as the file has it. That the bot says just this is what TestTranscripts shows.
func (tr transcript) written() []exchange {
	var all []exchange
	empty := "" // lines, which belong to what is said when it goes on after them
	for _, line := range tr.lines {
		switch last := len(all) - 1; {
		case line == "":
			empty += "\n"
			continue
		case script.MatchString(line):
			all = append(all, exchange{line: line})
		case strings.HasPrefix(line, " "):
			said := all[last].said
			said[len(said)-1] += empty + line + "\n"
		default:
			all[last].said = append(all[last].said, line+"\n")
		}
		empty = ""
	}
	return all
}

// play runs a transcript's script in a mode.
func (tr transcript) play(t *testing.T, m mode) []exchange {
	t.Helper()
	p := open(t, tr, m)
	var all []exchange
	at := 0
	t.Cleanup(func() {
		if t.Failed() && at < len(tr.script()) {
			t.Logf("the script is at its line %d: %s", at+1, tr.script()[at])
		}
	})
	for i, line := range tr.script() {
		at = i
		if line = m.spoken(line); m.can(line) {
			all = append(all, exchange{line, p.line(line)})
		}
	}
	at = len(tr.script())
	p.close()
	return all
}

// chat is the whole chat as it went.
func chat(all []exchange) string {
	var b strings.Builder
	for i, e := range all {
		if i > 0 && !strings.HasPrefix(e.line, "#") {
			b.WriteByte('\n')
		}
		b.WriteString(e.line + "\n" + strings.Join(e.said, ""))
	}
	return b.String()
}

// byChats is the chat as far as it can be in a mode, by chats: which of two chats is told first is nothing that anybody
// is promised.
func byChats(all []exchange, m mode) string {
	all = slices.DeleteFunc(slices.Clone(all), func(e exchange) bool { return !m.can(e.line) })
	if m.matrix || m.residents != "" {
		return asOnMatrix(all)
	}
	var sorted []exchange
	for _, e := range all {
		said := slices.Clone(e.said)
		slices.SortStableFunc(said, func(a, b string) int { return strings.Compare(chatOf(a), chatOf(b)) })
		sorted = append(sorted, exchange{e.line, said})
	}
	return chat(sorted)
}

// chatOf is where something was said: "kastanje" of "kastanje < …".
func chatOf(said string) string {
	chat, _, _ := strings.Cut(said, " ")
	return chat
}

func TestTranscripts(t *testing.T) {
	for _, tr := range transcripts(t) {
		t.Run(strings.TrimSuffix(filepath.Base(tr.file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ways := tr.ways()
			switch {
			case !*update && *every && *profile == "": // without the flag it is looked whether the file tells what is said
				tr.playWays(t, ways, tr.written())
			case !*update && *profile != "" && len(ways) == 0:
				t.Skip("it goes no other way there")
			default:
				tr.playWays(t, ways, tr.playPlainly(t))
			}
		})
	}
}

// playPlainly plays a transcript, and gives what was said in the country that was asked for. Where the same is said in both, it
// is played abroad only when that is asked for.
func (tr transcript) playPlainly(t *testing.T) []exchange {
	t.Helper()
	plain := tr.play(t, mode{})
	var abroad []exchange
	if _, err := os.Stat(tr.fileAbroad("be")); err == nil || *profile != "" || *update {
		abroad = tr.play(t, mode{profile: "be"})
	}
	if *update {
		tr.write(t, chat(plain))
		tr.writeAbroad(t, "be", differences(textsOf(t), plain, abroad, "be"))
		t.SkipNow()
	}
	want := strings.Join(tr.lines, "\n") + "\n"
	if diff := cmp.Diff(want, chat(plain)); diff != "" {
		t.Fatalf("the bot says something else (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(chat(plain), chat(tr.written())); diff != "" {
		t.Fatalf("the file is not read as it was written (-written +read):\n%s", diff)
	}
	if abroad != nil {
		tr.checkAbroad(t, "be", plain, abroad)
	}
	if *profile != "" {
		return abroad
	}
	return plain
}

// ways are the modes in which the transcript is played besides.
func (tr transcript) ways() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(modes)), func(name string) bool {
		if modes[name].residents != "" {
			return !*both || !tr.turn()
		}
		return !tr.goes(name)
	})
}

// playWays plays a transcript in other ways, in which it must read as it does plainly.
func (tr transcript) playWays(t *testing.T, ways []string, plain []exchange) {
	t.Helper()
	for _, name := range ways {
		m := modes[name]
		m.profile = *profile
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if why := m.never(tr); why != "" {
				t.Skip(why)
			}
			if diff := cmp.Diff(byChats(plain, m), byChats(tr.play(t, m), m)); diff != "" {
				t.Errorf("%s it says something else (-plain +%s):\n%s", name, name, diff)
			}
		})
	}
}
