package main

import (
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/locales"
)

var (
	tokenForm   = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]{35}$`)                                  // as BotFather gives them
	secretForm  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)                                   // as setWebhook takes them
	accountForm = regexp.MustCompile(`^(@[a-z0-9._=/+-]+:[A-Za-z0-9.:\[\]-]+|[a-z0-9._=/+-]+)$`) // a Matrix user id, or its name

	anyDay    = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // to ask when a schedule comes next
	roomForm  = regexp.MustCompile(`^(telegram:-\d+|matrix:![^\s:]\S*)$`)
	hookPorts = []string{"", "443", "80", "88", "8443"} // that Telegram delivers to
	modes     = []string{"polling", "webhook"}
)

// validate notes every mistake that is more than a wrong word.
func (l *loader) validate() {
	l.network()
	l.telegram()
	l.matrix()
	l.mail()
	l.open311()
	l.addresses()
	l.opsRoom()
	l.folders()
	l.numbers()
	l.schedules()
	l.areas()
	l.terms()
	l.questions()
}

func (l *loader) network() {
	n := &l.config.Network
	if strings.TrimSpace(n.Name) == "" {
		l.wrong("network.name", "the network needs a name")
	}
	if _, ok := civic.ProfileOf(n.Profile); !ok {
		l.wrong("network.profile", "%s is not nl or be", quote(n.Profile))
	}
	zone, err := time.LoadLocation(n.Timezone)
	if err != nil || n.Timezone == "" || n.Timezone == "Local" {
		l.wrong("network.timezone", "%s is no time zone such as Europe/Amsterdam", quote(n.Timezone))
	}
	n.Zone = zone
	if n.Police != "" && !civic.IsNumber(n.Police) {
		l.wrong("network.police", "%s is no telephone number such as 0900-8844", quote(n.Police))
	}
	l.languages(n.Languages)
}

func (l *loader) languages(wanted []string) {
	texts, err := locales.Load()
	if err != nil {
		l.wrong("network.languages", "%s", err)
		return
	}
	if len(wanted) == 0 {
		l.wrong("network.languages", "the network needs a language")
	}
	for i, lang := range wanted {
		key := item("network.languages", i)
		if !slices.Contains(texts.Whole(), lang) {
			l.wrong(key, "%s is not spoken by a network; there is %s", quote(lang), strings.Join(texts.Whole(), ", "))
		}
		if slices.Contains(wanted[:i], lang) {
			l.wrong(key, "%s is there twice", quote(lang))
		}
	}
}

func (l *loader) telegram() {
	t := l.config.Telegram
	if t.Token.Known() && !tokenForm.MatchString(t.Token.Reveal()) {
		l.wrong("telegram.token", "%s holds no token: those are digits, a colon and 35 characters", t.Token.reference)
	}
	if u, err := url.Parse(t.APIURL); err != nil || !web(u) || u.RawQuery != "" || u.Fragment != "" {
		l.wrong("telegram.api_url", "%s is no address such as https://api.telegram.org", quote(t.APIURL))
	} else {
		l.locked("telegram.api_url", u)
	}
	if !slices.Contains(modes, t.Mode) {
		l.wrong("telegram.mode", "%s is not polling or webhook", quote(t.Mode))
	}
	if t.Mode == "webhook" {
		l.webhook(t.Webhook)
	}
}

// matrix checks the account on Matrix. Without a password and a token Matrix is off, whatever else is set.
func (l *loader) matrix() {
	m := l.config.Matrix
	u, err := url.Parse(m.Homeserver)
	whole := err == nil && web(u) && u.RawQuery == "" && u.Fragment == ""
	switch {
	case m.Homeserver == "" && m.On():
		l.wrong("matrix.homeserver", "Matrix needs the homeserver's address (MATRIX_HOMESERVER), such as https://example.org")
	case m.Homeserver != "" && !whole:
		l.wrong("matrix.homeserver", "%s is no address such as https://matrix.example.org", quote(m.Homeserver))
	case m.Homeserver != "" && strings.Trim(u.Path, "/") != "":
		l.wrong("matrix.homeserver", "%s: leave out what stands after the server, %s", quote(m.Homeserver), quote(u.Path))
	case m.Homeserver != "":
		l.locked("matrix.homeserver", u)
	}
	switch {
	case m.User == "" && m.Password.Known():
		l.wrong("matrix.user", "Matrix needs the account, such as @buurtbot:example.org (MATRIX_USER)")
	case m.User != "" && !accountForm.MatchString(m.User):
		l.wrong("matrix.user", "%s is no account such as @buurtbot:example.org", quote(m.User))
	}
}

func (l *loader) webhook(w WebhookConfig) {
	u, err := url.Parse(w.URL)
	switch {
	case w.URL == "":
		l.wrong("telegram.webhook.url", "the webhook mode needs the public address")
	case err != nil || !web(u) || u.Scheme != "https" || !slices.Contains(hookPorts, u.Port()):
		l.wrong("telegram.webhook.url", "%s is no https address at port 443, 80, 88 or 8443", quote(w.URL))
	}
	if _, port, err := net.SplitHostPort(w.Listen); err != nil || port == "" {
		l.wrong("telegram.webhook.listen", "%s is no host:port such as 127.0.0.1:8443", quote(w.Listen))
	}
	switch {
	case w.Secret.reference == "":
		l.wrong("telegram.webhook.secret", "the webhook mode needs a secret")
	case w.Secret.Known() && !secretForm.MatchString(w.Secret.Reveal()):
		l.wrong("telegram.webhook.secret", "%s does not hold 1 to 256 letters, digits, _ and -", w.Secret.reference)
	}
}

// web reports whether an address is one of a server on the web, with no name and password in it.
func web(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// addresses checks where we listen: what has no lock of its own listens to this machine alone.
func (l *loader) addresses() {
	taken := map[string]string{}
	if l.config.Telegram.Mode == "webhook" {
		taken[l.config.Telegram.Webhook.Listen] = "telegram.webhook.listen"
	}
	for _, at := range []struct{ key, listen string }{
		{"sandbox.listen", l.config.Sandbox.Listen},
		{"ops.listen", l.config.Ops.Listen},
	} {
		switch {
		case at.listen == "":
		case !loopback(at.listen):
			l.wrong(at.key, "%s is not on this machine: write 127.0.0.1:PORT, or nothing to turn it off", quote(at.listen))
		case taken[at.listen] != "" && !strings.HasSuffix(at.listen, ":0"):
			l.wrong(at.key, "%s is the address of %s already", quote(at.listen), taken[at.listen])
		default:
			taken[at.listen] = at.key
		}
	}
}

func loopback(listen string) bool {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || port == "" {
		return false
	}
	return here(host)
}

// here reports whether a host is this machine.
func here(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// locked checks that a server elsewhere is spoken to through TLS (ASVS V12.3.1): what is said to it opens doors.
func (l *loader) locked(key string, u *url.URL) {
	if u.Scheme == "http" && !here(u.Hostname()) {
		l.wrong(key, "http is for a server on this machine; anybody on the way to %s could read our key", quote(u.Host))
	}
}

// opsRoom checks who is told how the program does: a chat, by the platform's own id of it, and an address elsewhere.
func (l *loader) opsRoom() {
	if ping := l.config.Ops.Ping; ping.Known() {
		u, err := url.Parse(ping.Reveal())
		if err != nil || !web(u) || u.Scheme != "https" && !here(u.Hostname()) {
			l.wrong("ops.ping", "%s does not hold an https address", ping.reference)
		}
	}
	if room := l.config.Ops.Room; room != "" && !roomForm.MatchString(room) {
		l.wrong("ops.room", "%s is no room such as telegram:-1001234567890 or matrix:!id:example.org", quote(room))
	}
}

func (l *loader) folders() {
	c := l.config
	if c.Storage.Path == "" {
		l.wrong("storage.path", "the bot needs a file to remember in")
	}
	if c.Keys.Dir == "" {
		l.wrong("keys.dir", "the bot needs a folder for its keys")
	}
	if c.Backup.Recipient != "" {
		if _, err := age.ParseX25519Recipient(c.Backup.Recipient); err != nil {
			l.wrong("backup.recipient", "%s is no age recipient: age-keygen prints one, age1 and 58 letters and digits",
				quote(c.Backup.Recipient))
		}
	}
	if c.Backup.Dir == "" || c.Keys.Dir == "" {
		return
	}
	within, err := filepath.Rel(c.Backup.Dir, c.Keys.Dir)
	if err == nil && within != ".." && !strings.HasPrefix(within, ".."+string(filepath.Separator)) {
		l.wrong("keys.dir", "the keys must not lie with the backups, in %s", quote(c.Backup.Dir))
	}
}

func (l *loader) numbers() {
	limits := l.config.Limits
	for _, n := range []struct {
		key   string
		value float64
	}{
		{"limits.telegram.per_second", limits.Telegram.PerSecond},
		{"limits.telegram.chat_per_second", limits.Telegram.ChatPerSecond},
		{"limits.telegram.group_per_minute", float64(limits.Telegram.GroupPerMinute)},
		{"limits.matrix.per_second", limits.Matrix.PerSecond},
		{"limits.matrix.burst", float64(limits.Matrix.Burst)},
		{"limits.person.messages_per_minute", float64(limits.Person.MessagesPerMinute)},
		{"limits.person.reports_per_hour", float64(limits.Person.ReportsPerHour)},
	} {
		if n.value < 0 {
			l.wrong(n.key, "%v is less than nothing; 0 is no limit", n.value)
		}
	}
	l.retention(l.config.Retention)
}

func (l *loader) retention(r RetentionConfig) {
	if r.Draft <= 0 {
		l.wrong("retention.draft", "a draft is kept for some time, such as 24h")
	}
	for _, d := range []struct {
		key  string
		kept time.Duration
	}{
		{"picture", r.Picture},
		{"text", r.Text},
		{"text_most", r.TextMost},
		{"reporter", r.Reporter},
		{"case", r.Case},
		{"audit", r.Audit},
		{"former", r.Former},
	} {
		if d.kept <= 0 {
			l.wrong("retention."+d.key, "this is kept for some time, such as 720h for thirty days")
		}
	}
}

func (l *loader) schedules() {
	s := l.config.Schedules
	for _, job := range []struct{ key, spec string }{
		{"schedules.draft_reminder", s.DraftReminder},
		{"schedules.backup", s.Backup},
		{"schedules.prune", s.Prune},
		{"schedules.retention", s.Retention},
	} {
		if err := checkSpec(job.spec); err != nil {
			l.wrong(job.key, "%s", err)
		}
	}
}
