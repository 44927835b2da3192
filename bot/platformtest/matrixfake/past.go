package matrixfake

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// messages reads a room from a place to another: backwards, by itself from its end, or forwards, from its beginning.
func (s *Server) messages(r *room, q url.Values) answer {
	list := slices.Clone(r.events)
	after, before := cursor(q.Get("to"), 0), cursor(q.Get("from"), 1<<60)
	forwards := q.Get("dir") == "f"
	if forwards {
		after, before = cursor(q.Get("from"), 0), cursor(q.Get("to"), 1<<60)
	} else {
		slices.Reverse(list)
	}
	if !forwards && strings.HasPrefix(q.Get("from"), "s") {
		before += s.Ahead
	}
	if !forwards && strings.HasPrefix(q.Get("to"), "s") {
		after += s.Ahead
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	if s.Overruns && !forwards && before <= after {
		after, limit = 0, 1
	}
	list = slices.DeleteFunc(list, func(e *Event) bool { return e.place <= after || e.place > before })
	if len(list) <= limit && (!s.Overruns || len(list) == 0) {
		return fine(map[string]any{"chunk": list})
	}
	list = list[:min(limit, len(list))]
	last := list[len(list)-1].place
	end := fmt.Sprintf("p%d", last)
	if forwards {
		end = fmt.Sprintf("s%d", last)
	}
	return fine(map[string]any{"chunk": list, "end": end})
}

// cursor is how many events stand before a place: s5 is behind the fifth, p5 before it.
func cursor(place string, otherwise int) int {
	if place == "" {
		return otherwise
	}
	n, _ := strconv.Atoi(place[1:])
	if place[0] == 'p' {
		return n - 1
	}
	return n
}
