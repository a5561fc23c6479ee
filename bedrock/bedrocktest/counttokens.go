package bedrocktest

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// countTokens answers a call of CountTokens with the estimate that Converse
// goes by.
func (c *call) countTokens() *Exception {
	r, err := wire.ParseCountTokensRequest(c.body, false)
	if err == nil && r.Converse != nil {
		c.record.Request = neutral(c.record.ModelID, r.Converse)
		c.record.Tokens = countRequest(c.record.Request)
	}
	if c.faulted() {
		return nil
	}
	if err != nil {
		return malformed(err)
	}
	if c.enforces(RuleUnknownMember) {
		if _, err := wire.ParseCountTokensRequest(c.body, true); err != nil {
			return unknownMember(err)
		}
	}
	n := c.record.Tokens
	if r.Converse == nil {
		n = tokens(len(r.InvokeModel))
	}
	if e := c.judgeCount(r.Converse); e != nil {
		return e
	}
	c.header(200, "application/json")
	_ = c.send(wire.AppendCountTokensResponse(nil, &wire.CountTokensResponse{InputTokens: n})) // the client has left
	return nil
}
