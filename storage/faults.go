package storage

// Faults are places at which a simulation lets the store fail; the zero value is a store without faults. A hook that
// returns an error makes that step fail with it ([Fault] stands for SQLite's own); a hook that panics crashes the store:
// the panic reaches the caller of Do, nothing more is written, and the next Open finds an unclean stop.
type Faults struct {
	// BeforeCommit runs before each commit, AfterCommit when it is on disk but nobody was told. The label names what the
	// transaction did last: "receive", "apply", "claim", "settle" or "" for anything else.
	BeforeCommit, AfterCommit func(label string) error
	// BeforeStatement runs before each statement but COMMIT and ROLLBACK.
	BeforeStatement func(query string) error
	// File runs after each step that a backup or a restore takes with whole files: "copy" to a file, on disk, "sync" of a file,
	// "rename" to its name, "sync" of the folder, and "aside" of what was there before.
	File func(step FileStep) error
}

// FileStep is something done to a whole file.
type FileStep struct {
	Name string // "copy", "sync", "rename" or "aside"
	Path string // of the file or folder
	To   string // its new path
}

// file tells the hook of a step.
func (f Faults) file(name, path, to string) error {
	if f.File == nil {
		return nil
	}
	return f.File(FileStep{name, path, to})
}

// hooked runs a hook; a panic in it is a crash.
func (s *Store) hooked(hook func() error) error {
	calm := false
	defer func() {
		if !calm {
			s.crash()
		}
	}()
	err := hook()
	calm = true
	return err
}

// crash marks the store as dead, as if the process had been killed.
func (s *Store) crash() { s.crashed.Store(true) }
