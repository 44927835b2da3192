package botapi

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Limits of texts (td, MessageContent.cpp).
const (
	textLimit    = 4096    // code points after the markup was read
	captionLimit = 1024    // the same
	rawLimit     = 1 << 15 // bytes of the markup
)

// said is a text that was accepted.
type said struct {
	text, raw string
	entities  []entity
}

// readWords reads text or caption with its markup.
func readWords(c *call, name, entitiesName string) (said, *refusal) {
	raw := c.text(name)
	if len(raw) > rawLimit {
		return said{}, bad("text is too long")
	}
	raw = cleaned(raw)
	w := said{text: raw, raw: raw}
	switch mode := c.text("parse_mode"); strings.ToLower(mode) {
	case "html":
		text, entities, refused := parseHTML(raw)
		if refused != nil {
			return said{}, refused
		}
		w.text, w.entities = text, entities
	case "":
		entities, refused := readEntities(c.text(entitiesName), raw)
		if refused != nil {
			return said{}, refused
		}
		w.entities = entities
	default:
		return said{}, bad("unsupported parse_mode")
	}
	w.text, w.entities = trimmed(w.text, w.entities)
	return w, nil
}

// readEntities reads the list of a text without markup. The library sends null for none, which is accepted.
func readEntities(raw, text string) ([]entity, *refusal) {
	if raw == "" || raw[0] != '[' {
		return nil, nil
	}
	var list []struct {
		Type   string
		Offset int
		Length int
		URL    string
	}
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return nil, bad("can't parse MessageEntity: " + err.Error())
	}
	size := units(text)
	var entities []entity
	for _, e := range list {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > size {
			return nil, bad("ENTITY_BOUNDS_INVALID")
		}
		entities = append(entities, entity{kind: e.Type, offset: e.Offset, length: e.Length, link: e.URL})
	}
	return entities, nil
}

// readText reads the text of a message, which must have something to be seen in it.
func readText(c *call) (said, *refusal) {
	if c.text("text") == "" {
		return said{}, bad("message text is empty")
	}
	w, refused := readWords(c, "text", "entities")
	switch {
	case refused != nil:
		return said{}, refused
	case !visible(w.text):
		return said{}, bad("text must be non-empty")
	case utf8.RuneCountInString(w.text) > textLimit:
		return said{}, bad("message is too long")
	}
	return w, nil
}

func readCaption(c *call) (said, *refusal) {
	w, refused := readWords(c, "caption", "caption_entities")
	if refused == nil && utf8.RuneCountInString(w.text) > captionLimit {
		return said{}, bad("message caption is too long")
	}
	return w, refused
}

// known drops mentions of people the bot does not know.
func (s *Server) known(entities []entity) []entity {
	kept := entities[:0]
	for _, e := range entities {
		if e.user == 0 || s.users[e.user] != nil {
			kept = append(kept, e)
		}
	}
	return kept
}
