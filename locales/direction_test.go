package locales

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// visible are the characters that direct text, as they are written in UAX #9.
var visible = strings.NewReplacer(isolate, "[FSI]", isolateLTR, "[LRI]", isolateEnd, "[PDI]", turnRTL, "[RLM]")

func TestWhatIsFilledInStaysApartInTextFromRightToLeft(t *testing.T) {
	for raw, want := range map[string]string{
		"اتصل بالرقم {emergency}.":         "اتصل بالرقم [FSI]{emergency}[PDI].",
		"مع /help ترى (<b>{ref}</b>).":     "مع [LRI]/help[PDI] ترى (<b>[FSI]{ref}[PDI]</b>).",
		"أرسل /start {code} للاشتراك":      "أرسل [LRI]/start {code}[PDI] للاشتراك",
		"أرسل <code>/start {code}</code>.": "أرسل <code>/start {code}</code>.",
		"مرحبًا{name}! شكرًا":              "مرحبًا{name}! شكرًا",
		"{hour}:{minute}":                  "{hour}:{minute}",
		"الساعة {hour}:{minute}":           "الساعة [FSI]{hour}:{minute}[PDI]",
		"{day} {month}":                    "[RLM][FSI]{day}[PDI] [FSI]{month}[PDI]",
		"صحيح؟\n<b>{text}</b>\n{a}، {b}":   "صحيح؟\n<b>{text}</b>\n[RLM][FSI]{a}[PDI]، [FSI]{b}[PDI]",
		"<i>نعم</i>":                       "<i>نعم</i>",
		"{command} – {what}":               "[RLM][FSI]{command}[PDI] – [FSI]{what}[PDI]",
	} {
		if diff := cmp.Diff(want, visible.Replace(apart(raw))); diff != "" {
			t.Errorf("%s: %s", raw, diff)
		}
	}
}

func TestOnlyLanguagesFromRightToLeftIsolate(t *testing.T) {
	texts, err := LoadFS(fstest.MapFS{
		"nl.yaml": {Data: []byte("a: Bel {n}, met /help.\n")},
		"ar.yaml": {Data: []byte("a: اتصل {n}، مع /help.\n")},
		"he.yaml": {Data: []byte("a: חייג {n}, עם /help.\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{
		"nl": "Bel 112, met /help.",
		"ar": "اتصل [FSI]112[PDI]، مع [LRI]/help[PDI].",
		"he": "חייג [FSI]112[PDI], עם [LRI]/help[PDI].",
	} {
		if got := visible.Replace(texts.Text(lang, "a", "n", 112)); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

// The characters are invisible, so nobody would find one that is wrong in a file.
func TestFilesHoldNoCharactersThatDirectText(t *testing.T) {
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range texts.Languages() {
		raw, err := embedded.ReadFile(lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if at := strings.IndexAny(string(raw), "\u2066\u2067\u2068\u2069\u200e\u200f\u202a\u202b\u202c\u202d\u202e"); at >= 0 {
			t.Errorf("%s.yaml, at byte %d", lang, at)
		}
	}
}
