package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const adoptForm = "adopt"

// adoption is a space that people made and that is to become the one of a street group.
type adoption struct {
	Code    string `json:"code"`
	Group   string `json:"group"`
	Address string `json:"address"`
	Sure    string `json:"sure,omitempty"`
}

// adopting asks before it takes a space over: those who are in it come to see what the bot says there.
func adopting() bot.Form[adoption] {
	return bot.Form[adoption]{
		Name: adoptForm, Needs: civic.BindRoom, Start: startAdoption, Done: adoptSpace,
		Steps: []bot.Step[adoption]{
			bot.Ending[adoption](adoptStep{bot.Pick("sure", func(a *adoption) *string { return &a.Sure }, answerYes, answerNo)}),
		},
	}
}

// adoptStep names the street group and the space.
type adoptStep struct{ bot.Step[adoption] }

// Ask implements [bot.Step].
func (s adoptStep) Ask(ctx context.Context, t *bot.Turn, form string, a adoption) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, a)
	m.Text = t.T("adopt.sure.ask", "group", a.Group, "address", a.Address)
	return m, err
}

// spaceAddress is the code and the address in "KASTANJE1 #buurt:example.org"; false when it is not both.
func spaceAddress(args string) (code, address string, ok bool) {
	words := strings.Fields(args)
	if len(words) != 2 {
		return "", "", false
	}
	for _, sign := range []string{"#", "!", "https://", "matrix:"} {
		if strings.HasPrefix(words[1], sign) {
			return words[0], words[1], true
		}
	}
	return "", "", false
}

// startAdoption refuses at once what would be refused in the end.
func startAdoption(ctx context.Context, t *bot.Turn, in bot.Input) (adoption, []string, error) {
	const longestAddress = 255 // bytes, by the rules of Matrix
	code, address, ok := spaceAddress(in.Args)
	if !ok || len(address) > longestAddress {
		return adoption{}, nil, bot.Refuse("space.unknown")
	}
	group, err := adoptingGroup(ctx, t, code)
	return adoption{Code: code, Group: group.Name, Address: address}, nil, err
}

// adoptingGroup is the street group that a space is taken over for; it must have none yet.
func adoptingGroup(ctx context.Context, t *bot.Turn, code string) (civic.Area, error) {
	area, ok, err := areaByCode(ctx, t, code)
	switch {
	case err != nil:
		return area, err
	case !ok || area.Kind != civic.KindGroup || area.Network != t.Network.ID:
		return area, bot.Refuse("space.unknown")
	}
	if err := mayBind(ctx, t, area.Scope()); err != nil {
		return area, err
	}
	h, err := t.Tx.HouseIn(ctx, area.ID, bot.HouseSpace)
	if errors.Is(err, bot.ErrNotFound) || err == nil && h.Chat == 0 {
		return area, nil
	}
	if err != nil {
		return area, err
	}
	return area, bot.Refuse("adopt.there", "group", area.Name)
}

// adoptSpace sends for the space; the street's room follows it, as after one that is made.
func adoptSpace(ctx context.Context, t *bot.Turn, a adoption) error {
	if a.Sure != answerYes {
		return t.Say(ctx, "adopt.no")
	}
	area, err := adoptingGroup(ctx, t, a.Code)
	if err != nil {
		return err
	}
	if err := t.Audit(ctx, "space.wanted", bot.About("area", int64(area.ID)), "adopt"); err != nil {
		return err
	}
	h := bot.House{Area: area.ID, Kind: bot.HouseSpace, Platform: t.Builds()}
	if err := sendForHouseAt(ctx, t, h, t.Actor.ID, a.Address); err != nil {
		return err
	}
	return t.Say(ctx, "space.making")
}

// wanted is a site with the address of a space that people made; empty = it is to be made.
type wanted struct {
	bot.Site
	There string      `json:"there,omitempty"`
	Here  bot.ChatRef `json:"here,omitzero"` // the room that we have; it is put right
}

// adoptAt takes a space over. Why it cannot be comes back as the result.
func adoptAt(ctx context.Context, p bot.Platform, w wanted) ([]byte, error) {
	adopter, is := p.(bot.Adopter)
	if !is {
		return nil, &bot.FinalError{Err: errors.New("no space can be taken over")}
	}
	ref, err := adopter.Adopt(ctx, w.Site, w.There)
	if err == nil {
		return json.Marshal(ref)
	}
	for _, why := range adoptRefusals {
		if errors.Is(err, why.err) {
			raw, failed := json.Marshal(why.key)
			return raw, errors.Join(err, failed)
		}
	}
	return nil, fmt.Errorf("space: %w", err)
}

// adoptRefusals are the texts that tell why a space was not taken over, and what to do about it.
var adoptRefusals = []struct {
	err error
	key string
}{
	{bot.ErrShut, "adopt.shut"}, {bot.ErrForeign, "adopt.foreign"}, {bot.ErrOpen, "adopt.open"}, {bot.ErrPower, "adopt.power"},
}

// refusedKey is the text that tells why a room is not there.
func refusedKey(result []byte) string {
	var key string
	if json.Unmarshal(result, &key) == nil {
		for _, why := range adoptRefusals {
			if key == why.key {
				return key
			}
		}
	}
	return "space.failed"
}
