package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/open311"
)

// Open311Config is the server of a municipality that speaks Open311 GeoReport v2.
type Open311Config struct {
	URL          string          `yaml:"url"` // of the endpoint: https://open311.example.org/v2
	Jurisdiction string          `yaml:"jurisdiction"`
	Key          Secret          `yaml:"api_key"`
	Services     []ServiceConfig `yaml:"services"`
}

// ServiceConfig is the service of the server for a category.
type ServiceConfig struct {
	Category string `yaml:"category"`
	Code     string `yaml:"code"`
}

// On reports whether there is a server to work with. One whose key is in a variable that is not set is off.
func (o Open311Config) On() bool { return o.URL != "" && o.Key.Known() && len(o.Services) > 0 }

func defaultOpen311() Open311Config { return Open311Config{Key: Secret{reference: "env:OPEN311_KEY"}} }

// open311 checks the server. With nothing set there is none.
func (l *loader) open311() {
	o := l.config.Open311
	if o.URL == "" {
		if o.Jurisdiction != "" || len(o.Services) > 0 {
			l.wrong("open311.url", "Open311 needs the address of the server, such as https://open311.example.org/v2")
		}
		return
	}
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.User != nil:
		l.wrong("open311.url", "%s is no address such as https://open311.example.org/v2", quote(o.URL))
	default:
		l.locked("open311.url", u)
	}
	if len(o.Services) == 0 {
		l.wrong("open311.services", "name at least one category with the code of its service")
	}
	l.services(o.Services)
}

func (l *loader) services(all []ServiceConfig) {
	seen := map[string]bool{}
	for i, s := range all {
		key := item("open311.services", i)
		_, known := civic.Category(s.Category).Info()
		switch {
		case !known:
			l.wrong(key+".category", "%s is no category such as street_fault", quote(s.Category))
		case civic.Category(s.Category).Sensitive():
			l.wrong(key+".category", "%s is sensitive, and what a server holds may be public", quote(s.Category))
		case seen[s.Category]:
			l.wrong(key+".category", "%s stands here twice", quote(s.Category))
		}
		seen[s.Category] = true
		if strings.TrimSpace(s.Code) == "" {
			l.wrong(key+".code", "the service needs its service_code, as the server's services.json has it")
		}
	}
}

func newOpen311(c Config) *open311.Open311 {
	services := map[string]string{}
	for _, s := range c.Open311.Services {
		services[s.Category] = s.Code
	}
	return open311.New(open311.Config{
		URL: c.Open311.URL, Jurisdiction: c.Open311.Jurisdiction, Key: c.Open311.Key.Reveal(), Services: services,
		Log: slog.Default(),
	})
}

// checkOpen311 asks the server for its services and posts nothing.
func (s shell) checkOpen311(c Config) error {
	if !c.Open311.On() {
		return nil
	}
	o := newOpen311(c)
	defer o.Close()
	const patience = 30 * time.Second
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := o.Check(ctx); err != nil {
		return fmt.Errorf("open311: %w", err)
	}
	s.say("Open311: the server at %s has every service", c.Open311.URL)
	return nil
}
