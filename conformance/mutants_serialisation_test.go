package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func serialisationMutants() []mutant {
	lossy := func(name, kills, from, to string) mutant {
		return mutant{name: name, kills: ids(kills), seams: probe.Seams{Marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(from), []byte(to)), err
		}}}
	}
	return []mutant{
		lossy("thinking lost in JSON", "SER-01 SER-03", `"type":"thinking"`, `"type":"thought"`).alsoIn("thinking"),
		lossy("texts lost in JSON", "SER-02 SER-08 SER-01", `"text":"`, `"txt":"`).alsoIn("thinking serialisation"),
		lossy("inputs lost in JSON", "SER-07 SER-03", `"input":`, `"args":`).alsoIn("serialisation"),
		lossy("cut calls lost in JSON", "SER-03", `"invalid_input":`, `"x":`),
		lossy("lifetimes lost in JSON", "SER-03", `"ttl":"1h"`, `"ttl":""`).alsoIn("serialisation"),
		lossy("usage null as zeros", "SER-06", `"stop_reason":"end_turn"}`, `"stop_reason":"end_turn","usage":{}}`),
		lossy("errors of results lost in JSON", "SER-03", `"is_error":true`, `"is_error":false`),
		{name: "JSON of inputs through floats", kills: ids("SER-07 SER-04"), also: []string{"serialisation", "thinking"}, seams: probe.Seams{Unmarshal: func(data []byte, v any) error {
			return json.Unmarshal(throughFloats(data), v)
		}}},
		{name: "unknown parts dropped", kills: ids("SER-04"), seams: probe.Seams{Unmarshal: func(data []byte, v any) error {
			return json.Unmarshal(bytes.ReplaceAll(data, []byte(`,{"type":"hologram","depth":2.50,"id":9007199254740993}`), nil), v)
		}}},
		{name: "earlier version's names not known", kills: ids("SER-05"), also: []string{"serialisation", "thinking"}, seams: probe.Seams{Unmarshal: func(data []byte, v any) error {
			return json.Unmarshal(bytes.ReplaceAll(data, []byte(`"call_id"`), []byte(`"tool_use_id"`)), v)
		}}},
		{name: "copies that are no copies", kills: ids("SER-09"), seams: probe.Seams{Clone: func(m model.Message) model.Message { return m }}},
		{name: "copies that share the bytes of files", kills: ids("SER-09"), seams: probe.Seams{Clone: func(m model.Message) model.Message {
			c := m.Clone()
			for i, part := range m.Parts {
				if img, ok := part.(model.Image); ok {
					c.Parts[i] = img
				}
			}
			return c
		}}},
		{name: "copies that share the parts of results", kills: ids("SER-09"), seams: probe.Seams{Clone: func(m model.Message) model.Message {
			c := m.Clone()
			for i, part := range m.Parts {
				if _, ok := part.(model.ToolResult); ok {
					c.Parts[i] = part
				}
			}
			return c
		}}},
		{name: "broken documents read as far as they go", kills: ids("SER-10"), seams: probe.Seams{Unmarshal: func(data []byte, v any) error {
			_ = json.Unmarshal(data, v)
			return nil
		}}},
		{name: "lifetimes that are none forgotten", kills: ids("SER-10"), seams: probe.Seams{Unmarshal: func(data []byte, v any) error {
			return json.Unmarshal(bytes.ReplaceAll(data, []byte(`"ttl":"soon"`), []byte(`"ttl":"5m"`)), v)
		}}},
		{name: "requests lose their settings in JSON", kills: ids("SER-08"), seams: probe.Seams{Marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(`"temperature":`), []byte(`"temp":`)), err
		}}},
	}
}

func recordingsMutants() []mutant {
	return []mutant{
		{name: "recorded call fails", kills: ids("REC-01"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) {
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				return nil, &model.Error{Kind: model.ErrUnavailable}
			}
		})},
		{name: "recorded failure answered", kills: ids("REC-01"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) {
			inner := w.inner
			w.generate = func(ctx context.Context, req *model.Request) (*model.Response, error) {
				resp, err := inner.Generate(ctx, req)
				if err != nil {
					return &model.Response{Message: model.Assistant("Fine."), StopReason: model.StopEndTurn}, nil
				}
				return resp, nil
			}
		})},
		{name: "recorded pieces lost", kills: ids("REC-03 REC-09"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) { w.events = dropFirst })},
		{name: "recorded usage without its cache", kills: ids("REC-04"), model: forRecordings(func(w *wrapper) {
			w.response = usages(func(u *model.Usage) { u.InputTokens -= u.CacheReadTokens + u.CacheWriteTokens })
		})},
		{name: "recorded thinking without its provider", kills: ids("REC-05"), also: []string{"recordings"}, model: forRecordings(func(w *wrapper) {
			w.response = inAnswer(thoughts(func(t model.Thinking) []model.Part { t.Provider = ""; return keep(t) }))
		})},
		{name: "recorded answers lost in JSON", kills: ids("REC-06 SER-01"), also: []string{"serialisation", "thinking"}, seams: probe.Seams{Marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(`"provider"`), []byte(`"by"`)), err
		}}},
		{name: "recorded stop reasons lost", kills: ids("REC-07"), model: forRecordings(func(w *wrapper) {
			w.response = func(r *model.Response) { r.StopReason = "" }
		})},
		{name: "recorded calls end the turn", kills: ids("REC-07"), model: forRecordings(func(w *wrapper) {
			w.response = swapStop(model.StopToolUse, model.StopEndTurn)
		})},
		{name: "recorded requests changed", kills: ids("REC-08"), model: func(inner model.ChatModel, script *fake.Model) model.ChatModel {
			if !recorded(script) {
				return inner
			}
			return mutating{&wrapper{inner: inner}, func(req *model.Request) { req.MaxTokens++ }}
		}},
	}
}

// recorded reports whether a script plays the reference's conversations.
func recorded(script *fake.Model) bool {
	info := fmt.Sprint(script.Stream(context.Background(), probe.Ask("Hi")))
	return strings.Contains(info, recordedModel)
}

// forRecordings is a fault that only conversations show.
func forRecordings(f func(w *wrapper)) func(model.ChatModel, *fake.Model) model.ChatModel {
	return func(inner model.ChatModel, script *fake.Model) model.ChatModel {
		if !recorded(script) {
			return inner
		}
		w := &wrapper{inner: inner}
		f(w)
		return w
	}
}

// conversations are those of the reference.
func conversations(open func(*Env, *fake.Model) (model.ChatModel, error)) []Conversation {
	req := probe.WithTools(probe.Ask("Weather?"), "weather")
	return []Conversation{{
		Name: "weather",
		Open: func(env *Env) (model.ChatModel, error) {
			usage := &model.Usage{Known: true, InputTokens: 100, OutputTokens: 9, CacheReadTokens: 60, CacheWriteTokens: 30}
			turn := fake.Reply(model.Thinking{Text: "Hm.", Signature: "sig=="}, model.Text("Let me look at it."), probe.ToolCall("c1", "weather", `{"city":"Oslo"}`)).Usage(usage)
			return open(env, fake.NewWith(&fake.Options{Model: recordedModel}, turn, turn, fake.Fail(&model.Error{Kind: model.ErrThrottled, Message: "slow down"})))
		},
		Turns: []Call{{Request: req}, {Request: req, Stream: true}, {Request: probe.Ask("Hi"), Fails: model.ErrThrottled}},
	}}
}
