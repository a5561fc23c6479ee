package local_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

const (
	opus = "us.anthropic.claude-opus-5"
	nova = "us.amazon.nova-micro-v1:0"
)

// server makes a server, which is closed with the test.
func server(t *testing.T, o *local.Options) *local.Server {
	t.Helper()
	if o == nil {
		o = &local.Options{}
	}
	if o.Bedrock == nil {
		o.Bedrock = &bedrocktest.Options{Off: []bedrocktest.Rule{"bearer-tls", "authentication"}}
	}
	s, err := local.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// A reply is what came back.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	text   string
}

// send sends a request; header are names and values in turns.
func send(t *testing.T, s http.Handler, method, path, body string, header ...string) reply {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	data, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{t, w.Code, w.Result().Header, string(data)}
}

// control sends a control call.
func control(t *testing.T, s http.Handler, method, path, body string, header ...string) reply {
	t.Helper()
	return send(t, s, method, "/_local/v1/"+path, body, header...)
}

// say asks a model and returns its text, or the message of its refusal.
func say(t *testing.T, s http.Handler, modelID, text string, header ...string) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"messages": []any{map[string]any{"role": "user", "content": []any{map[string]any{"text": text}}}}})
	if err != nil {
		t.Fatal(err)
	}
	r := send(t, s, "POST", "/model/"+modelID+"/converse", string(body), header...)
	var v struct {
		Message string
		Output  struct {
			Message struct{ Content []struct{ Text string } }
		}
	}
	r.decode(&v)
	if c := v.Output.Message.Content; len(c) > 0 {
		return c[0].Text
	}
	return v.Message
}

// want checks a status and a piece of the body.
func (r reply) want(status int, has string) reply {
	r.t.Helper()
	if r.status != status || !strings.Contains(r.text, has) {
		r.t.Errorf("%d %s, want %d with %s", r.status, r.text, status, has)
	}
	return r
}

func (r reply) decode(v any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.text), v); err != nil {
		r.t.Fatalf("%s: %v", r.text, err)
	}
}

// refused checks an error of a control call, and the field that it names.
func (r reply) refused(status int, field, has string) {
	r.t.Helper()
	var v struct {
		Error struct{ Field, Message string }
	}
	r.decode(&v)
	if r.status != status || v.Error.Field != field || !strings.Contains(v.Error.Message, has) {
		r.t.Errorf("%d %q: %q, want %d %q: %q", r.status, v.Error.Field, v.Error.Message, status, field, has)
	}
}
