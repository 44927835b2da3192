package matrixfake

import "net/http"

// stateCall answers a question after one piece of a room's state, or changes it. Everybody in the room may do both: what
// rights there are is for a real homeserver to say.
func (s *Server) stateCall(c call, roomID string) (answer, bool) {
	n := len(c.path)
	if n < 6 || n > 7 || c.path[4] != "state" {
		return answer{}, false
	}
	kind, stateKey := c.path[5], ""
	if n == 7 {
		stateKey = c.path[6]
	}
	switch c.r.Method {
	case http.MethodGet:
		if e := s.rooms[roomID].state[key(kind, stateKey)]; e != nil {
			return fine(e.Content), true
		}
		return refuse(http.StatusNotFound, "M_NOT_FOUND"), true
	case http.MethodPut:
		return fine(map[string]any{"event_id": s.state(roomID, c.user, kind, stateKey, c.body()).ID}), true
	}
	return answer{}, false
}

// Pinned lists the messages that a room shows first.
func (s *Server) Pinned(roomID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.rooms[roomID].state[key("m.room.pinned_events", "")]
	if e == nil {
		return nil
	}
	list, _ := e.Content["pinned"].([]any)
	var all []string
	for _, id := range list {
		if name, is := id.(string); is {
			all = append(all, name)
		}
	}
	return all
}
