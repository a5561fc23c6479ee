package local

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// The methods in this file keep the credentials of an [Upstream] out of
// everything that prints it.

// String returns endpoint and region, as in
// "local.Upstream https://bedrock-runtime.us-west-2.amazonaws.com (us-west-2)".
func (u Upstream) String() string { return "local.Upstream " + u.Endpoint + " (" + u.Region + ")" }

// Format prints [Upstream.String], whatever the verb.
func (u Upstream) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, u.String()) }

// LogValue returns [Upstream.String].
func (u Upstream) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalJSON returns [Upstream.String] as a string. It is for logs: an Upstream
// cannot be made from it.
func (u Upstream) MarshalJSON() ([]byte, error) { return json.Marshal(u.String()) }

// Format prints "local.Server", whatever the verb.
func (s *Server) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "local.Server") }
