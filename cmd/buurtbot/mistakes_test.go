package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Mistakes in places, in the form of the file, in what the environment says, and in the webhook.
func TestEveryOtherMistakeIsNamed(t *testing.T) {
	const hook = "telegram:\n  mode: webhook\n  webhook:\n"
	group := func(lines string) string {
		return "areas:\n  - name: Kastanje\n    code: KASTANJE\n    prefix: KAS\n" + lines
	}
	street := func(lines string) string { return group("    streets:\n      - name: Kastanjelaan\n" + lines) }
	for name, c := range map[string]struct {
		yaml, want string
		environ    []string
	}{
		"prefix": {
			yaml: "areas:\n  - {name: K, code: KA, prefix: k, streets: [{name: S}]}\n",
			want: `bad.yaml:2.*is not 2 to 5 capitals`,
		},
		"prefix twice": {
			yaml: street("") + "  - {name: L, code: LA, prefix: KAS, streets: [{name: S}]}\n",
			want: `bad.yaml:7.*"KAS" is there twice`,
		},
		"no street":         {yaml: group(""), want: `bad.yaml:2.*a street group needs a street`},
		"no name of street": {yaml: group("    streets: [{name: \"\"}]\n"), want: `bad.yaml:5.*a name is needed here`},
		"street twice":      {yaml: street("      - name: Kastanjelaan\n"), want: `bad.yaml:7.*is there twice`},
		"code": {
			yaml: "areas:\n  - {name: K, code: \"k!\", prefix: KAS, streets: [{name: S}]}\n",
			want: `bad.yaml:2.*is not 2 to 12 capitals and digits`,
		},
		"code twice": {
			yaml: street("") + "  - {name: L, code: KASTANJE, prefix: LIN, streets: [{name: S}]}\n",
			want: `bad.yaml:7.*"KASTANJE" is there twice`,
		},
		"short line":      {yaml: street("        line: [[5.6, 51.6]]\n"), want: `bad.yaml:7.*a line needs two points or more`},
		"nowhere":         {yaml: street("        line: [[5.6, 51.6], [500, 51.6]]\n"), want: `bad.yaml:7.*is nowhere on earth`},
		"wrong way round": {yaml: street("        line: [[51.6, 5.6], [51.7, 5.6]]\n"), want: `bad.yaml:7.*is the wrong way round`},
		"no point": {
			yaml: street("        line: [[5.6, 51.6], here]\n"),
			want: `bad.yaml:7.*here \[longitude, latitude\] is meant`,
		},
		"no file of places": {yaml: "areas: places.yaml\n", want: `bad.yaml:1.*the file "?places.yaml"? cannot be read`},
		"a list for a word": {yaml: "network:\n  name: [BIN]\n", want: `bad.yaml:2.*here a single value is meant`},
		"a word for keys":   {yaml: "network: BIN\n", want: `bad.yaml:1.*here keys are meant`},
		"a word for a list": {yaml: "network:\n  languages: nl\n", want: `bad.yaml:2.*here a list is meant`},
		"no languages":      {yaml: "network:\n  languages: []\n", want: `bad.yaml:2.*the network needs a language`},
		"no keys":           {yaml: "keys:\n  dir: \"\"\n", want: `bad.yaml:2.*the bot needs a folder for its keys`},
		"police":            {yaml: "network:\n  police: bel maar\n", want: `bad.yaml:2.*is no telephone number`},
		"variable":          {environ: []string{"BUURTBOT_NETWORK_NAAM=x"}, want: `there is no key for this variable`},
		"token":             {environ: []string{"TELEGRAM_TOKEN=12345"}, want: `holds no token`},
		"hook in the clear": {yaml: hook + "    url: http://bot.example.org\n", want: `bad.yaml:4.*is no https address`},
		"hook port": {
			yaml: hook + "    url: https://bot.example.org\n    listen: \"8443\"\n",
			want: `bad.yaml:5.*is no host:port`,
		},
		"hook secret": {yaml: hook + "    url: https://bot.example.org\n", want: `the webhook mode needs a secret`},
		"hook secret unset": {
			yaml: hook + "    url: https://bot.example.org\n    secret: env:HOOK\n",
			want: `bad.yaml:5.*the variable HOOK is not set`,
		},
		"hook secret odd": {
			yaml: hook + "    url: https://bot.example.org\n    secret: env:HOOK\n", environ: []string{"HOOK=not so"},
			want: `does not hold 1 to 256 letters`,
		},
		"one address twice": {
			yaml: "sandbox:\n  listen: 127.0.0.1:8080\nops:\n  listen: 127.0.0.1:8080\n",
			want: `is the address of .* already`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "bad.yaml", c.yaml)
			got := play(t, c.environ, "check", "--config", "bad.yaml")
			if got.code != exitConfig || !regexp.MustCompile(c.want).MatchString(got.err) {
				t.Errorf("want %q and code %d, got %+v", c.want, exitConfig, got)
			}
		})
	}
}

var (
	mistakeTold = regexp.MustCompile(`\.(?:wrong|reject)\([^"\n]*(?:"[^"\n]*"[^"\n]*,)?\s*"((?:[^"\\]|\\.)*)"`)
	secretTold  = regexp.MustCompile(`errors\.New\("((?:[^"\\]|\\.)*)"`)
	mistakeVerb = regexp.MustCompile(`%[a-z]|\d+`)
	mistakeMark = regexp.MustCompile(`[^A-Za-z0-9_%]+`)
)

// bareWords are words without marks, in which every number, and every verb that may be one, is 0.
func bareWords(s string) string {
	return mistakeMark.ReplaceAllString(mistakeVerb.ReplaceAllString(s, "0"), " ")
}

// Whoever adds a mistake that is told adds the test of it: three words in a row of each stand in one.
func TestEveryMistakeHasItsTest(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	mistakes := map[string]string{}
	for _, file := range sources {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			tests.WriteString(bareWords(string(raw)))
			continue
		}
		for _, m := range mistakeTold.FindAllStringSubmatch(string(raw), -1) {
			mistakes[m[1]] = file
		}
		if file == "secret.go" { // whose errors are told with the key
			for _, m := range secretTold.FindAllStringSubmatch(string(raw), -1) {
				mistakes[m[1]] = file
			}
		}
	}
	for words, file := range mistakes {
		if !inTests(strings.Fields(bareWords(words)), tests.String()) {
			t.Errorf("%s: no test makes the mistake %q", file, words)
		}
	}
	if len(mistakes) < 60 {
		t.Errorf("only %d mistakes were found in the sources", len(mistakes))
	}
}

// inTests reports whether three of the words in a row stand in the tests. What is told in other words only is tested there.
func inTests(words []string, tests string) bool {
	const enough = 3
	for i := range max(len(words)-enough+1, 0) {
		if strings.Contains(tests, strings.Join(words[i:i+enough], " ")) {
			return true
		}
	}
	return len(words) < enough
}
