package messages

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// A writer converts an answer of Bedrock to one of Anthropic as it arrives.
type writer struct {
	w      http.ResponseWriter
	header http.Header
	stream bool
	status int
	buf    []byte // an incomplete frame, or an error
}

func (w *writer) Header() http.Header { return w.header }

func (w *writer) requestID() string { return w.told("x-amzn-RequestId") }

// told returns a header whose name Bedrock does not spell as net/http does.
func (w *writer) told(name string) string {
	for key, values := range w.header {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// WriteHeader begins an answer. The header of an error waits for the body.
func (w *writer) WriteHeader(status int) {
	w.status = status
	if id := w.requestID(); id != "" {
		w.w.Header().Set("request-id", id)
	}
	if after := w.header.Get("Retry-After"); after != "" {
		w.w.Header().Set("Retry-After", after)
	}
	switch {
	case status >= 300:
		return
	case w.stream:
		w.w.Header().Set("Content-Type", "text/event-stream")
	default:
		w.w.Header().Set("Content-Type", "application/json")
	}
	w.w.WriteHeader(status)
}

func (w *writer) Write(p []byte) (int, error) {
	switch {
	case w.status == 0:
		w.WriteHeader(http.StatusOK)
		return w.Write(p)
	case w.status < 300 && !w.stream:
		return w.w.Write(p)
	}
	w.buf = append(w.buf, p...)
	if w.status < 300 {
		return len(p), w.frames()
	}
	return len(p), nil
}

// Flush sends the part of the answer that has arrived.
func (w *writer) Flush() {
	if w.status > 0 && w.status < 300 {
		_ = http.NewResponseController(w.w).Flush() // a writer that cannot flush does not buffer
	}
}

// frames sends the complete frames.
func (w *writer) frames() error {
	for len(w.buf) >= 4 {
		n := int(binary.BigEndian.Uint32(w.buf))
		if n > len(w.buf) {
			return nil
		}
		frame, err := eventstream.NewDecoder(bytes.NewReader(w.buf[:n])).Next()
		if err != nil {
			return err
		}
		if err := w.event(frame); err != nil {
			return err
		}
		w.buf = w.buf[n:]
	}
	return nil
}

func (w *writer) event(f *eventstream.Frame) error {
	if f.MessageType != "event" {
		var said struct{ Message string }
		_ = json.Unmarshal(f.Payload, &said) // an invalid body has no message
		kind := map[string]string{"throttlingException": "rate_limit_error", "serviceUnavailableException": "overloaded_error", "validationException": "invalid_request_error"}[f.ExceptionType]
		if kind == "" {
			kind = "api_error"
		}
		_, err := fmt.Fprintf(w.w, "event: error\ndata: %s\n\n", errorBody(kind, said.Message, w.requestID()))
		return err
	}
	var chunk struct{ Bytes string }
	if err := json.Unmarshal(f.Payload, &chunk); err != nil {
		return err
	}
	data, err := base64.StdEncoding.DecodeString(chunk.Bytes)
	if err != nil {
		return err
	}
	var event struct{ Type string }
	if err := json.Unmarshal(data, &event); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.w, "event: %s\ndata: %s\n\n", event.Type, data)
	return err
}

// close sends the error, if the answer is an error.
func (w *writer) close() {
	if w.status < 300 {
		return
	}
	var said struct{ Message string }
	_ = json.Unmarshal(w.buf, &said) // an invalid body has no message
	code, _, _ := strings.Cut(w.told("x-amzn-ErrorType"), ":")
	status := w.status
	if own, ok := statuses[code]; ok {
		status = own
	}
	fail(w.w, status, errorType(status), strings.TrimPrefix(said.Message, "The model returned the following errors: "), w.requestID())
}
