package main

import (
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	qr "github.com/piglig/go-qr"
)

// online is an environment with an account on a Bot API of this test's own.
func online(t *testing.T) []string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/getMe") {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(`{"ok":true,"result":{"id":123456789,"is_bot":true,"first_name":"Vlier","username":"vlier_bot"}}`))
	}))
	t.Cleanup(server.Close)
	return []string{"TELEGRAM_TOKEN=" + benchToken, "BUURTBOT_TELEGRAM_API_URL=" + server.URL}
}

func TestTheSignOfAStreetCarriesItsLink(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "list.csv", "naam;groep\nKastanjelaan;Kastanje\n")
	environ := online(t)
	if got := play(t, environ, "import", "list.csv"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	const link = "https://t.me/vlier_bot?start=KASTANJELAAN"
	for _, name := range []string{"kastanjelaan", "KASTANJELAAN"} {
		if got := play(t, environ, "invite", "--street", name); got.code != exitFine || !strings.Contains(got.out, link) {
			t.Errorf("%+v", got)
		}
	}
	if got := play(t, environ, "invite", "--street", "Kastanjelaan", "--png", "sign.png"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	f, err := os.Open("sign.png")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if wide := picture.Bounds().Dx(); wide < 800 {
		t.Errorf("%d dots are too few for a sign", wide)
	}
	if read, err := qr.Decode(picture); err != nil || read != link {
		t.Errorf("the code reads %q, %v", read, err)
	}
	if got := play(t, environ, "invite", "--street", "Kastanjelaan", "--png", "sign.png"); got.code != exitFailed {
		t.Errorf("a file was written over: %+v", got)
	}
	if got := play(t, environ, "invite", "--role", "admin"); !strings.Contains(got.out, "https://t.me/vlier_bot?start=") {
		t.Errorf("an invitation without a link: %+v", got)
	}
}

func TestASignWithoutAStreetOrAPlatformSaysWhatIsMissing(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "config.yaml", "network: {name: BIN De Vlier}\nareas:\n"+
		"  - {name: Kastanje, code: KASTANJE1, prefix: KAS, streets: [{name: Kastanjelaan}, {name: Kerkstraat, code: KERK1}]}\n"+
		"  - {name: Meidoorn, code: MEIDOORN1, prefix: MEI, streets: [{name: Kerkstraat, code: KERK2}]}\n")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--street", "Dorpsstraat"}, exitUse, `there is no street "Dorpsstraat"`},
		{[]string{"--street", "Kerkstraat"}, exitUse, "give the code of one: KERK1 in Kastanje, KERK2 in Meidoorn"},
		{[]string{"--street", "Kastanjelaan", "--png", "sign.png"}, exitFailed, "set TELEGRAM_TOKEN"},
		{[]string{"--street", "KERK2"}, exitFine, "/start KERK2"},
		{[]string{"--street", "Kastanjelaan"}, exitFine, "/start KASTANJELAAN"},
		{[]string{"--role", "police", "--png", "sign.png"}, exitUse, "--png draws the sign of a --street"},
		{[]string{"--role", "police", "--street", "KERK2"}, exitUse, ""},
	} {
		got := play(t, nil, append([]string{"invite"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.out+got.err, c.want) {
			t.Errorf("%v: %+v", c.args, got)
		}
	}
}
