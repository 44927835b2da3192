package bot

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// May reports whether the person of this turn may do what p names to a thing of this scope, at the time that
// the turn is carried out. It is the only place where the question is asked, and it is asked inside the transaction that has
// the effect.
func (t *Turn) May(p civic.Permission, scope civic.Scope) bool {
	if t.From.Anonymous {
		return false
	}
	return t.Actor.May(p, scope, t.Late())
}

// gate refuses what the person may not do, and notes that it was tried.
func (t *Turn) gate(ctx context.Context, p civic.Permission, scope civic.Scope) error {
	if t.May(p, scope) {
		return nil
	}
	if t.From.Anonymous {
		return Refuse("refused.anonymous")
	}
	if err := t.Audit(ctx, "refused", string(p), ""); err != nil {
		return err
	}
	if key := "refused." + string(p); t.Has(key) {
		return Refuse(key)
	}
	return Refuse("refused.role")
}

// Everywhere is the scope of a thing that has none yet: the network of the turn, and all areas the person has roles in,
// so that a role held anywhere in the network opens a form whose own scope is checked later.
func (t *Turn) Everywhere(p civic.Permission) civic.Scope {
	scope := civic.Scope{Network: t.Network.ID}
	for _, g := range t.Actor.Grants {
		for _, role := range civic.Grants[p] {
			if g.Role == role && g.HeldAt(t.Late()) {
				scope.Group = g.Area
			}
		}
	}
	return scope
}
