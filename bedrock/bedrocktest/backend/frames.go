package backend

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// frames reads a stream of server-sent events and converts it to the event
// stream of InvokeModelWithResponseStream. Each event becomes a chunk.
// https://html.spec.whatwg.org/multipage/server-sent-events.html
type frames struct {
	body  io.ReadCloser
	lines *bufio.Scanner
	whole bool   // the body is one answer, because the back end does not stream
	left  []byte // the rest of the current frame
	err   error
}

func newFrames(resp *http.Response) *frames {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	f := &frames{body: resp.Body, whole: kind == "application/json", lines: bufio.NewScanner(io.LimitReader(resp.Body, 16*mostAnswer))}
	f.lines.Buffer(make([]byte, 0, 4096), mostAnswer)
	return f
}

// Read returns bytes of the next frames.
func (f *frames) Read(p []byte) (int, error) {
	for len(f.left) == 0 {
		if f.err != nil {
			return 0, f.err
		}
		data, err := f.next()
		if err != nil {
			f.err = err
			continue
		}
		payload := append([]byte(`{"bytes":"`), base64.StdEncoding.EncodeToString(data)...)
		f.left, f.err = eventstream.AppendEvent(nil, "chunk", append(payload, `"}`...))
	}
	n := copy(p, f.left)
	f.left = f.left[n:]
	return n, nil
}

// next returns the data of the next event.
func (f *frames) next() ([]byte, error) {
	if f.whole {
		data, err := io.ReadAll(io.LimitReader(f.body, mostAnswer))
		f.whole = false
		if err == nil && len(bytes.TrimSpace(data)) == 0 {
			err = io.EOF
		}
		return data, err
	}
	var data []byte
	for f.lines.Scan() {
		line := bytes.TrimSuffix(f.lines.Bytes(), []byte("\r"))
		switch value, isData := bytes.CutPrefix(line, []byte("data:")); {
		case isData:
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, bytes.TrimPrefix(value, []byte(" "))...)
			if len(data) > mostAnswer {
				return nil, errors.New("an event is too long")
			}
		case len(line) == 0 && string(data) == "[DONE]":
			return nil, io.EOF
		case len(line) == 0 && data != nil:
			return data, nil
		}
	}
	if err := f.lines.Err(); err != nil {
		return nil, err
	}
	if data == nil || string(data) == "[DONE]" {
		return nil, io.EOF
	}
	return data, nil // some servers end without an empty line
}

// Close closes the back end's answer.
func (f *frames) Close() error { return f.body.Close() }
