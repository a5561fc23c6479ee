package local_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }

// FuzzControl sends arbitrary control calls. Each must be answered in JSON,
// either with a status below 300 or with an error that has a text.
func FuzzControl(f *testing.F) {
	for _, seed := range [][4]string{
		{"PUT", "script", "a", `["x"]`},
		{"PUT", "answers", "", `{"answers":[{"when":{"text":{"pattern":"(a|b)*c"}},"answer":{"text":"x"}}]}`},
		{"POST", "faults", "", `[{"fail":{"code":"ThrottlingException"},"times":2}]`},
		{"POST", "faults", "", `[{"exception_at":{"frame":1,"error":{"code":""}}},{"event_at":{"type":"x","payload":null}}]`},
		{"POST", "verify", "", `{"in_order":true,"nothing_else":true,"calls":[{"text":"x","at_least":1},{"times":0}]}`},
		{"PUT", "clock", "", `{"now":"2030-01-02T03:04:05Z","advance":"2000000h","date":"2026-11-12"}`},
		{"POST", "vet/model/us.anthropic.claude-opus-5/converse", "", `{"messages":[]}`},
		{"GET", "requests?after=1&limit=1&model=*", "", ``},
		{"DELETE", "worlds/x", "", ``},
		{"POST", "reset", "..", ``},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, method, path, world, body string) {
		r, err := http.NewRequest(method, "http://localhost/_local/v1/"+path, strings.NewReader(body))
		if err != nil || !strings.HasPrefix(r.URL.Path, "/_local/v1/") {
			return
		}
		s := server(t, &local.Options{Loopback: true})
		if world != "" {
			r.Header["X-Bedrock-Local-World"] = []string{world}
		}
		say(t, s, nova, "x")
		w := newRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 300 && w.Code < 400 || w.Code == http.StatusMethodNotAllowed {
			return // of another path, cleaned, or another method
		}
		var v struct {
			Error *struct{ Message string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Fatalf("%s %s: %d %s: %v", method, path, w.Code, w.Body, err)
		}
		if verdict := strings.HasPrefix(path, "verify") && w.Code == http.StatusConflict; w.Code >= 300 && !verdict && (v.Error == nil || v.Error.Message == "") || w.Code >= 500 {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		if strings.Contains(body, "delay") || strings.Contains(body, "stall") || strings.Contains(body, "slow") || strings.Contains(body, "after") || strings.Contains(body, "every") {
			return // it may take hours
		}
		defer func() { _ = recover() }() // a fault may break the connection off
		s.ServeHTTP(newRecorder(), httptest.NewRequest("POST", "/model/"+nova+"/converse-stream", strings.NewReader(`{"messages":[{"role":"user","content":[{"text":"x"}]}]}`)))
	})
}
