package bot

import "errors"

// Refusal is an error the person is told about; every other error is only logged.
type Refusal struct {
	Key  string
	Args []any
	step string
	rows [][]Choice

	above bool
}

// Refuse says no, or not like this, in the words of key.
func Refuse(key string, args ...any) *Refusal { return &Refusal{Key: key, Args: args} }

// Reopen makes the form ask this step again.
func (r *Refusal) Reopen(step string) *Refusal {
	again := *r
	again.step = step
	return &again
}

// InWords says the same in the words of another key, with the same choices.
func (r *Refusal) InWords(key string, args ...any) *Refusal {
	again := *r
	again.Key, again.Args = key, args
	return &again
}

// Offer shows these choices instead of the question's own.
func (r *Refusal) Offer(choices [][]Choice) *Refusal {
	again := *r
	again.rows = choices
	return &again
}

// Above tells it above the question, which is read once more, instead of in its place.
func (r *Refusal) Above() *Refusal {
	again := *r
	again.above = true
	return &again
}

func (r *Refusal) Error() string { return "refused: " + r.Key }

func asRefusal(err error) (*Refusal, bool) { return errors.AsType[*Refusal](err) }
