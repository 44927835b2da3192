package telegram

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
)

const notices = -1001200000007

// found gives the findings as words; what is grave has an exclamation mark.
func (s strict) found(chat int64, use bot.Use) string {
	s.t.Helper()
	list, err := s.tg.Inspect(s.t.Context(), bot.ChatRef{Platform: Name, ID: strconv.FormatInt(chat, 10)}, use)
	if err != nil {
		s.t.Fatal(err)
	}
	var words []string
	for _, f := range list {
		word := f.Key
		if f.Grave {
			word += "!"
		}
		words = append(words, word)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

func TestInspectionTellsWhatIsWrongWithAGroup(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	var got []string
	look := func(chat int64, use bot.Use) { got = append(got, s.found(chat, use)) }
	look(street, bot.UseDelivery) // an ordinary member, where everybody writes
	s.Forbid(street, botapi.Deny{Text: true})
	look(street, bot.UseDelivery)
	s.Promote(noor, street, botapi.Rights{Pin: true})
	look(street, bot.UseDelivery)
	look(street, bot.UseClosed)
	s.Promote(noor, street, botapi.AllRights())
	look(street, bot.UseDelivery)
	s.Kick(noor, street)
	look(street, bot.UseDelivery)
	s.DeleteGroup(yard)
	look(yard, bot.UseClosed)
	look(-4999, bot.UseClosed) // there is no such chat
	want := []string{
		"members_write no_admin",
		"muted! no_admin",
		"no_delete no_invite no_remove",
		"no_delete",
		"",
		"absent!", "absent!", "absent!",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestInspectionTellsWhatIsWrongWithAChannel(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.AddGroup(botapi.Group{ID: notices, Title: "Meldingen", Name: "meldingen", Type: "channel", Members: []int64{noor}})
	s.Promote(noor, notices, botapi.Rights{Invite: true, Mute: true})
	got := []string{s.found(notices, bot.UseDelivery)}
	s.Promote(noor, notices, botapi.Rights{Invite: true})
	got = append(got, s.found(notices, bot.UseDelivery), s.found(notices, bot.UseClosed))
	if diff := cmp.Diff([]string{"muted! public", "public", "public!"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A street's group that is called as the police are leads people astray; the police's own is called so.
func TestInspectionTellsThatAGroupIsCalledAsThePoliceAre(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.AddGroup(botapi.Group{ID: notices, Title: "P0LITIE | Kastanjelaan", Members: []int64{noor}})
	s.Promote(noor, notices, botapi.AllRights())
	got := []string{s.found(notices, bot.UseDelivery), s.found(notices, bot.UseClosed)}
	if diff := cmp.Diff([]string{"members_write posing!", ""}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestInspectionThatGetsNoAnswerIsTriedAgain(t *testing.T) {
	s := newStrict(t, botapi.Config{Impatient: true})
	s.Fail(botapi.Fault{Method: "getChatMember", Kind: botapi.Status502HTML})
	_, err := s.tg.Inspect(t.Context(), bot.ChatRef{Platform: Name, ID: strconv.Itoa(street)}, bot.UseClosed)
	if e := sendFault(t, err); e.Remedy != bot.Uncertain && e.Remedy != bot.Later {
		t.Errorf("the remedy is %s", e.Remedy)
	}
}
