package flows_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// Erased means found in no byte: of the database, of its log, or of a backup that is made afterwards. Everything that a
// person can put in is put in: to coordinators, to police, to a partner by mail, in another language, about an alert.
func TestWhatIsErasedIsInNoByte(t *testing.T) {
	for name, c := range map[string]struct {
		about string
		lines []string
	}{
		"police": {"", []string{
			"kanariepiet > Er is vannacht ingebroken bij de zonnebloemkwekerij", "kanariepiet > @51.6021,5.6056",
			"kanariepiet > photo de zonnebloemdeur", "kanariepiet > zonnebloempitten op de vloer", "kanariepiet > [Zelf gezien]",
			"kanariepiet > [Ja, op alles]", "kanariepiet > [Versturen]",
			"wim@desk > [Opgepakt]", "wim@desk > [Vraag stellen]", "wim > Was het een zonnebloemdief?", "kanariepiet > Ja, met een zonnebloemhoed",
			"wim@desk > [Doorzetten ▸ politie]", "mirjam@bureau > [Opgepakt]",
			"kanariepiet > Nog een verhaal over de zonnebloembuurt dat niet af is",
		}},
		"a partner by mail": {"# mail: meldpunt@gemeente.example\n", []string{
			"bea > /partner gemeente mail meldpunt@gemeente.example", "meldpunt > ja",
			"kanariepiet > Het bushokje op de Kastanjelaan is vernield, overal zonnebloemglas", "kanariepiet > [Eerder]",
			"kanariepiet > [Overslaan]", "kanariepiet > [Versturen]", "wim@desk > [Doorzetten ▸ gemeente]", "meldpunt > aangenomen",
			"kanariepiet > [Aanvullen]", "kanariepiet > [Iets toevoegen]", "kanariepiet > Er ligt ook een zonnebloemruit",
			"meldpunt > klaar: het glas is opgeruimd", "kanariepiet > [Nee]", "kanariepiet > De zonnebloemruit ligt er nog",
		}},
		"an appeal": {"", []string{
			"rachid > /aanspreken kanariepiet", "rachid > [Waarschuwing]", "rachid > [Grof of bedreigend zijn]",
			"rachid > [Overslaan]", "rachid > [Versturen]", "kanariepiet > [Bezwaar maken]", "kanariepiet > Ik riep alleen zonnebloem",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			eraseAndSearch(t, c.about, c.lines)
		})
	}
}

// eraseAndSearch plays a conversation, lets who told it erase everything, and looks for their words in every file.
func eraseAndSearch(t *testing.T, about string, lines []string) {
	t.Helper()
	tr := transcript{about: "# cast: kanariepiet resident Kastanje; rachid network_coordinator; wim street_coordinator Kastanje;" +
		" mirjam police; bea admin\n" + about}
	p := open(t, tr, mode{searched: true})
	for _, line := range lines {
		p.line(line)
	}
	canaries := []string{"kanariepiet", "zonnebloem"}
	if found := inFiles(t, p.dir, canaries); len(found) != len(canaries) {
		t.Fatalf("the words were never stored, so nothing is shown: %v", found)
	}
	for _, line := range []string{"kanariepiet > /verwijder", "kanariepiet > [Verder]", "kanariepiet > [Ja, wis alles]", "… 3h later"} {
		p.line(line)
	}
	p.check(p.store.Scrub(p.ctx))
	p.check(p.store.Backup(p.ctx, filepath.Join(p.dir, "backup.db")))
	if found := inFiles(t, p.dir, canaries); len(found) > 0 {
		t.Errorf("still there: %v", found)
	}
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		if _, err := tx.Photo(p.ctx, 1); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("the picture is still there: %v", err)
		}
		return nil
	}))
	p.close()
}

// inFiles lists which of the words stand anywhere in the files of a folder, and where.
func inFiles(t *testing.T, dir string, words []string) map[string]string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range files {
		if f.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if i := bytes.Index(bytes.ToLower(data), []byte(w)); i >= 0 {
				found[w] = f.Name() + ": " + string(data[max(0, i-40):min(len(data), i+60)])
			}
		}
	}
	return found
}
