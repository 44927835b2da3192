package matrix

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"maunium.net/go/mautrix"
)

// Limits is how fast an account may write on its homeserver.
type Limits struct {
	Software  string  // of the homeserver, "Synapse"; empty = it does not say
	PerSecond float64 // messages; 0 = none that is known
	Burst     int     // messages that may go at once
	Told      bool    // by the operator; otherwise it is what the software does unless its owner changed it
}

// What Synapse 1.157 allows an account that nobody made an exception for (rc_message), and what we assume of a server that
// does not say what it is: most are that, and to be wrong this way costs the operator a question.
const (
	usualPerSecond = 0.2
	usualBurst     = 10
)

// Limits asks the homeserver what it is, and tells how fast we may write there: what the operator said, or else what the
// software does by itself. Dendrite limits no messages.
func (m *Matrix) Limits(ctx context.Context) Limits {
	l := Limits{Software: m.software(ctx), PerSecond: usualPerSecond, Burst: usualBurst}
	switch {
	case m.config.Pace != nil:
		l.PerSecond, l.Burst, l.Told = m.config.Pace.PerSecond, m.config.Pace.Burst, true
	case strings.EqualFold(l.Software, "dendrite"):
		l.PerSecond = 0
	}
	return l
}

// software is the name of the program that the homeserver is. It is asked where servers ask each other, which a client may
// as well; one that keeps that to itself is not asked twice.
func (m *Matrix) software(ctx context.Context) string {
	cli, err := m.newClient()
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	var said struct {
		Server struct {
			Name string `json:"name"`
		} `json:"server"`
	}
	_, err = cli.MakeRequest(ctx, http.MethodGet, cli.BuildURL(mautrix.BaseURLPath{"_matrix", "federation", "v1", "version"}),
		nil, &said)
	if err != nil {
		return ""
	}
	return clean(said.Server.Name)
}

// Takes is how long it takes to write to so many rooms; 0 when nothing holds us up.
func (l Limits) Takes(rooms int) time.Duration {
	if l.PerSecond <= 0 || rooms <= l.Burst {
		return 0
	}
	return time.Duration(float64(rooms-l.Burst) / l.PerSecond * float64(time.Second)).Round(time.Second)
}

// Lift says what the owner of the homeserver does so that an account is held up no longer.
func (l Limits) Lift(user string) string {
	synapse := fmt.Sprintf("on Synapse POST /_synapse/admin/v1/users/%s/override_ratelimit with "+
		`{"messages_per_second": 0, "burst_count": 0}`, user)
	dendrite := fmt.Sprintf("on Dendrite client_api.rate_limiting.exempt_user_ids: [%q]", user)
	done := "then set limits.matrix.per_second: 0"
	switch {
	case strings.EqualFold(l.Software, "synapse"):
		return synapse + "; " + done
	case strings.EqualFold(l.Software, "dendrite"):
		return dendrite + "; " + done
	}
	return synapse + ", " + dendrite + "; " + done
}

// About tells the operator in a line how long an alert to so many rooms takes here, and how to be faster.
func (l Limits) About(rooms int, user string) string {
	server := l.Software
	if server == "" {
		server = "a server that does not say what it is"
	}
	takes := l.Takes(rooms)
	switch {
	case l.PerSecond <= 0 && l.Told:
		return fmt.Sprintf("an alert to all %d rooms goes at once, as limits.matrix.per_second says (%s)", rooms, server)
	case l.PerSecond <= 0:
		return fmt.Sprintf("an alert to all %d rooms goes at once: %s does not limit messages", rooms, server)
	case takes == 0:
		return fmt.Sprintf("an alert to all %d rooms goes at once; more than %d would go at %g a second (%s). To lift that: %s",
			rooms, l.Burst, l.PerSecond, server, l.Lift(user))
	}
	return fmt.Sprintf("an alert to all %d rooms takes about %s at %g messages a second (%s). To lift that: %s",
		rooms, takes, l.PerSecond, server, l.Lift(user))
}
