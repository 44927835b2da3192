package civic

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sentencesIn reads the sentences of the corpora, with their language; "" is Dutch and English.
func sentencesIn(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpora", err)
	}
	all := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, lang, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txt"), "_")
		if !strings.Contains("ar de fr pl tr uk", lang) {
			lang = ""
		}
		for line := range strings.Lines(string(text)) {
			_, sentence, ok := strings.Cut(strings.TrimSpace(line), " ")
			if ok && line[0] != '#' && !strings.HasPrefix(filepath.Base(file), "origin_") {
				all[lang] = append(all[lang], sentence)
			}
		}
	}
	return all
}

// A word of origin of one language is left alone in a sentence of another in which it means something else: no sentence of
// the corpora is read by the list of a language that it is not in.
func TestOriginIsOfTheLanguageOfTheSentence(t *testing.T) {
	read, found := 0, 0
	for lang, sentences := range sentencesIn(t) {
		for _, sentence := range sentences {
			read++
			for _, s := range originSpans(sentence, origins().kindsIn(sentence), false) {
				found++
				if of := origins().books[s.book].language; of != lang {
					t.Errorf("%q is %s in %q", sentence[s.from:s.to], of, sentence)
				} else {
					t.Logf("%s: %q in %q", of, sentence[s.from:s.to], sentence)
				}
			}
		}
	}
	t.Logf("%d words of origin in %d sentences", found, read)
}

// What is danger is danger without the words of origin as well, and no word of it changes.
func TestNoDangerGoesWithOrigin(t *testing.T) {
	after := map[string]string{
		"fr": "C'est un Arabe.", "de": "Das war ein Syrer.", "pl": "To był Cygan.", "tr": "Suriyeli bir adam.", "ar": "هو مغربي.",
		"uk": "Це був циган.",
	}
	for lang, sentences := range sentencesIn(t) {
		if after[lang] == "" {
			continue
		}
		for _, sentence := range sentences {
			said := strings.TrimRight(sentence, "!. ") + "! " + after[lang]
			kept, found := WithoutOrigin(said)
			if !strings.HasPrefix(kept, strings.TrimRight(sentence, "!. ")) || !found {
				t.Errorf("%q is %q without origin", said, kept)
			}
			if ruledDanger(said) && !ruledDanger(kept) {
				t.Errorf("%q is danger, and %q is not", said, kept)
			}
		}
	}
	for said, want := range map[string]string{
		"un Arabe avec un couteau menace la caissière":     "un homme avec un couteau menace la caissière",
		"ein Ausländer mit Messer bedroht die Kassiererin": "ein Mensch mit Messer bedroht die Kassiererin",
		"Cygan z nożem biega po ulicy":                     "Człowiek z nożem biega po ulicy",
		"bıçaklı bir Suriyeli çocuğa saldırıyor":           "bıçaklı bir çocuğa saldırıyor",
		"رجل مغربي معه سكين يهدد الناس":                    "رجل معه سكين يهدد الناس",
		"циган з ножем бігає по вулиці":                    "чоловік з ножем бігає по вулиці",
	} {
		kept, _ := WithoutOrigin(said)
		if kept != want || !Danger(said) || !Danger(kept) {
			t.Errorf("%q is %q, danger %v and %v", said, kept, Danger(said), Danger(kept))
		}
		if OnlyLooks(said) || OnlyAppearance(said) {
			t.Errorf("%q is only looks", said)
		}
	}
}

// Clothes, hair and things keep their colours and their countries, in every language.
func TestThingsKeepTheirColour(t *testing.T) {
	for said, want := range map[string]string{
		"un homme de couleur avec une veste noire vole un sac":    "un homme avec une veste noire vole un sac",
		"un homme avec une veste de couleur noire vole un sac":    "",
		"ein Mann mit schwarzer Jacke und dunklen Haaren klaut":   "",
		"mężczyzna o czarnych włosach i w czarnej kurtce kradnie": "",
		"чоловік з чорною бородою і темним волоссям краде":        "",
		"siyah saçlı bir adam siyah bir arabayla kaçıyor":         "",
		"رجل أسود الشعر بسيارة سوداء يسرق الدراجات":               "",
		"półka z książkami stoi na chodniku":                      "",
		"la voiture a une plaque roumaine et roule sans phares":   "",
		"paczka z Polski leży na ulicy":                           "",
		"سافرت إلى سوريا وسرقوا دراجتي":                           "",
		"wir fahren nach Polen und das Fenster steht offen":       "",
		"der Zug nach Marokko":                                    "",
		"araba çalındı, plakası bulgar plakası":                   "",
	} {
		if want == "" {
			want = said
		}
		if kept, _ := WithoutOrigin(said); kept != want {
			t.Errorf("%q is %q without origin", said, kept)
		}
	}
}
