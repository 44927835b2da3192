package civic_test

import (
	"embed"
	"fmt"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

//go:embed testdata/categories_nl.txt testdata/categories_more_nl.txt testdata/categories_last_nl.txt testdata/categories_en.txt
//go:embed testdata/categories_daily_nl.txt testdata/danger_categories_nl.txt
//go:embed testdata/categories_street_nl.txt testdata/categories_street_en.txt testdata/kinds_languages.txt
//go:embed testdata/lint.txt testdata/plates.txt testdata/when_source.txt testdata/lint_street.txt testdata/when_source_street.txt
var corpora embed.FS

// sample is a line of a corpus: what is right, the words, and whether the line was set aside while rules were made.
type sample struct {
	want, text string
	aside      bool
}

// samples reads a corpus; every third line is set aside.
func samples(t testing.TB, file, sep string) []sample {
	t.Helper()
	raw, err := corpora.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		want, text, ok := strings.Cut(line, sep)
		if !ok {
			t.Fatalf("%s: line %q has no %q", file, line, sep)
		}
		all = append(all, sample{strings.TrimSpace(want), strings.TrimSpace(text), len(all)%3 == 2})
	}
	return all
}

// halves counts what is right, apart for the lines that rules were made with and those set aside.
type halves struct{ right, all [2]int }

func (h *halves) count(s sample, right bool) {
	half := 0
	if s.aside {
		half = 1
	}
	h.all[half]++
	if right {
		h.right[half]++
	}
}

func (h halves) share(half int) float64 { return float64(h.right[half]) / float64(max(1, h.all[half])) }

func (h halves) String() string {
	return fmt.Sprintf("rules half %d of %d (%.1f %%), set aside %d of %d (%.1f %%)",
		h.right[0], h.all[0], 100*h.share(0), h.right[1], h.all[1], 100*h.share(1))
}

// atLeast fails when one of the halves does worse than the share.
func (h halves) atLeast(t *testing.T, share float64) {
	t.Helper()
	t.Log(h)
	for half := range 2 {
		if h.share(half) < share {
			t.Errorf("less than %.0f %% right", 100*share)
		}
	}
}

func TestCategoryIsRightInFourOfFiveMessages(t *testing.T) {
	for _, file := range []string{
		"categories_nl.txt", "categories_more_nl.txt", "categories_last_nl.txt", "categories_en.txt", "categories_daily_nl.txt",
		"categories_street_nl.txt", "categories_street_en.txt", "kinds_languages.txt",
	} {
		t.Run(file, func(t *testing.T) {
			var h halves
			for _, s := range samples(t, file, ": ") {
				got := civic.Understand(s.text, nil).Category
				h.count(s, string(got) == s.want)
				if string(got) != s.want && !s.aside {
					t.Logf("%s is %s: %s", s.want, got, s.text)
				}
			}
			h.atLeast(t, 0.8)
		})
	}
}

// In danger nobody is asked what it is about, so the words alone say it.
func TestCategoryOfDangerIsRightInFourOfFiveMessages(t *testing.T) {
	var h halves
	for _, s := range samples(t, "danger_categories_nl.txt", ": ") {
		got := string(civic.Understand(s.text, nil).Category)
		right := got == s.want || got == "" && s.want == "none"
		h.count(s, right)
		if !right && !s.aside {
			t.Logf("%s is %s: %s", s.want, got, s.text)
		}
	}
	h.atLeast(t, 0.8)
}

func TestTimeAndSourceAreRightInNineOfTenMessages(t *testing.T) {
	for _, file := range []string{"when_source.txt", "when_source_street.txt"} {
		t.Run(file, func(t *testing.T) {
			var h halves
			for _, s := range samples(t, file, " | ") {
				u := civic.Understand(s.text, nil)
				got := orDash(string(u.When)) + " " + orDash(string(u.Source))
				h.count(s, got == s.want)
				if got != s.want && !s.aside {
					t.Logf("%s is %s: %s", s.want, got, s.text)
				}
			}
			h.atLeast(t, 0.9)
		})
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// Of the second corpus, which is a third as long, both halves are counted together.
func TestLintFindsNineOfTenAndIsRightInNineOfTen(t *testing.T) {
	found, missed, wrong := linted(t, "lint.txt")
	for half, name := range []string{"rules half", "set aside"} {
		rightInNineOfTen(t, name, found[half], missed[half], wrong[half])
	}
	found, missed, wrong = linted(t, "lint_street.txt")
	rightInNineOfTen(t, "street", found[0]+found[1], missed[0]+missed[1], wrong[0]+wrong[1])
}

func rightInNineOfTen(t *testing.T, name string, found, missed, wrong int) {
	t.Helper()
	precision, recall := float64(found)/float64(found+wrong), float64(found)/float64(found+missed)
	t.Logf("%s: precision %.1f %%, recall %.1f %%", name, 100*precision, 100*recall)
	if precision < 0.9 || recall < 0.9 {
		t.Errorf("%s: less than 90 %%", name)
	}
}

// linted counts, for the lines that rules were made with and for those set aside, what of a corpus was found, missed and wrong.
func linted(t *testing.T, file string) (found, missed, wrong [2]int) {
	t.Helper()
	for _, s := range samples(t, file, " | ") {
		half := 0
		if s.aside {
			half = 1
		}
		want := map[string]bool{}
		for rule := range strings.SplitSeq(s.want, ",") {
			want[rule] = rule != "-"
		}
		delete(want, "-")
		got := map[string]bool{}
		for _, rule := range civic.Understand(s.text, nil).Lint {
			got[string(rule)] = true
			if want[string(rule)] {
				found[half]++
			} else {
				wrong[half]++
			}
		}
		for rule := range want {
			if !got[rule] {
				missed[half]++
			}
		}
		if !s.aside && fmt.Sprint(want) != fmt.Sprint(got) {
			t.Logf("want %v, got %v: %s", want, got, s.text)
		}
	}
	return found, missed, wrong
}

func TestPlatesAreReadAsTheirCountriesWriteThem(t *testing.T) {
	var h halves
	for _, s := range samples(t, "plates.txt", " | ") {
		number, words, _ := strings.Cut(s.text, " | ")
		want := strings.ReplaceAll(s.want+" "+number, "- -", "")
		plate, _ := civic.ParsePlate(words)
		got := strings.TrimSpace(plate.Country + " " + plate.Number)
		h.count(s, got == want)
		if got != want && !s.aside {
			t.Logf("want %q, got %q of %q", want, got, words)
		}
	}
	h.atLeast(t, 0.95)
}

func TestAtLeastTwoThousandFirstNamesAreKnown(t *testing.T) {
	if n := civic.FirstNames(); n < 2000 {
		t.Errorf("%d first names", n)
	}
}
