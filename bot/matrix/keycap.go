package matrix

import (
	"strconv"
	"strings"
)

const (
	selector = '\uFE0F' // asks for the colourful form of the character before it
	enclosed = '\u20E3' // puts a frame around the character before it
)

// numberOf reads the number that a reaction stands for: a keycap, the ten, or digits alone. Clients differ in
// whether they put a variation selector, and some let people give any symbol a skin tone.
func numberOf(key string) (int, bool) {
	key = strings.Map(func(r rune) rune {
		if r == selector || r == '\uFE0E' || (r >= 0x1F3FB && r <= 0x1F3FF) {
			return -1
		}
		return r
	}, strings.TrimSpace(key))
	if key == "\U0001F51F" {
		return 10, true
	}
	digits, _ := strings.CutSuffix(key, string(enclosed))
	if len(digits) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || digits[0] == '+' || digits[0] == '0' {
		return 0, false
	}
	return n, true
}

// keycap is the reaction for a number from 1 to 10.
func keycap(n int) string {
	if n == 10 {
		return "\U0001F51F"
	}
	return strconv.Itoa(n) + string(selector) + string(enclosed)
}
