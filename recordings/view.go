package recordings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// View returns the event streams of a cassette in readable form, one line a
// frame: the event type, then the payload. A cassette has streams in base64,
// which nobody can review. So the view is stored beside it, in NAME.txt. It is
// empty if there is no stream.
func (c *Cassette) View() string {
	var b strings.Builder
	for i, e := range c.Exchanges {
		if !isEventStream(e.ResponseHeader, e.ResponseBody) {
			continue
		}
		target := e.URL
		if u, err := url.Parse(e.URL); err == nil {
			target = canonicalTarget(u)
		}
		fmt.Fprintf(&b, "# exchange %d: %s %s -> %d\n", i, e.Method, target, e.Status)
		viewStream(&b, e.ResponseBody)
	}
	return b.String()
}

func viewStream(b *strings.Builder, body []byte) {
	frames, rest, err := eventstream.Split(body)
	for _, f := range frames {
		fmt.Fprintf(b, "%s %s\n", f.Label(), viewPayload(f.Payload))
	}
	if err != nil {
		fmt.Fprintf(b, "! %d more bytes: %v\n", len(rest), err)
	}
}

// viewPayload returns a payload on one line. It decodes a payload whose only
// content is base64, the form in which InvokeModel sends the provider's own
// events.
func viewPayload(payload []byte) string {
	var chunk struct {
		Bytes []byte `json:"bytes"`
	}
	if json.Unmarshal(payload, &chunk) == nil && len(chunk.Bytes) > 0 {
		payload = chunk.Bytes
	}
	if utf8.Valid(payload) && !bytes.ContainsFunc(payload, isControl) {
		return string(payload)
	}
	return strconv.Quote(string(payload))
}

// isEventStream reports whether a message with these headers and this body is
// an event stream: its content type says so, or it starts with a whole frame.
func isEventStream(h http.Header, body []byte) bool {
	if strings.HasPrefix(h.Get("Content-Type"), "application/vnd.amazon.eventstream") {
		return true
	}
	_, err := eventstream.Parse(body)
	return err == nil
}
