package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Commands that people give without a slash: all by their names, and some in other words as well. "help" alone is a greeting, or
// a cry.
var (
	bareCommands = []string{
		"account", "meldingen", "mijngegevens", "pauze", "privacy", "stop", "taal", "verhuisd", "verwijder", "voorkeuren",
	}
	inWords = []string{"help", "meldingen", "stop", "verhuisd"}
)

func spokenKeys() []string {
	var keys []string
	for _, name := range inWords {
		keys = append(keys, "spoken."+name+".words")
	}
	return keys
}

// commandIn is the command of residents that a text without a slash is: its name, or words for it and nothing else; empty for
// none. A question mark, or other marks without a word, ask for help. Who says that they want to report something is asked what,
// see [announced].
func commandIn(t *bot.Turn, text string) string {
	const longest = 60 // bytes; no words for a command are longer
	words := bare(text)
	switch {
	case civic.OnlyMarks(text):
		return "help"
	case words == "" || len(words) > longest:
		return ""
	}
	for _, name := range inWords {
		if t.OneOf("spoken."+name+".words", words) {
			return name
		}
	}
	for _, name := range bareCommands {
		if t.OneOf("command."+name, words) {
			return name
		}
	}
	return ""
}

// meant finds out whether words that open no form mean something else than a report: a greeting, thanks, a command, a
// reference, or the wish to take a report back.
func meant(ctx context.Context, t *bot.Turn, in bot.Input) (bool, error) {
	if in.Media != nil || in.Point != nil {
		return false, nil
	}
	words := bare(in.Text)
	if asksAboutUs(t, words) {
		return true, sayAboutUs(ctx, t)
	}
	if name := commandIn(t, in.Text); name != "" {
		return true, t.Obey(ctx, name)
	}
	switch {
	case words == "":
		return false, nil
	case t.OneOf("report.greeting.words", words):
		return true, t.Say(ctx, "report.hello")
	case thanked(t, words):
		return true, t.Say(ctx, "report.thanks")
	case t.OneOf("report.unasked.words", words), idleIn(t, words) != "":
		return true, t.Say(ctx, "report.unasked")
	case slices.Contains(t.Words("report.about_me.words"), words):
		return true, t.Say(ctx, "report.about_me", "network", t.Network.Name)
	case codeAlone(in.Text):
		return true, startCode(ctx, t, in.Text)
	case !reports(t):
		return false, nil
	}
	if ref, ok := civic.ParseRef(in.Text); ok {
		if told, err := standing(ctx, t, ref); told || err != nil {
			return told, err
		}
		if civic.SurelyRef(in.Text) {
			return true, bot.Refuse("error.unknown_ref", "ref", ref)
		}
	}
	for _, begin := range t.Words("withdraw.words") {
		if words == begin || strings.HasPrefix(words, begin+" ") || strings.HasPrefix(words, begin+",") {
			return regrets(ctx, t)
		}
	}
	return false, nil
}

// asksAboutUs reports whether words ask who reads along, or what the bot is.
func asksAboutUs(t *bot.Turn, words string) bool { return t.OneOf("report.about_bot.words", words) }

func sayAboutUs(ctx context.Context, t *bot.Turn) error {
	return t.Say(ctx, "report.about_bot", "emergency", t.Profile().Emergency)
}

// thanked reports whether words are thanks, or begin with them and tell nothing: "dank u wel mevrouw".
func thanked(t *bot.Turn, words string) bool {
	const most = 5 // words
	all := strings.Fields(strings.NewReplacer(",", " ", "!", " ", ".", " ").Replace(words))
	if c := civic.Understand(words, nil).Category; len(all) > most || c != "" && c != civic.Other {
		return t.OneOf("report.thanks.words", words)
	}
	for n := len(all); n > 0; n-- {
		if t.OneOf("report.thanks.words", strings.Join(all[:n], " ")) {
			return true
		}
	}
	return false
}

// announced reports whether words only say that a report will follow.
func announced(t *bot.Turn, in bot.Input) bool {
	return in.Media == nil && in.Point == nil && slices.Contains(t.Words("report.announce.words"), bare(in.Text))
}

// bare is a text in small letters, without what stands around its words.
func bare(text string) string {
	return strings.ToLower(strings.Trim(strings.Join(strings.Fields(text), " "), " .!?"))
}

// standing tells how one of the person's own cases stands, if it is one.
func standing(ctx context.Context, t *bot.Turn, ref string) (bool, error) {
	cases, err := ownCases(ctx, t)
	if err != nil {
		return false, err
	}
	for _, c := range cases {
		if c.Ref == ref {
			return true, t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: mineLine(t, c)})
		}
	}
	return false, nil
}

// codeAlone reports whether words are the code of an invitation and nothing else.
func codeAlone(words string) bool {
	_, ok := civic.ParseJoinCode(words)
	return ok && !strings.ContainsAny(strings.TrimSpace(words), " \n")
}
