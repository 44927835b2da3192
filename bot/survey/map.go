package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// mapping is a map being read.
type mapping struct {
	Survey
	Mistakes
	text    []byte
	profile civic.Profile
	nth     int            // of the feature being read
	at      string         // where it stands
	left    map[string]int // how many features were left out, by reason
	kept    int            // features that were not
	groups  map[string]int // of Groups, by folded name
}

// readMap reads GeoJSON (RFC 7946): a collection, one feature, or a feature in each line.
func readMap(ext string, text []byte, profile civic.Profile) (Survey, error) {
	m := &mapping{text: text, profile: profile, left: map[string]int{}, groups: map[string]int{}}
	m.Map = true
	var err error
	if inLines(ext, text) {
		err = m.lines()
	} else {
		err = m.whole()
	}
	if err != nil {
		return Survey{}, err
	}
	m.leftOut()
	return m.Survey, m.orNil()
}

// inLines reports whether each line is a feature of its own, as osmium and ogr2ogr write them (GeoJSONSeq, RFC 8142).
func inLines(ext string, text []byte) bool {
	if text[0] == recordMark || slices.Contains([]string{".geojsonl", ".geojsonseq", ".ndjson", ".jsonl"}, strings.ToLower(ext)) {
		return true
	}
	first, rest, more := bytes.Cut(text, []byte("\n"))
	return more && len(bytes.TrimSpace(rest)) > 0 && json.Valid(first)
}

func (m *mapping) lines() error {
	number := 0
	for line := range bytes.Lines(m.text) {
		number++
		line = bytes.TrimSpace(bytes.TrimLeft(line, string(rune(recordMark))))
		if len(line) == 0 {
			continue
		}
		if !json.Valid(line) {
			return Mistakes{fmt.Sprintf("line %d is no whole JSON. Was the file cut off? Export it again", number)}
		}
		m.at = fmt.Sprintf("line %d", number)
		m.feature(line)
	}
	return nil
}

// whole reads a file that is one JSON value.
func (m *mapping) whole() error {
	var top struct {
		Type     string          `json:"type"`
		CRS      json.RawMessage `json:"crs"`
		Elements json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(m.text, &top); err != nil {
		return m.broken(err)
	}
	switch {
	case top.Elements != nil:
		return Mistakes{"this is Overpass's own JSON. In Overpass turbo choose Export, GeoJSON"}
	case top.Type == "Topology":
		return Mistakes{"this is TopoJSON. Export it as GeoJSON"}
	}
	if err := earthly(top.CRS); err != nil {
		return err
	}
	switch top.Type {
	case "FeatureCollection":
		return m.collection()
	case "Feature":
		m.at = "the feature"
		m.feature(m.text)
		return nil
	}
	return Mistakes{fmt.Sprintf(`the type is %s. A map is a "FeatureCollection": export it as GeoJSON with its properties`,
		quote(top.Type))}
}

var epsg = regexp.MustCompile(`EPSG:+(\d+)`)

// earthly refuses coordinates that are no longitude and latitude.
func earthly(crs json.RawMessage) error {
	found := epsg.FindSubmatch(crs)
	if found == nil || string(found[1]) == "4326" || string(found[1]) == "4258" { // WGS 84, and ETRS89, less than 1 m from it
		return nil
	}
	return Mistakes{fmt.Sprintf("the coordinates are EPSG:%s. Export the file again with longitude and latitude (EPSG:4326)",
		found[1])}
}

// broken says where a file stops being JSON.
func (m *mapping) broken(err error) error {
	offset := int64(-1)
	words := err.Error()
	if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = bad.Offset
	}
	if bad, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset, words = bad.Offset, fmt.Sprintf("%s is a %s", bad.Field, bad.Value)
	}
	if offset < 0 {
		return Mistakes{"this is no GeoJSON: " + words}
	}
	if offset >= int64(len(bytes.TrimSpace(m.text))) {
		return Mistakes{fmt.Sprintf("the file ends in the middle, in line %d. Was it cut off? Export it again", lineAt(m.text,
			len(m.text)))}
	}
	line := lineAt(m.text, int(offset)-1)
	column := int(offset) - 1 - bytes.LastIndexByte(m.text[:max(offset-1, 0)], '\n')
	return Mistakes{fmt.Sprintf("line %d, column %d: this is no GeoJSON: %s", line, column, words)}
}

// collection reads the features one by one, so that each mistake has its line.
func (m *mapping) collection() error {
	d := json.NewDecoder(bytes.NewReader(m.text))
	if _, err := d.Token(); err != nil { // the opening brace
		return m.broken(err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return m.broken(err)
		}
		if key != "features" {
			var other json.RawMessage
			if err := d.Decode(&other); err != nil {
				return m.broken(err)
			}
			continue
		}
		if err := m.features(d); err != nil {
			return err
		}
	}
	if m.nth == 0 {
		return Mistakes{"there is no feature in the file"}
	}
	return nil
}

func (m *mapping) features(d *json.Decoder) error {
	opening, err := d.Token()
	if err != nil {
		return m.broken(err)
	}
	if opening != json.Delim('[') {
		return Mistakes{"features is no list. Export the file again as GeoJSON"}
	}
	line, counted := 1, 0
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return m.broken(err)
		}
		start := int(d.InputOffset()) - len(raw)
		line += bytes.Count(m.text[counted:start], []byte("\n"))
		counted = start
		m.nth++
		m.at = fmt.Sprintf("feature %d (line %d)", m.nth, line)
		m.feature(raw)
	}
	_, err = d.Token()
	return err
}

// leftOut tells what was not taken, most first.
func (m *mapping) leftOut() {
	var reasons []string
	for reason := range m.left {
		reasons = append(reasons, reason)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if n := m.left[b] - m.left[a]; n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	for _, reason := range reasons {
		m.Notes = append(m.Notes, remark("left."+reason, "features", m.left[reason]))
	}
	if m.kept == 0 && len(m.Mistakes) == 0 {
		m.add("there is no named street and no named border in the file. Lines need the property name (or naam)")
	}
}
