package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

//go:embed audit.js
var audit string

// named are the roles of which every element has a name that can be read aloud.
func named() []string {
	return []string{
		"button", "link", "textbox", "radio", "checkbox", "combobox", "image", "img", "region", "log", "navigation", "dialog",
		"group", "application", "tab",
	}
}

// landmarks are what a page has, so that it can be found through without being seen.
func landmarks() []string { return []string{"banner", "main", "navigation"} }

// Audit reports as errors what a page has wrong as it stands: controls without a name in the accessibility tree,
// landmarks that are missing, ids that stand twice or are referred to in vain, text whose contrast is below WCAG 2.2 AA,
// controls that a thumb misses (below 44 pixels, where the page is touched), and a page that is wider than its window. What
// moves is brought to its end first, for a colour on its way from one to another is neither.
func Audit(ctx context.Context, t testing.TB) {
	t.Helper()
	settled(ctx, t)
	for _, words := range append(Value[[]string](ctx, t, audit), unnamed(ctx, t)...) {
		t.Error(words)
	}
}

func unnamed(ctx context.Context, t testing.TB) []string {
	t.Helper()
	var found []string
	roles := map[string]bool{}
	for _, n := range Tree(ctx, t) {
		roles[n.Role] = true
		if n.Name == "" && slices.Contains(named(), n.Role) {
			found = append(found, fmt.Sprintf("a %s has no name: %s", n.Role, n.Path))
		}
	}
	for _, role := range landmarks() {
		if !roles[role] && !roles["dialog"] { // a dialog hides the page behind it
			found = append(found, "the page has no "+role)
		}
	}
	return found
}

// Node is an element as it is read aloud.
type Node struct {
	Role, Name string
	Path       string // names and roles from the page down to it
}

// Tree gives the accessibility tree of a page, top down, without what is hidden from it.
func Tree(ctx context.Context, t testing.TB) []Node {
	t.Helper()
	whole, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatalf("accessibility tree: %v", err)
	}
	var all []Node
	paths := map[accessibility.NodeID]string{}
	for _, n := range whole.Nodes {
		node := Node{Role: said(n.Role), Name: said(n.Name)}
		paths[n.NodeID] = paths[n.ParentID]
		if n.Ignored {
			continue
		}
		paths[n.NodeID] += "/" + node.Role
		if node.Name != "" {
			paths[n.NodeID] += fmt.Sprintf("(%s)", node.Name)
		}
		node.Path = paths[n.NodeID]
		all = append(all, node)
	}
	return all
}

func said(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var words string
	if err := json.Unmarshal(v.Value, &words); err != nil {
		return "" // a name is a string or not there
	}
	return words
}
