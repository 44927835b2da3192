package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"
	_ "time/tzdata" // a container may lack the zones of the world

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// The names and addresses of a bot with nothing configured.
const (
	defaultConfig  = "config.yaml"
	defaultSandbox = "127.0.0.1:8080"
)

// Config is everything an operator can set, under the names that config.yaml has for it. After [LoadConfig] it is whole
// and right: every default is filled in and every secret is read.
type Config struct {
	Network   NetworkConfig       `yaml:"network"`
	Storage   StorageConfig       `yaml:"storage"`
	Telegram  TelegramConfig      `yaml:"telegram"`
	Matrix    MatrixConfig        `yaml:"matrix"`
	Mail      MailConfig          `yaml:"mail"`
	Open311   Open311Config       `yaml:"open311"`
	Keys      KeysConfig          `yaml:"keys"`
	Sandbox   SandboxConfig       `yaml:"sandbox"`
	Ops       OpsConfig           `yaml:"ops"`
	Backup    BackupConfig        `yaml:"backup"`
	Limits    LimitsConfig        `yaml:"limits"`
	Retention RetentionConfig     `yaml:"retention"`
	Schedules SchedulesConfig     `yaml:"schedules"`
	Areas     []GroupConfig       `yaml:"areas"`     // or the name of a file with such a list
	Terms     []TermsConfig       `yaml:"terms"`     // what people agree to, by network
	Questions string              `yaml:"questions"` // name of the file with what police ask; empty = what is built in
	Asked     civic.Questionnaire `yaml:"-"`         // what that file says
}

// NetworkConfig is the first network of this bot.
type NetworkConfig struct {
	Name      string         `yaml:"name"`
	Profile   string         `yaml:"profile"`   // the rules of a country: nl or be
	Timezone  string         `yaml:"timezone"`  // as IANA names it
	Languages []string       `yaml:"languages"` // BCP 47; the first is the network's own
	Police    string         `yaml:"police"`    // to call without hurry, in this zone; empty = the country's number
	Zone      *time.Location `yaml:"-"`         // the one that Timezone names
}

// StorageConfig is where the bot remembers.
type StorageConfig struct {
	Path string `yaml:"path"` // of the SQLite file
}

// TelegramConfig is the account on Telegram.
type TelegramConfig struct {
	Token   Secret        `yaml:"token"`
	APIURL  string        `yaml:"api_url"`
	Mode    string        `yaml:"mode"` // polling or webhook
	Webhook WebhookConfig `yaml:"webhook"`
}

// WebhookConfig is how Telegram reaches us in the webhook mode.
type WebhookConfig struct {
	URL    string `yaml:"url"`    // public
	Listen string `yaml:"listen"` // host:port, behind the proxy that has the certificate
	Secret Secret `yaml:"secret"` // that every delivery must carry
}

// On reports whether there is an account to serve.
func (t TelegramConfig) On() bool { return t.Token.Known() }

// MatrixConfig is the account on Matrix.
type MatrixConfig struct {
	Homeserver  string `yaml:"homeserver"` // address of the client API
	User        string `yaml:"user"`       // @name:server, or the name alone
	Password    Secret `yaml:"password"`
	AccessToken Secret `yaml:"access_token"` // instead of the password, of a device that nobody else uses
	Passphrase  Secret `yaml:"passphrase"`   // of the bot's identity in secret storage
	Encryption  bool   `yaml:"encryption"`   // take part in encrypted rooms
	RoomVersion string `yaml:"room_version"` // of the rooms that the bot makes: 10, 11 or 12; empty = 11
}

// On reports whether there is an account to serve.
func (m MatrixConfig) On() bool { return m.Password.Known() || m.AccessToken.Known() }

// KeysConfig is where the keys lie that must not be in a backup.
type KeysConfig struct {
	Dir string `yaml:"dir"` // keys beside the database, when it is not set
}

// SandboxConfig is the page to try the bot on.
type SandboxConfig struct {
	Listen string `yaml:"listen"` // loopback; empty = off
}

// OpsConfig is what a monitor asks.
type OpsConfig struct {
	Listen string `yaml:"listen"` // loopback; empty = off
	Ping   Secret `yaml:"ping"`   // address that is called each minute in which all is well; whoever knows it can call it, too
	Room   string `yaml:"room"`   // who is told how the program does: telegram:ID or matrix:ID; empty = each administrator
}

// BackupConfig is where backups go.
type BackupConfig struct {
	Dir       string `yaml:"dir"`       // backups beside the database, when it is not set; empty = none are made
	Recipient string `yaml:"recipient"` // the age recipient that copies are encrypted for; empty = they are plain
}

// LimitsConfig is how much is too much; 0 is no limit.
type LimitsConfig struct {
	Telegram TelegramLimits `yaml:"telegram"`
	Matrix   MatrixLimits   `yaml:"matrix"`
	Person   PersonLimits   `yaml:"person"`
}

// TelegramLimits is what we allow ourselves towards Telegram.
type TelegramLimits struct {
	PerSecond      float64 `yaml:"per_second"`
	ChatPerSecond  float64 `yaml:"chat_per_second"`
	GroupPerMinute int     `yaml:"group_per_minute"`
}

// MatrixLimits is what the homeserver allows the bot, as its owner says. Unset, nothing is held back and the bot tells how
// long an alert takes by the limits that the server's software comes with.
type MatrixLimits struct {
	PerSecond float64 `yaml:"per_second"` // messages to all rooms together; 0 = the limit was lifted
	Burst     int     `yaml:"burst"`      // messages that may go at once
	Told      bool    `yaml:"-"`          // PerSecond was set
}

// PersonLimits is what one person may ask of the bot; an emergency never counts.
type PersonLimits struct {
	MessagesPerMinute int `yaml:"messages_per_minute"`
	ReportsPerHour    int `yaml:"reports_per_hour"`
}

// RetentionConfig is how long things are kept.
type RetentionConfig struct {
	Draft    time.Duration `yaml:"draft"`     // a form that nobody finishes
	Picture  time.Duration `yaml:"picture"`   // and exact places; a partner who accepts ends it sooner
	Text     time.Duration `yaml:"text"`      // after the case ended
	TextMost time.Duration `yaml:"text_most"` // after it was told, at the latest
	Reporter time.Duration `yaml:"reporter"`  // who told it, after the case ended
	Case     time.Duration `yaml:"case"`      // kind, street and times, after it ended
	Audit    time.Duration `yaml:"audit"`     // who did what
	Former   time.Duration `yaml:"former"`    // who held a role and is no member, after it ended
}

// SchedulesConfig is when jobs run: five cron fields, in the network's zone.
type SchedulesConfig struct {
	DraftReminder string `yaml:"draft_reminder"`
	Backup        string `yaml:"backup"`
	Prune         string `yaml:"prune"`
	Retention     string `yaml:"retention"`
}

// TermsConfig is what people of a network agree to, besides the words that the bot has for all.
type TermsConfig struct {
	Network    string           `yaml:"network"`     // its name; empty = the first
	MinimumAge int              `yaml:"minimum_age"` // years; 0 = the country's
	Rules      []OwnRulesConfig `yaml:"rules"`
	Controller string           `yaml:"controller"` // who answers for what is kept
	Contact    string           `yaml:"contact"`    // whom to ask about it
	More       string           `yaml:"more"`       // address of the whole text about privacy
}

// OwnRulesConfig are house rules of a network's own in one language.
type OwnRulesConfig struct {
	Language string   `yaml:"language"`
	Lines    []string `yaml:"lines"`
}

// GroupConfig is a street group.
type GroupConfig struct {
	Name    string         `yaml:"name"`
	Code    string         `yaml:"code"`   // for /start CODE: capitals and digits
	Prefix  string         `yaml:"prefix"` // of case references: KAS in KAS-7F3K
	Streets []StreetConfig `yaml:"streets"`
}

// StreetConfig is a street of a group.
type StreetConfig struct {
	Name string         `yaml:"name"`
	Code string         `yaml:"code"` // may be empty
	Line orb.LineString `yaml:"line"` // longitude, latitude (WGS 84); may be empty
}

// defaults is a bot with nothing configured.
func defaults() Config {
	kept := civic.DefaultRetention()
	return Config{
		Network: NetworkConfig{
			Name: "Buurtbot", Profile: civic.DefaultProfile, Timezone: "Europe/Amsterdam", Languages: []string{"nl", "en"},
		},
		Storage: StorageConfig{Path: "buurtbot.db"},
		Telegram: TelegramConfig{
			Token:   Secret{reference: "env:TELEGRAM_TOKEN"},
			APIURL:  "https://api.telegram.org",
			Mode:    "polling",
			Webhook: WebhookConfig{Listen: "127.0.0.1:8443"},
		},
		Matrix: MatrixConfig{
			Password:    Secret{reference: "env:MATRIX_PASSWORD"},
			AccessToken: Secret{reference: "env:MATRIX_ACCESS_TOKEN"},
			Passphrase:  Secret{reference: "env:MATRIX_PASSPHRASE"},
			Encryption:  true,
		},
		Mail:    defaultMail(),
		Open311: defaultOpen311(),
		Limits: LimitsConfig{
			Telegram: TelegramLimits{PerSecond: 25, ChatPerSecond: 1, GroupPerMinute: 18},
			Matrix:   MatrixLimits{Burst: 10},
			Person:   PersonLimits{MessagesPerMinute: 20, ReportsPerHour: 5},
		},
		Retention: RetentionConfig{
			Draft: 24 * time.Hour, Picture: kept.Picture, Text: kept.Text, TextMost: kept.TextMost, Reporter: kept.Reporter,
			Case: kept.Case, Audit: kept.Audit, Former: kept.Former,
		},
		Schedules: SchedulesConfig{
			DraftReminder: "0 * * * *", Backup: "30 4 * * *", Prune: "0 4 * * *", Retention: "45 3 * * *",
		},
	}
}

// LoadConfig reads the configuration: the defaults, then the file at path, then the BUURTBOT_ variables of environ (as
// [os.Environ] gives them). The empty path is config.yaml, which need not exist; any other must. The error is a
// [ConfigError] with every mistake, and then there is nothing to run with.
func LoadConfig(path string, environ []string) (Config, error) {
	l := &loader{config: defaults(), places: map[string]Place{}, environ: variables(environ)}
	l.file(path)
	l.override()
	l.secrets()
	l.settle()
	l.validate()
	if len(l.mistakes) > 0 {
		slices.SortStableFunc(l.mistakes, byPlace)
		return Config{}, ConfigError{Mistakes: l.mistakes}
	}
	return l.config, nil
}

// loader is a configuration being read. Keys are paths such as "telegram.token" or "areas[0].streets[1].name".
type loader struct {
	config   Config
	folder   string           // of the file: file names in it start there
	places   map[string]Place // of every key that was set
	environ  map[string]string
	mistakes []Mistake
}

// file reads the configuration file, when there is one.
func (l *loader) file(path string) {
	name := path
	if name == "" {
		name = defaultConfig
	}
	l.folder = filepath.Dir(name)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && path == "" {
		return
	}
	if err != nil {
		l.reject(Place{Name: name}, "cannot be read: %s", reason(err))
		return
	}
	l.yaml(name, data, "", reflect.ValueOf(&l.config).Elem())
}

// set reports whether the operator set the key.
func (l *loader) set(key string) bool {
	_, ok := l.places[key]
	return ok
}

// settle fills in the defaults that depend on other keys.
func (l *loader) settle() {
	c := &l.config
	if !l.set("keys.dir") {
		c.Keys.Dir = filepath.Join(filepath.Dir(c.Storage.Path), "keys")
	}
	if !l.set("backup.dir") {
		c.Backup.Dir = filepath.Join(filepath.Dir(c.Storage.Path), "backups")
	}
	if !l.set("matrix.homeserver") {
		c.Matrix.Homeserver = l.environ["MATRIX_HOMESERVER"]
	}
	if !l.set("matrix.user") {
		c.Matrix.User = l.environ["MATRIX_USER"]
	}
	l.settleMail()
	c.Limits.Matrix.Told = l.set("limits.matrix.per_second")
	if !l.set("sandbox.listen") && !c.Telegram.On() && !c.Matrix.On() {
		c.Sandbox.Listen = defaultSandbox
	}
}
