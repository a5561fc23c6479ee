package bedrock

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// The methods in this file keep the credentials behind a Model and its Options
// out of everything that prints them. Go's default formatting follows pointers
// into unexported fields for verbs that do not fit, such as %s.

// api names the operations that a model is reached by.
func (m Model) api() string {
	if m.door == nil {
		return ""
	}
	return m.door.name()
}

// String returns provider, model id and the API in use, as in
// "bedrock anthropic.claude-3-haiku-20240307-v1:0 (converse)".
func (m Model) String() string { return Provider + " " + m.id + " (" + m.api() + ")" }

// GoString returns the same as a Go expression would look, without the client.
func (m Model) GoString() string {
	return fmt.Sprintf("bedrock.Model{ID: %q, API: %q}", m.id, m.api())
}

// Format prints [Model.String], for %#v [Model.GoString], whatever the verb.
func (m Model) Format(f fmt.State, verb rune) { format(f, verb, m.String(), m.GoString()) }

// LogValue returns provider, model id and the API in use.
func (m Model) LogValue() slog.Value {
	return slog.GroupValue(slog.String("provider", Provider), slog.String("model", m.id), slog.String("api", m.api()))
}

// MarshalJSON returns provider, model id and the API in use as an object. It is
// for logs: a Model cannot be made from it.
func (m Model) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Provider string `json:"provider"`
		Model    string `json:"model"`
		API      string `json:"api"`
	}{Provider, m.id, m.api()})
}

// String returns the options, and of Profiles, which holds credentials, its
// type.
func (o Options) String() string {
	return fmt.Sprintf("bedrock.Options{Region: %q, Profile: %q, BaseModel: %q, Format: %q, Facts: %t, Profiles: %T}",
		o.Region, o.Profile, o.BaseModel, o.Format, o.Facts != nil, o.Profiles)
}

// GoString returns the same as [Options.String]. A pointer inside the options is
// printed as an address by what does not ask for either.
func (o Options) GoString() string { return o.String() }

// LogValue returns the options as they are printed.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// format prints a text for any verb, so that no verb falls back to the fields.
func format(f fmt.State, verb rune, text, goText string) {
	switch {
	case verb == 'v' && f.Flag('#'):
		io.WriteString(f, goText)
	case verb == 'q':
		fmt.Fprintf(f, "%q", text)
	case verb == 'x' || verb == 'X':
		fmt.Fprintf(f, fmt.FormatString(f, verb), text)
	default:
		io.WriteString(f, text)
	}
}
