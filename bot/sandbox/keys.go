package sandbox

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
)

// Roles that the introduction looks for.
const (
	roleResident = "sandbox.role.resident"
	roleGuest    = "sandbox.role.guest"
)

// Roles lists the keys of the texts that tell what somebody or a room is, for [Pane.Role].
func Roles() []string {
	return []string{
		roleResident, roleGuest, "sandbox.role.alone", "sandbox.role.coordinator", "sandbox.role.coordinators",
		"sandbox.role.officer", "sandbox.role.police", "sandbox.role.street_coordinator", "sandbox.role.streets",
	}
}

var named = regexp.MustCompile(`\bt "(sandbox\.[a-z0-9_.]+)"`)

// Keys lists every text that the page says, sorted.
func Keys() []string {
	page, err := embedded.ReadFile("page.html")
	if err != nil {
		panic(err) // it is part of the program
	}
	keys := append(Roles(), other, "sandbox.pin.near")
	for _, found := range named.FindAllSubmatch(page, -1) {
		keys = append(keys, string(found[1]))
	}
	for _, c := range complaints {
		keys = append(keys, c.key)
	}
	for day := range 7 {
		keys = append(keys, "sandbox.day."+strconv.Itoa(day))
	}
	for _, kind := range []bot.MediaKind{
		bot.MediaPhoto, bot.MediaDocument, bot.MediaVideo, bot.MediaVoice, bot.MediaSticker, bot.MediaPoll, bot.MediaContact,
		bot.MediaOther,
	} {
		keys = append(keys, "sandbox.media."+string(kind))
	}
	keys = append(keys, "sandbox.bot")
	slices.Sort(keys)
	return slices.Compact(keys)
}
