package wire_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/internal/outside"
)

// An exchange is what a recording holds of one call.
type exchange struct {
	op                string
	code              string
	request, response []byte
}

// readRecording takes the calls out of a go-vcr file. It knows only as much YAML
// as go-vcr writes: a body is one quoted scalar, possibly folded, or binary.
func readRecording(t *testing.T, path string) []exchange {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []exchange
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case strings.HasPrefix(line, "- id: "):
			all = append(all, exchange{})
		case strings.HasPrefix(line, "    body: "):
			n := 0
			for !strings.HasPrefix(lines[i+n+1], "    headers:") {
				n++
			}
			body := scalar(t, strings.TrimPrefix(line, "    body: "), lines[i+1:i+n+1])
			if x := &all[len(all)-1]; x.request == nil {
				x.request = body
			} else {
				x.response = body
			}
			i += n
		case strings.HasPrefix(line, "    url: "):
			all[len(all)-1].op = line[strings.LastIndexByte(line, '/')+1:]
		case strings.HasPrefix(line, "    code: "):
			all[len(all)-1].code = strings.TrimPrefix(line, "    code: ")
		}
	}
	return all
}

func scalar(t *testing.T, first string, more []string) []byte {
	t.Helper()
	if strings.HasPrefix(first, "!!binary") {
		var b64 strings.Builder
		for _, line := range more {
			b64.WriteString(strings.TrimSpace(line))
		}
		body, err := base64.StdEncoding.DecodeString(b64.String())
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	text, blank := strings.TrimRight(first, " "), 0
	for _, line := range more {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			blank++
		case blank > 0:
			text += strings.Repeat("\n", blank) + line
			blank = 0
		default:
			text += " " + line
		}
	}
	if len(text) < 2 || text[0] != '\'' || text[len(text)-1] != '\'' {
		t.Fatalf("body in a form this test does not read: %.40s", text)
	}
	return []byte(strings.ReplaceAll(text[1:len(text)-1], "''", "'"))
}

// TestRecordings takes real traffic through the package and back: requests that
// the service accepted, with unknown members refused, and its answers.
func TestRecordings(t *testing.T) {
	count := map[string]int{}
	for _, found := range outside.First(t) {
		t.Run(found.Name, func(t *testing.T) {
			for _, x := range readRecording(t, found.File()) {
				count[x.op]++
				checkExchange(t, x, count)
			}
		})
	}
	t.Logf("read %v", count)
	for _, op := range []string{"converse", "converse-stream", "count-tokens", "event"} {
		if count[op] == 0 {
			t.Errorf("the recordings hold no %s", op)
		}
	}
}

func checkExchange(t *testing.T, x exchange, count map[string]int) {
	switch x.op {
	case "converse", "converse-stream":
		if !json.Valid(x.request) {
			x.request = repaired(t, x.request)
		}
		r, err := wire.ParseRequest(x.request, true)
		if err != nil {
			t.Fatalf("ParseRequest: %v", err)
		}
		sameJSON(t, "request", shortZero(x.request), wire.AppendRequest(nil, r))
	case "count-tokens":
		r, err := wire.ParseCountTokensRequest(x.request, true)
		if err != nil {
			t.Fatalf("ParseCountTokensRequest: %v", err)
		}
		sameJSON(t, "request", x.request, wire.AppendCountTokensRequest(nil, r))
	default:
		return // InvokeModel is not of this package
	}
	switch {
	case x.code != "200":
		e := wire.ParseError(x.response)
		sameJSON(t, "error", x.response, wire.AppendError(nil, &e))
	case x.op == "converse":
		r, err := wire.ParseResponse(x.response)
		if err != nil {
			t.Fatalf("ParseResponse: %v", err)
		}
		if name := unknownIn(r.Message); name != "" {
			t.Errorf("block %s is not known", name)
		}
		sameJSON(t, "response", x.response, wire.AppendResponse(nil, r))
	case x.op == "count-tokens":
		r, err := wire.ParseCountTokensResponse(x.response)
		if err != nil {
			t.Fatalf("ParseCountTokensResponse: %v", err)
		}
		sameJSON(t, "response", x.response, wire.AppendCountTokensResponse(nil, r))
	default:
		checkStream(t, x.response, count)
	}
}

// repaired closes the body of a request that its recorder stored without the
// last brace. One recording is like that; anything else that is no JSON fails.
func repaired(t *testing.T, request []byte) []byte {
	t.Helper()
	if !strings.HasSuffix(t.Name(), "/model-other-parameters") {
		t.Fatalf("the recorded request is no JSON: %.300s", request)
	}
	if _, err := wire.ParseRequest(request, false); err == nil {
		t.Error("ParseRequest accepts a request without its last brace")
	}
	return append(request, '}')
}

// shortZero writes a temperature of 0.0 as 0: parameters are numbers, unlike
// documents, whose digits are kept.
func shortZero(request []byte) []byte {
	return bytes.Replace(request, []byte(`"temperature": 0.0`), []byte(`"temperature": 0`), 1)
}

// unknownIn returns the name of the first block of an unknown kind.
func unknownIn(m *wire.Message) string {
	for _, b := range m.Content {
		if b.Unknown != nil {
			return b.Unknown.Name
		}
	}
	return ""
}

// checkStream writes every event, and its frame, as the service did: the same
// bytes.
func checkStream(t *testing.T, stream []byte, count map[string]int) {
	d := eventstream.NewDecoder(bytes.NewReader(stream))
	var ev wire.Event
	var back []byte
	for {
		f, err := d.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		count["event"]++
		if err := wire.ParseEvent(f.EventType, f.Payload, &ev); err != nil {
			t.Fatalf("ParseEvent(%s, %s): %v", f.EventType, f.Payload, err)
		}
		if ev.Kind == wire.EventUnknown || ev.Delta.Kind == wire.DeltaUnknown || ev.Start != nil && ev.Start.Unknown != nil {
			t.Errorf("event %s %s is not known", f.EventType, f.Payload)
		}
		padding, _ := value(t, f.Payload).(map[string]any)["p"].(string)
		back, err = eventstream.AppendEvent(back, ev.Kind.String(), wire.AppendEvent(nil, &ev, padding))
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(back, stream) {
		i := 0
		for i < len(back) && i < len(stream) && back[i] == stream[i] {
			i++
		}
		t.Errorf("written again the stream differs from byte %d on:\n got %.300q\nwant %.300q", i, back[i:], stream[i:])
	}
}
