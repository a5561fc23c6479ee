package bedrocktest

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// countTokens answers a call of CountTokens with the estimate that Converse
// goes by.
func (c *call) countTokens() *Exception {
	r, err := wire.ParseCountTokensRequest(c.body, c.enforces(RuleUnknownMember))
	var e *Exception
	if err != nil {
		e = malformed(err)
		var lenient error
		if r, lenient = wire.ParseCountTokensRequest(c.body, false); lenient == nil {
			e = unknownMember(err)
		}
	}
	if r != nil && r.Converse != nil {
		c.remember(r.Converse)
	}
	if c.faulted() {
		return nil
	}
	if e != nil {
		return e
	}
	if e := c.judgeCount(r.Converse); e != nil {
		return e
	}
	n := c.record.Tokens
	if r.Converse == nil {
		n = tokens(len(r.InvokeModel))
	}
	c.header(200, "application/json")
	_ = c.send(wire.AppendCountTokensResponse(nil, &wire.CountTokensResponse{InputTokens: n})) // the client has left
	return nil
}
