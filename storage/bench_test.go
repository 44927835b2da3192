package storage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// Everything here is measured on a file, with the settings of the running program: each commit is on disk.

var sizes = []int{1_000, 100_000}

// act does one thing in a transaction that is open already.
type act func(ctx context.Context, tx bot.Tx, i int) error

// shared measures an act without the price of a commit: many of them share one.
func shared(b *testing.B, s *storage.Store, what act) {
	b.Helper()
	const each = 200
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; done += each {
		err := s.Do(b.Context(), func(tx bot.Tx) error {
			for i := done; i < min(done+each, b.N); i++ {
				if err := what(b.Context(), tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// scattered gives people all over the town, in no order.
func scattered(i, people int) int64 { return int64(i*7919%people) + 1 }

func accountOf(person int64) bot.UserRef {
	return bot.UserRef{Platform: "p", ID: fmt.Sprintf("account-%d", person)}
}

func BenchmarkReceive100(b *testing.B) {
	s := populated(b, 1_000)
	body := make([]byte, 600) // a usual update
	n := 0
	for b.Loop() {
		rows := make([]bot.Raw, 100)
		for i := range rows {
			rows[i] = bot.Raw{External: fmt.Sprintf("new-%d", n), Body: body}
			n++
		}
		if err := s.Receive(b.Context(), "p", "bot", rows, fmt.Sprint(n)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "updates/s")
}

// BenchmarkTurn is what the engine asks of storage for an answer to a form's question, with a commit of its own.
func BenchmarkTurn(b *testing.B) {
	s := populated(b, 1_000)
	turns := 0
	for b.Loop() {
		person := scattered(turns, 1_000)
		turns++
		raw := []bot.Raw{{External: fmt.Sprintf("turn-%d", turns), Body: []byte("{}")}}
		if err := s.Receive(b.Context(), "p", "bot", raw, fmt.Sprint(turns)); err != nil {
			b.Fatal(err)
		}
		if err := s.Do(b.Context(), func(tx bot.Tx) error { return turn(b.Context(), tx, person) }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(turns)/b.Elapsed().Seconds(), "turns/s")
}

func turn(ctx context.Context, tx bot.Tx, person int64) error {
	waiting, err := tx.Waiting(ctx, 1)
	if err != nil {
		return err
	}
	who := accountOf(person)
	chat, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: who.ID, Kind: bot.Private}, noon)
	if err != nil {
		return err
	}
	if _, err := tx.Identify(ctx, who); err != nil {
		return err
	}
	if _, err := tx.Session(ctx, chat.ID, ""); err != nil {
		return err
	}
	session := bot.Session{
		Chat: chat.ID, Form: "report", Answers: []byte(`{"kind":"theft"}`), Answered: []string{"kind"}, Asked: "text",
		Touched: noon, Expires: noon.Add(time.Hour),
	}
	if err := tx.SaveSession(ctx, &session); err != nil {
		return err
	}
	l := bot.Letter{
		Chat: chat.ID, Lane: bot.LaneAnswer, Token: fmt.Sprintf("%d-%d", person, waiting[0].ID),
		Message: bot.Message{Text: "What happened?", Rows: [][]bot.Choice{{{Key: "cancel", Label: "Cancel"}}}},
	}
	if err := tx.Enqueue(ctx, &l); err != nil {
		return err
	}
	return tx.Apply(ctx, waiting[0].ID, waiting[0].ID)
}

// BenchmarkDeliver is claiming and settling a letter, as a courier does with 32 in flight.
func BenchmarkDeliver(b *testing.B) {
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			s := populated(b, people)
			n := 0
			for b.Loop() {
				b.StopTimer()
				ids := write(b, s, 32, func(i int) int64 { return scattered(n+i, people) })
				b.StartTimer()
				deliver(b, s, ids)
				n += len(ids)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "letters/s")
		})
	}
}

// write makes letters to chats.
func write(b testing.TB, s *storage.Store, n int, to func(i int) int64) []int64 {
	b.Helper()
	ids := make([]int64, n)
	err := s.Do(b.Context(), func(tx bot.Tx) error {
		for i := range n {
			l := bot.Letter{Chat: to(i), Lane: bot.LaneRoutine, Message: bot.Message{Text: "Thank you. It is report KAS-7F3K."}}
			if err := tx.Enqueue(b.Context(), &l); err != nil {
				return err
			}
			ids[i] = l.ID
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return ids
}

func deliver(b *testing.B, s *storage.Store, ids []int64) {
	b.Helper()
	err := s.Do(b.Context(), func(tx bot.Tx) error {
		_, err := tx.Claim(b.Context(), ids, noon)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	err = s.Do(b.Context(), func(tx bot.Tx) error {
		for _, id := range ids {
			if _, err := tx.Settle(b.Context(), id, bot.Fate{State: bot.LetterSent, Message: "1", At: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkIdentify is identifying one of the thousand who talk today, and somebody whom nobody remembers.
func BenchmarkIdentify(b *testing.B) {
	for _, people := range sizes {
		b.Run(fmt.Sprintf("%d/today", people), func(b *testing.B) {
			shared(b, populated(b, people), func(ctx context.Context, tx bot.Tx, i int) error {
				_, err := tx.Identify(ctx, accountOf(scattered(i%1000, people)))
				return err
			})
		})
		b.Run(fmt.Sprintf("%d/new", people), func(b *testing.B) {
			s := populated(b, people)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				err := s.View(b.Context(), func(tx bot.Tx) error {
					_, err := tx.Identify(b.Context(), accountOf(scattered(n, people)))
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSession(b *testing.B) {
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			shared(b, populated(b, people), func(ctx context.Context, tx bot.Tx, i int) error {
				chat := scattered(i, people)
				if _, err := tx.Session(ctx, chat, ""); err != nil {
					return err
				}
				return tx.SaveSession(ctx, &bot.Session{Chat: chat, Form: "report", Answers: []byte("{}"), Touched: noon, Expires: noon})
			})
		})
	}
}

func BenchmarkFileReport(b *testing.B) {
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			shared(b, populated(b, people), func(ctx context.Context, tx bot.Tx, i int) error {
				return file(ctx, tx, i, people)
			})
		})
	}
}

// file stores a report in a new case, after asking how many the reporter filed.
func file(ctx context.Context, tx bot.Tx, i, people int) error {
	reporter := scattered(i, people)
	if _, err := tx.ReportsSince(ctx, reporter, noon.Add(-time.Hour)); err != nil {
		return err
	}
	group := civic.AreaID(firstGroup + i%manyGroups)
	c := civic.Case{
		Ref: fmt.Sprintf("NEW-%d", i), Network: bigNetwork, Group: group, Street: group + manyGroups, Status: civic.Received,
		Category: civic.Theft, Urgency: civic.Normal, Verification: civic.Unverified, Created: noon, Changed: noon,
	}
	if err := tx.CreateCase(ctx, &c); err != nil {
		return err
	}
	r := civic.Report{Case: c.ID, Reporter: reporter, Alias: 1, Text: "My bicycle is gone", When: civic.Earlier, Filed: noon}
	if err := tx.AddReport(ctx, &r); err != nil {
		return err
	}
	_, err := tx.CaseByRef(ctx, c.Ref)
	return err
}

// BenchmarkCandidates is choosing 32 letters of 2,000 that wait.
func BenchmarkCandidates(b *testing.B) {
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			s := populated(b, people)
			write(b, s, 2_000, func(i int) int64 { return scattered(i, people) })
			shared(b, s, func(ctx context.Context, tx bot.Tx, _ int) error {
				list, err := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: noon, Limit: 32})
				if err == nil && len(list) != 32 {
					err = fmt.Errorf("%d candidates", len(list))
				}
				return err
			})
		})
	}
}

// BenchmarkNextLetter is asking when the next of 2,000 letters may go.
func BenchmarkNextLetter(b *testing.B) {
	s := populated(b, 1_000)
	write(b, s, 2_000, func(i int) int64 { return scattered(i, 1_000) })
	shared(b, s, func(ctx context.Context, tx bot.Tx, _ int) error {
		_, err := tx.NextLetter(ctx, "p")
		return err
	})
}

// BenchmarkPress is finding what a press was about, by its token and by its message.
func BenchmarkPress(b *testing.B) {
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			s := populated(b, people)
			shared(b, s, func(ctx context.Context, tx bot.Tx, i int) error {
				chat := scattered(i, people)
				_, err := tx.Rendering(ctx, "", chat, bot.MessageRef(fmt.Sprint(chat)))
				return err
			})
		})
	}
}

// BenchmarkPlan is the snapshot of a town with 300 street groups, and the plan of an alert to all of them.
func BenchmarkPlan(b *testing.B) {
	for _, people := range sizes {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			s := populated(b, people)
			a := civic.Alert{Network: bigNetwork, Kind: civic.UrgentAlert, Areas: []civic.AreaID{bigNetwork}, Until: noon.Add(time.Hour)}
			shared(b, s, func(ctx context.Context, tx bot.Tx, _ int) error {
				w, err := tx.World(ctx, bigNetwork, 0)
				if err != nil {
					return err
				}
				w.Now = noon
				if plan := civic.NewPlan(a, civic.NoticeAlarm, w); len(plan.Tell) != manyGroups {
					return fmt.Errorf("%d of %d groups are told", len(plan.Tell), manyGroups)
				}
				return nil
			})
		})
	}
}

// BenchmarkPrune clears away the traffic of a hundred thousand people, and says how long a turn waited at most meanwhile.
func BenchmarkPrune(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := populated(b, sizes[1])
		stop, longest := make(chan struct{}), make(chan time.Duration)
		go func() {
			var most time.Duration
			for {
				select {
				case <-stop:
					longest <- most
					return
				default:
				}
				began := time.Now()
				if err := s.Do(b.Context(), func(tx bot.Tx) error { return tx.Sleep(b.Context(), "no", "timer") }); err != nil {
					b.Error(err)
				}
				most = max(most, time.Since(began))
			}
		}()
		b.StartTimer()
		n, err := s.Prune(b.Context(), noon)
		b.StopTimer()
		close(stop)
		b.ReportMetric(float64((<-longest).Microseconds())/1000, "ms/longest-turn")
		if err != nil || n != 2*sizes[1] {
			b.Fatalf("%d rows went, %v", n, err)
		}
		b.StartTimer()
	}
}
