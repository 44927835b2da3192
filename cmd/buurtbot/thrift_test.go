package main

import "testing"

func TestRushIsOverOnce(t *testing.T) {
	var r rushes
	const mb = 1 << 20
	for i, look := range []struct {
		allocated uint64
		over      bool
	}{
		{10 * mb, false},  // the start
		{11 * mb, false},  // at rest, and nothing was there to give back
		{90 * mb, false},  // a rush
		{170 * mb, false}, // which goes on
		{171 * mb, true},
		{172 * mb, false},
		{200 * mb, false}, // a few people
		{201 * mb, false},
		{240 * mb, false}, // and more, which come to a rush
		{241 * mb, true},
	} {
		if over := r.over(look.allocated); over != look.over {
			t.Errorf("look %d: over is %t", i, over)
		}
	}
}
