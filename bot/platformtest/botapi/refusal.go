package botapi

import (
	"net/http"
	"strconv"
)

// refusal is an answer with ok=false.
type refusal struct {
	code    int
	text    string
	retry   int   // seconds
	migrate int64 // the chat's new id
	lost    error // no answer at all
}

func bad(text string) *refusal {
	return &refusal{code: http.StatusBadRequest, text: "Bad Request: " + text}
}

func forbidden(text string) *refusal {
	return &refusal{code: http.StatusForbidden, text: "Forbidden: " + text}
}

func conflict(text string) *refusal {
	return &refusal{code: http.StatusConflict, text: "Conflict: " + text}
}

// tooMany asks to be left alone for a number of seconds.
func tooMany(seconds int) *refusal {
	return &refusal{
		code: http.StatusTooManyRequests, text: "Too Many Requests: retry after " + strconv.Itoa(seconds), retry: seconds,
	}
}

func tooLarge() *refusal {
	return &refusal{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large"}
}

func (r refusal) answer() answer {
	b := append(make([]byte, 0, 160), `{"ok":false,"error_code":`...)
	b = strconv.AppendInt(b, int64(r.code), 10)
	b = append(b, `,"description":`...)
	b = appendString(b, r.text)
	switch {
	case r.retry > 0:
		b = append(b, `,"parameters":{"retry_after":`...)
		b = append(strconv.AppendInt(b, int64(r.retry), 10), '}')
	case r.migrate != 0:
		b = append(b, `,"parameters":{"migrate_to_chat_id":`...)
		b = append(strconv.AppendInt(b, r.migrate, 10), '}')
	}
	return answer{status: r.code, kind: jsonType, body: append(b, '}'), retry: r.retry, lost: r.lost}
}

const jsonType = "application/json"

// result wraps what a method gives.
func result(raw []byte) answer {
	b := make([]byte, 0, len(raw)+24)
	b = append(b, `{"ok":true,"result":`...)
	b = append(b, raw...)
	return answer{status: http.StatusOK, kind: jsonType, body: append(b, '}')}
}

var yes = []byte("true")
