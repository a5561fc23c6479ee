package recordings

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

const (
	maxDepth    = 8        // encodings within encodings that are followed
	maxInflated = 64 << 20 // bytes that a gzip body may grow to
	minBase64   = 16       // shorter strings can't hold a secret
)

var (
	errTooDeep   = errors.New("encoded too deeply to be scanned")
	errUnpacking = errors.New("compressed in a way that can't be unpacked")
)

// A visitor is shown every text that is hidden in some data, and where it is.
type visitor func(where string, text []byte)

// reveal shows the visitor data itself and everything that is encoded in it:
// gzip, event-stream frames, server-sent events, JSON strings with their
// escapes undone, base64 and JSON inside such strings, and the text of a stream
// put together from its deltas. A secret is found in any of these. It returns
// an error if some of the data could not be looked into.
func reveal(where string, data []byte, visit visitor) error {
	return (&revealer{visit: visit}).data(where, data, 0)
}

type revealer struct{ visit visitor }

func (r *revealer) data(where string, data []byte, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: %w", where, errTooDeep)
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		plain, err := gunzip(data)
		if err != nil {
			return fmt.Errorf("%s: %w", where, errUnpacking)
		}
		return r.data(where+" (gzip)", plain, depth+1)
	}
	r.visit(where, data)
	if frames, rest, _ := eventstream.Split(data); len(frames) > 0 {
		return r.frames(where, frames, rest, depth)
	}
	if events := serverSentEvents(data); len(events) > 0 {
		return r.stream(where, events, depth)
	}
	if v, err := decodeJSON(data); err == nil {
		return r.json(where, v, depth)
	}
	return nil
}

func (r *revealer) frames(where string, frames []eventstream.Message, rest []byte, depth int) error {
	payloads := make([][]byte, len(frames))
	for i, f := range frames {
		payloads[i] = f.Payload
		for _, h := range f.Fields {
			r.visit(fmt.Sprintf("%s frame %d header %s", where, i, h.Name), h.Value)
		}
	}
	if len(rest) > 0 {
		r.visit(where+" after the last whole frame", rest)
	}
	return r.stream(where, payloads, depth)
}

// stream looks into each event, and then at what the events spell together: a
// model that is asked for a key sends it in pieces.
func (r *revealer) stream(where string, events [][]byte, depth int) error {
	joined := map[string]string{}
	for i, event := range events {
		if err := r.data(fmt.Sprintf("%s frame %d", where, i), event, depth+1); err != nil {
			return err
		}
		if v, err := decodeJSON(event); err == nil {
			joinStrings(joined, blockOf(v), v)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(joined)) {
		r.visit(where+" joined "+path, []byte(joined[path]))
	}
	return nil
}

// blockOf tells the content blocks of a stream apart, since their deltas may be
// interleaved.
func blockOf(event any) string {
	m, _ := event.(map[string]any)
	for _, name := range []string{"contentBlockIndex", "index"} {
		if n, ok := m[name].(json.Number); ok {
			return name + "=" + n.String()
		}
	}
	return ""
}

func joinStrings(joined map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			joinStrings(joined, joinPath(path, key), item)
		}
	case []any:
		for _, item := range v {
			joinStrings(joined, path+"[]", item)
		}
	case string:
		joined[path] += v
	}
}

func (r *revealer) json(where string, v any, depth int) error {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at := where + "." + shortKey(key)
			r.visit(at, []byte(key))
			if s, ok := v[key].(string); ok {
				r.visit(at, []byte(key+": "+s)) // some shapes need the name beside the value
			}
			if err := r.json(at, v[key], depth); err != nil {
				return err
			}
		}
	case []any:
		for i, item := range v {
			if err := r.json(fmt.Sprintf("%s[%d]", where, i), item, depth); err != nil {
				return err
			}
		}
	case string:
		return r.text(where, v, depth)
	}
	return nil
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,39}$`)

// shortKey keeps a key that may itself be the secret out of messages.
func shortKey(key string) string {
	if !plainKey.MatchString(key) || len(rulesBroken([]byte(key))) > 0 {
		return "(key)"
	}
	return key
}

func (r *revealer) text(where, s string, depth int) error {
	if plain, ok := decodeBase64(s); ok {
		r.visit(where, []byte(s))
		return r.data(where+" (base64)", plain, depth+1)
	}
	if t := strings.TrimSpace(s); strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
		return r.data(where+" (json)", []byte(s), depth+1)
	}
	r.visit(where, []byte(s))
	return nil
}

// decodeBase64 decodes s if all of it is base64 of one of the usual alphabets.
func decodeBase64(s string) ([]byte, bool) {
	if len(s) < minBase64 {
		return nil, false
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if plain, err := enc.DecodeString(s); err == nil {
			return plain, true
		}
	}
	return nil, false
}

// serverSentEvents returns the data lines of a text/event-stream, or nil.
func serverSentEvents(b []byte) [][]byte {
	var events [][]byte
	for line := range bytes.Lines(b) {
		if data, ok := bytes.CutPrefix(line, []byte("data:")); ok {
			events = append(events, bytes.TrimSpace(data))
		}
	}
	return events
}

func gunzip(b []byte) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(zr, maxInflated+1))
	if err != nil {
		return nil, err
	}
	if len(plain) > maxInflated {
		return nil, fmt.Errorf("more than %d bytes", maxInflated)
	}
	return plain, nil
}
