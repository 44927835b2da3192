package main

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/agext/levenshtein"
)

var (
	secretType   = reflect.TypeFor[Secret]()
	durationType = reflect.TypeFor[time.Duration]()
)

// tags are the keys of a struct, in their order.
func tags(t reflect.Type) []string {
	var all []string
	for f := range t.Fields() {
		if tag := f.Tag.Get("yaml"); tag != "-" {
			all = append(all, tag)
		}
	}
	return all
}

// field is the index of the struct's field with this key, or -1.
func field(t reflect.Type, key string) int {
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag == key && tag != "-" {
			return i
		}
	}
	return -1
}

// likely names the key that was probably meant.
func likely(name string, keys []string) string {
	const near = 2 // letters that may be wrong
	best, distance := "", near+1
	for _, key := range keys {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(key), nil); d < distance {
			best, distance = key, d
		}
	}
	if best == "" {
		return ""
	}
	return "; is " + best + " meant?"
}

// assign sets a value from how it is written. The error says what is meant instead.
func assign(into reflect.Value, written string) error {
	switch {
	case into.Type() == secretType:
		into.Set(reflect.ValueOf(Secret{reference: written}))
	case into.Type() == durationType:
		d, err := time.ParseDuration(written)
		if err != nil {
			return fmt.Errorf("%s is no length of time such as 90m or 24h", quote(written))
		}
		into.SetInt(int64(d))
	case into.Kind() == reflect.String:
		into.SetString(written)
	case into.Kind() == reflect.Int:
		n, err := strconv.Atoi(written)
		if err != nil {
			return fmt.Errorf("%s is no whole number", quote(written))
		}
		into.SetInt(int64(n))
	case into.Kind() == reflect.Bool:
		switch written {
		case "true", "yes", "on":
			into.SetBool(true)
		case "false", "no", "off":
			into.SetBool(false)
		default:
			return fmt.Errorf("%s is not yes or no", quote(written))
		}
	case into.Kind() == reflect.Float64:
		n, err := strconv.ParseFloat(written, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("%s is no number", quote(written))
		}
		into.SetFloat(n)
	case into.Type() == reflect.TypeFor[[]string]():
		into.Set(reflect.ValueOf(words(written)))
	default:
		return errors.New("this cannot be written as one value")
	}
	return nil
}

// words are the parts of a list that is written with commas.
func words(written string) []string {
	var all []string
	for part := range strings.SplitSeq(written, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
