package bedrocktest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/model"
)

// DecodeInvoke returns the neutral form of a request body of InvokeModel or
// InvokeModelWithResponseStream, as [DecodeRequest] does for Converse. It knows
// [bedrock.FormatAnthropic] and [bedrock.FormatOpenAI]; other formats are an
// error. Members without a neutral equivalent are in the AdditionalFields of a
// *bedrock.ProviderOptions.
func DecodeInvoke(format bedrock.Format, body []byte) (*model.Request, error) {
	x := &bedrock.ProviderOptions{}
	var req *model.Request
	switch format {
	case bedrock.FormatAnthropic:
		r, err := anthropic.ParseRequest(body)
		if err != nil {
			return nil, err
		}
		req, x.AdditionalFields, x.OutputEffort = r.Request, r.Additional, r.Effort
		if r.StreamMode != "" {
			x.Guardrail = &bedrock.Guardrail{StreamMode: r.StreamMode}
		}
	case bedrock.FormatOpenAI:
		var err error
		if req, x.AdditionalFields, err = openai.ParseRequest(body); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("bedrocktest: the format %q is not served; use bedrock.FormatAnthropic or bedrock.FormatOpenAI", string(format))
	}
	if !isZero(x) {
		req.ProviderOptions = []model.ProviderOptions{x}
	}
	return req, nil
}

// A format writes answers in a model's own format.
type format interface {
	// answer returns the body of a complete answer.
	answer(a *nativeAnswer) ([]byte, error)

	// chunks returns the chunks for an event of ConverseStream: any number,
	// zero included.
	chunks(ev *wire.Event) ([][]byte, error)
}

// A nativeAnswer is a complete answer, in neutral parts.
type nativeAnswer struct {
	id         string
	parts      []model.Part
	stopReason string // as Converse names it
	about      wire.Metadata
}

// admitInvoke parses, records and judges the request, as admit does for
// Converse.
func (c *call) admitInvoke(stream bool) (*question, *Exception) {
	format, e := c.takeNative(c.body, stream, false)
	if c.faulted() {
		return nil, nil
	}
	if e != nil {
		return nil, e
	}
	var maxTokens *int
	if n := c.request.MaxTokens; n > 0 {
		maxTokens = &n
	}
	q, e := c.accept(&wire.Request{}, stream, maxTokens)
	if q == nil {
		return nil, e
	}
	switch format {
	case rules.FormatAnthropic:
		c.format = &anthropicFormat{question: q}
	case rules.FormatNova:
		c.format = &novaFormat{}
	case rules.FormatPrompt:
		c.format = &promptFormat{maker: c.played.ID.Maker}
	default:
		c.format = &openaiFormat{voice: &q.voice}
	}
	return q, nil
}

// headerOptions adds the options that InvokeModel takes by headers.
func headerOptions(req *model.Request, h http.Header) {
	x := &bedrock.ProviderOptions{}
	if len(req.ProviderOptions) > 0 {
		x = req.ProviderOptions[0].(*bedrock.ProviderOptions) // made by DecodeInvoke
	}
	if id := h.Get("X-Amzn-Bedrock-GuardrailIdentifier"); id != "" {
		g := &bedrock.Guardrail{ID: id, Version: h.Get("X-Amzn-Bedrock-GuardrailVersion"), Trace: strings.ToLower(h.Get("X-Amzn-Bedrock-Trace"))}
		if x.Guardrail != nil {
			g.StreamMode = x.Guardrail.StreamMode
		}
		x.Guardrail = g
	}
	x.Latency, x.ServiceTier = h.Get("X-Amzn-Bedrock-PerformanceConfig-Latency"), h.Get("X-Amzn-Bedrock-Service-Tier")
	if metadata := h.Get("X-Amzn-Bedrock-Request-Metadata"); metadata != "" {
		_ = json.Unmarshal([]byte(metadata), &x.Metadata) // invalid metadata is left out
	}
	if !isZero(x) {
		req.ProviderOptions = []model.ProviderOptions{x}
	}
}

// invoke answers a call of InvokeModel.
func (c *call) invoke() *Exception {
	q, e := c.admitInvoke(false)
	if q == nil {
		return e
	}
	defer q.quit()
	resp, err := c.model.Generate(c.context(), q.neutral.Clone())
	if err != nil {
		return c.failed(err)
	}
	a := &nativeAnswer{id: uuid(c.rand), stopReason: q.stopReason(resp)}
	for _, p := range resp.Message.Parts {
		if q.limits.reached() {
			break
		}
		if p, ok := q.limited(p); ok {
			a.parts = append(a.parts, p)
		}
	}
	a.stopReason = q.stopReason(resp)
	a.about, _ = q.about(resp)
	body, err := c.format.answer(a)
	if err != nil {
		return &Exception{Message: "The model's answer cannot be sent: " + err.Error()}
	}
	if !q.settle(c.context(), a.about.Usage) {
		return nil
	}
	c.countHeaders(a)
	c.header(200, "application/json")
	_ = c.send(body) // the client has left
	return nil
}

// countHeaders sets the headers of an answer of InvokeModel.
func (c *call) countHeaders(a *nativeAnswer) {
	set := func(name string, n int) { c.w.Header().Set("X-Amzn-Bedrock-"+name, strconv.Itoa(n)) }
	set("Invocation-Latency", a.about.Metrics.LatencyMs)
	set("Input-Token-Count", a.about.Usage.InputTokens)
	set("Output-Token-Count", a.about.Usage.OutputTokens)
	if t := a.about.ServiceTier; t != nil {
		c.w.Header().Set("X-Amzn-Bedrock-Service-Tier", t.Type)
	}
	if p := a.about.PerformanceConfig; p != nil {
		c.w.Header().Set("X-Amzn-Bedrock-PerformanceConfig-Latency", p.Latency)
	}
}

// invokeStream answers a call of InvokeModelWithResponseStream. Each event of
// ConverseStream becomes the equivalent chunks.
func (c *call) invokeStream() *Exception {
	q, e := c.admitInvoke(true)
	if q == nil {
		return e
	}
	return c.stream(q)
}

// sendChunks sends an event in the model's own format.
func (f *frames) sendChunks(ev *wire.Event) error {
	chunks, err := f.format.chunks(ev)
	if err != nil {
		return f.exception(&Exception{Message: err.Error()})
	}
	for _, chunk := range chunks {
		f.payload = append(f.payload[:0], `{"bytes":"`...)
		f.payload = base64.StdEncoding.AppendEncode(f.payload, chunk)
		f.payload = fmt.Appendf(f.payload, `","p":%q}`, f.padding())
		if err := f.sendPayload("chunk"); err != nil {
			return err
		}
	}
	return nil
}

// serviceMembers returns the members that Bedrock adds to a body: the mark of a
// guardrail that has replaced the answer, and the guardrail's trace.
func serviceMembers(stopReason string, trace []byte) []byte {
	var b bytes.Buffer
	if len(trace) > 0 {
		b.WriteString(`,"amazon-bedrock-trace":`)
		b.Write(trace)
	}
	if stopReason == string(model.StopGuardrail) {
		b.WriteString(`,"amazon-bedrock-guardrailAction":"INTERVENED"`)
	}
	return b.Bytes()
}

// metrics returns the member that Bedrock adds to the last chunk.
func metrics(m *wire.Metadata) []byte {
	return fmt.Appendf(nil, `"amazon-bedrock-invocationMetrics":{"inputTokenCount":%d,"outputTokenCount":%d,"invocationLatency":%d,"firstByteLatency":%d}`,
		m.Usage.InputTokens, m.Usage.OutputTokens, m.Metrics.LatencyMs, m.Metrics.LatencyMs)
}

// quoted returns s as a JSON string.
func quoted(s string) []byte {
	b, _ := json.Marshal(s) // strings cannot fail
	return b
}
