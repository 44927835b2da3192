package flows

import (
	"context"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/survey"
)

// PlanSurvey says what a survey changes in a network, without the landmarks. The error is [survey.Mistakes] when nothing can be
// changed.
func PlanSurvey(ctx context.Context, tx bot.Tx, network civic.AreaID, read survey.Survey) (survey.Plan, error) {
	known, codes, err := PlacesOf(ctx, tx, network)
	if err != nil {
		return survey.Plan{}, err
	}
	return survey.Compare(known, codes, read)
}

// TakeSurvey stores what a survey changes in a network, and notes it in the audit trail at the time and in the name that by has.
// The error is [survey.Mistakes] when nothing can be changed.
func TakeSurvey(
	ctx context.Context, tx bot.Tx, network civic.AreaID, read survey.Survey, by bot.AuditEntry,
) (survey.Plan, error) {
	plan, err := PlanSurvey(ctx, tx, network, read)
	if err != nil {
		return plan, err
	}
	by.Object = bot.About("area", int64(network))
	s := surveyor{tx: tx, network: network, by: by}
	if err := s.places(ctx, &plan); err != nil {
		return plan, err
	}
	return plan, s.landmarks(ctx, read, &plan)
}

// PlacesOf gives the places of a network, and the codes that are taken in any.
func PlacesOf(ctx context.Context, tx bot.Tx, network civic.AreaID) (own []civic.Area, codes map[string]bool, err error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return nil, nil, err
	}
	codes = map[string]bool{}
	for _, n := range networks {
		areas, err := tx.Areas(ctx, n.ID)
		if err != nil {
			return nil, nil, err
		}
		if n.ID == network {
			own = areas
		}
		for _, a := range areas {
			codes[a.Code] = true
		}
	}
	return own, codes, nil
}

// surveyor stores a plan in a network: by whom, and when.
type surveyor struct {
	tx      bot.Tx
	network civic.AreaID
	by      bot.AuditEntry
}

// landmarks adds to the plan what becomes of the landmarks, and stores that.
func (k surveyor) landmarks(ctx context.Context, read survey.Survey, plan *survey.Plan) error {
	areas, err := k.tx.Areas(ctx, k.network)
	if err != nil {
		return err
	}
	known, err := k.tx.Landmarks(ctx, k.network)
	if err != nil {
		return err
	}
	plan.Place(areas, known, read)
	for _, change := range plan.Landmarks {
		if err := k.tx.SaveLandmark(ctx, &change.Landmark); err != nil {
			return fmt.Errorf("store %s: %w", change.Landmark.Name, err)
		}
	}
	if len(plan.Landmarks) == 0 {
		return nil
	}
	by := k.by
	by.Action, by.Detail = "landmarks.imported", fmt.Sprintf("new or changed %d", len(plan.Landmarks))
	return k.tx.Audit(ctx, by)
}

// places stores every change, street groups before their streets.
func (k surveyor) places(ctx context.Context, plan *survey.Plan) error {
	groups := map[string]civic.AreaID{}
	added := 0
	for _, change := range plan.Changes {
		a := change.Area
		if a.Kind == civic.KindStreet && a.Parent == 0 {
			a.Parent = groups[change.Group]
		}
		brought, err := PlaceArea(ctx, k.tx, &a, k.by.At)
		if err != nil {
			return fmt.Errorf("store %s: %w", a.Name, err)
		}
		plan.Brought += brought
		if a.Kind == civic.KindGroup {
			groups[a.Name] = a.ID
		}
		if change.New {
			added++
		}
	}
	if len(plan.Changes) == 0 {
		return nil
	}
	by := k.by
	by.Action, by.Detail = "areas.imported", fmt.Sprintf("new %d, changed %d", added, len(plan.Changes)-added)
	return k.tx.Audit(ctx, by)
}
