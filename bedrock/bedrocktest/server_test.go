package bedrocktest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// TestProtocols checks which protocols each server speaks to clients that ask
// for them.
func TestProtocols(t *testing.T) {
	h2c := &http.Transport{Protocols: new(http.Protocols)}
	h2c.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(h2c.CloseIdleConnections)
	plain := bedrocktest.Start(t, always("ok"), unsigned(nil))
	encrypted := bedrocktest.StartTLS(t, always("ok"), unsigned(nil))
	for _, row := range []struct {
		name   string
		server *bedrocktest.Server
		client *http.Client
		want   string
	}{
		{"plain", plain, plain.HTTPClient(), "HTTP/1.1"},
		{"HTTP/2 by prior knowledge", plain, &http.Client{Transport: h2c}, "HTTP/2.0"},
		{"TLS", encrypted, encrypted.HTTPClient(), "HTTP/2.0"},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.server.Forget()
			resp, err := row.client.Post(row.server.URL+"/model/"+novaMicro+"/converse-stream", "application/json", strings.NewReader(conversation(hello)))
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, resp); got.status != 200 || resp.Proto != row.want {
				t.Errorf("status %d over %s, want %s", got.status, resp.Proto, row.want)
			}
			if got := row.server.Calls()[0].Proto; got != row.want {
				t.Errorf("recorded %s, want %s", got, row.want)
			}
		})
	}
}

// TestRecordsAreCopies changes a returned record, and checks that the server's
// own stays as it was.
func TestRecordsAreCopies(t *testing.T) {
	s := memory(always("ok"), nil)
	s.Inject(bedrocktest.Throttle())
	ask(t, s, sonnet45, conversation(hello))
	first := s.Calls()[0]
	first.Body[2], first.Exception.Code = 'X', "X"
	first.Header.Set("Content-Type", "X")
	first.Request.Messages[0].Role = "X"
	second := s.Calls()[0]
	if string(second.Body) != conversation(hello) || second.Exception.Code != "ThrottlingException" ||
		second.Header.Get("Content-Type") != "application/json" || second.Request.Messages[0].Role != "user" {
		t.Errorf("the record has changed: %+v", second)
	}
	if got := s.Requests(); len(got) != 1 || got[0].Messages[0].Text() != "hello" {
		t.Errorf("requests %+v", got)
	}
	s.Forget()
	if len(s.Calls()) != 0 {
		t.Error("Forget forgets nothing")
	}
}
