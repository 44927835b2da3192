package civic

import "testing"

func TestChangedIsWhatTheOlderTextDidNotSay(t *testing.T) {
	for _, c := range []struct{ older, newer, want string }{
		{"Een zwarte scooter reed weg. Let op glas.", "Een grijze scooter reed weg. Let op glas.", "Een grijze scooter reed weg."},
		{"Een. Twee.", "Een.", ""},
		{"Een.", "Een.\nTwee!\nDrie", "Twee! Drie"},
		{"", "Een.", "Een."},
		{"Een.", "Een.", ""},
		{"Een. Twee.", "Twee. Een.", ""},
	} {
		if got := Changed(c.older, c.newer); got != c.want {
			t.Errorf("Changed(%q, %q) = %q, want %q", c.older, c.newer, got, c.want)
		}
	}
}
