package bedrock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensOpen keeps what models and codecs say of themselves, and the errors
// of those that cannot be made.
func TestGoldensOpen(t *testing.T) {
	opened := func(m interface {
		Info() model.Info
		Capabilities() model.Capabilities
		Limits() model.Limits
	}, err error) string {
		if err != nil {
			e, ok := errors.AsType[*model.Error](err)
			return fmt.Sprintf("%v; labelled %t %q %q %q", err, ok, e.Provider, e.Op, e.Model)
		}
		return fmt.Sprintf("%+v\n      %+v\n      %+v", m.Info(), m.Capabilities(), m.Limits())
	}
	var blocks []block
	for _, id := range []string{claude, claude45, nova2, gptOSS, llama, mistral7b, deepseekR1, titan, "unheard-of", "", " ", "a\nb", "a\xff", profileARN, "arn:aws:bedrock:us-east-1:123456789012:imported-model/a1b2c3", "arn:aws:bedrock:us-east-1:123456789012:prompt/A1B2C3D4E5:1"} {
		b, first := block{name: fmt.Sprintf("%q", id)}, map[string]string{}
		note := func(who, text string) {
			if first[text] == "" {
				first[text] = who
			} else {
				text = "as " + first[text]
			}
			b.text += fmt.Sprintf("  %s:\n      %s\n", who, text)
		}
		for _, o := range []*bedrock.Options{nil, {Format: bedrock.FormatConverse}, {Format: bedrock.FormatAuto}, {Format: bedrock.FormatAnthropic}, {Format: bedrock.FormatOpenAI}, {Format: bedrock.FormatTitan}, {Format: "hologram"}, {BaseModel: claude45}, {BaseModel: "a\x01"},
			{Format: bedrock.FormatAuto, BaseModel: llama, NoAdaptation: true}, {Region: "eu-west-1"}, {Profiles: &profiles{}}} {
			what := "nil"
			if o != nil {
				what = fmt.Sprintf("%+q %t", []string{string(o.Format), o.BaseModel, o.Region}, o.Profiles != nil)
			}
			c, err := bedrock.NewCodec(id, o)
			note("codec "+what, opened(c, err))
			if err == nil {
				b.text += fmt.Sprintf("      %s %s\n", c.ID(), c.Format())
			}
			m, err := bedrock.New(newClient(nil), id, o)
			note("model "+what, opened(m, err))
			if err == nil {
				b.text += fmt.Sprintf("      %s %s\n", m.ID(), m)
			}
			if report, err := bedrock.Vet(id, hello, o); err == nil {
				b.text += fmt.Sprintf("  vetted by way of %s, %d findings\n", report.Door, len(report.Findings))
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "open", blocks)
}

// TestGoldensCoded keeps what codecs make of answers, with what they have
// written before and without, and of failures.
func TestGoldensCoded(t *testing.T) {
	var blocks []block
	for _, f := range codedFormats[:6] {
		c, err := bedrock.NewCodec(f.id, &bedrock.Options{Format: f.format})
		if err != nil {
			t.Fatal(err)
		}
		b := block{name: f.id + " " + string(f.format)}
		for what, asked := range map[string]*bedrock.Body{
			"nothing": nil, "an empty body": {}, "paths": {ResponseFieldPaths: []string{"/id", "/stop_sequence"}}, "warnings": {Warnings: []model.Warning{{Action: model.WarningDropped, Field: "f", Reason: "r"}}},
		} {
			for _, answer := range []string{unaryText("ok"), claudeBody, goldenAnswers[bedrock.FormatOpenAI].unary, goldenAnswers[bedrock.FormatLlama3].unary, `{"id":"7","type":"error","error":{"type":"overloaded_error"}}`, `{}`, `<html>`, `{"output":`, ``} {
				resp, err := c.Decode(asked, []byte(answer))
				b.text += fmt.Sprintf("  %s %s: %s %s", what, answer, became(resp, err), answered(resp))
				if e, ok := errors.AsType[*model.Error](err); ok {
					b.text += fmt.Sprintf("; labelled %q %q %q", e.Provider, e.Op, e.Model)
				}
				b.text += "\n"
			}
			if asked != nil && len(asked.Warnings) > 0 {
				b.text += fmt.Sprintf("  kept %v\n", asked.Warnings[:cap(asked.Warnings)])
			}
		}
		lines := splitLines(b.text)
		slices.Sort(lines)
		b.text = strings.Join(lines, "\n") + "\n"
		for _, x := range []bedrock.ProviderOptions{{}, {Guardrail: &bedrock.Guardrail{ID: "g", Version: "1"}}, {Latency: "optimized"}, {ServiceTier: "flex"}, {Metadata: map[string]string{"a": "1"}}, {Metadata: map[string]string{}}, {ResponseFieldPaths: []string{"/id"}}, {ServiceTier: "flex", Latency: "optimized"}} {
			body, err := c.Encode(&model.Request{Messages: hello.Messages, ProviderOptions: []model.ProviderOptions{&x}})
			if err != nil {
				b.text += fmt.Sprintf("  not encoded: %v\n", err)
				continue
			}
			b.text += fmt.Sprintf("  encoded, %d warnings, paths %q: %s\n", len(body.Warnings), body.ResponseFieldPaths, body.JSON)
		}
		for _, req := range []*model.Request{nil, {}, {Messages: []model.Message{model.UserParts(model.Image{URI: "x"})}}} {
			_, err := c.Encode(req)
			b.text += fmt.Sprintf("  not encoded: %v\n", err)
		}
		for _, fail := range []struct {
			status  int
			code    string
			message string
		}{{0, "", ""}, {400, "", ""}, {0, "ThrottlingException", ""}, {429, "ThrottlingException", "Words."}, {999, "", ""}} {
			e := c.Failure("batch", fail.status, fail.code, fail.message)
			b.text += fmt.Sprintf("  failed: %v; %s %d %q %q %q %q\n", e, e.Kind, e.Status, e.Code, e.Provider, e.Op, e.Model)
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "coded", blocks)
}

// TestGoldensKept keeps what is sent of requests that the caller changes as soon
// as a call has begun, and who is said to answer them.
func TestGoldensKept(t *testing.T) {
	base := "arn:aws:bedrock:us-east-1::foundation-model/" + sonnet45
	var blocks []block
	for _, row := range []struct {
		name, id string
		options  bedrock.Options
		refuse   bool
	}{
		{"a model", claude45, bedrock.Options{}, false},
		{"a model of a sibling's", tomorrow, bedrock.Options{}, true},
		{"a profile", profileARN, bedrock.Options{Profiles: &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){found(base)}}}, true},
		{"a profile that cannot be read", profileARN, bedrock.Options{Profiles: &profiles{answers: []func(context.Context) (*controlplane.GetInferenceProfileOutput, error){
			func(context.Context) (*controlplane.GetInferenceProfileOutput, error) {
				return nil, errors.New("no such host")
			}}}}, false},
		{"a profile with its model", profileARN, bedrock.Options{BaseModel: claude45}, false},
		{"a model that does not stream", claude45, bedrock.Options{Facts: func(f *facts.Facts) {
			f.Doors.ConverseStream, f.Tools.Streaming = facts.SupportNo, facts.SupportNo
		}}, true},
	} {
		b := block{name: row.name}
		for _, format := range []bedrock.Format{bedrock.FormatConverse, bedrock.FormatAnthropic} {
			options := row.options
			options.Format = format
			asked := 0
			m := newModel(t, row.id, roundTrip(func(r *http.Request) (*http.Response, error) {
				asked++
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				b.text += fmt.Sprintf("    %s\n", visible.Replace(string(body)))
				for _, name := range slices.Sorted(headerNames(r.Header)) {
					b.text += fmt.Sprintf("    %s: %s\n", name, r.Header.Get(name))
				}
				if asked == 1 && row.refuse {
					return respond(400, strings.NewReader("{\"message\":\"`temperature` is deprecated for this model.\"}"), "X-Amzn-ErrorType", "ValidationException")(r)
				}
				d := door{r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], ""}
				if format != bedrock.FormatConverse {
					d.format = format
				}
				contentType, answer := d.answer()
				return respond(200, bytes.NewReader(answer), "Content-Type", contentType)(r)
			}), &options)
			for range 2 {
				x := &bedrock.ProviderOptions{AdditionalFields: json.RawMessage(`{"top_k":7}`), ResponseFieldPaths: []string{"/stop_sequence", "/type"}, Metadata: map[string]string{"a": "1"},
					Guardrail: &bedrock.Guardrail{ID: "g", Version: "1", Trace: "enabled", StreamMode: "sync"}, Latency: "optimized", ServiceTier: "flex", OutputEffort: ""}
				req := &model.Request{Messages: []model.Message{model.System("s"), model.UserParts(model.Text("a"), model.Image{MediaType: "image/png", Data: []byte("\x89PNG")})}, Temperature: new(0.5), StopSequences: []string{"END"},
					Tools: []model.Tool{{Name: "weather", InputSchema: json.RawMessage(`{"type":"object"}`)}}, ProviderOptions: []model.ProviderOptions{x}}
				s := m.Stream(t.Context(), req)
				copy(x.AdditionalFields, `{"top_x":9}`)
				x.ResponseFieldPaths[0], x.Metadata["a"], x.Metadata["b"] = "/id", "2", "3"
				*x.Guardrail = bedrock.Guardrail{ID: "h"}
				x.Latency, x.ServiceTier = "standard", "priority"
				req.Messages[1].Parts[0], req.Messages[1].Parts[1].(model.Image).Data[0] = model.Text("z"), 'z'
				*req.Temperature, req.StopSequences[0], req.Tools[0].Name = 0.25, "STOP", "news"
				copy(req.Tools[0].InputSchema, `{"type":"string"}`)
				for ev, err := range s.Events() {
					b.text += fmt.Sprintf("    %s %d %q %v\n", ev.Kind, ev.Index, ev.Text, err)
				}
				resp, err := s.Response()
				b.text += fmt.Sprintf("  %s: %s by %s, %s\n", m, became(resp, err), resp.Model, saidBeside(resp))
			}
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "kept", blocks)
}

// headerNames yields the names of headers that are about the request itself.
func headerNames(h http.Header) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range h {
			if strings.HasPrefix(strings.ToLower(name), "x-amzn-bedrock") && !yield(name) {
				return
			}
		}
	}
}

// TestGoldensWhole keeps what becomes of streams whose answer comes in one
// piece: of every answer, left after every event, and of failures.
func TestGoldensWhole(t *testing.T) {
	never := &bedrock.Options{Format: bedrock.FormatConverse, Facts: func(f *facts.Facts) {
		f.Doors.ConverseStream, f.Answers.ThinkingTags = facts.SupportNo, []string{"think"}
	}}
	content := `{"text":"<think>a</think>b"},{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},{"toolUse":{"toolUseId":"c1","name":"f","input":{"a":1}}},{"text":""},{"hologram":{"x":1}},{"citationsContent":{"content":[{"text":"c"}]}},{"image":{"format":"png","source":{"bytes":"AQID"}}}`
	var blocks []block
	for name, client := range map[string]func() roundTrip{
		"answered": func() roundTrip {
			return respond(200, strings.NewReader(`{"output":{"message":{"content":[`+content+`]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}`))
		},
		"with nothing": func() roundTrip { return respond(200, strings.NewReader(`{"output":{"message":{"content":[]}}}`)) },
		"refused":      func() roundTrip { return respond(400, strings.NewReader(`{"message":"Words."}`)) },
		"garbled":      func() roundTrip { return respond(200, strings.NewReader(`<html>`)) },
		"not reached": func() roundTrip {
			return roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("unplugged") })
		},
	} {
		b := block{name: name}
		for most := 0; ; most++ {
			s, n, early := newModel(t, claude, client(), never).Stream(t.Context(), hello), 0, false
			for ev, err := range s.Events() {
				if n++; n > most {
					early = true
					break
				}
				if n == most {
					ev.Response = nil // it follows
					data, _ := json.Marshal(ev)
					b.text += fmt.Sprintf("  %d %s %s\n", n, data, failed(err))
				}
			}
			resp, err := s.Response()
			b.text += fmt.Sprintf("  left after %d: %s %s\n", most, answered(resp), became(nil, err))
			if !early {
				break
			}
		}
		blocks = append(blocks, b)
	}
	sortBlocks(blocks)
	checkGoldens(t, "whole", blocks)
}

// TestGoldensImagePieces keeps what becomes of images that come in pieces, with bytes,
// places and reasons why there is none, in every order of two and three.
func TestGoldensImagePieces(t *testing.T) {
	pieces := []string{`{}`, `{"source":{"bytes":"AQID"}}`, `{"source":{"bytes":"BAU="}}`, `{"source":{"s3Location":{"uri":"s3://b/k"}}}`, `{"error":{"message":"too bright"}}`, `{"error":{}}`, `{"source":{"bytes":"BgcI"},"error":{"message":"too dark"}}`}
	b := block{name: "pieces"}
	for _, start := range []string{"", `contentBlockStart {"contentBlockIndex":0,"start":{"image":{"format":"png"}}}`} {
		for i := range len(pieces) * len(pieces) * len(pieces) {
			var events []string
			if start != "" {
				events = append(events, start)
			}
			for _, p := range []int{i % len(pieces), i / len(pieces) % len(pieces), i / len(pieces) / len(pieces)} {
				events = append(events, fmt.Sprintf(`contentBlockDelta {"contentBlockIndex":0,"delta":{"image":%s}}`, pieces[p]))
			}
			m := newModel(t, claude, streamOf(bytes.NewReader(frames(append(events, `contentBlockStop {"contentBlockIndex":0}`, `messageStop {}`)...))), nil)
			resp, err := m.Stream(context.Background(), hello).Response()
			data, _ := json.Marshal(resp.Message)
			b.text += fmt.Sprintf("  start %t, pieces %d %d %d: %s %s\n", start != "", i%len(pieces), i/len(pieces)%len(pieces), i/len(pieces)/len(pieces), data, became(nil, err))
		}
	}
	checkGoldens(t, "image-pieces", []block{b})
}

// TestGoldensEchoes keeps what callers are told if a service says back what the
// request was signed with.
func TestGoldensEchoes(t *testing.T) {
	const secret = "c2VjcmV0/c2VjcmV0+c2VjcmV0=="
	text := "It was " + secret + "."
	body, _ := json.Marshal(map[string]string{"message": text, "originalMessage": text, "resourceName": text, "__type": secret})
	begun := event("messageStart", `{"role":"assistant"}`)
	var blocks []block
	for name, answer := range map[string]roundTrip{
		"a code":                   respond(400, strings.NewReader(`{"message":"Words."}`), "X-Amzn-ErrorType", secret),
		"words":                    respond(400, bytes.NewReader(body), "X-Amzn-ErrorType", "ValidationException"),
		"words without a code":     respond(424, bytes.NewReader(body)),
		"a request id":             respond(400, strings.NewReader(`{"message":"Words."}`), "X-Amzn-ErrorType", "ValidationException", "X-Amzn-Requestid", secret),
		"a request id, answered":   respond(200, strings.NewReader(unaryText("ok")), "X-Amzn-Requestid", secret),
		"an answer without a form": respond(200, strings.NewReader(`{"output":{"message":{"content":[{"text":"`+secret+`"},{"`+secret+`":7},{"text":7}]}}}`)),
		"HTML":                     respond(502, strings.NewReader("<html>"+text)),
		"a frame's name":           streamOf(bytes.NewReader(cat(begun, exception(secret, `{"message":"Words."}`)))),
		"a frame's words":          streamOf(bytes.NewReader(cat(begun, exception("modelStreamErrorException", string(body))))),
		"a frame without a name":   streamOf(bytes.NewReader(cat(begun, exception("", string(body))))),
		"an error frame's code":    streamOf(bytes.NewReader(cat(begun, errorFrame(secret, "Words.")))),
		"an error frame's words":   streamOf(bytes.NewReader(cat(begun, errorFrame("InternalFailure", text)))),
		"a frame that is an event": streamOf(bytes.NewReader(cat(begun, event("contentBlockDelta", `{"delta":{"text":7,"`+secret+`":1}}`)))),
		"a connection":             roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New(text) }),
		"a frame's type":           respond(200, strings.NewReader(text), "Content-Type", "text/"+secret),
	} {
		b := block{name: name}
		for _, stream := range []bool{false, true} {
			if stream != strings.Contains(name, "frame") {
				continue
			}
			client := bedrockruntime.New(bedrockruntime.Options{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", secret), AuthSchemePreference: []string{"sigv4"}, HTTPClient: answer, Retryer: aws.NopRetryer{}})
			m, err := bedrock.New(client, claude, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := answerOf(m, hello, stream)
			told := became(resp, err) + original(err)
			if e, ok := errors.AsType[*model.Error](err); ok {
				told += fmt.Sprintf("\n    %s\n    %s", ownWords(err.Error()), ownWords(fmt.Sprint(e.Err)))
			}
			if resp != nil {
				told += "\n    request " + resp.RequestID
			}
			b.text += fmt.Sprintf("  stream %t: %s\n", stream, strings.ReplaceAll(told, secret, "THE SECRET"))
		}
		if b.text != "" {
			blocks = append(blocks, b)
		}
	}
	sortBlocks(blocks)
	checkGoldens(t, "echoes", blocks)
}

// TestGoldensPlain keeps what becomes of the answers that TestGoldensMembers
// changes, as they are. It takes a fraction of the time.
func TestGoldensPlain(t *testing.T) {
	var blocks []block
	for _, m := range slices.Concat(converseAnswers(), anthropicAnswers(), openaiAnswers(), promptAnswers()) {
		a := answering{id: "unheard-of", format: m.format, stream: m.stream, req: pointing, words: true}
		body := []byte(m.text)
		switch {
		case m.format == bedrock.FormatConverse && m.stream:
			a.id, body = claude, frames(strings.Split(m.text, "\n")...)
		case m.format == bedrock.FormatConverse:
			a.id = claude
		case m.stream:
			body = chunks(strings.Split(m.text, "\n")...)
		}
		a.open(t)
		blocks = append(blocks, block{fmt.Sprintf("%s, stream %t: %s", m.format, m.stream, visible.Replace(m.name)), fmt.Sprintf("  %s\n", a.digest([][]byte{body}))})
	}
	checkGoldens(t, "plain", blocks)
}
