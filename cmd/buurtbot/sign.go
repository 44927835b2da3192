package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	qr "github.com/piglig/go-qr"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/survey"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// sign tells what to put on the sign in a street, and draws its QR code when a file is named.
func (s shell) sign(c Config, i inviteCommand) error {
	street, png := i.Street, i.PNG
	var a civic.Area
	err := s.withStore(c, func(store *storage.Store) error {
		return store.Do(s.ctx, func(tx bot.Tx) error {
			if err := plantIn(s.ctx, tx, c); err != nil {
				return fmt.Errorf("areas: %w", err)
			}
			n, err := networkNamed(s.ctx, tx, i.Network)
			if err != nil {
				return err
			}
			a, err = streetNamed(s.ctx, tx, n.ID, street)
			return err
		})
	})
	if err != nil {
		return err
	}
	link, err := s.link(c, a.Code)
	if err != nil {
		return err
	}
	s.say("%s", a.Code)
	s.say("Whoever sends the bot /start %s joins as a resident of %s. It works for everybody, as long as the sign hangs.",
		a.Code, a.Name)
	if link != "" {
		s.say("%s", link)
	}
	if c.Matrix.On() {
		s.say("On Matrix people open a chat with %s and send !start %s; write that on the sign, too.", c.Matrix.User, a.Code)
	}
	if png == "" {
		return nil
	}
	if link == "" {
		return errors.New("a QR code holds the link to the bot on Telegram, which is off: set TELEGRAM_TOKEN, and try again")
	}
	picture, err := drawCode(link)
	if err != nil {
		return err
	}
	if err := s.write(png, picture); err != nil {
		return err
	}
	s.say("%s is the QR code for the sign. Print it 4 cm wide or more.", png)
	return nil
}

// streetNamed finds a street of a network by its name or code. One without a code gets one.
func streetNamed(ctx context.Context, tx bot.Tx, network civic.AreaID, typed string) (civic.Area, error) {
	areas, codes, err := flows.PlacesOf(ctx, tx, network)
	if err != nil {
		return civic.Area{}, err
	}
	var found []civic.Area
	for _, a := range areas {
		if a.Kind != civic.KindStreet {
			continue
		}
		if strings.EqualFold(a.Code, typed) && typed != "" {
			found = []civic.Area{a}
			break
		}
		if strings.EqualFold(a.Name, typed) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return civic.Area{}, fmt.Errorf("%w: there is no street %s", errUse, quote(typed))
	case 1:
	default:
		return civic.Area{}, several(areas, found)
	}
	a := found[0]
	if a.Code != "" {
		return a, nil
	}
	a.Code = survey.Code(a.Name, codes)
	return a, tx.SaveArea(ctx, &a)
}

// several says which streets of one name there are, and how to name one of them.
func several(areas, found []civic.Area) error {
	var all []string
	for _, f := range found {
		for _, group := range areas {
			if group.ID == f.Parent {
				all = append(all, fmt.Sprintf("%s in %s", f.Code, group.Name))
			}
		}
	}
	return fmt.Errorf("%w: there are several streets %s; give the code of one: %s", errUse, found[0].Name, strings.Join(all,
		", "))
}

// link is the link that opens the private chat with the bot on Telegram and gives it a code; empty when Telegram is off.
func (s shell) link(c Config, code string) (string, error) {
	if !c.Telegram.On() {
		return "", nil
	}
	t := newTelegram(c.Telegram, c.Limits.Telegram)
	defer t.Close()
	const patience = 15 * time.Second
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	raw, err := t.Call(ctx, "getMe", nil)
	if err != nil {
		return "", fmt.Errorf("telegram, asked for the name of the bot: %w", err)
	}
	var me struct {
		Username string `json:"username"`
	}
	if err := json.Unmarshal(raw, &me); err != nil || me.Username == "" {
		return "", errors.New("telegram did not tell the name of the bot")
	}
	return "https://t.me/" + me.Username + "?start=" + url.QueryEscape(code), nil
}

// drawCode draws a link as a QR code, which can be read when up to a quarter of it is worn off.
func drawCode(link string) ([]byte, error) {
	code, err := qr.EncodeText(link, qr.Quartile)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	const (
		dots  = 24 // for a module: 900 and more in all, enough for a sign
		quiet = 4  // modules of white round it (ISO/IEC 18004)
	)
	picture, err := code.ToPNGBytes(qr.NewQrCodeImgConfig(dots, quiet))
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	return picture, nil
}

// write writes the file that a command names, where the command was given. It overwrites nothing.
func (s shell) write(file string, picture []byte) error {
	if s.inside != nil {
		s.inside.wrote = picture
		return nil
	}
	const readable = 0o644
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, readable)
	if err != nil {
		return fmt.Errorf("%s cannot be written: %s", file, reason(err))
	}
	_, err = f.Write(picture)
	return errors.Join(err, f.Close())
}
