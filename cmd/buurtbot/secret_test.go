package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// A file that a token or password is to be read from is named when it cannot be used, with the line of the configuration and
// the remedy, wherever it is named. What stands in it is told to nobody.
func TestASecretFileThatCannotBeUsedIsNamed(t *testing.T) {
	const told = "Geheim-1234567890"
	for key, yaml := range map[string]string{
		"telegram token": "telegram:\n  token: file:secret\n",
		"webhook secret": "telegram:\n  mode: webhook\n  webhook:\n    url: https://bot.example.org\n    secret: file:secret\n",
		"password":       "matrix:\n  password: file:secret\n",
		"access token":   "matrix:\n  access_token: file:secret\n",
		"passphrase":     "matrix:\n  passphrase: file:secret\n",
		"sending mail":   "mail:\n  smtp:\n    password: file:secret\n",
		"reading mail":   "mail:\n  imap:\n    password: file:secret\n",
		"key of open311": "open311:\n  api_key: file:secret\n",
	} {
		for fault, c := range map[string]struct {
			make func() error
			want string
		}{
			"others":   {func() error { return os.WriteFile("secret", []byte(told+"\n"), 0o644) }, `can be read by others; say chmod 600`},
			"a group":  {func() error { return os.WriteFile("secret", []byte(told+"\n"), 0o640) }, `can be read by others; say chmod 600`},
			"empty":    {func() error { return os.WriteFile("secret", nil, 0o600) }, `is empty`},
			"line end": {func() error { return os.WriteFile("secret", []byte("\r\n"), 0o600) }, `is empty`},
			"missing":  {func() error { return nil }, `cannot be read`},
			"a folder": {func() error { return os.Mkdir("secret", 0o700) }, `cannot be read`},
		} {
			t.Run(key+", "+fault, func(t *testing.T) {
				t.Chdir(t.TempDir())
				write(t, "bad.yaml", yaml)
				if err := c.make(); err != nil {
					t.Fatal(err)
				}
				line := regexp.MustCompile(`bad.yaml:\d+.*the file "?secret"? ` + c.want)
				got := play(t, nil, "check", "--config", "bad.yaml")
				if at := line.FindString(got.err); got.code != exitConfig || !strings.HasPrefix(at, lastLine(yaml)) {
					t.Errorf("want %q at %s and code %d, got %+v", c.want, lastLine(yaml), exitConfig, got)
				}
				if strings.Contains(got.err+got.out, told) {
					t.Errorf("the secret is told: %+v", got)
				}
			})
		}
	}
}

// lastLine is where a configuration names its secret, which is its last line.
func lastLine(yaml string) string {
	return "bad.yaml:" + string(rune('0'+strings.Count(yaml, "\n")))
}
