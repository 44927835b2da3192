package telegram

import (
	"bytes"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// wire is an update as the network sends it, as far as we read it. The library's own type knows the updates of 2021,
// and reads hundreds of fields each of which can spoil the whole; here are the few that we use, old and new.
type wire struct {
	ID       int64         `json:"update_id"`
	Message  *wireMessage  `json:"message"`
	Edited   *wireMessage  `json:"edited_message"`
	Callback *wireCallback `json:"callback_query"`
	Mine     *wireMember   `json:"my_chat_member"`

	Joining *wireJoin   `json:"chat_join_request"`
	Member  *wireMember `json:"chat_member"`

	Reaction      present `json:"message_reaction"`
	Reactions     present `json:"message_reaction_count"`
	Channel       present `json:"channel_post"`
	EditedChannel present `json:"edited_channel_post"`
}

// present notes only that a field is there.
type present bool

// UnmarshalJSON is part of encoding/json's contract.
func (p *present) UnmarshalJSON(raw []byte) error {
	*p = present(!bytes.Equal(raw, []byte("null")))
	return nil
}

type wireUser struct {
	ID        int64  `json:"id"`
	Bot       bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Language  string `json:"language_code"`
}

type wireChat struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`
	Title string `json:"title"`
}

type wireMessage struct {
	ID       int64      `json:"message_id"`
	From     *wireUser  `json:"from"`
	Sender   *wireChat  `json:"sender_chat"`
	Chat     wireChat   `json:"chat"`
	Thread   int64      `json:"message_thread_id"`
	Topic    bool       `json:"is_topic_message"`
	Auto     bool       `json:"is_automatic_forward"`
	Origin   present    `json:"forward_origin"`
	Forward  present    `json:"forward_date"` // of servers before 2024
	Via      present    `json:"via_bot"`      // another bot wrote it, and the sender chose it there
	Reply    *wireReply `json:"reply_to_message"`
	Text     string     `json:"text"`
	Caption  string     `json:"caption"`
	Album    string     `json:"media_group_id"`
	Entities []mention  `json:"entities"`
	Captions []mention  `json:"caption_entities"`
	To       int64      `json:"migrate_to_chat_id"`
	Old      int64      `json:"migrate_from_chat_id"`
	wireContent
}

// mention is an entity, of which only a mention by account matters.
type mention struct {
	Type string    `json:"type"`
	User *wireUser `json:"user"`
}

type wireReply struct {
	ID   int64     `json:"message_id"`
	From *wireUser `json:"from"`
}

// wireContent is what a message can hold besides words.
type wireContent struct {
	Location  *tgbotapi.Location `json:"location"`
	Venue     *wireVenue         `json:"venue"`
	Photo     []wirePhoto        `json:"photo"`
	Animation *wireFile          `json:"animation"`
	Document  *wireFile          `json:"document"`
	Video     *wireFile          `json:"video"`
	VideoNote *wireFile          `json:"video_note"`
	Voice     *wireFile          `json:"voice"`
	Audio     *wireFile          `json:"audio"`
	Sticker   *wireFile          `json:"sticker"`
	Poll      present            `json:"poll"`
	Contact   present            `json:"contact"`
	Dice      present            `json:"dice"`
	Game      present            `json:"game"`
	Story     present            `json:"story"`
	Checklist present            `json:"checklist"`
	PaidMedia present            `json:"paid_media"`
}

type wireVenue struct {
	Location tgbotapi.Location `json:"location"`
	Title    string            `json:"title"`
	Address  string            `json:"address"`
}

type wireFile struct {
	ID   string `json:"file_id"`
	Size int64  `json:"file_size"`
}

type wirePhoto struct {
	wireFile
	Width  int64 `json:"width"`
	Height int64 `json:"height"`
}

type wireCallback struct {
	ID      string    `json:"id"`
	From    *wireUser `json:"from"`
	Message *struct {
		ID   int64    `json:"message_id"`
		Chat wireChat `json:"chat"`
	} `json:"message"`
	Data string `json:"data"`
}

type wireMember struct {
	Chat wireChat  `json:"chat"`
	From *wireUser `json:"from"`
	Old  status    `json:"old_chat_member"`
	New  status    `json:"new_chat_member"`
}

// wireJoin is a person who asks to be let into a chat.
type wireJoin struct {
	Chat  wireChat  `json:"chat"`
	From  *wireUser `json:"from"`
	Alone int64     `json:"user_chat_id"`
}

type status struct {
	Status string    `json:"status"`
	Member bool      `json:"is_member"`
	User   *wireUser `json:"user"`
}

// inside reports whether the account is in the chat; a restricted one may be either.
func (s status) inside() bool {
	switch s.Status {
	case "member", "administrator", "creator":
		return true
	case "restricted":
		return s.Member
	}
	return false
}
