package storage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// BenchmarkQueue lists what is open among 10,000 open cases; issue 6 asks for less than 20 ms. Who
// may see none of them costs most, because the list is walked to its end.
func BenchmarkQueue(b *testing.B) {
	s := populated(b, 1_000)
	var network civic.AreaID
	err := s.Do(b.Context(), func(tx bot.Tx) error {
		networks, err := tx.Networks(b.Context())
		if err != nil {
			return err
		}
		network = networks[0].ID
		for i := range 10_000 {
			c := civic.Case{
				Ref: fmt.Sprintf("QUE-%d", i), Network: network, Status: civic.Received, Category: civic.Theft,
				Urgency: civic.Normal, Created: noon.Add(time.Duration(i) * time.Minute), Changed: noon,
			}
			if err := tx.CreateCase(b.Context(), &c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, reader := range map[string]civic.Reader{
		"all": {Work: []civic.AreaID{network}}, "none": {Work: []civic.AreaID{network + 1_000_000}},
	} {
		want := 21
		if name == "none" {
			want = 0
		}
		b.Run("open/"+name, func(b *testing.B) {
			shared(b, s, func(ctx context.Context, tx bot.Tx, _ int) error {
				return count(b, want)(tx.OpenCases(ctx, civic.Queue{Network: network, Reader: reader}, 21))
			})
		})
		b.Run("search/"+name, func(b *testing.B) {
			shared(b, s, func(ctx context.Context, tx bot.Tx, _ int) error {
				return count(b, want)(tx.FindCases(ctx, civic.Search{Network: network, Reader: reader}, 21))
			})
		})
	}
}

// count fails unless so many cases came.
func count(b *testing.B, want int) func([]civic.Case, error) error {
	return func(list []civic.Case, err error) error {
		if len(list) != want {
			b.Fatalf("%d cases", len(list))
		}
		return err
	}
}
