package bot

import (
	"context"
	"fmt"
	"html"
	"regexp"
)

var anyTag = regexp.MustCompile(`<[^>]*>`)

// Caption is how many UTF-16 units of words a chat shows below a picture as one message with it; 0 = words and picture are two
// messages there.
func (t *Turn) Caption(ctx context.Context, chat int64) (int, error) {
	c, err := t.Tx.Chat(ctx, chat)
	if err != nil {
		return 0, fmt.Errorf("captions of chat %d: %w", chat, err)
	}
	p, ok := t.engine.platforms[c.Ref.Platform]
	if !ok {
		return 0, nil
	}
	return p.Caps().Caption, nil
}

// Units counts the UTF-16 units of a text that are seen, without its markup.
func Units(text string) int {
	n := 0
	for _, r := range html.UnescapeString(anyTag.ReplaceAllString(text, "")) {
		n++
		if r >= 0x10000 {
			n++
		}
	}
	return n
}
