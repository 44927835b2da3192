package bot

import "github.com/buurtbot/buurtbot/bot/civic"

// dialects are the languages as countries speak them, by language and profile: "nl-BE" for nl and be. They are put
// together once, because texts are asked for several times in a turn.
type dialects map[[2]string]string

func newDialects(languages []string) dialects {
	d := dialects{}
	profiles, err := civic.Profiles()
	if err != nil {
		return d // a test sees to it that the built-in table is sound
	}
	for _, lang := range languages {
		for key, profile := range profiles {
			d[[2]string{lang, key}] = lang + "-" + profile.Country
		}
	}
	return d
}

// of is the language as it is spoken under a profile; the language itself under one that nobody knows.
func (d dialects) of(lang, profile string) string {
	if dialect, known := d[[2]string{lang, profile}]; known {
		return dialect
	}
	return lang
}
