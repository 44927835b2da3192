package open311

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const mostBytes = 16 << 20 // of an answer

// errGarbage is an answer that does not follow the specification.
var errGarbage = errors.New("the answer does not follow GeoReport v2")

// statusError is an answer with a status of HTTP that is no success.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("the server says %d", int(e)) }

// text is a field that servers write as a string or as a number.
type text string

// UnmarshalJSON takes a string, a number or null.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = text(strings.TrimSpace(s))
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return fmt.Errorf("no text: %w", err)
	}
	*t = text(n.String())
	return nil
}

// record is a service request as the server tells it, and what it answers to a new one.
type record struct {
	ID          text `json:"service_request_id"`
	Token       text `json:"token"`
	Status      text `json:"status"`
	Notes       text `json:"status_notes"`
	Description text `json:"description"`
	ServiceCode text `json:"service_code"`
}

// get reads a list of records.
func (o *Open311) get(ctx context.Context, path string, query url.Values) ([]record, error) {
	if o.config.Jurisdiction != "" {
		query.Set("jurisdiction_id", o.config.Jurisdiction)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.config.URL+path+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	return o.call(req)
}

// post sends a new request.
func (o *Open311) post(ctx context.Context, form url.Values) ([]record, error) {
	form.Set("api_key", o.config.Key)
	if o.config.Jurisdiction != "" {
		form.Set("jurisdiction_id", o.config.Jurisdiction)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.config.URL+"/requests.json", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("post: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return o.call(req)
}

// call errors without the address and the words of the server: they may hold the key.
func (o *Open311) call(req *http.Request) ([]record, error) {
	answer, err := o.client.Do(req)
	if err != nil {
		if wrapped, is := errors.AsType[*url.Error](err); is {
			err = wrapped.Err
		}
		return nil, fmt.Errorf("call: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return nil, statusError(answer.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	var list []record
	if err := json.Unmarshal(raw, &list); err != nil || list == nil {
		return nil, errGarbage
	}
	return list, nil
}

// Check asks the server for its services, and names those of the configuration that it does not have.
func (o *Open311) Check(ctx context.Context) error {
	list, err := o.get(ctx, "/services.json", url.Values{})
	if err != nil {
		return fmt.Errorf("services: %w", err)
	}
	known := map[string]bool{}
	for _, s := range list {
		known[string(s.ServiceCode)] = true
	}
	for category, code := range o.config.Services {
		if !known[code] {
			return fmt.Errorf("services: the server has no %s, which is for %s", code, category)
		}
	}
	return nil
}
