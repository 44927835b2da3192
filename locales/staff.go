package locales

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// staffFile lists the texts that a language for residents does without.
const staffFile = "staff.txt"

// whole are the languages that have every text. Any other has those of residents: what somebody reads in private who has
// no role, or that of a resident.
var whole = []string{Default, "en"}

// staff is which texts are those of people who work for a network.
type staff []rule

// rule is a line of the file: a key, or the beginning of keys.
type rule struct {
	key      string
	line     int
	begins   bool
	resident bool // an exception: it is a resident's all the same
}

// readStaff reads the list; without a file every text is everybody's.
func readStaff(fsys fs.FS) (staff, error) {
	file, err := fsys.Open(staffFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("texts: %w", err)
	}
	defer func() { _ = file.Close() }()
	var s staff
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		key := strings.TrimSpace(lines.Text())
		if key == "" || strings.HasPrefix(key, "#") {
			continue
		}
		key, resident := strings.CutPrefix(key, "!")
		s = append(s, rule{key: key, line: n, begins: strings.HasSuffix(key, "."), resident: resident})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("texts: %s: %w", staffFile, err)
	}
	return s, nil
}

// about reports whether the line is about a key, a plural form counted as its text.
func (r rule) about(key string) bool {
	if r.begins {
		return strings.HasPrefix(key, r.key)
	}
	form, isForm := strings.CutPrefix(key, r.key+".")
	_, named := forms[form]
	return key == r.key || isForm && named
}

// only reports whether just those who work for a network read a text: what the longest line about it says.
func (s staff) only(key string) bool {
	longest, only := -1, false
	for _, r := range s {
		if n := len(r.key); r.about(key) && n >= longest {
			longest, only = n, !r.resident
		}
	}
	return only
}

// Staff reports whether just those who work for a network read a text, so that a language for residents lacks it.
func (t *Texts) Staff(key string) bool { return t.staff.only(key) }

// Whole lists the languages that have every text, [Default] first. What a room reads is said in one of them, and so is what
// a person's own language lacks.
func (t *Texts) Whole() []string {
	return slices.DeleteFunc(t.Languages(), func(lang string) bool { return !slices.Contains(whole, lang) })
}

// lacks reports whether a language does without a text rightly.
func (t *Texts) lacks(lang, key string) bool {
	return !slices.Contains(whole, lang) && t.staff.only(key)
}

// idle reports the lines of the list that are about no text.
func (c *check) idle() {
	for _, r := range c.texts.staff {
		if !slices.ContainsFunc(c.texts.Keys(Default), r.about) {
			c.found = append(c.found, finding{staffFile, r.line, r.key + ": there is no such text"})
		}
	}
}
