package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/buurtbot/buurtbot/storage"
)

// The exit codes.
const (
	exitFine   = 0
	exitFailed = 1
	exitUse    = 2
	exitConfig = 78 // EX_CONFIG of sysexits.h
)

// commands is the command line.
type commands struct {
	Config string `help:"The configuration file." placeholder:"FILE" type:"path"`

	Run        runCommand        `cmd:"" default:"1" help:"Run the bot (the default)."`
	Check      checkCommand      `cmd:"" help:"Check configuration, database, texts and the accounts on the platforms."`
	Invite     inviteCommand     `cmd:"" help:"Make a one-time code: for a role, or to bind a chat as a room."`
	Confirm    confirmCommand    `cmd:"" help:"Confirm a role that somebody took, while nobody in the network can."`
	Import     importCommand     `cmd:"" help:"Take street groups and streets from a CSV or GeoJSON file."`
	Export     exportCommand     `cmd:"" help:"Write the streets and street groups of a network, as import takes them."`
	Plan       planCommand       `cmd:"" help:"Tell who would hear of an alert now, and who not and why."`
	Backup     backupCommand     `cmd:"" help:"Write a checked copy of the database."`
	Restore    restoreCommand    `cmd:"" help:"Put a copy back in place of the database."`
	Understand understandCommand `cmd:"" help:"Tell what the bot takes from a text, as JSON."`
	Retention  retentionCommand  `cmd:"" help:"Tell what the nightly erasing would erase now."`
	Version    versionCommand    `cmd:"" help:"Tell which program this is."`
}

// shell is what a command may use of the world.
type shell struct {
	ctx     context.Context
	in      io.Reader
	out     io.Writer
	err     io.Writer
	environ []string
	config  string
	inside  *inside // of the running bot, which does the command; nil = a process of its own
}

// load reads the configuration.
func (s shell) load() (Config, error) {
	if s.inside != nil {
		return s.inside.config, nil
	}
	return LoadConfig(s.config, s.environ)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// execute runs one command line and gives its exit code.
func execute(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	var cli commands
	code := -1
	parser, err := kong.New(&cli,
		kong.Name("buurtbot"), kong.Description("A neighbourhood information network in chat."),
		kong.Vars{"roles": roleList()}, kong.Writers(stdout, stderr), kong.Exit(func(c int) { code = c }))
	if err != nil {
		return fail(stderr, err)
	}
	command, err := parser.Parse(args)
	if code >= 0 { // help was asked for
		return exitFine
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "buurtbot: %v\n\nbuurtbot --help shows how to use it.\n", err)
		return exitUse
	}
	sh := shell{ctx: ctx, in: os.Stdin, out: stdout, err: stderr, environ: environ, config: cli.Config}
	return fail(stderr, command.Run(sh))
}

// fail tells what went wrong and gives the exit code that goes with it.
func fail(stderr io.Writer, err error) int {
	if err == nil {
		return exitFine
	}
	if told, is := errors.AsType[toldError](err); is {
		return told.code
	}
	_, _ = fmt.Fprintf(stderr, "buurtbot: %v\n", err)
	if r := remedy(err); r != "" {
		_, _ = fmt.Fprintf(stderr, "%s\n", r)
	}
	var config ConfigError
	switch {
	case errors.As(err, &config), isDatabase(err):
		return exitConfig
	case errors.Is(err, errUse), errors.Is(err, storage.ErrMark):
		return exitUse
	}
	return exitFailed
}

// errUse is a command that was not used as it is meant.
var errUse = errors.New("wrong use")

func isDatabase(err error) bool {
	return errors.Is(err, storage.ErrCorrupt) || errors.Is(err, storage.ErrNewer) || errors.Is(err, storage.ErrLocked) ||
		errors.Is(err, storage.ErrReadOnly) || errors.Is(err, storage.ErrFull) || errors.Is(err, storage.ErrKey) ||
		errors.Is(err, storage.ErrDistant) || errors.Is(err, storage.ErrReplaced) || errors.Is(err, storage.ErrUnfinished) ||
		errors.Is(err, storage.ErrTrail) || errors.Is(err, storage.ErrNoLog)
}

// remedy says what an operator can do about a database that cannot be opened.
func remedy(err error) string {
	switch {
	case errors.Is(err, errDisk):
		return "Nothing that was confirmed is lost. Look at the disk and at the machine's log. What started this program starts" +
			" it anew; if nothing can be written then either, it says so."
	case errors.Is(err, storage.ErrTrail):
		return "The audit trail is proven with the key in keys/audit.key. Put back the file that belongs to this database. If" +
			" it is the right one, somebody changed the trail: keep the file to look into that, and put the last good copy" +
			" back: buurtbot restore FILE. If the key is lost for good: buurtbot check --new-trail"
	case errors.Is(err, storage.ErrNoLog):
		return "Somebody copied the file without the file beside it whose name ends in -wal, in which the newest of it stands." +
			" Nothing was changed in it. Copy both while no buurtbot runs, or make copies with buurtbot backup alone. If the" +
			" other file is gone, put the last good copy back: buurtbot restore FILE"
	case errors.Is(err, storage.ErrCorrupt):
		return "The file is damaged. Nothing was changed in it. Put the last good copy back: buurtbot restore FILE"
	case errors.Is(err, storage.ErrNewer):
		return "The database was made by a newer buurtbot. Use that version, or restore a copy from before the upgrade."
	case errors.Is(err, storage.ErrLocked):
		return "Another buurtbot is using this database. Stop it first, or give this one another storage.path."
	case errors.Is(err, storage.ErrReadOnly):
		return "The folder or the file may not be written to. Give the user of this process the right to, and try again."
	case errors.Is(err, storage.ErrKey):
		return "Who people are and what they told is sealed with the key in keys/columns.key. Put back the file that belongs" +
			" to this database; without it nobody can read them."
	case errors.Is(err, storage.ErrDistant):
		return "A database on a disk of another machine is damaged sooner or later. Set storage.path to a disk of this machine."
	case errors.Is(err, storage.ErrReplaced):
		return "Somebody deleted the file or put another in its place. Put the last good copy back: buurtbot restore FILE"
	case errors.Is(err, storage.ErrUnfinished):
		return "The database is missing, and what a restore left lies beside it. Put a copy back: buurtbot restore FILE. The" +
			" former database, if there was one, is the file with .before-restore- in its name. To begin with an empty" +
			" database, move the files with .restore and .before-restore- in their names elsewhere."
	case errors.Is(err, storage.ErrFull):
		return "The disk is full. Make room and try again; nothing that was confirmed is lost."
	}
	return ""
}
