package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// understoodKeys are those of the contract (architecture §12).
var understoodKeys = []string{"emergency", "number", "category", "street", "when", "source", "lint", "needs_behaviour", "why"}

func TestUnderstandTellsWhatATextSays(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "list.csv", "naam;groep;prefix\nKastanjelaan;Kastanje;KAS\nMolenpad;Molen;MOL\n")
	if got := play(t, nil, "import", "list.csv"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	for text, want := range map[string]string{
		"er klimt nu iemand over de schutting op de kastanjelaan": `{"emergency":true,"number":"112",` +
			`"category":"suspicious_behaviour","street":"Kastanjelaan","when":"now","source":null,"lint":[],"needs_behaviour":false`,
		"gisteren zag ik graffiti op het molenpad, bel 06-12345678": `{"emergency":false,"number":"",` +
			`"category":"blight","street":"Molenpad","when":"earlier","source":"seen_self","lint":["LINT_PHONE"],"needs_behaviour":false`,
		"gisteren is het bankje op het Molenpad vernield, ze liepen weg richting Kastanjelaan": `{"emergency":false,"number":"",` +
			`"category":"vandalism","street":"Molenpad","when":"earlier","source":null,"lint":[],"needs_behaviour":false`,
		"mijn kat is weg": `{"emergency":false,"number":"","category":"off_topic","street":null,"when":null,"source":null,` +
			`"lint":[],"needs_behaviour":false`,
		"er loopt een donkere man": `{"emergency":false,"number":"","category":"suspicious_behaviour","street":null,` +
			`"when":null,"source":null,"lint":["LINT_ORIGIN","LINT_ONLY_LOOKS"],"needs_behaviour":true`,
		"": `{"emergency":false,"number":"","category":null,"street":null,"when":null,"source":null,"lint":[],` +
			`"needs_behaviour":false`,
	} {
		got := play(t, nil, "understand", text)
		told, _, reasons := strings.Cut(got.out, `,"why":[`)
		if diff := cmp.Diff(want, told); diff != "" || got.code != exitFine || !reasons {
			t.Errorf("%q: code %d, %s (-want +got):\n%s", text, got.code, got.err, diff)
		}
	}
}

func TestUnderstandSaysWhy(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		"er klimt nu iemand over de schutting bij de buren": `"why":["emergency: `,
		"gisteren is mijn snorfiets gejat":                  `"category theft (`,
		"mijn buurvrouw vertelde dat de lamp kapot is":      `"source told_by_other (`,
		"Sjaak heeft het gedaan, bel 06-12345678":           `"lint phone: 06-12345678"`,
		"er loopt een donkere man":                          `"lint origin: donkere"`,
		"":                                                  `"why":[]`,
	} {
		if got := play(t, nil, "understand", text); !strings.Contains(got.out, want) {
			t.Errorf("%q: no %s in %s", text, want, got.out)
		}
	}
}

func TestUnderstandNamesTheNumberOfTheCountry(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		"er wordt nu ingebroken bij de buren": `"number":"101"`,
		"vlammen uit het dak":                 `"number":"112"`,
		"zij zegt dat ze niet meer wil leven": `"number":"1813"`,
		"mijn buurman slaat zijn vrouw vaak":  `"number":"1`,
		"de lamp is kapot":                    `"number":""`,
	} {
		got := play(t, []string{"BUURTBOT_NETWORK_PROFILE=be"}, "understand", text)
		if !strings.Contains(got.out, want) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestUnderstandAnswersEveryLineOfStandardInput(t *testing.T) {
	t.Chdir(t.TempDir())
	lines := []string{"mijn fiets is gestolen", "", "\xff\xfe", strings.Repeat("brand ", 100000), `"<b>" & de lamp`, "laatste"}
	var out, errs bytes.Buffer
	sh := shell{ctx: t.Context(), in: strings.NewReader(strings.Join(lines, "\n")), out: &out, err: &errs}
	if err := (understandCommand{Text: "-"}).Run(sh); err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(answers) != len(lines) {
		t.Fatalf("%d answers to %d lines", len(answers), len(lines))
	}
	for i, answer := range answers {
		var told map[string]any
		if err := json.Unmarshal([]byte(answer), &told); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		for _, key := range understoodKeys {
			if _, ok := told[key]; !ok || len(told) != len(understoodKeys) {
				t.Errorf("line %d: %s", i, answer)
			}
		}
	}
}
