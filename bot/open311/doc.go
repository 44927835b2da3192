// Package open311 is the platform on which a municipality is reached that speaks Open311 GeoReport v2, in JSON. The server is
// one chat, a hand-over is a service request, and a change of its status is a line of the partner's.
//
// # Nothing twice
//
// Each request ends with a mark that is made from the letter's token and tells nothing of it, because what a server holds may be
// public. Before a request is posted the server's requests are searched for the mark, so what a server took before it said 500,
// or before the connection was cut, is found and not posted again. A server that answers nothing useful gets no request: the
// letter waits.
//
// # Status
//
// The open requests are kept with the checkpoint. A request that becomes closed comes in as "done: ...", with the server's
// status_notes; one that is opened again as "reopen: ...". What was posted and not kept, because the program ended in between,
// is found by its mark when polling begins. A server that gave a token instead of a number is asked for the number.
//
// GeoReport v2 has no way to change or take back a request: a letter that says so is refused for good, and the coordinators
// hear that they have to call.
package open311
