package storage_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// change is one thing that was done to a file, in the order in which it was done.
type change struct {
	file string
	what changeKind
	at   int64 // of a write; the size of a truncation
	data []byte
	to   string // of a renaming
	note int    // of a promise: how many were given
}

type changeKind int

const (
	written changeKind = iota
	truncated
	synced
	removed
	renamed
	promised
)

// recorder is the layer between SQLite and the files of one folder: it writes down what goes through. There is one
// because SQLite's file systems are registered for the whole process.
var recorder struct {
	sync.Mutex
	once    sync.Once
	folder  string // what lies elsewhere is not written down
	changes []change
	files   map[uintptr]tapped
	below   uintptr // SQLite's own file system
}

// tapped is an open file: its path, and the functions that really do the work.
type tapped struct {
	path string
	real *sqlite3.Tsqlite3_io_methods
}

// record begins to write down what is done to files in a folder, until stop gives it.
func record(t *testing.T, folder string) (stop func() []change) {
	t.Helper()
	recorder.once.Do(layRecorder)
	recorder.Lock()
	defer recorder.Unlock()
	if recorder.folder != "" {
		t.Fatal("two recordings at once")
	}
	recorder.folder, recorder.changes = folder, nil
	return func() []change {
		recorder.Lock()
		defer recorder.Unlock()
		recorder.folder = ""
		return recorder.changes
	}
}

// jot adds to the recording what did not come through SQLite.
func jot(c change) {
	recorder.Lock()
	defer recorder.Unlock()
	recorder.changes = append(recorder.changes, c)
}

// layRecorder puts the recorder in front of SQLite's own file system, whose open files keep their own functions for all
// but what is written down.
func layRecorder() {
	tls := libc.NewTLS()
	recorder.files = map[uintptr]tapped{}
	recorder.below = sqlite3.Xsqlite3_vfs_find(tls, 0)
	size := unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})
	above := libc.Xmalloc(tls, libc.Tsize_t(size))
	vfs := at[sqlite3.Tsqlite3_vfs](above)
	*vfs = *at[sqlite3.Tsqlite3_vfs](recorder.below)
	name, err := libc.CString("recorder")
	if err != nil {
		panic(err)
	}
	vfs.FzName = name
	vfs.FpNext = 0
	vfs.FxOpen = pointer(openTapped)
	vfs.FxDelete = pointer(deleteTapped)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, above, 1); rc != sqlite3.SQLITE_OK {
		panic(rc)
	}
}

// at reads C's memory.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// pointer is a Go function as C knows it; call is the way back.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

func call[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{p})) }

//nolint:revive // SQLite's signature
func openTapped(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	below := at[sqlite3.Tsqlite3_vfs](recorder.below)
	rc := call[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](below.FxOpen)(
		tls, recorder.below, name, file, flags, out)
	methods := at[uintptr](file)
	if rc != sqlite3.SQLITE_OK || name == 0 || *methods == 0 {
		return rc
	}
	recorder.Lock()
	defer recorder.Unlock()
	path := libc.GoString(name)
	if recorder.folder == "" || !strings.HasPrefix(path, recorder.folder) {
		return rc
	}
	mine := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
	table := at[sqlite3.Tsqlite3_io_methods](mine)
	*table = *at[sqlite3.Tsqlite3_io_methods](*methods)
	table.FxWrite, table.FxTruncate = pointer(writeTapped), pointer(truncateTapped)
	table.FxSync, table.FxClose = pointer(syncTapped), pointer(closeTapped)
	recorder.files[file] = tapped{path, at[sqlite3.Tsqlite3_io_methods](*methods)}
	*methods = mine
	return rc
}

func deleteTapped(tls *libc.TLS, _, name uintptr, syncFolder int32) int32 {
	below := at[sqlite3.Tsqlite3_vfs](recorder.below)
	rc := call[func(*libc.TLS, uintptr, uintptr, int32) int32](below.FxDelete)(tls, recorder.below, name, syncFolder)
	path := libc.GoString(name)
	recorder.Lock()
	defer recorder.Unlock()
	if rc == sqlite3.SQLITE_OK && recorder.folder != "" && strings.HasPrefix(path, recorder.folder) {
		recorder.changes = append(recorder.changes, change{file: path, what: removed})
	}
	return rc
}

// openFile gives what is known of an open file.
func openFile(file uintptr) tapped {
	recorder.Lock()
	defer recorder.Unlock()
	return recorder.files[file]
}

func done(rc int32, c change) int32 {
	if rc == sqlite3.SQLITE_OK {
		jot(c)
	}
	return rc
}

func writeTapped(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32 {
	f := openFile(file)
	rc := call[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](f.real.FxWrite)(tls, file, data, n, offset)
	return done(rc, change{file: f.path, what: written, at: offset, data: bytes.Clone(unsafe.Slice(at[byte](data), n))})
}

func truncateTapped(tls *libc.TLS, file uintptr, size int64) int32 {
	f := openFile(file)
	rc := call[func(*libc.TLS, uintptr, int64) int32](f.real.FxTruncate)(tls, file, size)
	return done(rc, change{file: f.path, what: truncated, at: size})
}

func syncTapped(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := openFile(file)
	rc := call[func(*libc.TLS, uintptr, int32) int32](f.real.FxSync)(tls, file, flags)
	return done(rc, change{file: f.path, what: synced})
}

func closeTapped(tls *libc.TLS, file uintptr) int32 {
	f := openFile(file)
	recorder.Lock()
	delete(recorder.files, file)
	recorder.Unlock()
	return call[func(*libc.TLS, uintptr) int32](f.real.FxClose)(tls, file)
}

// platter is what a disk holds: of each file what was surely written, and what was written since the last sync.
type platter struct {
	sure    map[string][]byte
	pending map[string][]change
	kept    int // promises that were given
}

// newPlatter begins with what lies in a folder.
func newPlatter(t *testing.T, folder string) *platter {
	t.Helper()
	p := &platter{sure: map[string][]byte{}, pending: map[string][]change{}}
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if p.sure[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// take does one change.
func (p *platter) take(c change) {
	switch c.what {
	case written, truncated, removed:
		p.pending[c.file] = append(p.pending[c.file], c)
	case synced:
		p.settle(c.file)
	case renamed:
		p.pending[c.file] = append(p.pending[c.file], c)
	case promised:
		p.kept = c.note
	}
}

// settle is a sync: of a file, its content; of a folder, the names of its files.
func (p *platter) settle(file string) {
	if changes := p.pending[file]; len(changes) > 0 {
		delete(p.pending, file)
		apply(p.sure, file, changes)
		return
	}
	for name, changes := range maps.Clone(p.pending) {
		gone := changes[len(changes)-1].what == removed // whatever was written to it before
		if namedIn(file, name, changes) && (gone || !slices.ContainsFunc(changes, change.ofContent)) {
			delete(p.pending, name)
			apply(p.sure, name, changes)
		}
	}
}

// namedIn reports whether a folder holds the name of a file, or the one that it was given.
func namedIn(folder, name string, changes []change) bool {
	return filepath.Dir(name) == folder || slices.ContainsFunc(changes, func(c change) bool {
		return c.what == renamed && filepath.Dir(c.to) == folder
	})
}

// ofContent reports whether the change is to what a file holds, not to its name.
func (c change) ofContent() bool { return c.what == written || c.what == truncated }

// apply does changes to a file among others.
func apply(files map[string][]byte, file string, changes []change) {
	for _, c := range changes {
		switch c.what {
		case written:
			files[file] = overwritten(files[file], c.at, c.data)
		case truncated:
			files[file] = resized(files[file], int(c.at))
		case removed:
			delete(files, file)
		case renamed:
			files[c.to] = files[file]
			delete(files, file)
		case synced, promised:
		}
	}
}

func overwritten(old []byte, offset int64, data []byte) []byte {
	grown := resized(old, max(len(old), int(offset)+len(data)))
	copy(grown[offset:], data)
	return grown
}

// resized is a copy: what an image was made of does not change with the next one.
func resized(old []byte, size int) []byte {
	grown := make([]byte, size)
	copy(grown, old)
	return grown
}

// cut is what the files hold after the power failed now: of what was not synced, any part may be there, a write of
// several sectors may be there in part, and nothing else is touched.
func (p *platter) cut(r *rand.Rand) map[string][]byte {
	files := maps.Clone(p.sure)
	for file, changes := range p.pending {
		apply(files, file, survived(r, changes))
	}
	return files
}

// killed is what is there when only the program ends: all that was written, synced or not.
func (p *platter) killed() map[string][]byte {
	files := maps.Clone(p.sure)
	for file, changes := range p.pending {
		apply(files, file, changes)
	}
	return files
}

// survived draws what of the pending changes of a file reached the disk. A file that was made anew under an old name holds
// nothing of the old one.
func survived(r *rand.Rand, changes []change) []change {
	last := -1
	for i, c := range changes {
		if c.what == removed {
			last = i
		}
	}
	if last >= 0 && last < len(changes)-1 {
		return append(append([]change{}, changes[:last+1]...), survived(r, changes[last+1:])...)
	}
	switch r.IntN(4) {
	case 0:
		return nil
	case 1:
		return changes
	case 2: // in order, the last one torn
		n := r.IntN(len(changes))
		return append(append([]change{}, changes[:n]...), torn(r, changes[n])...)
	}
	var some []change
	for _, c := range changes {
		switch r.IntN(3) {
		case 0:
		case 1:
			some = append(some, c)
		case 2:
			some = append(some, torn(r, c)...)
		}
	}
	return some
}

// torn is a write of which only some sectors reached the disk.
func torn(r *rand.Rand, c change) []change {
	const sector = 512
	if c.what != written || len(c.data) <= sector {
		return nil
	}
	var parts []change
	for from := 0; from < len(c.data); from += sector {
		if r.IntN(2) == 0 {
			to := min(from+sector, len(c.data))
			parts = append(parts, change{file: c.file, what: written, at: c.at + int64(from), data: c.data[from:to]})
		}
	}
	return parts
}
