package botapi

import "encoding/json"

// editMessageMedia puts another picture, with another caption, in the place of a picture or a text. No time limit holds for
// the bot's own messages. The keyboard is replaced, too.
func (s *Server) editMessageMedia(c *call) ([]byte, *refusal) {
	var media struct {
		Type    string `json:"type"`
		Media   string `json:"media"`
		Caption string `json:"caption"`
		Mode    string `json:"parse_mode"`
	}
	if err := json.Unmarshal([]byte(c.text("media")), &media); err != nil {
		return nil, bad("can't parse media: " + err.Error())
	}
	if media.Type != photoKind {
		return nil, bad("type of the media is not known")
	}
	params := []param{{"caption", media.Caption}, {"parse_mode", media.Mode}}
	w, refused := readCaption(&call{ctx: c.ctx, method: c.method, params: params})
	if refused != nil {
		return nil, refused
	}
	a, refused := readAsset(c, photoKind, photoKind, media.Media)
	if refused != nil {
		return nil, refused
	}
	k, refused := readKeyboard(c)
	if refused != nil {
		return nil, refused
	}
	if k.fixed {
		return nil, bad("inline keyboard expected")
	}
	return s.editMedia(c, w, a, k)
}

func (s *Server) editMedia(c *call, w said, a asset, k keyboard) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, refused := s.editable(c)
	if refused != nil {
		return nil, refused
	}
	if m.Kind != photoKind && m.Kind != "text" {
		return nil, bad("message can't be edited")
	}
	if refused := s.uploading(a); refused != nil {
		return nil, refused
	}
	f, refused := s.hold(a)
	if refused != nil {
		return nil, refused
	}
	if m.file == f && m.Text == w.text && k.equals(m.markup) {
		return nil, bad(notModified)
	}
	if refused := s.write(m.chat, 1); refused != nil {
		return nil, refused
	}
	shown := s.depict(f, w)
	m.Kind, m.Text, m.Raw, m.Photos, m.Picture = shown.Kind, shown.Text, shown.Raw, 1, shown.Picture
	m.entities, m.file, m.media = shown.entities, f, shown.media
	s.redraw(m, k)
	return s.appendMessage(nil, m), nil
}
