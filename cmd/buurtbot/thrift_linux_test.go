package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Only what is just as the file has it may be let go of: what was written to would be lost.
func TestOnlyUnchangedPagesOfTheProgramAreLetGo(t *testing.T) {
	const list = `00400000-0168d000 r-xp 00000000 00:1b 1234                 /opt/buurtbot
Size:              18996 kB
Anonymous:             0 kB
0168d000-02e41000 r--p 0128d000 00:1b 1234                 /opt/buurtbot
Size:              24272 kB
Anonymous:             8 kB
02e41000-02f00000 rw-p 02a41000 00:1b 1234                 /opt/buurtbot
Anonymous:             0 kB
c000000000-c000800000 rw-p 00000000 00:00 0
Anonymous:             0 kB
7f0000000000-7f0000001000 r--p 00000000 00:1b 99           /opt/other/buurtbot
Anonymous:             0 kB
7f0000002000-7f0000003000 r--p 00000000 00:1b 1234         /opt/buurtbot
Anonymous:             0 kB
`
	got := ofFile(strings.NewReader(list), "/opt/buurtbot")
	want := []pages{{0x400000, 0x168d000}, {0x7f0000002000, 0x7f0000003000}}
	if !slices.Equal(got, want) {
		t.Errorf("%x", got)
	}
}

// The program goes on as before when its pages have been let go of.
func TestTheProgramGoesOnWithoutItsPages(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	before := ofFile(strings.NewReader(string(list)), self)
	if len(before) == 0 {
		t.Error("nothing of the program's file is found")
	}
	dropPages()
	if after := ofFile(strings.NewReader(string(list)), self); !slices.Equal(before, after) {
		t.Errorf("%x was found, and then %x", before, after)
	}
}
