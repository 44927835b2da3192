package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

var (
	codeForm   = regexp.MustCompile(`^[A-Z0-9]{2,12}$`)
	prefixForm = regexp.MustCompile(`^[A-Z]{2,5}$`)
)

// areas checks the street groups and their streets.
func (l *loader) areas() {
	names, codes, prefixes := names{}, names{}, names{}
	for i, g := range l.config.Areas {
		key := item("areas", i)
		l.name(names, key, g.Name)
		l.code(codes, key, g.Code)
		switch {
		case !prefixForm.MatchString(g.Prefix):
			l.wrong(key+".prefix", "%s is not 2 to 5 capitals, such as KAS", quote(g.Prefix))
		case !prefixes.claim(g.Prefix):
			l.wrong(key+".prefix", "%s is there twice", quote(g.Prefix))
		}
		l.streets(key+".streets", g.Streets, codes)
	}
}

func (l *loader) streets(key string, streets []StreetConfig, codes names) {
	if len(streets) == 0 {
		l.wrong(key, "a street group needs a street")
	}
	names := names{}
	for i, s := range streets {
		key := item(key, i)
		l.name(names, key, s.Name)
		if s.Code != "" {
			l.code(codes, key, s.Code)
		}
		l.line(key+".line", s.Line)
	}
}

func (l *loader) name(taken names, key, name string) {
	switch {
	case strings.TrimSpace(name) == "":
		l.wrong(key+".name", "a name is needed here")
	case !taken.claim(strings.ToLower(name)):
		l.wrong(key+".name", "%s is there twice", quote(name))
	}
}

func (l *loader) code(taken names, key, code string) {
	switch {
	case !codeForm.MatchString(code):
		l.wrong(key+".code", "%s is not 2 to 12 capitals and digits, such as KASTANJE", quote(code))
	case !taken.claim(code):
		l.wrong(key+".code", "%s is there twice", quote(code))
	}
}

// line checks that a street lies somewhere on earth, and not mirrored.
func (l *loader) line(key string, line orb.LineString) {
	profile, _ := civic.ProfileOf(l.config.Network.Profile)
	if len(line) == 1 {
		l.wrong(key, "a line needs two points or more")
	}
	for i, p := range line {
		switch {
		case p.Lon() < -180 || p.Lon() > 180 || p.Lat() < -90 || p.Lat() > 90:
			l.wrong(item(key, i), "%v is nowhere on earth; write [longitude, latitude]", p)
		case profile.Mirrored(p):
			l.wrong(item(key, i), "%v is the wrong way round; write [longitude, latitude]", p)
		}
	}
}

// names are those that are taken.
type names map[string]bool

// claim takes a name, and reports whether it was free.
func (n names) claim(name string) bool {
	free := !n[name]
	n[name] = true
	return free
}

func item(key string, i int) string { return fmt.Sprintf("%s[%d]", key, i) }
