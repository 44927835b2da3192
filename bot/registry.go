package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// registry finds what a feature offers by name.
type registry struct {
	flows    map[string]Flow
	actions  map[string]Action
	cards    map[string]Card
	commands map[string]CommandSpec // by name
	words    map[string]string      // what is typed → name
	links    map[string]LinkSpec    // by what stands before the dash
	tasks    map[string]Task
	timers   map[string]func(ctx context.Context, t *Turn, ref string) error
	jobs     []Job
}

func register(texts Texts, features []Feature) registry {
	r := registry{
		flows: map[string]Flow{}, actions: map[string]Action{}, cards: map[string]Card{}, commands: map[string]CommandSpec{},
		links: map[string]LinkSpec{},
		words: map[string]string{}, tasks: map[string]Task{}, timers: map[string]func(context.Context, *Turn, string) error{},
	}
	for _, f := range features {
		for _, flow := range f.Flows {
			put(r.flows, flow.info().name, flow)
		}
		for _, a := range f.Actions {
			put(r.actions, a.Name, a)
		}
		for _, c := range f.Cards {
			put(r.cards, c.Kind, c)
		}
		for _, c := range f.Commands {
			put(r.commands, c.Name, c)
			r.spell(texts, c.Name)
		}
		for _, l := range f.Links {
			put(r.links, l.Name, l)
		}
		for _, task := range f.Tasks {
			put(r.tasks, task.Kind, task)
		}
		for kind, do := range f.Timers {
			put(r.timers, kind, do)
		}
		for _, j := range f.Jobs {
			r.jobs = append(r.jobs, j.known())
		}
	}
	return r
}

// spell learns how a command is written in each language.
func (r *registry) spell(texts Texts, name string) {
	r.words[name] = name
	for _, lang := range texts.Languages() {
		if !texts.Has(lang, "command."+name) {
			continue
		}
		for word := range strings.SplitSeq(texts.Text(lang, "command."+name), ",") {
			r.words[strings.ToLower(strings.TrimSpace(word))] = name
		}
	}
}

func put[V any](m map[string]V, name string, v V) {
	if _, taken := m[name]; taken || name == "" {
		panic(fmt.Sprintf("bot: two features claim %q", name))
	}
	m[name] = v
}

// AddJob adds a job that is not a feature's.
func (e *Engine) AddJob(j Job) { e.jobs = append(e.jobs, j.known()) }

// Jobs lists all jobs.
func (e *Engine) Jobs() []Job { return slices.Clone(e.jobs) }

// Entry is one registered thing and who may use it, for the table of permissions.
type Entry struct {
	Kind  string // "form", "action", "command", "link" or "reply"
	Name  string
	Needs civic.Permission
}

// Entries lists everything that is registered and needs a permission.
func (e *Engine) Entries() []Entry {
	var all []Entry
	for name, f := range e.flows {
		all = append(all, Entry{"form", name, f.info().needs})
	}
	for name, a := range e.actions {
		all = append(all, Entry{"action", name, a.Needs})
	}
	for name, c := range e.commands {
		all = append(all, Entry{"command", name, c.Needs})
	}
	for name, l := range e.links {
		all = append(all, Entry{"link", name, l.Needs})
	}
	for kind, c := range e.cards {
		if c.Reply != nil {
			all = append(all, Entry{"reply", kind, c.Reply.Needs})
		}
	}
	return all
}

// Keys lists the texts that registered things need by their structure; texts named in code are found elsewhere.
func (e *Engine) Keys() []string {
	var keys []string
	for _, f := range e.flows {
		keys = append(keys, f.info().keys...)
	}
	for _, a := range e.actions {
		if a.Word != "" {
			keys = append(keys, a.Word)
		}
	}
	for name := range e.commands {
		keys = append(keys, "command."+name, "help."+name)
	}
	for _, f := range e.features {
		keys = append(keys, f.Keys...)
	}
	return keys
}
