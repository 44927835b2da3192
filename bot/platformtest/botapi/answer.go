package botapi

import (
	"strconv"
	"strings"
)

// refusal is an answer with "ok": false.
type refusal struct {
	code       int
	text       string
	retryAfter int   // seconds; 0 = none
	migrateTo  int64 // 0 = none
}

func refuse(code int, text string) *refusal { return &refusal{code: code, text: text} }

// badRequest takes the reason as the server's sources word it and lowers its first letter, as the server does, unless it
// is an UPPER_CASE token.
func badRequest(reason string) *refusal {
	return refuse(400, "Bad Request: "+lowerFirst(reason))
}

func forbidden(reason string) *refusal { return refuse(403, "Forbidden: "+lowerFirst(reason)) }

func tooMany(seconds int) *refusal {
	r := refuse(429, "Too Many Requests: retry after "+strconv.Itoa(seconds))
	r.retryAfter = seconds
	return r
}

func lowerFirst(reason string) string {
	if len(reason) < 2 || reason[0] < 'A' || reason[0] > 'Z' {
		return reason
	}
	if second := reason[1]; (second >= 'A' && second <= 'Z') || second == '_' {
		return reason
	}
	return strings.ToLower(reason[:1]) + reason[1:]
}

func (r *refusal) reply() reply {
	b := make([]byte, 0, 96+len(r.text))
	b = append(b, `{"ok":false,"error_code":`...)
	b = strconv.AppendInt(b, int64(r.code), 10)
	b = append(b, `,"description":`...)
	b = appendString(b, r.text)
	switch {
	case r.retryAfter > 0:
		b = append(b, `,"parameters":{"retry_after":`...)
		b = strconv.AppendInt(b, int64(r.retryAfter), 10)
		b = append(b, '}')
	case r.migrateTo != 0:
		b = append(b, `,"parameters":{"migrate_to_chat_id":`...)
		b = strconv.AppendInt(b, r.migrateTo, 10)
		b = append(b, '}')
	}
	return reply{status: r.code, body: append(b, '}'), retryAfter: r.retryAfter}
}

// answer is what a method returns: a result in JSON, or a refusal.
type answer struct {
	result  []byte
	note    string // the description of some successes
	whole   bool   // result is the whole body
	refused *refusal
}

func (a answer) reply() reply {
	if a.refused != nil {
		return a.refused.reply()
	}
	if a.whole {
		return reply{status: 200, body: a.result}
	}
	b := make([]byte, 0, 24+len(a.result)+len(a.note)+18)
	b = append(b, `{"ok":true,"result":`...)
	b = append(b, a.result...)
	if a.note != "" {
		b = append(b, `,"description":`...)
		b = appendString(b, a.note)
	}
	return reply{status: 200, body: append(b, '}')}
}

func (a answer) words() string {
	if a.refused != nil {
		return a.refused.text
	}
	return a.note
}

func yes() ([]byte, *refusal) { return []byte("true"), nil }
