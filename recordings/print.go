package recordings

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// The methods in this file keep secrets out of everything that prints options
// and tapes.

// hidden returns a copy of the options as a type without methods, without the
// secrets and without what may hold any: the file system and the transport.
func (o Options) hidden() any {
	type plain Options
	p := plain(o.clone())
	p.FS, p.Transport = nil, nil
	for i := range p.Secrets {
		p.Secrets[i] = "[hidden]"
	}
	return p
}

// String returns the options without the secrets.
func (o Options) String() string { return fmt.Sprintf("recordings.Options%+v", o.hidden()) }

// Format prints [Options.String], whatever the verb.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, o.String()) }

// LogValue returns [Options.String].
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// MarshalJSON returns the options without the secrets.
func (o Options) MarshalJSON() ([]byte, error) { return json.Marshal(o.hidden()) }

// Format prints the name of the tape's cassette, whatever the verb.
func (t *Tape) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "recordings.Tape "+t.name) }
