package bedrocktest

import (
	"slices"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// A question is a request of Converse or ConverseStream that has been
// accepted.
type question struct {
	wire    *wire.Request
	neutral *model.Request
	stream  bool
	limits  *limits
	cached  model.Usage // the input, and what the cache did for it
}

// admit parses, remembers and judges the request. It returns nil and no
// exception if the call's fault has answered it.
func (c *call) admit(stream bool) (*question, *Exception) {
	w, e := c.parse()
	if c.faulted() {
		return nil, nil
	}
	if e != nil {
		return nil, e
	}
	q := &question{wire: w, neutral: c.record.Request, stream: stream}
	if e := c.judge(c.converseInput(w, stream, false)); e != nil {
		return nil, e
	}
	var maxTokens *int
	if w.InferenceConfig != nil {
		maxTokens = w.InferenceConfig.MaxTokens
	}
	q.limits = newLimits(maxTokens, q.neutral.StopSequences)
	q.cached = c.cached()
	return q, nil
}

// parse reads the body, and remembers what it says in neutral form. What is
// not known is remembered as well, and then refused.
func (c *call) parse() (*wire.Request, *Exception) {
	w, err := wire.ParseRequest(c.body, c.enforces(ruleUnknownMember))
	var e *Exception
	if err != nil {
		var lenient error
		if w, lenient = wire.ParseRequest(c.body, false); lenient != nil {
			return nil, malformed(lenient)
		}
		e = unknownMember(err)
	}
	c.remember(neutral(c.played, w))
	return w, e
}

// remember keeps what a request says.
func (c *call) remember(req *model.Request) {
	c.segments = segmentsOf(req)
	c.record.note(func(r *Call) { r.Request, r.Tokens = req, promptcache.Tokens(c.segments) })
}

// converse answers a call of Converse.
func (c *call) converse() *Exception {
	q, e := c.admit(false)
	if q == nil {
		return e
	}
	resp, err := c.model.Generate(c.context(), q.neutral.Clone())
	if err != nil {
		return c.failed(err)
	}
	content, err := c.content(q, resp.Message.Parts)
	if err != nil {
		return &Exception{Message: "The model's answer cannot be sent: " + err.Error()}
	}
	out := &wire.Response{
		Message:    &wire.Message{Role: "assistant", Content: content},
		StopReason: q.stopReason(resp),
	}
	out.Metadata, out.AdditionalModelResponseFields = c.about(q, resp)
	c.header(200, "application/json")
	_ = c.send(wire.AppendResponse(nil, out)) // the client has left
	return nil
}

// failed answers a call whose model failed before it said anything.
func (c *call) failed(err error) *Exception {
	switch kind := model.KindOf(err); {
	case c.context().Err() != nil:
		return nil // nobody listens
	case kind == model.ErrTruncated:
		c.header(200, "application/json")
		_ = c.send([]byte(`{"metrics":{"latencyMs":1},"output":{"message":{"content":[{"te`))
		return nil
	case kind == model.ErrTransport:
		c.breakOff(Finished)
	}
	return exceptionOf(err)
}

// content encodes the parts of a complete answer, as far as the request lets
// it come.
func (c *call) content(q *question, parts []model.Part) ([]wire.ContentBlock, error) {
	content := make([]wire.ContentBlock, 0, len(parts))
	for _, p := range parts {
		if q.limits.reached() {
			break
		}
		p, ok := c.limited(q.limits, p)
		if !ok {
			break
		}
		b, err := blocks.Encode(p)
		if err != nil {
			return nil, err
		}
		c.finishBlock(&b)
		content = append(content, b)
	}
	return content, nil
}

// limited returns what of a part may be sent, and false if nothing may.
func (c *call) limited(l *limits, p model.Part) (model.Part, bool) {
	switch p := p.(type) {
	case model.Text:
		s := l.text(string(p))
		return model.Text(s), s != "" || !l.reached()
	case model.CitedText:
		p.Text = l.text(p.Text)
		return p, p.Text != "" || !l.reached()
	case model.Thinking:
		p.Text = l.spend(p.Text)
		return c.signed(p), true
	case model.ToolCall:
		if p.ID == "" {
			p.ID = c.toolUseID()
		}
		l.spend(string(p.Input) + p.InvalidInput)
		if l.reached() {
			p.Input, p.InvalidInput = nil, ""
		}
		return p, true
	}
	return p, true
}

// text is what of a whole text may be sent.
func (l *limits) text(s string) string {
	t := textLimit{limits: l}
	s = t.add(s)
	if !l.reached() {
		s += t.flush()
	}
	return s
}

// signed returns thinking with the signature that goes with it.
func (c *call) signed(p model.Thinking) model.Thinking {
	id := c.played.ID.Base
	switch {
	case c.options.KeepSignatures:
		if len(p.Redacted) > 0 {
			c.signer.keep(id, "", p.Redacted)
		} else if p.Signature != "" {
			c.signer.keep(id, p.Text, []byte(p.Signature))
		}
	case c.hides():
		if len(p.Redacted) == 0 {
			p.Redacted = []byte(p.Text)
		}
		p = model.Thinking{Redacted: c.signer.seal(id, p.Redacted)}
	case !c.played.Signs:
		p.Signature = ""
	case len(p.Redacted) > 0:
		p.Redacted = c.signer.seal(id, p.Redacted)
	default:
		p.Signature = c.signer.sign(id, string([]rune(p.Text))) // as it is on the wire, where nothing but UTF-8 is
	}
	return p
}

// toolType reports whether calls say that they are of the caller's tools.
func (c *call) toolType() bool {
	return c.played.ToolType || c.played.SystemToolType && slices.ContainsFunc(c.record.Request.Tools, func(t model.Tool) bool { return t.ServerSide })
}

// hides reports whether thinking comes in a form that only the model can read.
func (c *call) hides() bool { return c.played.NoTextReplay && !c.options.KeepSignatures }

// finishBlock gives a block what the service adds to it.
func (c *call) finishBlock(b *wire.ContentBlock) {
	if cited := b.CitationsContent; cited != nil && len(cited.Content) == 1 && cited.Content[0].Text != nil && *cited.Content[0].Text == "" {
		cited.Content = nil // as of a search in the web, whose text is in blocks of its own
	}
	if b.ToolUse != nil && b.ToolUse.Type == "" && c.toolType() {
		b.ToolUse.Type = blocks.ToolUse
	}
}

// stopReason returns why the answer ended, in the service's words.
func (q *question) stopReason(resp *model.Response) string {
	reason := resp.StopReason
	if q.limits.reached() {
		reason = q.limits.reason
	}
	switch reason {
	case "":
		if len(resp.Message.ToolCalls()) > 0 {
			return string(model.StopToolUse)
		}
		return string(model.StopEndTurn)
	case model.StopContextWindow:
		return "model_context_window_exceeded"
	case model.StopMalformedOutput:
		return "malformed_model_output"
	}
	return string(reason)
}

// about returns what an answer says about itself.
func (c *call) about(q *question, resp *model.Response) (wire.Metadata, []byte) {
	m := wire.Metadata{Usage: c.usage(q, resp.Usage), Metrics: &wire.Metrics{LatencyMs: c.latency(resp)},
		PerformanceConfig: q.wire.PerformanceConfig, ServiceTier: q.wire.ServiceTier}
	x := bedrock.MetadataOf(resp)
	if x == nil {
		x = &bedrock.ProviderMetadata{}
	}
	if x.Latency != "" {
		m.PerformanceConfig = &wire.PerformanceConfig{Latency: x.Latency}
	}
	if x.ServiceTier != "" {
		m.ServiceTier = &wire.ServiceTier{Type: x.ServiceTier}
	}
	m.Trace = x.Trace
	if len(x.AdditionalFields) > 0 {
		return m, x.AdditionalFields
	}
	return m, q.additional()
}

func (c *call) latency(resp *model.Response) int {
	if resp.Latency > 0 {
		return int(resp.Latency.Milliseconds())
	}
	return max(int(time.Since(c.start).Milliseconds()), 1)
}
