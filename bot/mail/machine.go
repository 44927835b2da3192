package mail

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-msgauth/authres"
)

// machineFields are in the mail of lists and of programs that answer.
var machineFields = []string{
	"List-Id", "List-Unsubscribe", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond",
}

// machine reports whether a mail says that a program sent it, or a list.
func machine(h *message.Header) bool {
	auto, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted"))), ";")
	if auto != "" && strings.TrimSpace(auto) != "no" {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) {
	case "bulk", "junk", "list", "auto_reply":
		return true
	}
	if slices.ContainsFunc(machineFields, h.Has) {
		return true
	}
	if h.Has("Return-Path") && strings.Trim(h.Get("Return-Path"), " <>") == "" {
		return true
	}
	kind, _, _ := h.ContentType()
	if kind == "multipart/report" {
		return true
	}
	from, _ := sender(h)
	local, _, _ := strings.Cut(from, "@")
	return slices.Contains([]string{"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply"}, local)
}

// genuine reports whether the server that we trust found that the sender is who it says. Without such a server nothing is
// known, and nothing is asked.
func (m *Mail) genuine(h *message.Header, domain string) bool {
	if m.config.Trust == "" {
		return true
	}
	fields := h.FieldsByKey("Authentication-Results")
	for fields.Next() {
		server, results, err := authres.Parse(fields.Value())
		if name, _, _ := strings.Cut(server, " "); !strings.EqualFold(name, m.config.Trust) {
			continue
		}
		return err == nil && passed(results, domain) // the topmost: it is the server's own
	}
	return false
}

// passed reports whether one of the checks that are about the sender's own domain was passed. What DMARC says counts before the
// others.
func passed(results []authres.Result, domain string) bool {
	other := false
	for _, r := range results {
		switch r := r.(type) {
		case *authres.DMARCResult:
			return r.Value == authres.ResultPass && (r.From == "" || strings.EqualFold(domainOf("@"+r.From), domain))
		case *authres.DKIMResult:
			other = other || r.Value == authres.ResultPass && strings.EqualFold(r.Domain, domain)
		case *authres.SPFResult:
			from := r.From
			if !strings.Contains(from, "@") {
				from = "@" + from
			}
			other = other || r.Value == authres.ResultPass && domainOf(from) == domain
		}
	}
	return other
}

// failedAction is what a delivery status notification says of a mail that will not arrive (RFC 3464).
var failedAction = regexp.MustCompile(`(?im)^action:\s*failed`)

// bounced gives the token of a letter that a mail server could not deliver; empty when a mail is no such news.
func (m *Mail) bounced(e *message.Entity) string {
	kind, params, _ := e.Header.ContentType()
	if kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return ""
	}
	token := m.token(&e.Header, "")
	parts := e.MultipartReader()
	if token == "" || parts == nil {
		return ""
	}
	for range mostParts {
		p, err := parts.NextPart()
		if err != nil {
			return ""
		}
		if kind, _, _ := p.Header.ContentType(); kind == "message/delivery-status" || kind == "message/global-delivery-status" {
			status, _ := io.ReadAll(io.LimitReader(p.Body, maxMail))
			if failedAction.Match(status) {
				return token
			}
			return ""
		}
	}
	return ""
}
