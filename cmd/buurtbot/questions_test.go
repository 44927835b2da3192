package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// asking writes a file of questions, and a configuration that names it, and gives the path of that.
func asking(t *testing.T, questions string) string {
	t.Helper()
	dir := t.TempDir()
	config := "network:\n  languages: [nl, en]\nquestions: questions.yaml\n"
	for name, text := range map[string]string{"config.yaml": config, "questions.yaml": questions} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "config.yaml")
}

// asked is a file of questions without a mistake.
const asked = `# what police ask after a burglary here
burglary:
  - key: camera
    ask:
      nl: Hangt er een camera?
      en: Is there a camera?
    label: {nl: Camera, en: Camera}
    answers:
      - {key: yes, nl: Ja, en: "Yes", told: camera beelden}
      - {key: no, nl: Nee, en: "No"}
  - way_in
subversive_crime: [signs, times]
theft: []
`

func TestPolicesQuestionsAreReadFromTheirFile(t *testing.T) {
	c, err := LoadConfig(asking(t, asked), nil)
	if err != nil {
		t.Fatal(err)
	}
	wayIn, _ := civic.BuiltInQuestion(civic.AskWayIn)
	signs, _ := civic.BuiltInQuestionOf(civic.SubversiveCrime, civic.AskSigns)
	times, _ := civic.BuiltInQuestion(civic.AskTimes)
	want := civic.Questionnaire{
		civic.Burglary: {{
			Key:   "camera",
			Ask:   map[string]string{"nl": "Hangt er een camera?", "en": "Is there a camera?"},
			Label: map[string]string{"nl": "Camera", "en": "Camera"},
			Answers: []civic.QuickAnswer{
				{Key: "yes", Words: map[string]string{"nl": "Ja", "en": "Yes"}, Stems: []string{"camera", "beelden"}},
				{Key: "no", Words: map[string]string{"nl": "Nee", "en": "No"}},
			},
		}, wayIn},
		civic.SubversiveCrime: {signs, times},
		civic.Theft:           {},
	}
	if diff := cmp.Diff(want, c.Asked); diff != "" {
		t.Error(diff)
	}
	all := civic.BuiltInQuestions().Replaced(c.Asked)
	if len(all[civic.Theft]) != 0 || len(all[civic.DoorstepFraud]) == 0 {
		t.Error("what police leave out is asked, or what they do not name is not")
	}
}

// question is a burglary's question of which one line is put in the place of another.
func question(line, instead string) string {
	return strings.Replace(asked, line, instead, 1)
}

func TestEveryMistakeInPolicesQuestionsIsToldWithItsLine(t *testing.T) {
	long := strings.Repeat("a", 201)
	five := "theft:\n" + "  - way_in\n  - traces\n  - goods\n  - declared\n  - safe\n"
	nine := "theft:\n  - key: k\n    ask: {nl: Wat, en: What}\n    label: {nl: Wat, en: What}\n    answers:\n"
	for i := range 9 {
		nine += fmt.Sprintf("      - {key: k%d, nl: n%d, en: e%d}\n", i, i, i)
	}
	for name, c := range map[string]struct {
		file string
		line int
		says string
	}{
		"no YAML":                     {"burglary: [", 1, "this is not YAML"},
		"no categories":               {"- way_in\n", 1, "categories are meant"},
		"unknown category":            {"\nburglery: [way_in]\n", 2, "there is no such category; is burglary meant?"},
		"category twice":              {"theft: [goods]\ntheft: [goods]\n", 2, "theft"},
		"no list":                     {"theft:\n  way_in\n", 2, "a list of questions is meant"},
		"too many questions":          {five, 1, "at most 4 questions"},
		"no room for questions":       {"theft: []\nrobbery:\n  - goods\n", 2, "no room for questions: it asks for a description"},
		"unknown question":            {"theft:\n  - goods\n  - wayin\n", 3, `there is no question "wayin"; there are age,`},
		"a question with its picture": {"street_fault: [number]\n", 1, `there is no question "number"`},
		"question twice":              {"theft:\n  - goods\n  - goods\n", 3, "the question goods is there twice"},
		"no question":                 {"theft:\n  - [goods]\n", 2, "a question is meant"},
		"unknown part":                {question("    label:", "    lable:"), 7, "is label meant?"},
		"no key":                      {question("key: camera", "key: Camera!"), 3, "a question needs a key"},
		"no words":                    {"theft:\n  - key: camera\n", 2, "a question needs ask"},
		"no heading":                  {question("    label: {nl: Camera, en: Camera}\n", ""), 3, "a question needs label"},
		"missing language":            {question("      en: Is there a camera?\n", ""), 4, "the words in the language en are missing"},
		"language not spoken":         {question("      en: Is there", "      xx: Is there"), 6, `"xx" is no language of the network`},
		"words are a list":            {question("nl: Hangt er een camera?", "nl: [a]"), 5, "here words are meant"},
		"words are no mapping":        {question("label: {nl: Camera, en: Camera}", "label: Camera"), 7, "a line for each language is meant"},
		"empty words":                 {question("nl: Hangt er een camera?", `nl: " "`), 5, "words are needed here"},
		"question too long":           {question("Hangt er een camera?", long), 5, "at most 200 characters fit"},
		"heading too long":            {question("label: {nl: Camera", "label: {nl: "+long[:41]), 7, "at most 40 characters fit"},
		"too long for a button":       {question("nl: Ja", "nl: "+long[:31]), 9, "at most 30 characters fit"},
		"two lines":                   {question("nl: Hangt er een camera?", "nl: |\n        a\n        b"), 5, "this goes on one line"},
		"asks for origin":             {question("Hangt er een camera?", "Wat was de afkomst?"), 5, "never asked"},
		"asks for a name":             {question("Is there a camera?", "What is their name?"), 6, "never asked"},
		"answer of origin":            {question("nl: Ja", "nl: Marokkaan"), 9, "never asked"},
		"answers are no list":         {question("    answers:\n", "    answers: ja\n    x:\n"), 8, "a list of answers is meant"},
		"no answer":                   {question("- {key: no, nl: Nee, en: \"No\"}", "- nee"), 10, "an answer is meant"},
		"too many answers":            {nine, 5, "at most 8 answers"},
		"answer without a key":        {question("{key: no, ", "{"), 10, "an answer needs a key"},
		"reserved key":                {question("key: no,", "key: enough,"), 10, "enough are taken"},
		"answer lacks a language":     {question(`, en: "No"`, ""), 10, "the words in the language en are missing"},
		"answer in no language":       {question(`nl: Nee`, "nl: Nee, xx: Nee"), 10, `"xx" is neither key, told nor a language`},
		"answer's key twice":          {question("key: no,", "key: yes,"), 10, `the answer "yes" is there twice`},
		"answer's words twice":        {question("nl: Nee", "nl: ja"), 10, `the answer "no" is there twice`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadConfig(asking(t, c.file), nil)
			if err == nil {
				t.Fatalf("nothing is wrong with\n%s", c.file)
			}
			want := fmt.Sprintf("questions.yaml:%d: ", c.line)
			if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %q, want %q and %q", err, want, c.says)
			}
		})
	}
}

func TestMissingFileOfQuestionsIsToldAndRefused(t *testing.T) {
	path := asking(t, asked)
	if err := os.Remove(filepath.Join(filepath.Dir(path), "questions.yaml")); err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	_, err := LoadConfig(path, nil)
	if code := fail(&told, err); code != exitConfig || !strings.Contains(told.String(), "config.yaml:3: questions: the file") {
		t.Errorf("exit code %d, %s", code, told.String())
	}
}

// The program does not start with a file that is wrong.
func TestWrongQuestionsAreRefusedAtTheStart(t *testing.T) {
	_, err := LoadConfig(asking(t, "burglery: []\n"), nil)
	var told bytes.Buffer
	if code := fail(&told, err); code != exitConfig {
		t.Errorf("exit code %d: %s", code, told.String())
	}
}
