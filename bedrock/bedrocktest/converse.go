package bedrocktest

import (
	"errors"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// admit parses, records and judges the request. It returns nil and no exception
// if the call's fault has answered it, or if the client has left.
func (c *call) admit(stream bool) (*question, *Exception) {
	w, e := c.parse(c.body)
	if c.faulted() {
		return nil, nil
	}
	if e != nil {
		return nil, e
	}
	if e := c.judge(c.converseInput(w, stream, false)); e != nil {
		return nil, e
	}
	var maxTokens *int
	if w.InferenceConfig != nil {
		maxTokens = w.InferenceConfig.MaxTokens
	}
	return c.accept(w, stream, maxTokens)
}

// accept returns the question for a request that broke no rule, as soon as the
// quota has room for it. It returns nil and no exception if the client left
// while it waited.
func (c *call) accept(w *wire.Request, stream bool, maxTokens *int) (*question, *Exception) {
	q := &question{start: c.start, wire: w, neutral: c.request, stream: stream, limits: newLimits(maxTokens, c.request.StopSequences)}
	q.voice = voice{played: c.played, sealer: c.sealer, verbatim: c.options.KeepSignatures, rand: c.rand, hosted: hosted(c.request.Tools)}
	if c.options.Load != nil {
		most := c.played.MaxOutput
		if maxTokens != nil {
			most = *maxTokens
		}
		var err error
		q.attempt, err = c.options.Load.Arrive(c.context(), load.Request{Model: c.modelID, Key: c.key(),
			Input: c.tokens, MaxTokens: max(most, 0), Burndown: c.played.Burndown})
		if r, ok := errors.AsType[*load.Refusal](err); ok {
			return nil, &Exception{Code: r.Code, Message: r.Message, RetryAfter: r.RetryAfter}
		}
		if err != nil {
			return nil, nil
		}
	}
	q.cached = c.cached()
	return q, nil
}

// key returns the bytes that identify the request to the quota.
func (c *call) key() []byte {
	if number := c.r.Header.Get(load.Header); number != "" {
		return []byte(number)
	}
	return append([]byte(c.modelID+"\x00"), c.body...)
}

// converse answers a call of Converse.
func (c *call) converse() *Exception {
	q, e := c.admit(false)
	if q == nil {
		return e
	}
	defer q.quit()
	resp, err := c.model.Generate(c.context(), q.neutral.Clone())
	if err != nil {
		return c.failed(err)
	}
	content, err := q.content(resp.Message.Parts)
	if err != nil {
		return &Exception{Message: "The model's answer cannot be sent: " + err.Error()}
	}
	out := &wire.Response{
		Message:    &wire.Message{Role: "assistant", Content: content},
		StopReason: q.stopReason(resp),
	}
	out.Metadata, out.AdditionalModelResponseFields = q.about(resp)
	if !q.settle(c.context(), out.Metadata.Usage) {
		return nil
	}
	c.header(200, "application/json")
	_ = c.send(wire.AppendResponse(nil, out)) // the client has left
	return nil
}

// countTokens answers a call of CountTokens, in whatever form the prompt is.
// The estimate is the one that Converse uses.
func (c *call) countTokens() *Exception {
	r, e := c.parseCount(c.body)
	if c.faulted() {
		return nil
	}
	if e != nil {
		return e
	}
	if r.Converse != nil {
		e = c.judge(c.converseInput(r.Converse, false, true))
	} else {
		_, e = c.takeNative(r.InvokeModel, false, true)
		c.noted()
	}
	if e != nil {
		return e
	}
	c.header(200, "application/json")
	_ = c.send(wire.AppendCountTokensResponse(nil, &wire.CountTokensResponse{InputTokens: c.tokens})) // the client has left
	return nil
}
