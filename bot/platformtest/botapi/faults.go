package botapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind int

// The kinds of faults.
const (
	DropBefore      FaultKind = iota + 1 // the connection ends without an answer, and nothing was done
	DropAfterEffect                      // it was done, and the answer is lost
	Reset                                // the connection is reset, and nothing was done
	Refuse                               // nobody listens; only in the process, on a socket it is a reset
	Hang                                 // no answer for as long as the bot waits, and nothing is done
	Status502HTML                        // a front server answers
	Status500                            // the server is being restarted
	TooMany                              // 429; the chat stays closed for RetryAfter
	Unauthorized                         // the token was revoked
	Puzzled                              // 400, for a reason that no bot has heard of
	Slow                                 // nothing goes wrong, it only takes Delay
)

// Fault is an order to fail.
type Fault struct {
	Method     string // empty = all
	Chat       int64  // 0 = all
	Kind       FaultKind
	Times      int           // 0 = once, negative = until ClearFaults
	RetryAfter int           // seconds, of TooMany; 0 = 1
	Delay      time.Duration // before anything happens
}

var (
	errClosed     = io.EOF
	errLostAnswer = io.ErrUnexpectedEOF
	errReset      = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	errRefused    = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
)

// Fail orders a fault. Faults are met in the order in which they were ordered, one by a call.
func (s *Server) Fail(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// ClearFaults ends all faults that were ordered; chats that are closed stay closed.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// SetDelay is how long every call takes on the network.
func (s *Server) SetDelay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// meet takes the fault that is due for a call, with the delay of the network.
func (s *Server) meet(c *call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if (f.Method != "" && !strings.EqualFold(f.Method, c.method.name)) || (f.Chat != 0 && f.Chat != c.id("chat_id")) {
			continue
		}
		met := *f
		met.Delay += s.delay
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return &met
	}
	if s.delay > 0 {
		return &Fault{Kind: Slow, Delay: s.delay}
	}
	return nil
}

// travel waits as long as the call is on its way.
func (*Server) travel(c *call, f *Fault) error {
	if f == nil || f.Delay == 0 {
		return nil
	}
	return pause(c.ctx, f.Delay)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fail gives what is answered in place of the method.
func (s *Server) fail(c *call, f *Fault) (a answer, instead bool) {
	if f == nil {
		return answer{}, false
	}
	switch f.Kind {
	case DropBefore:
		return answer{lost: errClosed}, true
	case Reset:
		return answer{lost: errReset}, true
	case Refuse:
		return answer{lost: errRefused}, true
	case Hang:
		<-c.ctx.Done()
		return answer{lost: c.ctx.Err()}, true
	case Status502HTML:
		page := []byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n")
		return answer{status: http.StatusBadGateway, kind: "text/html", body: page}, true
	case Status500:
		return refusal{code: http.StatusInternalServerError, text: "Internal Server Error: restart"}.answer(), true
	case TooMany:
		return s.close(c, max(f.RetryAfter, 1)).answer(), true
	case Unauthorized:
		return refusal{code: http.StatusUnauthorized, text: "Unauthorized"}.answer(), true
	case Puzzled:
		return refusal{code: http.StatusBadRequest, text: "Bad Request: MESSAGE_TOO_ODD"}.answer(), true
	case DropAfterEffect, Slow:
	}
	return answer{}, false
}

// hangUp ends a connection without an answer.
func hangUp(w http.ResponseWriter, why error) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, is := conn.(*net.TCPConn); is && errors.Is(why, syscall.ECONNRESET) {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
