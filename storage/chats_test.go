package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// room enters a chat and gives our number of it.
func room(t *testing.T, s *storage.Store, id string, kind bot.ChatKind) int64 {
	t.Helper()
	var number int64
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: id, Kind: kind}, noon)
		number = c.ID
		return err
	})
	return number
}

func TestAChatIsKnownUnderOneNumber(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		ref := bot.ChatRef{Platform: "p", ID: "1", Kind: bot.Group, Title: "Kastanje"}
		first, err := tx.Enter(ctx, ref, noon)
		if err != nil || first.Ref != ref || !first.Reachable {
			t.Errorf("entered %+v, %v", first, err)
		}
		other, err := tx.Enter(ctx, bot.ChatRef{Platform: "q", ID: "1"}, noon)
		if err != nil || other.ID == first.ID || other.Ref.Kind != bot.Private {
			t.Errorf("of another platform %+v, %v", other, err)
		}
		ref.Title = "Kastanjelaan"
		if _, err := tx.Enter(ctx, ref, noon); err != nil {
			return err
		}
		again, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "1"}, noon.Add(2*time.Hour))
		if err != nil || again.ID != first.ID || again.Ref != ref {
			t.Errorf("entered again without title %+v, %v", again, err)
		}
		if err := tx.SetChatLanguage(ctx, first.ID, "tr"); err != nil {
			return err
		}
		if err := tx.SetChatNetwork(ctx, first.ID, 7); err != nil {
			return err
		}
		got, err := tx.Chat(ctx, first.ID)
		if err != nil || got.Language != "tr" || got.Network != 7 || got.Ref != ref {
			t.Errorf("by number %+v, %v", got, err)
		}
		if _, err := tx.Chat(ctx, 99); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("by no number: %v", err)
		}
		return nil
	})
	// What is remembered and what is stored are the same.
	err := s.View(t.Context(), func(tx bot.Tx) error {
		got, err := tx.Chat(t.Context(), 1)
		if err != nil || got.Language != "tr" || got.Ref.Title != "Kastanjelaan" {
			t.Errorf("stored %+v, %v", got, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLettersToAChatThatIsClosedAreDead(t *testing.T) {
	s := fresh(t)
	chat, other := room(t, s, "1", bot.Private), room(t, s, "2", bot.Private)
	letters := write(t, s, 2, func(i int) int64 { return []int64{chat, other}[i] })
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.Reach(ctx, chat, false, "blocked by the user", noon); err != nil {
			return err
		}
		got, err := tx.Chat(ctx, chat)
		if err != nil || got.Reachable {
			t.Errorf("closed, but %+v, %v", got, err)
		}
		late := bot.Letter{Chat: chat, Message: bot.Message{Text: secret}}
		if err := tx.Enqueue(ctx, &late); err != nil {
			return err
		}
		return tx.Reach(ctx, chat, true, "", noon)
	})
	if waits(t, s, letters[0]) || !waits(t, s, letters[1]) {
		t.Error("the letter to the other chat, and only that, is to be sent")
	}
	if next := write(t, s, 1, func(int) int64 { return chat }); !waits(t, s, next[0]) {
		t.Error("a chat that can be reached again gets no letters")
	}
}

// A right that is given lets those letters go that waited for it. What waits for its own time goes on waiting, and so does a
// chat that asked for silence.
func TestLettersThatWaitForARightGoWhenItIsGiven(t *testing.T) {
	s := fresh(t)
	chat, other := room(t, s, "1", bot.Group), room(t, s, "2", bot.Group)
	letters := write(t, s, 2, func(n int) int64 { return []int64{chat, other}[n] })
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if claimed, err := tx.Claim(ctx, letters, noon); err != nil || len(claimed) != 2 {
			return fmt.Errorf("%d were claimed: %w", len(claimed), err)
		}
		for _, id := range letters {
			fate := bot.Fate{State: bot.LetterPending, At: noon, Before: noon.Add(10 * time.Minute)}
			if _, err := tx.Settle(ctx, id, fate); err != nil {
				return err
			}
		}
		planned := bot.Letter{Chat: chat, Lane: bot.LaneUrgent, Before: noon.Add(time.Hour), Message: bot.Message{Text: "later"}}
		return errors.Join(tx.Enqueue(ctx, &planned), tx.Resume(ctx, chat, noon.Add(time.Minute)))
	})
	ready := func(at time.Time) (ids []int64) {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			list, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: at, Limit: 9})
			ids = nil
			for _, c := range list {
				ids = append(ids, c.ID)
			}
			return err
		})
		return ids
	}
	if diff := cmp.Diff(letters[:1], ready(noon.Add(time.Minute))); diff != "" {
		t.Errorf("what may go (-want +got):\n%s", diff)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.BlockChat(ctx, chat, noon.Add(5*time.Minute)), tx.Resume(ctx, chat, noon.Add(2*time.Minute)))
	})
	if early := ready(noon.Add(2 * time.Minute)); len(early) > 0 {
		t.Errorf("in spite of the silence that was asked for, %v may go", early)
	}
}

// What a platform and a chat asked for is remembered, and a shorter wish does not shorten a longer one.
func TestChatsAndPlatformsAreLeftAloneAsLongAsTheyAsked(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Private)
	write(t, s, 1, func(int) int64 { return chat })
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		err := errors.Join(
			tx.BlockChat(ctx, chat, noon.Add(10*time.Minute)), tx.BlockChat(ctx, chat, noon.Add(time.Minute)),
			tx.BlockPlatform(ctx, "p", noon.Add(10*time.Minute)), tx.BlockPlatform(ctx, "p", noon.Add(time.Minute)),
		)
		if err != nil {
			return err
		}
		for after, want := range map[time.Duration]int{9 * time.Minute: 0, 10 * time.Minute: 1} {
			list, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon.Add(after), Limit: 9})
			if err != nil || len(list) != want {
				t.Errorf("after %v, %d letters may go, %v", after, len(list), err)
			}
		}
		if next, err := tx.NextLetter(ctx, "p"); err != nil || !next.Equal(noon.Add(10*time.Minute)) {
			t.Errorf("the next may go at %v, %v", next, err)
		}
		for platform, want := range map[string]time.Time{"p": noon.Add(10 * time.Minute), "q": {}} {
			if until, err := tx.BlockedUntil(ctx, platform); err != nil || !until.Equal(want) {
				t.Errorf("%s wants silence until %v, %v", platform, until, err)
			}
		}
		return nil
	})
}

// A chat that moves takes everything along; what is known under its new id already is merged with it.
func TestAChatThatMovesTakesEverythingAlong(t *testing.T) {
	for name, known := range map[string]bool{"to a new id": false, "to a known id": true} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			in := build(t, s)
			chat := room(t, s, "old", bot.Group)
			if known {
				other := room(t, s, "new", bot.Group)
				write(t, s, 1, func(int) int64 { return other })
				do(t, s, func(ctx context.Context, tx bot.Tx) error {
					form := formIn(other, "bo")
					return tx.SaveSession(ctx, &form)
				})
			}
			write(t, s, 1, func(int) int64 { return chat })
			target := civic.Target{Group: in.group, Kind: civic.TargetGroup, Chat: chat}
			do(t, s, func(ctx context.Context, tx bot.Tx) error {
				form := formIn(chat, "ana")
				return errors.Join(
					tx.SaveTarget(ctx, &target), tx.SaveSession(ctx, &form),
					tx.BindRoom(ctx, in.network, civic.RoomCoordinators, chat, noon),
					tx.MoveChat(ctx, bot.ChatRef{Platform: "p", ID: "old"}, "new", noon),
					tx.MoveChat(ctx, bot.ChatRef{Platform: "p", ID: "nobody knows"}, "it", noon),
				)
			})
			do(t, s, func(ctx context.Context, tx bot.Tx) error {
				c, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "new"}, noon)
				if err != nil || c.ID != chat {
					t.Errorf("the new id is chat %d, not %d, %v", c.ID, chat, err)
				}
				if fresh, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "old"}, noon); err != nil || fresh.ID == chat {
					t.Errorf("the old id is chat %d, %v", fresh.ID, err)
				}
				bound, err := tx.Room(ctx, in.network, civic.RoomCoordinators)
				if err != nil || bound != chat {
					t.Errorf("the room is chat %d, %v", bound, err)
				}
				got, err := tx.TargetOf(ctx, chat)
				if err != nil || got != target {
					t.Errorf("target %+v, %v", got, err)
				}
				for account, want := range map[string]bool{"ana": true, "bo": known} {
					if form, err := tx.Session(ctx, chat, account); err != nil || (form != nil) != want {
						t.Errorf("form of %s: %+v, %v", account, form, err)
					}
				}
				letters, err := tx.Claim(ctx, []int64{1, 2}, noon)
				if err != nil || len(letters) != 1 || letters[0].To.ID != "new" {
					t.Errorf("letters %+v, %v", letters, err)
				}
				return nil
			})
		})
	}
}

// A group that moves puts the bot out of its former chat, and it is in the new one: there it is reached. Whoever was put out of
// both is reached in none.
func TestAChatThatMovesIsReachedWhereTheBotIs(t *testing.T) {
	for _, inside := range []bool{true, false} {
		s := fresh(t)
		chat, other := room(t, s, "old", bot.Group), room(t, s, "new", bot.Group)
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			return errors.Join(tx.Reach(ctx, chat, false, "kicked", noon), tx.Reach(ctx, other, inside, "kicked", noon),
				tx.MoveChat(ctx, bot.ChatRef{Platform: "p", ID: "old"}, "new", noon))
		})
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			c, err := tx.Chat(ctx, chat)
			if err != nil || c.Reachable != inside || c.Ref.ID != "new" {
				t.Errorf("the chat is %+v, and the bot is in it: %v; %v", c, inside, err)
			}
			return nil
		})
	}
}

// What a chat was told and showed moves along: pictures of its open form, and its lines in the ledger.
func TestPicturesAndTheLedgerMoveWithTheirChat(t *testing.T) {
	at := noon
	s := openAt(t, &at)
	a := sound(t, s)
	stays := room(t, s, "stays", bot.Group)
	photo := civic.Photo{Owner: a.chat}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		form := formIn(a.chat, "")
		return errors.Join(
			tx.AddPhoto(ctx, &photo), tx.SaveSession(ctx, &form),
			tx.BlockChat(ctx, a.chat, noon.Add(time.Hour)),
			tx.MoveChat(ctx, bot.ChatRef{Platform: "p", ID: "stays"}, "kas", noon),
		)
	})
	at = at.Add(25 * time.Hour)
	prune(t, s, at)
	same(t, "pictures", []int64{photo.ID}, pictures(t, s, photo.ID))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		ledger, err := tx.Deliveries(ctx, a.alert, civic.NoticeAlarm, 1)
		same(t, "chat in the ledger", stays, ledger[0].Chat)
		return err
	})
	next := post(t, s, bot.Letter{Chat: stays})
	settle(t, s, a.letter, delivered)
	same(t, "in the silence that was ordered", 0, len(candidates(t, s, bot.CandidateQuery{At: noon.Add(time.Minute)})))
	same(t, "after it", []int64{next}, candidates(t, s, bot.CandidateQuery{At: noon.Add(time.Hour)}))
}

// Private chats of which nothing is kept go; those of members, of open forms and of letters under way stay.
func TestChatsOfGuestsWhoWentAwayAreSwept(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	_, member := adopt(t, s, "ana", in)
	guest, writing, reading := room(t, s, "1", bot.Private), room(t, s, "2", bot.Private), room(t, s, "3", bot.Private)
	group := room(t, s, "4", bot.Group)
	write(t, s, 1, func(int) int64 { return reading })
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		form := formIn(writing, "")
		if err := tx.SaveSession(ctx, &form); err != nil {
			return err
		}
		if n, err := tx.Sweep(ctx, noon.Add(-time.Minute)); err != nil || n != 0 {
			t.Errorf("%d chats went that were seen since, %v", n, err)
		}
		if n, err := tx.Sweep(ctx, noon.Add(time.Minute)); err != nil || n != 1 {
			t.Errorf("%d chats went, %v", n, err)
		}
		for _, chat := range []int64{member, writing, reading, group} {
			if _, err := tx.Chat(ctx, chat); err != nil {
				t.Errorf("chat %d: %v", chat, err)
			}
		}
		if _, err := tx.Chat(ctx, guest); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("the guest's chat: %v", err)
		}
		return nil
	})
}

func TestAnAccountKeepsItsPerson(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		again, err := tx.Adopt(ctx, bot.UserRef{Platform: "p", ID: "ana", Name: "Somebody"}, chat, in.network, noon)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Errorf("adopted twice (-want +got):\n%s", diff)
		}
		guest, err := tx.Identify(ctx, bot.UserRef{Platform: "q", ID: "ana"})
		if err != nil || !guest.Guest() {
			t.Errorf("the same id on another platform is %+v, %v", guest, err)
		}
		alone, err := tx.Adopt(ctx, bot.UserRef{Platform: "q", ID: "bo"}, 0, in.network, noon)
		if err != nil {
			return err
		}
		for person, want := range map[int64]int64{m.ID: chat, alone.ID: 0} {
			if got, err := tx.PrivateChat(ctx, person); err != nil || got != want {
				t.Errorf("person %d is reached in chat %d, %v", person, got, err)
			}
		}
		return nil
	})
}

// What a platform is told of its chats is what stands in the database, those that cannot be reached included.
func TestChatsOfOnePlatformAreHeld(t *testing.T) {
	s := fresh(t)
	open, closed := room(t, s, "1", bot.Private), room(t, s, "2", bot.Group)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		_, err := tx.Enter(ctx, bot.ChatRef{Platform: "q", ID: "3", Kind: bot.Group}, noon)
		return errors.Join(err, tx.Reach(ctx, closed, false, "kicked", noon))
	})
	held, err := s.Held(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64]bool{}
	for _, c := range held {
		if c.Ref.Platform != "p" || c.Ref.ID == "" {
			t.Errorf("held: %+v", c)
		}
		got[c.ID] = c.Reachable
	}
	if diff := cmp.Diff(map[int64]bool{open: true, closed: false}, got); diff != "" {
		t.Error(diff)
	}
}
