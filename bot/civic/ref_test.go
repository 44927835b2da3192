package civic

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// dice is a seeded source of chance.
func dice() io.Reader { return rand.NewChaCha8([32]byte{7}) }

func TestRefIsReadAsPeopleTypeIt(t *testing.T) {
	cases := []struct {
		typed, want string
	}{
		{"KAS-7F3K", "KAS-7F3K"},
		{"kas-7f3k", "KAS-7F3K"},
		{"  kas 7f3k ", "KAS-7F3K"},
		{"kas - 7f3k", "KAS-7F3K"},
		{"kas7f3k", "KAS-7F3K"},
		{"K A S 7 F 3 K", "KAS-7F3K"},
		{"KAS-O4I2", "KAS-0412"},
		{"KAS-0412", "KAS-0412"},
		{"KAS-o4l2", "KAS-0412"},
		{"KOL-7F3K", "KOL-7F3K"},
		{"a-7f3k", "A-7F3K"},
		{"A7F3K", "A-7F3K"},
		{"W2-7F3K", "W2-7F3K"},
	}
	for _, c := range cases {
		if got, ok := ParseRef(c.typed); !ok || got != c.want {
			t.Errorf("%q: got %q, %t", c.typed, got, ok)
		}
	}
}

func TestWhatIsNoRefIsRefused(t *testing.T) {
	for _, typed := range []string{
		"", "-", "7F3K", "-7F3K", "KAS-", "KAS-7F3", "KAS-7F3KK", "mijn KAS-7F3K graag", "KAS-7F3U", "KAS-7F-K", "W27F3K",
		"KÁS-7F3K", "2W-7F3K", "KASTANJE-7F3K", "KAS-7é3", "KAS-7F3K!", strings.Repeat(" ", 1<<20), strings.Repeat("K", 99),
	} {
		if got, ok := ParseRef(typed); ok {
			t.Errorf("%.40q: got %q", typed, got)
		}
	}
}

func TestWordsAreNotSurelyReferences(t *testing.T) {
	for typed, want := range map[string]bool{
		"KAS-7F3K": true, "kas 7f3k": true, "kas-wxyz": true, "a7f3k": true,
		"kaswxyz": false, "inbraak": false, "gas lek": false, "dank je wel": false, "mijn KAS-7F3K graag": false, "": false,
	} {
		if got := SurelyRef(typed); got != want {
			t.Errorf("%q: %t", typed, got)
		}
	}
}

func TestRefSurvivesBeingTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.StringMatching(`[A-Z]{1,6}`).Draw(t, "prefix")
		random := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "random")
		ref, err := Ref(prefix, bytes.NewReader(random))
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{
			ref, strings.ToLower(ref), strings.Replace(ref, "-", "", 1), strings.Replace(ref, "-", " ", 1),
			strings.ReplaceAll(prefix+"-"+strings.ReplaceAll(ref[len(prefix)+1:], "0", "O"), "1", "l"),
		} {
			if got, ok := ParseRef(typed); !ok || got != ref {
				t.Fatalf("%q typed as %q reads %q, %t", ref, typed, got, ok)
			}
		}
	})
}

func TestParsingIsSafeForEveryText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed")
		if ref, ok := ParseRef(typed); ok {
			if again, same := ParseRef(ref); !same || again != ref {
				t.Fatalf("%q reads %q, which reads %q", typed, ref, again)
			}
		}
		if code, ok := ParseJoinCode(typed); ok {
			if again, same := ParseJoinCode(code); !same || again != code {
				t.Fatalf("%q reads %q, which reads %q", typed, code, again)
			}
		}
	})
}

func TestEveryCharacterOfARefIsUsedAlike(t *testing.T) {
	random := dice()
	seen := map[rune]int{}
	const refs = 8000
	for range refs {
		ref, err := Ref("KAS", random)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range ref[4:] {
			seen[r]++
		}
	}
	for _, r := range crockford {
		if n := seen[r]; n < refs/8*3/4 || n > refs/8*5/4 {
			t.Errorf("%c: %d times", r, n)
		}
	}
	if len(seen) != len(crockford) {
		t.Errorf("%d characters", len(seen))
	}
}

func TestJoinCodeIsReadAsPeopleTypeIt(t *testing.T) {
	code, err := JoinCode(dice())
	if err != nil {
		t.Fatal(err)
	}
	if bits := 5 * len(code); bits < 128 {
		t.Fatalf("%q", code)
	}
	for _, typed := range []string{code, strings.ToLower(code), code[:4] + "-" + code[4:], " " + code[:4] + " " + code[4:]} {
		if got, ok := ParseJoinCode(typed); !ok || got != code {
			t.Errorf("%q: got %q, %t", typed, got, ok)
		}
	}
	for _, typed := range []string{"", code[:25], code + "1", code[:25] + "U", strings.Repeat("-", 1<<20)} {
		if got, ok := ParseJoinCode(typed); ok {
			t.Errorf("%.40q: got %q", typed, got)
		}
	}
}

func TestTokenCarries128Bits(t *testing.T) {
	random := bytes.Repeat([]byte{0xfb}, 16)
	token, err := Token(bytes.NewReader(random))
	if err != nil {
		t.Fatal(err)
	}
	back, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || !bytes.Equal(back, random) || len(token) != 22 {
		t.Errorf("%q: %x, %v", token, back, err)
	}
}

func TestEmptyChanceIsAnError(t *testing.T) {
	broken := errors.New("no chance")
	for name, make := range map[string]func(io.Reader) (string, error){
		"ref":   func(random io.Reader) (string, error) { return Ref("KAS", random) },
		"join":  JoinCode,
		"token": Token,
	} {
		if got, err := make(iotest.ErrReader(broken)); got != "" || !errors.Is(err, broken) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if got, err := make(strings.NewReader("ab")); got != "" || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
