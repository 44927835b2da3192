package civic

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanKeepsWhatIsSeenAndDropsTheRest(t *testing.T) {
	cases := []struct {
		name, in, want string
	}{
		{"plain", "Er ligt afval bij Tom.", "Er ligt afval bij Tom."},
		{"accents", "één café, Ünal, Ľubica, 你好, שלום", "één café, Ünal, Ľubica, 你好, שלום"},
		{"trimmed", " \n\t Sevda \n ", "Sevda"},
		{"invalid bytes", "a\xffb\xc3", "ab"},
		{"a replacement character that was typed", "a\ufffdb", "a\ufffdb"},
		{"controls", "a\x00b\x07c\x1b[31md\x7fe\u0085f\u009fg", "abc[31mde\nfg"},
		{"tab", "a\tb", "a\tb"},
		{"line ends", "a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"},
		{"vertical tab and form feed", "a\v\fb", "ab"},
		{"newlines", "a\n\n\n\nb\n \n \nc", "a\n\nb\n \n c"},
		{"overrides and isolates", "a\u202eb\u202cc\u2066d\u2069e\u200ef\u200fg\u061ch", "abcdefgh"},
		{"no width", "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh", "abcdefgh"},
		{"tags", "a\U000e0001\U000e0041\U000e007fb", "ab"},
		{"fillers", "\u3164\u115f\u1160\uffa0\u2800Tom\u034f\u17b4", "Tom"},
		{"variation selectors on letters", "a\ufe0fb\ufe00c\U000e0100d", "abcd"},
		{"zalgo", "h" + strings.Repeat("\u0301", 40) + "oi", "h\u0301\u0301\u0301oi"},
		{"noncharacters", "a\uffffb\ufffec", "abc"},
		{"family", "👩\u200d👩\u200d👧 thuis", "👩\u200d👩\u200d👧 thuis"},
		{"heart on fire", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"skin tone and sex", "🧑🏽\u200d🚒 👮🏻\u200d♀\ufe0f", "🧑🏽\u200d🚒 👮🏻\u200d♀\ufe0f"},
		{"flag", "🇳🇱🇧🇪", "🇳🇱🇧🇪"},
		{"keycap", "1\ufe0f\u20e3", "1\ufe0f\u20e3"},
		{"joiner at the end", "👩\u200d", "👩"},
		{"joiner before a letter", "👩\u200da", "👩a"},
		{"two joiners", "👩\u200d\u200d👧", "👩\u200d👧"},
		{"hidden rune in an emoji", "👩\u200d\u202e👧", "👩\u200d👧"},
		{"nothing", "\u200b \u202e\n\u3164", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Clean(c.in, 500); got != c.want {
				t.Errorf("got %+q, want %+q", got, c.want)
			}
		})
	}
}

func TestCleanNeverCutsACharacterInTwo(t *testing.T) {
	cases := []struct {
		name, in string
		most     int
		want     string
	}{
		{"letters", "Kastanjelaan", 8, "Kastanje"},
		{"exactly", "Kastanje", 8, "Kastanje"},
		{"space at the cut", "Bel nu 112", 7, "Bel nu"},
		{"nothing wanted", "a", 0, ""},
		{"less than nothing wanted", "a", -1, ""},
		{"accent", "cafe\u0301", 4, "caf"},
		{"family", "ab👩\u200d👩\u200d👧", 6, "ab"},
		{"family with room", "ab👩\u200d👩\u200d👧", 7, "ab👩\u200d👩\u200d👧"},
		{"second flag", "🇳🇱🇧🇪", 3, "🇳🇱"},
		{"skin tone", "a👍🏽", 2, "a"},
		{"heart", "a❤\ufe0f", 2, "a"},
		{"keycap", "a1\ufe0f\u20e3", 3, "a"},
		{"fourth accent does not count", "e\u0301\u0301\u0301\u0301", 4, "e\u0301\u0301\u0301"},
		{"leading spaces do not count", "   abc", 3, "abc"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Clean(c.in, c.most); got != c.want {
				t.Errorf("got %+q, want %+q", got, c.want)
			}
		})
	}
}

func TestBlankIsWhatCannotBeSeen(t *testing.T) {
	for _, s := range []string{"", " \n\t", "\u200b", "\u3164", "\u2800\u00a0", "\u202e\u2066", "\u0301", "\x00\xff", "\ufe0f", "\U000e0041"} {
		if !Blank(s) {
			t.Errorf("%+q can be seen", s)
		}
	}
	for _, s := range []string{"a", "7", ".", "🔥", "é", "\u200b!", "שלום", "\ufffd"} {
		if Blank(s) {
			t.Errorf("%+q cannot be seen", s)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("Er ligt afval bij Tom.", 20)
	f.Add("a\xff\x00\u202eb\u200dc\r\n\r\n\r\n", 5)
	f.Add("👩\u200d👩\u200d👧🇳🇱🇧🇪👍🏽1\ufe0f\u20e3", 7)
	f.Add("h\u0301\u0301\u0301\u0301\u0301 \u3164", 3)
	f.Fuzz(func(t *testing.T, s string, most int) {
		got := Clean(s, most)
		if !utf8.ValidString(got) {
			t.Fatalf("not valid: %+q", got)
		}
		if n := utf8.RuneCountInString(got); n > max(most, 0) {
			t.Fatalf("%d runes of %d", n, most)
		}
		if again := Clean(got, most); again != got {
			t.Fatalf("%+q cleaned again is %+q", got, again)
		}
		if strings.TrimSpace(got) != got {
			t.Fatalf("not trimmed: %+q", got)
		}
		if Blank(s) && !Blank(got) {
			t.Fatalf("%+q cannot be seen, %+q can", s, got)
		}
		for _, r := range got {
			if r != joiner && r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) {
				t.Fatalf("%U is left in %+q", r, got)
			}
		}
		if strings.Contains(got, "\n\n\n") {
			t.Fatalf("three newlines in %+q", got)
		}
	})
}

func BenchmarkClean(b *testing.B) {
	texts := []struct {
		name, text string
		most       int
	}{
		{"report", strings.Repeat("Er ligt weer één matras bij het bushokje 😡. ", 5), 600},
		{"5MB-to-4000", strings.Repeat("Kastanje ", 5<<20/9), 4000},
		{"5MB-whole", strings.Repeat("Kastanje ", 5<<20/9), 5 << 20},
		{"5MB-hidden", strings.Repeat("\u200b", 5<<20/3), 4000},
	}
	for _, text := range texts {
		b.Run(text.name, func(b *testing.B) {
			b.SetBytes(int64(len(text.text)))
			for b.Loop() {
				Clean(text.text, text.most)
			}
		})
	}
}
