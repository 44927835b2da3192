package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Readers are those for whom something in a private chat is because of what they do in the network: who holds one of the
// roles where it belongs. What they may not read any more when its turn comes, after hours without a network or so, is not sent.
type Readers struct {
	Roles []civic.Role `json:"roles"`
	Where civic.Scope  `json:"where"`
}

// For are the readers of what takes a permission to know.
func For(p civic.Permission, where civic.Scope) *Readers { return ForRoles(where, civic.Grants[p]...) }

// ForRoles are the readers that hold one of these roles.
func ForRoles(where civic.Scope, roles ...civic.Role) *Readers {
	return &Readers{Roles: roles, Where: where}
}

// TellFor tells a person something as [Turn.Tell] does, that is theirs only as long as they are among the readers.
func (t *Turn) TellFor(
	ctx context.Context, person int64, r *Readers, lane Lane, write func(lang string) Message,
) (bool, error) {
	return t.Tell(ctx, person, lane, func(lang string) Message {
		m := write(lang)
		m.For = r
		return m
	})
}

// include reports whether what is theirs may be read in a chat now. In a room everybody reads what stands there; who is in it
// is seen to elsewhere.
func (r *Readers) include(ctx context.Context, tx Tx, chat int64, kind ChatKind, now time.Time) (bool, error) {
	if r == nil || kind != Private {
		return true, nil
	}
	person, err := tx.Owner(ctx, chat)
	if err != nil || person == 0 {
		return false, err
	}
	m, err := tx.Member(ctx, person)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return slices.ContainsFunc(r.Roles, func(role civic.Role) bool { return m.Holds(role, r.Where, now) }), err
}
