package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	spaceKind   = "space"       // the rooms of a street group, or of a network: "space/AREA"
	buildErrand = "space.build" // makes one room; its ref is "HOUSE/PERSON", the person being who asked
	admitErrand = "space.admit" // lets a member in
)

// Spaces makes rooms where the network chooses so. By itself the bot writes to each member in private, because members
// of a room see each other; a street group gets a space with a room in which only the bot speaks, and people get closed
// rooms to work in, when somebody who may bind rooms asks for them.
func Spaces() bot.Feature {
	return bot.Feature{
		Name:     "spaces",
		Flows:    []bot.Flow{adopting()},
		Commands: []bot.CommandSpec{{Name: "kamers", Needs: civic.BindRoom, Do: askForRooms}},
		Actions: []bot.Action{
			{Name: "space.make", Needs: civic.BindRoom, On: onSpace, Do: makeRooms},
			{Name: "space.join", Needs: civic.SetWishes, On: onOwnSpace, Do: joinSpace},
			{Name: "space.enter", Needs: civic.AskHelp, On: onSpace, Do: enterClosed},
			{Name: "space.no", Needs: civic.SetWishes, On: onOwnSpace, Do: stayPrivate},
		},
		Tasks: []bot.Task{
			{Kind: buildErrand, Run: buildHouse, Then: built},
			{Kind: admitErrand, Run: admit, Then: admitted},
		},
		Came: cameIn, WentOut: wentFrom, AskedIn: askedAtSpace,
		Keys: spaceKeys(),
	}
}

// spaceKeys are the texts about rooms whose keys are made while they are made.
func spaceKeys() []string {
	keys := []string{"space.topic.space", "space.topic.street", "space.name.space", "space.name.street"}
	for _, why := range adoptRefusals {
		keys = append(keys, why.key)
	}
	for _, kind := range civic.RoomKinds {
		keys = append(keys, "space.topic."+string(kind), "space.name."+string(kind))
	}
	return keys
}

// askForRooms explains what would be made, and asks. Its argument is the code of a street group, with or without the
// address of a space that there is already, or the name of a room.
func askForRooms(ctx context.Context, t *bot.Turn, args string) error {
	if t.Builds() == "" {
		return bot.Refuse("space.nowhere")
	}
	if civic.Blank(args) {
		return listRooms(ctx, t)
	}
	if kind := roomNamed(t, args); kind != "" {
		if err := mayBind(ctx, t, civic.Scope{Network: t.Network.ID}); err != nil {
			return err
		}
		text := t.T("space.ask.closed", "what", use{kind: kind}.label(t, t.Lang()))
		return offerToMake(ctx, t, t.Network.ID, "make:"+string(kind), text)
	}
	if _, _, there := spaceAddress(args); there {
		return t.Begin(ctx, adoptForm, bot.Input{Args: args})
	}
	area, ok, err := areaByCode(ctx, t, args)
	switch {
	case err != nil:
		return err
	case !ok || area.Kind != civic.KindGroup || area.Network != t.Network.ID:
		return bot.Refuse("space.unknown")
	}
	if err := mayBind(ctx, t, area.Scope()); err != nil {
		return err
	}
	return offerToMake(ctx, t, area.ID, "make", t.T("space.ask", "group", area.Name))
}

func offerToMake(ctx context.Context, t *bot.Turn, area civic.AreaID, key, text string) error {
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneAnswer, Person: t.Actor.ID,
		Message: bot.Message{
			Text: text, About: bot.About(spaceKind, int64(area)), Rows: bot.Rows(bot.Choice{Key: key, Label: t.T("space.make")}),
		},
	})
}

// listRooms says how rooms are asked for, with the codes of the street groups.
func listRooms(ctx context.Context, t *bot.Turn) error {
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	lines := []string{t.T("space.how")}
	for _, a := range areas {
		if a.Kind == civic.KindGroup && a.Code != "" {
			lines = append(lines, t.T("space.how.line", "group", a.Name, "code", a.Code))
		}
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: strings.Join(lines, "\n")})
}

func areaOfRef(ctx context.Context, t *bot.Turn, r bot.Ref) (civic.Area, error) {
	id, err := strconv.ParseInt(r.ID, 10, 64)
	if err != nil {
		return civic.Area{}, bot.ErrNotFound
	}
	return t.Tx.Area(ctx, civic.AreaID(id))
}

func onSpace(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	area, err := areaOfRef(ctx, t, r)
	return bot.Thing{Scope: area.Scope()}, err
}

// makeRooms sends for the first room; the others follow it.
func makeRooms(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	area, err := areaOfRef(ctx, t, r)
	if err != nil {
		return err
	}
	kind := bot.HouseSpace
	if r.Arg != "" {
		kind = bot.HouseKind(r.Arg)
	}
	platform := t.Builds()
	if platform == "" {
		return bot.Refuse("space.nowhere")
	}
	if err := t.Audit(ctx, "space.wanted", bot.About("area", int64(area.ID)), string(kind)); err != nil {
		return err
	}
	h := bot.House{Area: area.ID, Kind: kind, Platform: platform}
	if err := sendForHouse(ctx, t, h, t.Actor.ID); err != nil {
		return err
	}
	return t.Answer(ctx, "space.making")
}

// sendForHouse sends for a room. The key is stored with the turn, so that the room is found again when the answer to the
// request that made it was lost, or the program ended before it was stored.
func sendForHouse(ctx context.Context, t *bot.Turn, h bot.House, asked int64) error {
	return sendForHouseAt(ctx, t, h, asked, "")
}

// sendForHouseAt is the same for a space that is at an address already. A space that we have is not sent for again: one
// that was taken over has no key by which it is found.
func sendForHouseAt(ctx context.Context, t *bot.Turn, h bot.House, asked int64, there string) error {
	const letters = 20
	var key strings.Builder
	for key.Len() < letters {
		var one [1]byte
		if _, err := t.Random().Read(one[:]); err != nil {
			return fmt.Errorf("key of a room: %w", err)
		}
		key.WriteByte("0123456789abcdefghjkmnpqrstvwxyz"[one[0]%32])
	}
	h.Key = key.String()
	if err := t.Tx.WantHouse(ctx, &h); err != nil {
		return err
	}
	if h.Chat != 0 && h.Kind == bot.HouseSpace {
		return sendForHouse(ctx, t, bot.House{Area: h.Area, Kind: bot.HouseStreet, Platform: h.Platform}, asked)
	}
	site, err := siteOf(ctx, t, h)
	if err != nil {
		return err
	}
	want := wanted{Site: site, There: there}
	if h.Chat != 0 {
		chat, err := t.Tx.Chat(ctx, h.Chat)
		if err != nil {
			return err
		}
		want.Here = chat.Ref
	}
	payload, err := json.Marshal(want)
	if err != nil {
		return fmt.Errorf("house %d: %w", h.ID, err)
	}
	ref := fmt.Sprintf("%d/%d", h.ID, asked)
	return t.ErrandTo(ctx, h.Platform, bot.Errand{Kind: buildErrand, Ref: ref, Payload: payload})
}

// siteOf describes a room to the network, in the network's own language.
func siteOf(ctx context.Context, t *bot.Turn, h bot.House) (bot.Site, error) {
	area, err := t.Tx.Area(ctx, h.Area)
	if err != nil {
		return bot.Site{}, err
	}
	lang := t.LangOf(civic.Member{})
	s := bot.Site{
		Key: h.Key, Kind: bot.SiteClosed, Topic: t.In(lang, "space.topic."+string(h.Kind)),
		Title: plainText(t.In(lang, "space.title", "area", area.Name, "kind", t.In(lang, "space.name."+string(h.Kind)))),
	}
	switch h.Kind {
	case bot.HouseSpace:
		s.Kind, s.Title = bot.SiteSpace, area.Name
	case bot.HouseStreet:
		s.Kind = bot.SiteStreet
		space, err := t.Tx.HouseIn(ctx, h.Area, bot.HouseSpace)
		if err != nil {
			return s, err
		}
		chat, err := t.Tx.Chat(ctx, space.Chat)
		if err != nil {
			return s, err
		}
		s.Within = chat.Ref.ID
	}
	return s, nil
}

func buildHouse(ctx context.Context, p bot.Platform, e bot.Errand) ([]byte, error) {
	var w wanted
	builder, is := p.(bot.Builder)
	if err := json.Unmarshal(e.Payload, &w); err != nil || !is {
		return nil, &bot.FinalError{Err: errors.Join(errors.New("no room can be made"), err)}
	}
	if w.There != "" {
		return adoptAt(ctx, p, w)
	}
	if w.Here.ID != "" { // its address may still be that of the room which it goes on for
		return hangAt(ctx, p, w)
	}
	made, err := builder.Build(ctx, w.Site)
	if err != nil {
		return nil, err
	}
	return json.Marshal(made)
}

// built stores a room that was made, and goes on with what comes after it. What came here before changes nothing.
func built(ctx context.Context, t *bot.Turn, d bot.Done) error {
	id, who, _ := strings.Cut(d.Ref, "/")
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("house %q: %w", d.Ref, err)
	}
	asked, err := strconv.ParseInt(who, 10, 64)
	if err != nil {
		return fmt.Errorf("house %q: %w", d.Ref, err)
	}
	h, err := t.Tx.House(ctx, number)
	if err != nil {
		return err
	}
	area, err := t.Tx.Area(ctx, h.Area)
	if err != nil {
		return err
	}
	if err := turnTo(ctx, t, area.Network); err != nil {
		return err
	}
	if d.Err != "" {
		return tellAsker(ctx, t, asked, refusedKey(d.Result), area)
	}
	if h.Chat == 0 {
		if h.Chat, err = moveIn(ctx, t, h, d.Result); err != nil {
			return err
		}
	}
	switch h.Kind {
	case bot.HouseSpace:
		return sendForHouse(ctx, t, bot.House{Area: h.Area, Kind: bot.HouseStreet, Platform: h.Platform}, asked)
	case bot.HouseStreet:
		return openStreet(ctx, t, h, area, asked)
	}
	return openClosed(ctx, t, h, area, asked)
}

// moveIn makes the room that was made a chat of ours.
func moveIn(ctx context.Context, t *bot.Turn, h bot.House, result []byte) (int64, error) {
	var ref bot.ChatRef
	if err := json.Unmarshal(result, &ref); err != nil {
		return 0, fmt.Errorf("house %d: %w", h.ID, err)
	}
	chat, err := t.Tx.Enter(ctx, ref, t.Now)
	if err != nil {
		return 0, err
	}
	if err := t.Audit(ctx, "space.made", bot.About("chat", chat.ID), string(h.Kind)); err != nil {
		return 0, err
	}
	return chat.ID, t.Tx.MadeHouse(ctx, h.ID, chat.ID)
}

// plainText is a text as the network shows it where it knows no markup.
func plainText(text string) string { return html.UnescapeString(text) }

func tellAsker(ctx context.Context, t *bot.Turn, asked int64, key string, area civic.Area) error {
	_, err := t.Tell(ctx, asked, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, key, "area", area.Name)}
	})
	return err
}
