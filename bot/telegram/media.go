package telegram

import "github.com/buurtbot/buurtbot/bot"

// mediaOf finds what a message holds besides words. The order matters: an animation carries a document as well.
func mediaOf(c *wireContent) (media bot.Media, is bool) {
	if photo, found := largest(c.Photo); found {
		return bot.Media{Kind: bot.MediaPhoto, File: photo.ID, Size: photo.Size}, true
	}
	for _, f := range [...]struct {
		file *wireFile
		kind bot.MediaKind
	}{
		{c.Animation, bot.MediaVideo},
		{c.Document, bot.MediaDocument},
		{c.Video, bot.MediaVideo},
		{c.VideoNote, bot.MediaVideo},
		{c.Voice, bot.MediaVoice},
		{c.Audio, bot.MediaOther},
		{c.Sticker, bot.MediaSticker},
	} {
		if f.file != nil {
			return bot.Media{Kind: f.kind, File: f.file.ID, Size: max(f.file.Size, 0)}, true
		}
	}
	switch {
	case bool(c.Poll):
		return bot.Media{Kind: bot.MediaPoll}, true
	case bool(c.Contact):
		return bot.Media{Kind: bot.MediaContact}, true
	case bool(c.Dice || c.Game || c.Story || c.Checklist || c.PaidMedia):
		return bot.Media{Kind: bot.MediaOther}, true
	}
	return bot.Media{}, false
}

// largest is the picture with the most dots; Telegram puts it last, so the last one wins among equals.
func largest(sizes []wirePhoto) (best wirePhoto, found bool) {
	for _, p := range sizes {
		if !found || p.Width*p.Height >= best.Width*best.Height {
			best, found = p, true
		}
	}
	return best, found
}
