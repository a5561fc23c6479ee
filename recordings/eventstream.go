package recordings

import (
	"net/http"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// isEventStream reports whether a message with these headers and body is an
// event stream: it says so, or it starts with a whole frame.
func isEventStream(h http.Header, body []byte) bool {
	if strings.HasPrefix(h.Get("Content-Type"), "application/vnd.amazon.eventstream") {
		return true
	}
	_, err := eventstream.Parse(body)
	return err == nil
}
