package storage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Letters that an operator may still try again tell what was so when they were written. What is taken back is taken out of
// them: one without a body cannot be tried again.
const (
	sqlAside      = "SELECT id, about, card FROM outbox WHERE" + tryable
	sqlBlankAside = "UPDATE outbox SET body = '' WHERE id = $1 AND" + tryable
	sqlUnaside    = "UPDATE outbox SET body = '' WHERE chat = $1 AND" + tryable

	sqlForgetAside = "UPDATE outbox SET body = '' WHERE chat IN (SELECT chat FROM accounts WHERE person = $1) AND" + tryable

	sqlCaseOfReport   = "SELECT case_id FROM reports WHERE id = $1"
	sqlCaseOfQuestion = "SELECT case_id FROM questions WHERE id = $1"
)

// asideLetter is a letter that may be tried again, and the names of what it tells of and of the card that it shows.
type asideLetter struct {
	id          int64
	about, card string
}

func scanAside(r row) (asideLetter, error) {
	var l asideLetter
	err := r.Scan(&l.id, &l.about, &l.card)
	return l, err
}

// blankAside blanks the letters that may be tried again and tell of any of these things. Only their numbers count: whatever it
// is that a letter shows of case 17, "case/17", "handover/17.municipality" and "passage/3.17.report5" all name it. That now
// and then one about another thing with this number goes with them is the smaller harm.
func (t *tx) blankAside(numbers ...int64) error {
	letters, err := all(t, scanAside, sqlAside)
	if err != nil {
		return fmt.Errorf("letters to try again: %w", err)
	}
	for _, l := range letters {
		if namesOneOf(l.about, numbers) || namesOneOf(l.card, numbers) {
			err = errors.Join(err, t.run(sqlBlankAside, l.id))
		}
	}
	return err
}

// namesOneOf reports whether the name of a thing, a kind and numbers, has any of these numbers.
func namesOneOf(name string, numbers []int64) bool {
	_, named, _ := strings.Cut(name, "/")
	return slices.ContainsFunc(strings.Split(named, "."), func(part string) bool {
		n, err := strconv.ParseInt(part, 10, 64)
		return err == nil && slices.Contains(numbers, n)
	})
}

// blankAsideOf blanks those that tell of the case which a query finds by a number; none when it finds none.
func (t *tx) blankAsideOf(query string, number int64) error {
	caseID, err := one(t, scanNumber, query, number)
	if missing(err) {
		return nil
	}
	return errors.Join(err, t.blankAside(caseID))
}
