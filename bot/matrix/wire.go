package matrix

import (
	"encoding/json"

	"github.com/buurtbot/buurtbot/bot"
)

// wire is the envelope in which an event is stored: the event as it reads after decryption, and what only the state of
// its room tells.
type wire struct {
	Room    wireRoom        `json:"room"`
	From    wireUser        `json:"from"`
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Key     *string         `json:"state_key,omitempty"`
	Content json.RawMessage `json:"content,omitempty"`
	Sealed  bool            `json:"sealed,omitempty"` // still encrypted: its key has not come
	Undo    *pressed        `json:"undo,omitempty"`   // the reaction that a redaction takes back
	Gone    string          `json:"gone,omitempty"`   // the message that a redaction takes back
	Ours    bool            `json:"ours,omitempty"`   // a reaction in a room is to a message of ours
	Moved   string          `json:"moved,omitempty"`  // the room that goes on in place of this one
	At      int64           `json:"at,omitempty"`     // Unix milliseconds by the sender's server; for decryption only

	Stranger bool `json:"stranger,omitempty"` // somebody comes into a private room who makes it one for more than two
}

// wireRoom is where it happened.
type wireRoom struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"` // private or group
	Title string `json:"title,omitempty"`
	Space bool   `json:"space,omitempty"`
	Made  bool   `json:"made,omitempty"` // by us: people's coming and going is ours to know
}

type wireUser struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// message is the event that a person's words or files came with.
func (w wire) message() bot.MessageRef {
	if w.Type != typeMessage || w.Sealed {
		return ""
	}
	return bot.MessageRef(w.ID)
}

// pressed is a reaction that chose something.
type pressed struct {
	ID  string `json:"id"`
	On  string `json:"on"`
	Key string `json:"key"`
}

// message is the content of m.room.message and m.sticker, as far as we read it.
type message struct {
	Type     string `json:"msgtype"`
	Body     string `json:"body"`
	FileName string `json:"filename"`
	Geo      string `json:"geo_uri"`
	URL      string `json:"url"`
	File     *struct {
		URL string `json:"url"`
	} `json:"file"`
	Info struct {
		Size float64 `json:"size"`
		Mime string  `json:"mimetype"`
	} `json:"info"`
	Voice    json.RawMessage `json:"org.matrix.msc3245.voice"`
	Spoken   json.RawMessage `json:"m.voice"` // what MSC3245 calls it in the end
	New      *message        `json:"m.new_content"`
	Relates  relation        `json:"m.relates_to"`
	Mentions struct {
		Users []string `json:"user_ids"`
	} `json:"m.mentions"`
	Puppet string `json:"fi.mau.double_puppet_source"` // a bridge speaks; the other network reaches us itself
}

// relation says what an event is about.
type relation struct {
	Type     string `json:"rel_type"`
	Event    string `json:"event_id"`
	Key      string `json:"key"`
	Fallback bool   `json:"is_falling_back"`
	Reply    struct {
		Event string `json:"event_id"`
	} `json:"m.in_reply_to"`
}

// membership is the content of m.room.member.
type membership struct {
	Is     string `json:"membership"`
	Name   string `json:"displayname"`
	Direct bool   `json:"is_direct"`
}

const (
	typeMessage   = "m.room.message"
	typeSticker   = "m.sticker"
	typeReaction  = "m.reaction"
	typeRedaction = "m.room.redaction"
	typeMember    = "m.room.member"
	typeEncrypted = "m.room.encrypted"
	typeTombstone = "m.room.tombstone"
	typePowers    = "m.room.power_levels"

	relThread = "m.thread"

	kindPrivate = "private"
	kindGroup   = "group"
)
