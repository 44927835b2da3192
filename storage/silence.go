package storage

import (
	"context"
	"strconv"
	"time"
)

// factSilence and a platform's name are the fact until when, in milliseconds, the platform wants to be left alone.
const factSilence = "silent_until_"

// BlockPlatform implements [bot.ChatTx]. A longer silence that was ordered before stays.
func (t *tx) BlockPlatform(ctx context.Context, platform string, until time.Time) error {
	before, err := t.BlockedUntil(ctx, platform)
	if err != nil || !until.After(before) {
		return err
	}
	err = t.run(sqlSaveFact, factSilence+platform, strconv.FormatInt(millis(until), 10))
	return about(err, "silence of %s", platform)
}

// BlockedUntil implements [bot.ChatTx].
func (t *tx) BlockedUntil(_ context.Context, platform string) (time.Time, error) {
	value, err := orZero(one(t, scanText, sqlFact, factSilence+platform))
	if err != nil || value == "" {
		return time.Time{}, about(err, "silence of %s", platform)
	}
	until, err := strconv.ParseInt(value, 10, 64)
	return moment(until), about(err, "silence of %s", platform)
}
