package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// Parrot is a provider of one's own: text over HTTP, a line of JSON a piece.
type Parrot struct {
	url    string
	client *http.Client
}

// A line is a piece of the answer on the wire, or its end.
type line struct {
	Index       int
	Text        []byte // a piece may be cut within a character
	Stop, Error string
}

func (p Parrot) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	resp, err := p.Stream(ctx, req).Response()
	if e, ok := errors.AsType[*model.Error](err); ok {
		failed := *e
		failed.Op = "generate"
		return nil, &failed
	}
	return resp, nil
}

func (p Parrot) Stream(ctx context.Context, req *model.Request) *model.Stream {
	info := model.StreamInfo{Provider: "parrot", Model: "parrot-1"}
	body, warnings, err := encode(req)
	if err != nil {
		return model.FailedStream(ctx, info, err)
	}
	return model.NewStream(ctx, info, func(ctx context.Context, emit func(model.Event) bool) error {
		post, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		resp, err := p.client.Do(post)
		if err != nil {
			return &model.Error{Kind: model.ErrTransport, Err: err}
		}
		defer resp.Body.Close()
		for lines := json.NewDecoder(resp.Body); ; {
			var l line
			if err := lines.Decode(&l); err != nil {
				return &model.Error{Kind: model.ErrTruncated, Err: err}
			}
			switch {
			case l.Error != "":
				return &model.Error{Kind: model.ErrorKind(l.Error)}
			case l.Stop != "":
				emit(model.Event{Kind: model.EventFinish, Response: &model.Response{StopReason: model.StopReason(l.Stop), Warnings: warnings}})
				return nil
			case !emit(model.Event{Kind: model.EventText, Index: l.Index, Text: string(l.Text)}):
				return nil
			}
		}
	})
}

// encode refuses what the parrot can't do, and warns of what it leaves out.
func encode(req *model.Request) ([]byte, []model.Warning, error) {
	if err := req.Validate(); err != nil {
		return nil, nil, err
	}
	unsupported := &model.Error{Kind: model.ErrUnsupported, Message: "a parrot repeats text and does nothing else"}
	thinks := req.Thinking != nil && req.Thinking.Mode != model.ThinkingDisabled
	if len(req.Tools) > 0 || thinks || req.Output != nil || len(req.StopSequences) > 0 || req.Cache != nil {
		return nil, nil, unsupported
	}
	req = req.Clone()
	var warnings []model.Warning
	for i, m := range req.Messages {
		var texts []model.Part
		for j, part := range m.Parts {
			switch part.(type) {
			case model.Text:
				texts = append(texts, part)
			case model.Image, model.Document, model.Video, model.Audio:
				return nil, nil, unsupported
			default:
				warnings = append(warnings, model.Warning{Action: model.WarningDropped, Field: fmt.Sprintf("messages[%d].parts[%d]", i, j), Reason: "not text"})
			}
		}
		req.Messages[i].Parts = texts
	}
	body, err := json.Marshal(req)
	return body, warnings, err
}

// cage is the parrot's provider, played by a script: what the script does is
// put on the wire as the real one would.
func cage(script *fake.Model) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req model.Request
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		out := json.NewEncoder(w)
		for ev, err := range script.Stream(r.Context(), &req).Events() {
			switch {
			case errors.Is(err, model.ErrTruncated):
				panic(http.ErrAbortHandler) // the connection breaks
			case err != nil:
				out.Encode(line{Error: string(model.KindOf(err))})
			case ev.Kind == model.EventText:
				out.Encode(line{Index: ev.Index, Text: []byte(ev.Text)})
			case ev.Kind == model.EventFinish:
				out.Encode(line{Stop: string(ev.Response.StopReason)})
			}
			w.(http.Flusher).Flush()
		}
	}
}

// A provider of one's own, from nothing to a report. In a test it is
// conformance.Test(t, subject).
func Example() {
	subject := conformance.Subject{
		Name:     "parrot",
		Provider: "parrot",
		Capabilities: conformance.Capabilities{
			Sampling: true, TopK: true, HTTP: true, // and nothing else
		},
		InMemory: true,
		New: func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
			wire := conformance.NewTransport(env, cage(script))
			return Parrot{"http://cage", &http.Client{Transport: wire}}, nil
		},
	}
	report := conformance.Check(context.Background(), subject)
	if err := report.Err(); err != nil {
		report.WriteText(os.Stdout)
	}
	fmt.Println(report.Count(conformance.Failed), "failed")
	// Output: 0 failed
}

// The laws hold for any stream, not only for those that the suite asks for.
func ExampleLaws() {
	m := fake.New(fake.Text("Hello, world."))
	seen := conformance.Observe(m.Stream(context.Background(), &model.Request{Messages: []model.Message{model.User("Hi")}}))
	fmt.Println(len(seen.Events), "events:", conformance.Laws(seen))

	seen.Events = seen.Events[1:] // as if the first piece was lost
	fmt.Println(conformance.Laws(seen))
	// Output:
	// 4 events: <nil>
	// conservation: the part of index 0 is text "Hello, world.", its pieces add up to text " world."
	// provenance: the answer's text is "Hello, world.", the text events add up to " world."
}
