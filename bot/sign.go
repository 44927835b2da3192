package bot

import "regexp"

// commandWord finds what may be a command in a text: a slash and letters, at the start of a word. A slash in a path, an
// address or a closing tag does not count.
var commandWord = regexp.MustCompile(`(^|[\s>("'“„«])/([a-zA-Z_]+)`)

// signed writes the commands in a letter as they are typed on its platform: clients of some keep every text that begins
// with a slash for themselves.
func (t *Turn) signed(chat Chat, l *Letter) {
	platform, ok := t.engine.platforms[chat.Ref.Platform]
	if !ok {
		return
	}
	if sign := platform.Caps().Sign; sign != "" {
		l.Text = t.engine.signed(l.Text, sign)
	}
}

// signed puts another sign before the commands that there are; other words keep their slash.
func (e *Engine) signed(text, sign string) string {
	return commandWord.ReplaceAllStringFunc(text, func(found string) string {
		parts := commandWord.FindStringSubmatch(found)
		if _, known := e.words[parts[2]]; !known {
			return found
		}
		return parts[1] + sign + parts[2]
	})
}
