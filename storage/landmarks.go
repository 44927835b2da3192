package storage

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlLandmarks    = "SELECT id, network, name, also, lon, lat FROM landmarks WHERE network = $1 ORDER BY name, id"
	sqlNewLandmark  = "INSERT INTO landmarks (network, name, also, lon, lat) VALUES ($1, $2, $3, $4, $5)"
	sqlSaveLandmark = "UPDATE landmarks SET network = $2, name = $3, also = $4, lon = $5, lat = $6 WHERE id = $1"
)

func scanLandmark(r row) (civic.Landmark, error) {
	var (
		l    civic.Landmark
		also string
	)
	err := r.Scan(&l.ID, &l.Network, &l.Name, &also, &l.At[0], &l.At[1])
	if also != "" {
		l.Also = strings.Split(also, "\n")
	}
	return l, err
}

// Landmarks implements [bot.CivicTx].
func (t *tx) Landmarks(_ context.Context, network civic.AreaID) ([]civic.Landmark, error) {
	list, err := remembered(t, func() ([]civic.Landmark, error) {
		return all(t, scanLandmark, sqlLandmarks, int64(network))
	}, sqlLandmarks, int64(network))
	return list, about(err, "landmarks of %d", network)
}

// SaveLandmark implements [bot.CivicTx].
func (t *tx) SaveLandmark(_ context.Context, l *civic.Landmark) error {
	args := []any{int64(l.Network), l.Name, strings.Join(l.Also, "\n"), l.At.Lon(), l.At.Lat()}
	if l.ID == 0 {
		id, err := t.insert(sqlNewLandmark, args...)
		l.ID = id
		return about(err, "landmark %s", l.Name)
	}
	n, err := t.exec(sqlSaveLandmark, append([]any{l.ID}, args...)...)
	return about(changed(n, err, bot.ErrNotFound), "landmark %s", l.Name)
}
