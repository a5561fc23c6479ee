package local_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

// TestScript sets, extends, reads and removes a script.
func TestScript(t *testing.T) {
	s := server(t, nil)
	if got := say(t, s, nova, "hi"); got != "hi" {
		t.Errorf("without a script: %q", got)
	}
	control(t, s, "PUT", "script", `["one"]`).want(200, `"answers": 1`)
	control(t, s, "POST", "script", `["two", {"error": {"code": "ThrottlingException"}}]`).want(200, `"answers": 3`)
	for _, want := range []string{"one", "two", "Too many requests, please wait before trying again.", "The script is at its end: all of its 3 answers have been played."} {
		if got := say(t, s, nova, "hi"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	control(t, s, "GET", "script", "").want(200, `"played": 3`)
	control(t, s, "DELETE", "script", "").want(200, `"answers": 0`)
	if got := say(t, s, nova, "hi"); got != "hi" {
		t.Errorf("without a script: %q", got)
	}
	control(t, s, "PUT", "script", "[\"a\",\n{\"text\":5}]").want(400, `"line": 2`).refused(400, "[1].text", "it should be a string")
	control(t, s, "PUT", "script", `{"text":"a"}`).refused(400, "", "it should be a list")
	control(t, s, "PUT", "script", `[`).refused(400, "", "it ends too early")
}

// TestAnswers sets a document of answers, which are chosen by the request. A
// bad document must be refused whole.
func TestAnswers(t *testing.T) {
	s := server(t, nil)
	control(t, s, "PUT", "answers", `{"answers":[{"name":"nova","when":{"model":"*nova*"},"answer":"I am Nova."},{"when":{"text":{"pattern":"^w"}},"answer":"weather"}],"otherwise":"refuse"}`).want(200, `"name": "nova"`)
	for _, row := range [][3]string{{nova, "hi", "I am Nova."}, {opus, "weather?", "weather"}, {opus, "hi", "No answer fits this request, and there is no script."}} {
		if got := say(t, s, row[0], row[1]); got != row[2] {
			t.Errorf("%v: %q", row, got)
		}
	}
	control(t, s, "PUT", "answers", `{"answers":[{"when":{"text":{"pattern":"("}},"answer":"x"}]}`).refused(400, "answers[0].when.text.pattern", "not a regular expression")
	control(t, s, "GET", "answers", "").want(200, `"used": 1`)
	if got := say(t, s, nova, "hi"); got != "I am Nova." {
		t.Errorf("after a broken document: %q", got)
	}
	control(t, s, "POST", "reset", "").want(200, "default")
	if got := say(t, s, nova, "hi"); got != "hi" {
		t.Errorf("after a reset: %q", got)
	}
	control(t, s, "GET", "schema", "").want(200, `"$defs"`)
}

// TestFile checks that a changed file is read again for worlds that have no
// answers of their own.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answers.json")
	at := time.Now().Add(-time.Hour)
	write := func(text string) {
		t.Helper()
		at = at.Add(time.Second)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"answers":[{"answer":"one"}]}`)
	s := server(t, &local.Options{Answers: path})
	own := []string{local.WorldHeader, "own"}
	control(t, s, "PUT", "script", `["mine","mine"]`, own...).want(200, "")
	if a, b := say(t, s, nova, "x"), say(t, s, nova, "x", own...); a != "one" || b != "one" {
		t.Errorf("%q, %q", a, b) // the rules of the file go before the script
	}
	write(`{"answers":[{"answer":"two"}]}`)
	if a, b := say(t, s, nova, "x"), say(t, s, nova, "x", own...); a != "two" || b != "one" {
		t.Errorf("after a change: %q, %q", a, b)
	}
	write(`{"answers":[{"answer":2}]}`)
	if a := say(t, s, nova, "x"); a != "two" {
		t.Errorf("after a broken change: %q", a)
	}
	control(t, s, "GET", "health", "").want(200, "line 1, column 23: answers[0].answer: it should be an object")
	write(`{"answers":[{"answer":"three"}]}`)
	if a := say(t, s, nova, "x"); a != "three" {
		t.Errorf("after it was mended: %q", a)
	}
	write(`{"answers":[]}`)
	if _, err := local.New(&local.Options{Answers: filepath.Join(t.TempDir(), "none")}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no file: %v", err)
	}
}

// TestWorlds checks that worlds, chosen by header or by key, do not affect each
// other.
func TestWorlds(t *testing.T) {
	s := server(t, nil)
	a, b := []string{local.WorldHeader, "a"}, []string{"Authorization", "Bearer secret-of-b"}
	signed := []string{"Authorization", "AWS4-HMAC-SHA256 Credential=AKIDSIGNED/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=0"}
	if got := say(t, s, nova, "hi", b...); got != "hi" {
		t.Errorf("%q", got)
	}
	control(t, s, "PUT", "script", `["of default"]`).want(200, "")
	if got := say(t, s, nova, "hi", b...); got != "of default" {
		t.Errorf("a key without a world of its own: %q", got)
	}
	control(t, s, "PUT", "script", `["of a"]`, a...).want(200, "")
	control(t, s, "PUT", "script", `["of b"]`, b...).want(200, "")
	control(t, s, "PUT", "script", `["of signed"]`, "Authorization", "Bearer AKIDSIGNED").want(200, "")
	for _, row := range []struct {
		header []string
		want   string
	}{{a, "of a"}, {b, "of b"}, {signed, "of signed"}, {append(a, b...), "The script is at its end: all of its 1 answers have been played."}} {
		if got := say(t, s, nova, "hi", row.header...); got != row.want {
			t.Errorf("%v: %q, want %q", row.header, got, row.want)
		}
	}
	var list struct {
		Worlds []struct {
			Name  string
			Calls int
		}
	}
	r := control(t, s, "GET", "worlds", "")
	r.decode(&list)
	if len(list.Worlds) != 4 || list.Worlds[0].Name != "a" || list.Worlds[0].Calls != 2 || strings.Contains(r.text, "secret") {
		t.Errorf("%+v", list)
	}
	control(t, s, "DELETE", "worlds/a", "").want(200, "")
	control(t, s, "DELETE", "worlds/a", "").refused(404, "path", "no world of that name")
	control(t, s, "DELETE", "worlds/default", "").refused(400, "path", "the default world cannot be deleted")
	if got := say(t, s, nova, "anew", a...); got != "anew" {
		t.Errorf("a world that was forgotten: %q", got)
	}
	for _, name := range []string{"", "a b", "ü", strings.Repeat("x", 65), "..", "a/b"} {
		control(t, s, "GET", "health", "", local.WorldHeader, name).refused(400, "header X-Bedrock-Local-World", "1 to 64")
	}
	send(t, s, "POST", "/model/"+nova+"/converse", `{}`, local.WorldHeader, "a b").want(400, `"message"`)
}

func TestMostWorlds(t *testing.T) {
	s := server(t, &local.Options{MaxWorlds: 2})
	control(t, s, "POST", "reset", "", local.WorldHeader, "a").want(200, "")
	control(t, s, "POST", "reset", "", local.WorldHeader, "b").refused(429, "header X-Bedrock-Local-World", "there are 2 worlds")
	control(t, s, "POST", "reset", "", "Authorization", "Bearer x").refused(429, "header X-Bedrock-Local-World", "there are 2 worlds")
	control(t, s, "DELETE", "worlds/a", "").want(200, "")
	control(t, s, "POST", "reset", "", local.WorldHeader, "b").want(200, "")
}

// TestRequests checks that the list of calls has each in raw and in neutral
// form, without credentials.
func TestRequests(t *testing.T) {
	s := server(t, nil)
	say(t, s, nova, "first", "Authorization", "Bearer hunter2", "Cookie", "hunter2")
	say(t, s, opus, " ")
	send(t, s, "POST", "/model/"+nova+"/converse", `{`).want(400, "")
	r := control(t, s, "GET", "requests", "")
	var v struct {
		Requests []struct {
			Number, Status                 int
			Operation, Model, Path, Method string
			Body                           json.RawMessage
			BodyBytes                      []byte `json:"body_bytes"`
			Request                        *struct {
				Messages []struct {
					Role  string
					Parts []struct{ Text string }
				}
			}
			Exception *struct{ Code, Message string }
		}
		More bool
	}
	r.decode(&v)
	if len(v.Requests) != 3 || v.More {
		t.Fatalf("%d requests, more %v", len(v.Requests), v.More)
	}
	first, second, third := v.Requests[0], v.Requests[1], v.Requests[2]
	if first.Number != 1 || first.Operation != "Converse" || first.Model != nova || first.Status != 200 || first.Exception != nil ||
		first.Request.Messages[0].Parts[0].Text != "first" || string(first.BodyBytes) != `{"messages":[{"content":[{"text":"first"}],"role":"user"}]}` {
		t.Errorf("the first is %+v", first)
	}
	if second.Exception == nil || second.Exception.Code != "ValidationException" || second.Status != 400 {
		t.Errorf("the second is %+v", second)
	}
	if third.Request != nil || third.Body != nil || string(third.BodyBytes) != "{" {
		t.Errorf("the third is %+v", third)
	}
	if strings.Contains(r.text, "hunter2") {
		t.Error("credentials are told")
	}
	for query, want := range map[string]int{"after=1": 2, "limit=1": 1, "model=*opus*": 1, "operation=ConverseStream": 0, "after=1&model=" + nova: 1} {
		control(t, s, "GET", "requests?"+query, "").decode(&v)
		if len(v.Requests) != want {
			t.Errorf("%s: %d requests, want %d", query, len(v.Requests), want)
		}
	}
	control(t, s, "GET", "requests?limit=x", "").refused(400, "query limit", "whole number")
	control(t, s, "GET", "requests?page=1", "").refused(400, "query page", "there is no such parameter")
}

// TestVerify checks claims that are true and claims that are not.
func TestVerify(t *testing.T) {
	s := server(t, nil)
	for _, text := range []string{"a", "b", "a", "c"} {
		say(t, s, nova, text)
	}
	say(t, s, opus, " ") // refused
	for _, row := range []struct {
		claim, problem string
	}{
		{`{"calls":[]}`, ""},
		{`{"calls":[{"text":"a"}]}`, ""},
		{`{"calls":[{"text":"a","times":2},{"model":"*nova*","times":4},{"text":"z","times":0}]}`, ""},
		{`{"calls":[{"status":400,"times":1},{"operation":"CountTokens","times":0}]}`, ""},
		{`{"calls":[{"text":"a","times":1}]}`, "calls[0]: matching calls: 2, want 1"},
		{`{"calls":[{"text":"z"}]}`, "calls[0]: matching calls: 0, want at least 1"},
		{`{"calls":[{},{"text":"a","at_least":3}]}`, "calls[1]: matching calls: 2, want at least 3"},
		{`{"calls":[{"text":"a","at_most":1}]}`, "calls[0]: matching calls: 2, want at most 1"},
		{`{"calls":[{"text":"z","at_most":1}]}`, ""},
		{`{"in_order":true,"calls":[{"text":"a"},{"text":"b"},{"text":"a"},{"text":"c"}]}`, ""},
		{`{"in_order":true,"calls":[{"text":"a","times":2},{"text":"c"}]}`, ""},
		{`{"in_order":true,"calls":[{"text":"b"},{"text":"a","times":2}]}`, "calls[1]: matching calls after the calls before it: 1, want 2"},
		{`{"in_order":true,"calls":[{"text":"c"},{"text":"b"}]}`, "calls[1]: matching calls after the calls before it: 0"},
		{`{"in_order":true,"calls":[{"text":"c"},{"text":"b","times":0}]}`, "calls[1]: matching calls after the calls before it: 1"},
		{`{"nothing_else":true,"calls":[{"model":"*nova*"}]}`, "nothing_else: call 5, Converse of us.anthropic.claude-opus-5, is not one of the calls"},
		{`{"nothing_else":true,"in_order":true,"calls":[{"text":{"pattern":"^[ab]$"}},{"text":"c"},{"status":400}]}`, ""},
		{`{"nothing_else":true,"calls":[{}]}`, ""},
	} {
		r := control(t, s, "POST", "verify", row.claim)
		var v struct {
			Verified bool
			Problems []struct{ Field, Message string }
			Asked    []struct{ Text string }
		}
		r.decode(&v)
		got := ""
		if len(v.Problems) > 0 {
			got = v.Problems[0].Field + ": " + v.Problems[0].Message
		}
		if v.Verified != (row.problem == "") || v.Verified != (r.status == 200) || !v.Verified && r.status != http.StatusConflict ||
			!strings.HasPrefix(got, row.problem) || row.problem == "" && got != "" || len(v.Asked) != 5 {
			t.Errorf("%s: %d %v %q, want %q", row.claim, r.status, v.Verified, got, row.problem)
		}
	}
	for claim, field := range map[string]string{
		`{}`:                                     "",
		`[]`:                                     "",
		`{"calls":[{"txt":"a"}]}`:                "calls[0].txt",
		`{"calls":[{"times":-1}]}`:               "calls[0].times",
		`{"calls":[{"times":1,"at_most":1}]}`:    "calls[0]",
		`{"calls":[{"at_least":2,"at_most":1}]}`: "calls[0]",
		`{"calls":[],"in_order":1}`:              "in_order",
	} {
		control(t, s, "POST", "verify", claim).refused(400, field, "")
	}
}

// TestFaults checks that faults strike the calls they are meant for, and that
// they can be listed and removed.
func TestFaults(t *testing.T) {
	s := server(t, nil)
	control(t, s, "POST", "faults", `[
		{"when":{"model":"*opus*"},"fail":{"code":"ServiceUnavailableException","message":"gone","retry_after":"3s"},"times":2},
		{"respond":{"status":200,"content_type":"text/html","body":"<html>"}}]`).want(200, `"left": 2`)
	r := send(t, s, "POST", "/model/"+opus+"/converse", `{"messages":[{"role":"user","content":[{"text":"x"}]}]}`).want(503, "gone")
	if r.header.Get("Retry-After") != "3" {
		t.Errorf("the header is %v", r.header)
	}
	send(t, s, "POST", "/model/"+nova+"/converse", `{}`).want(200, "<html>")
	control(t, s, "GET", "faults", "").want(200, `"left": 1`)
	if got := say(t, s, nova, "x"); got != "x" {
		t.Errorf("behind the faults: %q", got)
	}
	control(t, s, "DELETE", "faults", "").want(200, `"faults": []`)
	if got := say(t, s, opus, "x"); got != "x" {
		t.Errorf("behind the faults: %q", got)
	}
	control(t, s, "POST", "faults", `[{"fail":{"code":"ThrottlingException"},"always":true}]`).want(200, `"left": "always"`)
	for range 3 {
		if got := say(t, s, nova, "x"); !strings.HasPrefix(got, "Too many requests") {
			t.Errorf("%q", got)
		}
	}
	control(t, s, "POST", "reset", "").want(200, "")
	if got := say(t, s, nova, "x"); got != "x" {
		t.Errorf("after a reset: %q", got)
	}
	for fault, field := range map[string]string{
		`{}`:                                       "",
		`[{}]`:                                     "[0]",
		`[{"fail":{}}]`:                            "[0].fail",
		`[{"delay":"soon"}]`:                       "[0].delay",
		`[{"flip_at":{"part":"x"}}]`:               "[0].flip_at.part",
		`[{"bytes_at":{"base64":"?"}}]`:            "[0].bytes_at.base64",
		`[{"cut":{"ending":"x"}}]`:                 "[0].cut.ending",
		`[{"slow":{"bytes":0}}]`:                   "[0].slow.bytes",
		`[{"respond":{"status":99}}]`:              "[0].respond.status",
		`[{"respond":{"status":700}}]`:             "[0].respond.status",
		`[{"times":2,"always":true,"delay":"1s"}]`: "[0]",
		`[{"exception_at":{"frame":-1}}]`:          "[0].exception_at.frame",
		`[{"when":{"turn":0},"delay":"1s"}]`:       "[0].when.turn",
	} {
		control(t, s, "POST", "faults", fault).refused(400, field, "")
	}
}

// TestStreamFaults breaks a stream over a socket, in each way.
func TestStreamFaults(t *testing.T) {
	s := server(t, nil)
	body := `{"messages":[{"role":"user","content":[{"text":"one two three"}]}]}`
	stream := func() reply { return send(t, s, "POST", "/model/"+nova+"/converse-stream", body) }
	whole := stream().text
	for _, row := range []struct{ fault, has, hasNot string }{
		{`{"exception_at":{"frame":2,"error":{"code":"ThrottlingException"}}}`, "throttlingException", "messageStop"},
		{`{"error_frame_at":{"frame":2,"code":"Bad","message":"worse"}}`, "worse", "messageStop"},
		{`{"event_at":{"frame":1,"type":"novelty","payload":{"a":1}}}`, `{"a":1}`, "exception"},
		{`{"bytes_at":{"frame":1,"base64":"aGVsbG8="}}`, "hello", "exception"},
		{`{"drop_starts":true,"drop_stops":true,"interleave":true}`, "contentBlockDelta", "contentBlockStop"},
		{`{"cut":{"after_bytes":20,"ending":"clean"}}`, "", "contentBlockDelta"},
		{`{"slow":{"bytes":100,"every":"1us"},"delay":"1ms"}`, "messageStop", "exception"},
		{`{"stall_at":{"frame":1,"for":"1ms"}}`, "messageStop", "exception"},
	} {
		control(t, s, "POST", "faults", "["+row.fault+"]").want(200, "")
		if got := stream().text; !strings.Contains(got, row.has) || strings.Contains(got, row.hasNot) {
			t.Errorf("%s: %q", row.fault, got)
		}
	}
	for _, part := range []string{"prelude", "message", "payload"} {
		control(t, s, "POST", "faults", `[{"flip_at":{"frame":1,"part":"`+part+`"}}]`).want(200, "")
		if got := stream().text; got == whole {
			t.Errorf("nothing is flipped in the %s", part)
		}
	}
}

// TestClock moves the prompt cache's time and the rules' date.
func TestClock(t *testing.T) {
	s := server(t, nil)
	long := strings.Repeat("a long prompt to be cached. ", 2000)
	ask := func() (read int) {
		r := send(t, s, "POST", "/model/"+nova+"/converse", `{"system":[{"text":"`+long+`"},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"x"}]}]}`)
		var v struct {
			Usage struct {
				CacheReadInputTokens int
			}
		}
		r.want(200, "").decode(&v)
		return v.Usage.CacheReadInputTokens
	}
	if first, second := ask(), ask(); first != 0 || second == 0 {
		t.Errorf("the cache was read by %d and %d tokens", first, second)
	}
	control(t, s, "PUT", "clock", `{"advance":"6m"}`).want(200, `"now"`)
	if third := ask(); third != 0 {
		t.Errorf("after 6 minutes the cache was read by %d tokens", third)
	}
	control(t, s, "PUT", "clock", `{"now":"2030-01-02T03:04:05Z"}`).want(200, "2030-01-02T03:04:05")
	schema := `{"messages":[{"role":"user","content":[{"text":"x"}]}],"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"name":"n","schema":"{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}"}}}}}`
	send(t, s, "POST", "/model/"+opus+"/converse", schema).want(400, "")
	control(t, s, "PUT", "clock", `{"date":"2026-11-12"}`).want(200, `"date": "2026-11-12"`)
	send(t, s, "POST", "/model/"+opus+"/converse", schema).want(200, "")
	control(t, s, "PUT", "clock", `{"date":null}`).want(200, `"date": null`)
	send(t, s, "POST", "/model/"+opus+"/converse", schema).want(400, "")
	control(t, s, "PUT", "clock", `{"now":"noon"}`).refused(400, "now", "it should be a time")
	control(t, s, "PUT", "clock", `{"date":"noon"}`).refused(400, "date", "it should be a day")
	control(t, s, "PUT", "clock", `{"advance":"-1s"}`).refused(400, "advance", "it should be a duration")
}

// TestVet checks that every violation is reported, for each path of the
// runtime.
func TestVet(t *testing.T) {
	s := server(t, nil)
	control(t, s, "POST", "vet/model/"+opus+"/converse", `{"messages":[{"role":"user","content":[{"text":"x"}]}]}`).want(200, `"accepted": true`)
	control(t, s, "POST", "vet/model/"+opus+"/converse", `{"messages":[{"role":"user","content":[{"text":" "}]},{"role":"assistant","content":[{"text":"x"}]}]}`).
		want(200, `"rule": "blank-text"`).want(200, `"rule": "prefill"`).want(200, "The conversation must end with a user message")
	control(t, s, "POST", "vet/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2Famazon.nova-micro-v1%3A0/invoke", `{`).want(200, `"rule": "body-form"`)
	control(t, s, "POST", "vet/model/"+opus+"/reverse", `{}`).refused(400, "path", "it should end in converse")
	control(t, s, "GET", "requests", "").want(200, `"requests": []`)
}

// TestCounters checks that calls are counted, and control calls are not.
func TestCounters(t *testing.T) {
	s := server(t, nil)
	say(t, s, nova, "x")
	say(t, s, opus, " ", local.WorldHeader, "other")
	send(t, s, "GET", "/foundation-models", "").want(200, "modelSummaries")
	send(t, s, "GET", "/nowhere", "").want(404, "")
	var v struct {
		Calls, Serving, Worlds int
		ByOperation            map[string]int `json:"by_operation"`
		ByStatus               map[string]int `json:"by_status"`
		ByException            map[string]int `json:"by_exception"`
	}
	control(t, s, "GET", "counters", "").want(200, "").decode(&v)
	if v.Calls != 4 || v.Serving != 0 || v.Worlds != 2 || v.ByOperation["Converse"] != 2 || v.ByOperation["ListFoundationModels"] != 1 ||
		v.ByStatus["200"] != 2 || v.ByStatus["400"] != 1 || v.ByException["ValidationException"] != 1 || v.ByException["UnknownOperationException"] != 1 {
		t.Errorf("%+v", v)
	}
}

// TestStrangers checks that requests which a page of another site may have sent
// are refused.
func TestStrangers(t *testing.T) {
	s := server(t, &local.Options{Loopback: true})
	for _, row := range []struct {
		host, origin string
		ok           bool
	}{
		{"127.0.0.1:8080", "", true}, {"localhost:8080", "", true}, {"[::1]:8080", "", true}, {"127.0.0.1", "http://localhost:3000", true}, {"app.localhost", "", true},
		{"evil.example", "", false}, {"127.0.0.1.evil.example:8080", "", false}, {"127.0.0.1:8080", "https://evil.example", false}, {"localhost", "null", false}, {"localhostx", "", false},
		{"", "", false}, {"localhost", "http://localhost.evil.example", false},
	} {
		for _, path := range []string{"/_local/v1/health", "/foundation-models"} {
			r := httptest.NewRequest("GET", path, nil)
			r.Host = row.host
			if row.origin != "" {
				r.Header.Set("Origin", row.origin)
			}
			w := newRecorder()
			s.ServeHTTP(w, r)
			if ok := w.Code == 200; ok != row.ok || !ok && w.Code != 403 {
				t.Errorf("%s of host %q, origin %q: %d", path, row.host, row.origin, w.Code)
			}
		}
	}
}

// TestLoad sets, reads and removes quotas and checks that they are kept, on a
// clock that the test moves.
func TestLoad(t *testing.T) {
	s := server(t, nil)
	control(t, s, "GET", "load", "").refused(404, "path", "no quotas")
	control(t, s, "PUT", "load", `{"seed":3,"virtual":true,"spread":"0s","models":{"amazon.nova-micro-v1:0":{"requests":2}}}`).want(200, `"virtual": true`)
	asked := func() string {
		done := make(chan string)
		go func() { done <- say(t, s, nova, "x") }()
		for {
			select {
			case text := <-done:
				return text
			default:
				control(t, s, "PUT", "clock", `{"advance":"5ms"}`) // a request takes a moment to arrive
			}
		}
	}
	if a, b, c := asked(), asked(), asked(); a != "x" || b != "x" || !strings.Contains(c, "Too many requests") {
		t.Errorf("%q, %q, %q", a, b, c)
	}
	control(t, s, "PUT", "clock", `{"advance":"1m"}`).want(200, "")
	if d := asked(); d != "x" {
		t.Errorf("a minute later: %q", d)
	}
	control(t, s, "GET", "load", "").want(200, `"throttledRequests": 1`).want(200, `"answered": 3`)
	control(t, s, "GET", "load?format=text", "").want(200, "nova-micro")
	control(t, s, "GET", "load?format=svg", "").want(200, "<svg")
	control(t, s, "GET", "load?format=pdf", "").refused(400, "query format", "one of json, text, svg")
	control(t, s, "DELETE", "load", "").want(200, "")
	for range 5 {
		if got := say(t, s, nova, "x"); got != "x" {
			t.Errorf("without quotas: %q", got)
		}
	}
	for document, field := range map[string]string{
		`{"models":{"x":{"requests":-1}}}`:                  "models.x.requests",
		`{"default":{"speed":"fast"}}`:                      "default.speed",
		`{"default":{"jitter":2}}`:                          "",
		`{"default":{"waves":[{"period":"0s","depth":1}]}}`: "",
		`{"quota":1}`: "quota",
	} {
		control(t, s, "PUT", "load", document).refused(400, field, "")
	}

	path := filepath.Join(t.TempDir(), "load.json")
	if err := os.WriteFile(path, []byte(`{"default":{"requests":1}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	limited := server(t, &local.Options{Load: path})
	for _, header := range [][]string{nil, {local.WorldHeader, "other"}} { // each has its own
		if a, b := say(t, limited, nova, "x", header...), say(t, limited, nova, "y", header...); a != "x" || !strings.Contains(b, "Too many requests") {
			t.Errorf("%q, %q", a, b)
		}
	}
	if _, err := local.New(&local.Options{Load: path + "x"}); err == nil {
		t.Error("a file that is not there")
	}
}

// TestStopping checks that a server that is stopping says so, and still
// answers.
func TestStopping(t *testing.T) {
	s := server(t, nil)
	control(t, s, "GET", "health", "").want(200, `"status": "ok"`)
	s.Stop()
	control(t, s, "GET", "health", "").want(503, `"status": "stopping"`)
	if got := say(t, s, nova, "x"); got != "x" {
		t.Errorf("%q", got)
	}
	control(t, s, "GET", "nothing", "").refused(404, "path", "no such control call")
}

// TestOptions checks that options that exclude each other are refused.
func TestOptions(t *testing.T) {
	for _, o := range []local.Options{
		{Bedrock: &bedrocktest.Options{Keep: 5}},
		{Record: "x"},
		{Upstream: &local.Upstream{}},
		{Replay: "x", Answers: "y"},
	} {
		if _, err := local.New(&o); err == nil {
			t.Errorf("%+v makes a server", o)
		}
	}
}
