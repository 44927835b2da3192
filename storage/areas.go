package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	areaColumns = "id, coalesce(parent, 0), coalesce(network, 0), kind, name, code, prefix, line, border"

	sqlArea       = "SELECT " + areaColumns + " FROM areas WHERE id = $1"
	sqlAreaByCode = "SELECT " + areaColumns + " FROM areas WHERE code = $1 AND code <> ''"
	sqlAreaByName = "SELECT id FROM areas WHERE parent = $1 AND name = $2 AND kind <> 'network'"
	// The tree from the root down: floors in order, then by name.
	sqlAreas = "SELECT " + areaColumns + " FROM areas WHERE network = $1" +
		" ORDER BY CASE kind WHEN 'network' THEN 0 WHEN 'group' THEN 1 ELSE 2 END, name, id"
	sqlNewArea = "INSERT INTO areas (parent, network, kind, name, code, prefix, line, border)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
	sqlSaveArea = "UPDATE areas SET parent = $2, network = $3, name = $4, code = $5, prefix = $6, line = $7, border = $8" +
		" WHERE id = $1"
	// Who lives in a street belongs to its street group.
	sqlMoveResidents = "UPDATE memberships SET grp = $2 WHERE street = $1 AND coalesce(grp, 0) <> $2"

	sqlBrought = "SELECT person, coalesce(grp, 0) FROM memberships WHERE street = $1 AND coalesce(grp, 0) <> $2" +
		" ORDER BY person"

	sqlNetworks = "SELECT a.id, a.name, a.prefix, n.profile, n.zone, n.languages, n.police, coalesce(v.version, 0)," +
		" coalesce(v.at, 0), coalesce(v.body, '') FROM networks n LEFT JOIN terms v ON v.network = n.area" +
		" AND v.version = (SELECT max(version) FROM terms WHERE network = n.area)" +
		" JOIN areas a ON a.id = n.area ORDER BY a.id"
	sqlNetworkByName = "SELECT id FROM areas WHERE kind = 'network' AND name = $1"
	sqlNewRoot       = "INSERT INTO areas (kind, name, prefix) VALUES ('network', $1, $2)"
	sqlSaveRoot      = "UPDATE areas SET network = id, name = $2, prefix = $3 WHERE id = $1"
	sqlSaveNetwork   = "INSERT INTO networks (area, profile, zone, languages, police) VALUES ($1, $2, $3, $4, $5)" +
		" ON CONFLICT (area) DO UPDATE SET profile = excluded.profile, zone = excluded.zone," +
		" languages = excluded.languages, police = excluded.police"
)

func scanArea(r row) (civic.Area, error) {
	var (
		a            civic.Area
		line, border []byte
	)
	if err := r.Scan(&a.ID, &a.Parent, &a.Network, &a.Kind, &a.Name, &a.Code, &a.Prefix, &line, &border); err != nil {
		return a, err
	}
	var err error
	if a.Lines, err = linesIn(line); err != nil {
		return a, fmt.Errorf("line of area %d: %w", a.ID, err)
	}
	if a.Border, err = borderIn(border); err != nil {
		return a, fmt.Errorf("border of area %d: %w", a.ID, err)
	}
	return a, nil
}

// linesIn reads a street's line; a single one, too, which is how they were stored at first.
func linesIn(stored []byte) (orb.MultiLineString, error) {
	if stored == nil {
		return nil, nil
	}
	shape, err := wkb.Unmarshal(stored)
	if err != nil {
		return nil, err
	}
	switch shape := shape.(type) {
	case orb.LineString:
		return orb.MultiLineString{shape}, nil
	case orb.MultiLineString:
		return shape, nil
	}
	return nil, fmt.Errorf("a %s is no line", shape.GeoJSONType())
}

func borderIn(stored []byte) (orb.MultiPolygon, error) {
	if stored == nil {
		return nil, nil
	}
	shape, err := wkb.Unmarshal(stored)
	if err != nil {
		return nil, err
	}
	border, ok := shape.(orb.MultiPolygon)
	if !ok {
		return nil, fmt.Errorf("a %s is no border", shape.GeoJSONType())
	}
	return border, nil
}

// shapesOf are an area's line and border as well-known binary; nil for none.
func shapesOf(a *civic.Area) (line, border []byte, err error) {
	if len(a.Lines) > 0 {
		if line, err = wkb.Marshal(a.Lines); err != nil {
			return nil, nil, err
		}
	}
	if len(a.Border) > 0 {
		border, err = wkb.Marshal(a.Border)
	}
	return line, border, err
}

func scanNetwork(r row) (civic.Network, error) {
	var (
		n               civic.Network
		zone, languages string
		agreed          agreement
	)
	into := append([]any{&n.ID, &n.Name, &n.Prefix, &n.Profile, &zone, &languages, &n.Police}, agreed.into()...)
	if err := r.Scan(into...); err != nil {
		return n, err
	}
	var err error
	if n.Agreed, err = agreed.of(n.Profile); err != nil {
		return n, err
	}
	n.Languages = strings.Fields(languages)
	n.Zone, err = time.LoadLocation(zone)
	return n, err
}

// Networks implements [bot.CivicTx].
func (t *tx) Networks(context.Context) ([]civic.Network, error) {
	if t.mem.networks != nil {
		return t.mem.networks, nil
	}
	list, err := all(t, scanNetwork, sqlNetworks)
	if err != nil {
		return nil, about(err, "networks")
	}
	t.mem.networks = list
	return list, nil
}

// Areas implements [bot.CivicTx].
func (t *tx) Areas(_ context.Context, network civic.AreaID) ([]civic.Area, error) {
	if list, ok := t.mem.trees[network]; ok {
		return list, nil
	}
	list, err := all(t, scanArea, sqlAreas, int64(network))
	if err != nil {
		return nil, about(err, "areas of %d", network)
	}
	if t.mem.trees == nil {
		t.mem.trees = map[civic.AreaID][]civic.Area{}
	}
	t.mem.trees[network] = list
	return list, nil
}

// Area implements [bot.CivicTx].
func (t *tx) Area(_ context.Context, id civic.AreaID) (civic.Area, error) {
	if a, ok := t.mem.areas.get(id); ok {
		return a, nil
	}
	a, err := one(t, scanArea, sqlArea, int64(id))
	if err != nil {
		return a, about(err, "area %d", id)
	}
	t.mem.areas.put(id, a)
	return a, nil
}

// AreaByCode implements [bot.CivicTx].
func (t *tx) AreaByCode(_ context.Context, code string) (civic.Area, error) {
	a, err := one(t, scanArea, sqlAreaByCode, code)
	return a, about(err, "area by code")
}

// SaveNetwork implements [bot.CivicTx].
func (t *tx) SaveNetwork(_ context.Context, n *civic.Network) error {
	if n.ID == 0 {
		id, err := t.found(sqlNetworkByName, n.Name)
		if err != nil {
			return about(err, "network %s", n.Name)
		}
		if id == 0 {
			if id, err = t.insert(sqlNewRoot, n.Name, n.Prefix); err != nil {
				return about(err, "network %s", n.Name)
			}
		}
		n.ID = civic.AreaID(id)
	}
	t.forgetAreas()
	if err := t.run(sqlSaveRoot, int64(n.ID), n.Name, n.Prefix); err != nil {
		return about(err, "network %s", n.Name)
	}
	zone := "UTC"
	if n.Zone != nil {
		zone = n.Zone.String()
	}
	if err := t.run(sqlSaveNetwork, int64(n.ID), n.Profile, zone, strings.Join(n.Languages, " "), n.Police); err != nil {
		return about(err, "network %s", n.Name)
	}
	return about(t.saveTerms(n), "terms of network %s", n.Name)
}

// SaveArea implements [bot.CivicTx]. Those who live in a street go along when it comes to another street group.
func (t *tx) SaveArea(_ context.Context, a *civic.Area) error {
	line, border, err := shapesOf(a)
	if err != nil {
		return about(err, "area %s", a.Name)
	}
	if a.ID == 0 {
		id, err := t.found(sqlAreaByName, int64(a.Parent), a.Name)
		if err != nil {
			return about(err, "area %s", a.Name)
		}
		a.ID = civic.AreaID(id)
	}
	t.forgetAreas()
	if a.ID == 0 {
		id, err := t.insert(sqlNewArea, null(a.Parent), null(a.Network), string(a.Kind), a.Name, a.Code, a.Prefix, line, border)
		a.ID = civic.AreaID(id)
		return about(err, "area %s", a.Name)
	}
	n, err := t.exec(sqlSaveArea, int64(a.ID), null(a.Parent), null(a.Network), a.Name, a.Code, a.Prefix, line, border)
	if err := changed(n, err, bot.ErrNotFound); err != nil || a.Kind != civic.KindStreet {
		return about(err, "area %s", a.Name)
	}
	return about(t.moveResidents(a), "residents of %s", a.Name)
}

// Brought implements [bot.CivicTx].
func (t *tx) Brought(_ context.Context, street, group civic.AreaID) ([]bot.Resident, error) {
	list, err := all(t, func(r row) (who bot.Resident, err error) {
		return who, r.Scan(&who.Person, &who.Group)
	}, sqlBrought, int64(street), int64(group))
	return list, about(err, "residents of %d", street)
}

// moveResidents puts those who live in a street into its street group.
func (t *tx) moveResidents(street *civic.Area) error {
	moved, err := t.exec(sqlMoveResidents, int64(street.ID), int64(street.Parent))
	if moved > 0 {
		t.mem.members.clear()
	}
	return err
}

// found gives the number of a row; 0 when there is none.
func (t *tx) found(query string, args ...any) (int64, error) {
	id, err := one(t, scanNumber, query, args...)
	if errors.Is(err, bot.ErrNotFound) {
		return 0, nil
	}
	return id, err
}

// forgetAreas drops what is remembered of the tree, because it changes.
func (t *tx) forgetAreas() {
	t.mem.touch()
	t.mem.areas.clear()
	t.mem.networks, t.mem.trees = nil, nil
}
