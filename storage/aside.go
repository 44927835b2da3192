package storage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Letters that an operator may still try again tell what was so when they were written. What is taken back is taken out of
// them: one without a body cannot be tried again.
const (
	sqlAside      = "SELECT id, about, card FROM outbox WHERE" + tryable
	sqlBlankAside = "UPDATE outbox SET body = '' WHERE id = $1 AND" + tryable
	sqlUnaside    = "UPDATE outbox SET body = '' WHERE chat = $1 AND" + tryable

	sqlForgetAside = "UPDATE outbox SET body = '' WHERE chat IN (SELECT chat FROM accounts WHERE person = $1) AND" + tryable

	// What of such a person's letters names no thing, or one of the network that they leave, may tell of that network.
	sqlAsideTo = "SELECT id, about, card FROM outbox WHERE chat IN (SELECT chat FROM accounts WHERE person = $1) AND" + tryable
	sqlHomesOf = "SELECT network FROM cases WHERE id = $1 UNION SELECT network FROM alerts WHERE id = $1"

	// A card is drawn anew without what was erased, and who waits for the end of a letter is not told what a person told.
	sqlRetelling = "SELECT id, about, body FROM outbox WHERE state = 'pending' AND card = '' AND report = '' AND about <> ''"
	sqlFlying    = "SELECT id, about, body FROM outbox WHERE state = 'sending' AND card = '' AND report = '' AND about <> ''"
	sqlUnsay     = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'superseded' END, body = ''" +
		" WHERE id = $1 AND state = 'pending'"
	sqlLetFly = "UPDATE outbox SET called_back = 1 WHERE id = $1 AND state = 'sending'"

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
// is that a letter shows of case 17, "case/17", "handover/17.municipality" and "passage/s3.17.report5" all name it. That now
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
	return slices.ContainsFunc(numbersIn(name), func(n int64) bool { return slices.Contains(numbers, n) })
}

// numbersIn are the numbers in the name of a thing: 17 in "handover/17.municipality".
func numbersIn(name string) []int64 {
	var numbers []int64
	_, named, _ := strings.Cut(name, "/")
	for part := range strings.SplitSeq(named, ".") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// untell blanks what may be tried again of these cases, and lets nothing out that still waits and shows what was told of them:
// their words were erased. What is on its way is not tried again.
func (t *tx) untell(cases ...int64) error {
	if err := errors.Join(t.blankAside(cases...), t.eachRetelling(sqlFlying, sqlLetFly, cases)); err != nil {
		return err
	}
	return errors.Join(t.eachRetelling(sqlRetelling, sqlUnsay, cases), t.run(sqlStepUpEverywhere, millis(t.store.now())))
}

// eachRetelling does something with each letter that shows what was told of one of these cases.
func (t *tx) eachRetelling(find, do string, cases []int64) error {
	letters, err := all(t, scanWritten, find)
	if err != nil {
		return fmt.Errorf("letters that retell: %w", err)
	}
	for _, l := range letters {
		if l.Retells && namesOneOf(l.of, cases) {
			err = errors.Join(err, t.run(do, l.id))
		}
	}
	return err
}

// blankAsideTo blanks the letters that may be tried again to a person who leaves a network, but those that are about things of
// another network alone.
func (t *tx) blankAsideTo(person int64, network civic.AreaID) error {
	letters, err := all(t, scanAside, sqlAsideTo, person)
	if err != nil {
		return fmt.Errorf("letters to try again: %w", err)
	}
	for _, l := range letters {
		var homes []int64
		for _, n := range append(numbersIn(l.about), numbersIn(l.card)...) {
			found, err := all(t, scanNumber, sqlHomesOf, n)
			if err != nil {
				return err
			}
			homes = append(homes, found...)
		}
		if len(homes) == 0 || slices.Contains(homes, int64(network)) {
			err = errors.Join(err, t.run(sqlBlankAside, l.id))
		}
	}
	return err
}

// untellOf does so for the case which a query finds by a number; for none when it finds none.
func (t *tx) untellOf(query string, number int64) error {
	caseID, err := one(t, scanNumber, query, number)
	if missing(err) {
		return nil
	}
	return errors.Join(err, t.untell(caseID))
}
