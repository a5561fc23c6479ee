package bedrocktest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
)

// FuzzHandler sends arbitrary paths, headers and bodies. Each must be answered
// in the service's form, and whatever is accepted must be answered completely.
func FuzzHandler(f *testing.F) {
	for _, row := range refusals {
		if row.long == nil && len(row.body) < 10_000 {
			f.Add("/model/"+url.PathEscape(row.model)+"/"+row.operation, "", row.body)
			f.Add("/model/"+url.PathEscape(row.model)+"/converse-stream", "Bearer x", row.body)
		}
	}
	f.Add("/model/"+sonnet45+"/converse", "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=0", conversation(hello))
	f.Add("/model/"+sonnet45+"/converse", "AWS4-HMAC-SHA256 Credential=a", "{")
	f.Add("/model/%zz/converse", "", "[]")
	// The servers are shared, so each remembers one call: the last.
	servers := []*bedrocktest.Handler{
		bedrocktest.New(says("ok"), unsigned(&bedrocktest.Options{Keep: 1})),
		bedrocktest.New(says("ok"), &bedrocktest.Options{Lenient: true, Keep: 1, Off: []bedrocktest.Rule{"authentication"}}),
	}
	calls := 0
	f.Fuzz(func(t *testing.T, path, authorization, body string) {
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		calls++
		for _, h := range servers {
			req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			req.URL = u
			if authorization != "" {
				req.Header["Authorization"] = []string{authorization}
				req.Header["X-Amz-Date"] = []string{"20260101T000000Z"}
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			checkAnswer(t, w)
			if last := h.Calls(); len(last) != 1 || last[0].Number != calls || h.Serving() != 0 {
				t.Errorf("the calls are %v after %d, %d being served", last, calls, h.Serving())
			}
		}
	})
}

func checkAnswer(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	switch contentType := w.Header().Get("Content-Type"); {
	case w.Code != 200:
		var v struct{ Message *string }
		raw := "x-amzn-ErrorType" // as it is written on the wire, not as Go spells it
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || v.Message == nil || w.Header()[raw] == nil {
			t.Errorf("status %d, header %v, body %q", w.Code, w.Header(), w.Body)
		}
	case contentType == "application/json":
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("body %q", w.Body)
		}
	case contentType == "application/vnd.amazon.eventstream":
		d := eventstream.NewDecoder(w.Body)
		last := ""
		for {
			f, err := d.Next()
			if err != nil {
				break
			}
			last = f.EventType + f.ExceptionType
		}
		if last != "metadata" && !strings.HasSuffix(last, "Exception") {
			t.Errorf("the last frame is %q", last)
		}
	default:
		t.Errorf("content type %q", contentType)
	}
}
