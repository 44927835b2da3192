package main

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// prefix is how the name of every variable begins that sets a key.
const prefix = "BUURTBOT_"

// variables makes a table of an environment; of a name that comes twice the last counts.
func variables(environ []string) map[string]string {
	all := map[string]string{}
	for _, e := range environ {
		if name, value, ok := strings.Cut(e, "="); ok {
			all[name] = value
		}
	}
	return all
}

// override sets keys from the environment: BUURTBOT_TELEGRAM_API_URL is telegram.api_url.
func (l *loader) override() {
	keys := map[string]setting{}
	settings("", reflect.ValueOf(&l.config).Elem(), keys)
	for _, name := range slices.Sorted(maps.Keys(l.environ)) {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		s, ok := keys[name]
		if !ok {
			known := slices.Sorted(maps.Keys(keys))
			l.reject(Place{Name: name}, "there is no key for this variable%s", likely(name, known))
			continue
		}
		l.places[s.key] = Place{Name: name}
		if s.key == "areas" {
			l.areasFile(l.environ[name])
			continue
		}
		if err := assign(s.into, l.environ[name]); err != nil {
			l.wrong(s.key, "%s", err)
		}
	}
}

// setting is a key and where its value goes.
type setting struct {
	key  string
	into reflect.Value
}

// settings finds every key under a struct, by the name of its variable.
func settings(key string, of reflect.Value, found map[string]setting) {
	for _, tag := range tags(of.Type()) {
		under, into := join(key, tag), of.Field(field(of.Type(), tag))
		if into.Kind() == reflect.Struct && into.Type() != secretType {
			settings(under, into, found)
			continue
		}
		found[variable(under)] = setting{under, into}
	}
}

// variable is the name of the variable that sets a key.
func variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}
