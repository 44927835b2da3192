package flows

import (
	"context"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The texts that are typed, where there are no buttons, to do what many people read or what hits a person.
const (
	wordSend    = "alert.word.send"
	wordRetract = "alert.word.retract"
	wordSuspend = "ladder.word.suspension"
	wordRemove  = "ladder.word.removal"
	wordForget  = "leave.word"
)

// sendWord is what is typed to send: everything but information for one street.
func sendWord(ctx context.Context, t *bot.Turn, a alarm) (string, error) {
	if a.Kind != civic.InfoAlert || len(a.Areas) != 1 {
		return wordSend, nil
	}
	area, err := t.Tx.Area(ctx, a.Areas[0])
	if err != nil {
		return "", fmt.Errorf("area of a message: %w", err)
	}
	if area.Kind == civic.KindStreet {
		return "", nil
	}
	return wordSend, nil
}

func retractWord(context.Context, *bot.Turn, follow) (string, error) { return wordRetract, nil }

// measureWord is what is typed to put somebody out, for a time or for good.
func measureWord(_ context.Context, _ *bot.Turn, m measured) (string, error) {
	switch m.Measure {
	case civic.MeasureSuspension:
		return wordSuspend, nil
	case civic.MeasureRemoval:
		return wordRemove, nil
	case civic.MeasureNote, civic.MeasureWarning:
	}
	return "", nil
}
