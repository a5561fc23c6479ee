package bedrocktest

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
)

// The methods in this file keep keys out of everything that prints the options
// and what is made with them.

// String returns the options, without secret keys, bearer tokens and the key for
// signatures.
func (o Options) String() string {
	const hidden = "[hidden]"
	type plain Options // without methods
	p := plain(o)
	p.Credentials = maps.Clone(p.Credentials)
	for id := range p.Credentials {
		p.Credentials[id] = hidden
	}
	p.BearerTokens = slices.Clone(p.BearerTokens)
	for i := range p.BearerTokens {
		p.BearerTokens[i] = hidden
	}
	p.Key = nil
	return fmt.Sprintf("bedrocktest.Options%+v", p)
}

// Format prints [Options.String], whatever the verb.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, o.String()) }

// LogValue returns [Options.String].
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Format prints "bedrocktest.Handler", whatever the verb.
func (h *Handler) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "bedrocktest.Handler") }

// Format prints the server's address, as in
// "bedrocktest.Server http://127.0.0.1:40123", whatever the verb.
func (s *Server) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "bedrocktest.Server "+s.URL) }
