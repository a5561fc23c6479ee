package bedrocktest

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// countTokens answers a call of CountTokens with the estimate that Converse
// goes by, whichever form the prompt has.
func (c *call) countTokens() *Exception {
	r, e := c.parseCount()
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
	}
	if e != nil {
		return e
	}
	c.header(200, "application/json")
	_ = c.send(wire.AppendCountTokensResponse(nil, &wire.CountTokensResponse{InputTokens: c.record.Tokens})) // the client has left
	return nil
}

// parseCount reads the body, and remembers what it says in neutral form.
func (c *call) parseCount() (*wire.CountTokensRequest, *Exception) {
	r, err := wire.ParseCountTokensRequest(c.body, c.enforces(ruleUnknownMember))
	var e *Exception
	if err != nil {
		e = malformed(err)
		var lenient error
		if r, lenient = wire.ParseCountTokensRequest(c.body, false); lenient == nil {
			e = unknownMember(err)
		}
	}
	if r != nil && r.Converse != nil {
		c.remember(neutral(c.played, r.Converse))
	}
	return r, e
}
