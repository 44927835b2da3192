package botapi

import (
	"encoding/json"
	"strconv"
)

const (
	albumLeast = 2
	albumMost  = 10
)

// albumItem is one of an album, as it was accepted.
type albumItem struct {
	asset asset
	words said
}

// sendMediaGroup posts pictures that are shown together. Each counts as a message.
func (s *Server) sendMediaGroup(c *call) ([]byte, *refusal) {
	items, refused := readAlbum(c)
	if refused != nil {
		return nil, refused
	}
	e, refused := readEnvelope(c)
	if refused != nil {
		return nil, refused
	}
	e.keyboard = keyboard{} // an album has none
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, reply, refused := s.open(c, e, pictures)
	if refused != nil {
		return nil, refused
	}
	if refused := s.permit(ch, items); refused != nil {
		return nil, refused
	}
	album := strconv.FormatInt(1<<40+s.next(), 10)
	b := []byte{'['}
	for i, item := range items {
		f, _ := s.hold(item.asset)
		m := s.depict(f, item.words)
		m.Album = album
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendMessage(b, s.post(ch, e, reply, m))
	}
	return append(b, ']'), nil
}

// permit asks for the whole album whether it may be posted, so that a refusal leaves nothing behind.
func (s *Server) permit(ch *chat, items []albumItem) *refusal {
	var assets []asset
	for _, item := range items {
		if item.asset.id == "" {
			assets = append(assets, item.asset)
			continue
		}
		if _, refused := s.hold(item.asset); refused != nil {
			return refused
		}
	}
	if refused := s.uploading(assets...); refused != nil {
		return refused
	}
	return s.write(ch, len(items))
}

func readAlbum(c *call) ([]albumItem, *refusal) {
	var list []struct {
		Type     string
		Media    string
		Caption  string
		Mode     string          `json:"parse_mode"`
		Entities json.RawMessage `json:"caption_entities"`
	}
	if err := json.Unmarshal([]byte(c.text("media")), &list); err != nil {
		return nil, bad("can't parse media: " + err.Error())
	}
	switch {
	case len(list) < albumLeast:
		return nil, bad("too few messages to send as an album")
	case len(list) > albumMost:
		return nil, bad("too many messages to send as an album")
	}
	items := make([]albumItem, len(list))
	for i, m := range list {
		if m.Type != photoKind && m.Type != "video" && m.Type != document {
			return nil, bad("can't parse InputMedia: type must be one of photo, video, document")
		}
		if (m.Type == document) != (list[0].Type == document) {
			return nil, bad("document can't be mixed with other media types")
		}
		if m.Media == "" {
			return nil, bad(`can't parse InputMedia: Field "media" must be non-empty`)
		}
		words := &call{params: []param{{"caption", m.Caption}, {"parse_mode", m.Mode}, {"caption_entities", string(m.Entities)}}}
		var refused *refusal
		if items[i].words, refused = readCaption(words); refused != nil {
			return nil, refused
		}
		if items[i].asset, refused = readAsset(c, m.Type, "", m.Media); refused != nil {
			return nil, refused
		}
	}
	return items, nil
}

const document = "document"
