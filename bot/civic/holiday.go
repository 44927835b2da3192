package civic

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Working reports whether people work in this country on the day of a time, by its own clock: from Monday to Friday, and
// not on a public holiday.
func (p Profile) Working(at time.Time) bool {
	if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		return false
	}
	for _, h := range p.Holidays {
		month, day, err := holiday(h, at.Year())
		if err == nil && at.Month() == month && at.Day() == day {
			return false
		}
	}
	return true
}

// holiday reads one of a profile's holidays: "12-25" is a date, "easter+39" so many days after Easter Sunday.
func holiday(h string, year int) (time.Month, int, error) {
	if days, ok := strings.CutPrefix(h, "easter"); ok {
		n := 0
		if days != "" {
			var err error
			if n, err = strconv.Atoi(strings.TrimPrefix(days, "+")); err != nil {
				return 0, 0, fmt.Errorf("holiday %q: %w", h, err)
			}
		}
		date := easter(year).AddDate(0, 0, n)
		return date.Month(), date.Day(), nil
	}
	date, err := time.Parse("01-02", h)
	if err != nil {
		return 0, 0, fmt.Errorf("holiday %q: %w", h, err)
	}
	return date.Month(), date.Day(), nil
}

// easter is Easter Sunday of a year in the Gregorian calendar, as Meeus, Jones and Butcher reckon it.
func easter(year int) time.Time {
	golden, century, rest := year%19, year/100, year%100
	leaps, left := century/4, century%4
	shift := (century - (century+8)/25 + 1) / 3
	moon := (19*golden + century - leaps - shift + 15) % 30
	sunday := (32 + 2*left + 2*(rest/4) - moon - rest%4) % 7
	late := (golden + 11*moon + 22*sunday) / 451
	days := moon + sunday - 7*late + 114
	return time.Date(year, time.Month(days/31), days%31+1, 0, 0, 0, 0, time.UTC)
}
