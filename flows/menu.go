package flows

import (
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Menus are the commands of residents in each language, with the first of these for everybody else. What staff can do, they
// read with /help: a menu is the same for all, and should be short.
func Menus(texts bot.Texts, first string) []bot.Menu {
	menus := []bot.Menu{{Lines: menuLines(texts, first)}}
	for _, lang := range texts.Languages() {
		menus = append(menus, bot.Menu{Language: lang, Lines: menuLines(texts, lang)})
	}
	return menus
}

func menuLines(texts bot.Texts, lang string) []bot.MenuLine {
	var lines []bot.MenuLine
	for _, f := range Features(Options{}) {
		for _, c := range f.Commands {
			if !forResidents(c) {
				continue
			}
			name, _, _ := strings.Cut(texts.Text(lang, "command."+c.Name), ",")
			lines = append(lines, bot.MenuLine{Name: strings.TrimSpace(name), What: plainText(texts.Text(lang, "help."+c.Name))})
		}
	}
	return lines
}

// forResidents reports whether a command belongs in everybody's menu. Who is in one network only has nothing to choose.
func forResidents(c bot.CommandSpec) bool {
	may := civic.Grants[offeredTo(c)]
	return c.Name != "netwerk" && (slices.Contains(may, civic.Resident) || slices.Contains(may, civic.Guest))
}
