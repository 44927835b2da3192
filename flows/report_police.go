package flows

import (
	"regexp"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// closed reports whether what was found in a text is for the police alone: a plate and the name of a person always, and
// what the reporter chose (domain §2.3 row 12).
func (d *draft) closed(h civic.Hit) bool {
	switch {
	case h.Rule == civic.LintPlate:
		return true
	case d.ofSight(h):
		return false
	}
	return h.Rule == civic.LintName || d.Privacy == privacyPolice && slices.Contains(nudged, h.Rule)
}

// parted parts a text in what everybody who works on the case reads and what only the police do.
func (d *draft) parted(text string) (open string, police []string) {
	hits := slices.DeleteFunc(civic.Lint(text), func(h civic.Hit) bool { return !d.closed(h) })
	for _, h := range hits {
		if !slices.Contains(police, h.Words) {
			police = append(police, h.Words)
		}
	}
	text = civic.Redacted(text, hits, redacted)
	text = plateSentence.ReplaceAllString(text, "$1")
	return civic.Clean(plateLeft.ReplaceAllString(text, "…"), longestReport), police
}

// redacted stands for what was taken out until the text is put right again; no text holds it.
const redacted = "\x00"

// plateWords is what may stand before a plate, and goes with it.
const plateWords = `(?:\b(?:met|het|een|de|with|the|a)\s+)*(?:\b(?:kenteken|nummerplaat|plaat|number plate|plate)\s*:?\s*` +
	`(?:(?:is|was)\s+)?)?`

var (
	plateSentence = regexp.MustCompile(`(?i)(^|[.!?]\s+)` + plateWords + redacted + `(?:[.!?]\s*|$)`)
	plateLeft     = regexp.MustCompile(`(?i)(?:` + plateWords + `)?` + redacted)
)

// secrets adds what only the police read and see to what is said of a case. It is called for nobody else.
func (f *facts) secrets(t *bot.Turn, reports []civic.Report) {
	for _, r := range reports {
		if r.Police != "" {
			f.told = append(f.told, t.In(f.lang, "case.card.police", "n", r.Alias, "words", r.Police))
		}
		f.exactly(t, r)
		for _, v := range r.Vehicles {
			if v.Plate != "" {
				f.told = append(f.told, t.In(f.lang, "case.card.plate", "plate", strings.TrimSpace(v.PlateCountry+" "+v.Plate)))
			}
		}
		for _, p := range r.Persons {
			if p.LanguageHeard != "" {
				f.told = append(f.told, t.In(f.lang, "case.card.language", "words", p.LanguageHeard))
			}
			if p.SkinTone != "" {
				f.told = append(f.told, t.In(f.lang, "case.card.skin", "words", t.In(f.lang, "person.skin."+p.SkinTone)))
			}
		}
		f.photos = append(f.photos, r.PolicePhotos...)
		f.photos = append(f.photos, r.Recordings...)
		f.recorded += len(r.Recordings)
	}
}

// details adds the answers, persons and vehicles of a report, as everybody reads them who works on the case.
func (f *facts) details(t *bot.Turn, r civic.Report) {
	for _, told := range r.Extra {
		f.told = append(f.told, t.In(f.lang, "case.card.extra", "label", told.Label, "words", told.Words))
	}
	for _, p := range r.Persons {
		f.told = append(f.told, personLines(t, f.lang, p)...)
	}
	for _, v := range r.Vehicles {
		f.told = append(f.told, t.In(f.lang, "case.card.vehicle", "words", vehicleLine(t, f.lang, v)))
	}
	if r.OnBehalf {
		f.told = append(f.told, t.In(f.lang, "case.card.behalf"))
	}
	if r.Police != "" && !f.police {
		f.told = append(f.told, t.In(f.lang, "case.card.police.words"))
	}
	if n := len(r.PolicePhotos); n > 0 {
		f.told = append(f.told, t.In(f.lang, "case.card.police.photos", "count", n))
	}
	f.recordings(t, r)
}

// sources counts where several reporters have it from, and names in what they differ; nothing is said of a single one.
func (f *facts) sources(t *bot.Turn, reports []civic.Report) {
	count := map[civic.Source]int{}
	var accounts []civic.Account
	for _, r := range reports {
		if r.Kind == "" && (r.Reporter != 0 || r.Text != "") {
			count[r.Source]++
			accounts = append(accounts, civic.Account{Text: r.Text, Vehicles: r.Vehicles})
		}
	}
	people := len(accounts)
	if people < 2 {
		return
	}
	parts := []string{t.In(f.lang, "case.sources.reporters", "count", people)}
	for _, s := range civic.Sources {
		if count[s] > 0 || s == civic.SourceSeen {
			parts = append(parts, t.In(f.lang, "case.sources."+string(s), "count", count[s]))
		}
	}
	f.told = append(f.told, t.In(f.lang, "case.sources", "parts", strings.Join(parts, ", ")))
	f.differences(t, accounts)
}

// differences names in what accounts contradict each other, with the words of each.
func (f *facts) differences(t *bot.Turn, accounts []civic.Account) {
	var parts []string
	for _, d := range civic.Differences(accounts) {
		what := t.In(f.lang, "case.differ."+d.About)
		parts = append(parts, t.In(f.lang, "case.differ.part", "what", what, "said", strings.Join(d.Said, " / ")))
	}
	if len(parts) > 0 {
		f.told = append(f.told, t.In(f.lang, "case.differ", "parts", strings.Join(parts, "; ")))
	}
}

// policeKeys are the texts of all that whose keys are made while talking.
func policeKeys() []string {
	var keys []string
	for _, s := range civic.Sources {
		keys = append(keys, "case.sources."+string(s))
	}
	for _, about := range append([]string{civic.DifferentPeople, civic.DifferentWays}, civic.VehicleKinds...) {
		keys = append(keys, "case.differ."+about)
	}
	return keys
}
