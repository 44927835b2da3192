package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestEveryMistakeAboutOpen311IsNamedWithItsLine(t *testing.T) {
	const whole = "open311:\n  url: https://open311.example.org/v2\n  services:\n    - category: street_fault\n      code: \"001\"\n"
	for name, c := range map[string]struct{ yaml, want string }{
		"no server":       {strings.Replace(whole, "  url: https://open311.example.org/v2\n", "", 1), `needs the address of the server`},
		"no address":      {strings.Replace(whole, "https://", "", 1), `bad.yaml:2.*is no address such as`},
		"in the open":     {strings.Replace(whole, "https", "http", 1), `bad.yaml:2.*http is for a server on this machine`},
		"no services":     {"open311:\n  url: https://open311.example.org/v2\n", `name at least one category`},
		"no category":     {strings.Replace(whole, "street_fault", "lamps", 1), `bad.yaml:4.*is no category`},
		"sensitive":       {strings.Replace(whole, "street_fault", "welfare_concern", 1), `bad.yaml:4.*is sensitive`},
		"twice":           {whole + "    - category: street_fault\n      code: \"002\"\n", `bad.yaml:6.*stands here twice`},
		"no code":         {strings.Replace(whole, "\"001\"", "\"\"", 1), `bad.yaml:5.*needs its service_code`},
		"key in the open": {whole + "  api_key: geheim123\n", `bad.yaml:6.*write env:NAME or file:PATH`},
		"unknown key":     {whole + "  version: 2\n", `bad.yaml:6.*there is no such key`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "bad.yaml", c.yaml)
			got := play(t, nil, "check", "--config", "bad.yaml")
			if got.code != exitConfig || !regexp.MustCompile(c.want).MatchString(got.err) || strings.Contains(got.err, "geheim123") {
				t.Errorf("want %q and code %d, got %+v", c.want, exitConfig, got)
			}
		})
	}
}
