// Package survey reads what a file tells of a network's places, and says what that changes.
//
// A file is a list (CSV: name, group, prefix) or a map (GeoJSON: lines of streets, borders of street groups), as towns
// and OpenStreetMap give them. [Read] turns it into a [Survey]; [Compare] sets that against what is known and gives a
// [Plan], which says what is new, what changes, what the file does not name, and what somebody should look at. Both are
// pure: whoever has the file, the command or the flow, stores what the plan says.
//
// Rules of the package: what cannot be understood is a mistake with its place and a plain remedy, and then nothing at all
// is imported; what is understood but looks wrong is a finding, and the import goes on. What a file does not name is
// never removed, because members and cases belong to it.
//
// Why a street that is known stays in its group while part of it lies there: borders are drawn down the middle of
// streets, and the operator's list has the last word on which side counts.
//
// Why maps are read without orb/geojson: it brings a database driver along (mongo-driver), and the types of orb read
// coordinates as they are.
package survey
