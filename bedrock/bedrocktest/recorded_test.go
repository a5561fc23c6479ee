package bedrocktest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/eventstream"
	"github.com/chatmodel-go/chatmodel/internal/outside"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// recorded calls f with every exchange of the recordings of the real service.
func recorded(t *testing.T, f func(t *testing.T, e recordings.Exchange)) {
	for _, found := range outside.Recordings(t) {
		name := found.Name
		c, err := recordings.Load(found.FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range c.Exchanges {
			if !json.Valid(e.RequestBody) && name == "model-other-parameters" {
				e.RequestBody = append(e.RequestBody, '}') // which its recorder has lost
			}
			t.Run(fmt.Sprintf("%s/%d", name, i), func(t *testing.T) { f(t, e) })
		}
	}
}

// target returns the model and the operation of a recorded request.
func target(t *testing.T, e recordings.Exchange) (modelID, operation string) {
	t.Helper()
	u, err := url.Parse(e.URL)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/model/"), "/")
	modelID, err = url.PathUnescape(parts[0])
	if err != nil || len(parts) != 2 {
		t.Fatalf("path %s", u.EscapedPath())
	}
	return modelID, parts[1]
}

// oneResponse answers every request with a recorded body.
type oneResponse struct{ recordings.Exchange }

func (o oneResponse) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: o.Status, Header: o.ResponseHeader.Clone(), Request: req,
		Body: io.NopCloser(bytes.NewReader(o.ResponseBody))}, nil
}

// heard returns what the bedrock package makes of a recorded answer.
func heard(t *testing.T, e recordings.Exchange, modelID, operation string) *model.Response {
	t.Helper()
	s := bedrocktest.InMemory(always(""), nil)
	s.HTTPClient().Transport = oneResponse{e}
	// As it stands on the wire, thinking in tags included.
	raw := &bedrock.Options{Facts: func(f *facts.Facts) { f.Answers.ThinkingTags = nil }}
	m, err := bedrock.New(s.Client(), modelID, raw)
	if err != nil {
		t.Fatal(err)
	}
	req := &model.Request{Messages: []model.Message{model.User("x")}}
	var resp *model.Response
	if operation == "converse" {
		resp, err = m.Generate(t.Context(), req)
	} else {
		resp, err = m.Stream(t.Context(), req).Response()
	}
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// TestRecordedAnswers plays the real service's answers on the server, and
// compares the order of events and the names of members.
func TestRecordedAnswers(t *testing.T) {
	seen := map[string]int{}
	recorded(t, func(t *testing.T, e recordings.Exchange) {
		modelID, operation := target(t, e)
		if e.Status != 200 || operation != "converse" && operation != "converse-stream" {
			return
		}
		seen[operation]++
		resp := heard(t, e, modelID, operation)
		s := memory(fake.New(scriptOf(resp)), &bedrocktest.Options{KeepSignatures: true, Lenient: true})
		got := post(t, s, modelID, operation, string(e.RequestBody))
		if got.status != 200 {
			t.Fatalf("status %d, %s", got.status, got.body)
		}
		shape := unaryShape
		if operation == "converse-stream" {
			shape = streamShape
		}
		want, said := shape(t, e.ResponseBody), shape(t, got.body)
		if !bytes.Contains(e.ResponseBody, []byte("cacheDetails")) { // written since some time in 2026
			said = slices.DeleteFunc(said, func(name string) bool { return strings.HasPrefix(name, ".usage.cacheDetails") })
		}
		if why := answersDiffer(modelID, e.ResponseBody); why != "" {
			t.Logf("not compared: %s", why)
			return
		}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("shape of the answer (-service +server):\n%s", diff)
		}
		if want := e.ResponseHeader.Get("Content-Type"); got.header.Get("Content-Type") != want {
			t.Errorf("content type %q, want %q", got.header.Get("Content-Type"), want)
		}
	})
	if !t.Failed() && !t.Skipped() && (seen["converse"] < 20 || seen["converse-stream"] < 8) {
		t.Errorf("the recordings hold %v answers", seen)
	}
}

// answersDiffer returns why the server answers in another shape than a recorded
// answer has, empty if it should not.
func answersDiffer(modelID string, recorded []byte) string {
	switch {
	case !bytes.Contains(recorded, []byte("latencyMs")):
		return "the service never leaves out its metrics; the recording was made by hand"
	case bytes.Contains(recorded, []byte("messageStart")) && !bytes.Contains(recorded, []byte("contentBlockDelta")):
		return "the service never leaves out the pieces of an input; the recording was made by hand"
	case strings.Contains(modelID, ":application-inference-profile/"):
		return "the server does not know whose model the profile is"
	}
	return ""
}

// scriptOf plays an answer. Citations come before the text that they are for,
// as from the service.
func scriptOf(resp *model.Response) fake.Turn {
	var events []model.Event
	cited := false
	for i, p := range resp.Message.Parts {
		switch p := p.(type) {
		case model.Text:
			events = append(events, model.Event{Kind: model.EventText, Index: i, Text: string(p)})
		case model.CitedText:
			cited = true
			for _, c := range p.Citations {
				events = append(events, model.Event{Kind: model.EventCitation, Index: i, Part: model.CitedText{Citations: []model.Citation{c}}})
			}
			if p.Text != "" {
				events = append(events, model.Event{Kind: model.EventText, Index: i, Text: p.Text})
			}
		default:
			events = append(events, model.Event{Kind: model.EventPartDone, Index: i, Part: p})
			continue
		}
		events = append(events, model.Event{Kind: model.EventPartDone, Index: i})
	}
	if !cited {
		return fake.Respond(resp).Usage(resp.Usage)
	}
	return fake.Events(append(events, model.Event{Kind: model.EventFinish, Response: resp})...)
}

// TestRecordedRequests sends the server requests that the real service accepted
// or refused, and expects the same verdict. The rule about signatures of
// thinking is off, because the real service signed it.
func TestRecordedRequests(t *testing.T) {
	recorded(t, func(t *testing.T, e recordings.Exchange) {
		modelID, operation := target(t, e)
		s := memory(always("ok"), &bedrocktest.Options{Off: []bedrocktest.Rule{"thinking-signature"}})
		got := post(t, s, modelID, operation, string(e.RequestBody))
		if why := differs(modelID, e.Status, got); why != "" {
			t.Logf("the service said %d: %s", e.Status, why)
			return
		}
		if got.status != e.Status {
			t.Fatalf("status %d, %s\nthe service said %d", got.status, got.body, e.Status)
		}
		if e.Status == 200 {
			return
		}
		_, want := answer{body: e.ResponseBody}.failure(t)
		if _, message := got.failure(t); message != want {
			t.Errorf("message %q, want %q", message, want)
		}
	})
}

// differs returns why the server may judge a recorded request in another way,
// empty if it may not.
func differs(modelID string, status int, got answer) string {
	switch {
	case status == http.StatusForbidden && got.status == http.StatusOK:
		return "who called, and with what rights, is not in the recording"
	case status == http.StatusOK && strings.HasPrefix(modelID, "meta.llama3-") && bytes.Contains(got.body, []byte("with on-demand throughput")):
		return "Llama 3 was called by its bare id for longer, and is in some regions"
	}
	return ""
}

func unaryShape(t *testing.T, body []byte) []string {
	t.Helper()
	return names(t, body)
}

// names returns the paths of all members of a JSON value, sorted. Documents of
// tools are not looked into, and of a usage only what the service has written
// since it began to write serverToolUsage.
func names(t *testing.T, data []byte) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	set := map[string]bool{}
	addNames(set, "", v)
	delete(set, ".usage.serverToolUsage")
	var all []string
	for name := range set {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func addNames(set map[string]bool, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			at := path + "." + name
			set[at] = true
			switch name {
			case "input", "json", "trace", "additionalModelResponseFields":
			default:
				addNames(set, at, value)
			}
		}
	case []any:
		for _, value := range v {
			addNames(set, path+"[]", value)
		}
	}
}

// streamShape returns the events of a stream, each with its members. Of deltas
// of the same kind that follow each other one is kept.
func streamShape(t *testing.T, body []byte) []string {
	t.Helper()
	var shape []string
	d := eventstream.NewDecoder(bytes.NewReader(body))
	for {
		f, err := d.Next()
		if err == io.EOF {
			return shape
		}
		if err != nil {
			t.Fatal(err)
		}
		index := ""
		var v struct {
			Index *int `json:"contentBlockIndex"`
		}
		if json.Unmarshal(f.Payload, &v) == nil && v.Index != nil {
			index = fmt.Sprint(*v.Index)
		}
		line := fmt.Sprintf("%s %s %s %s %s", f.MessageType, f.ContentType, f.EventType, index, strings.Join(names(t, f.Payload), " "))
		if len(shape) == 0 || shape[len(shape)-1] != line {
			shape = append(shape, line)
		}
	}
}
