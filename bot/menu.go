package bot

// Menu is what an app shows behind a slash in private chats, to those who speak a language.
type Menu struct {
	Language string // empty = to whom no other menu is for
	Lines    []MenuLine
}

// MenuLine is a command, without the slash, and what it is good for, without markup.
type MenuLine struct{ Name, What string }
