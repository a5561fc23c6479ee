// Package anthropic is the codec of Anthropic's Messages format, as InvokeModel
// takes and gives it for Claude.
//
// Every block of the format has its neutral part, in both directions; a block
// that this version does not know becomes an opaque part of [Provider] and goes
// back as it came. A cache point is not a block of its own here: it is a member,
// cache_control, of the block before it.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
package anthropic

// Provider is the provider of this format's opaque parts. It is not the
// provider of thinking: that is the same whichever way it came, but a block of
// this format means nothing to Converse.
const Provider = "bedrock/anthropic"

// Version is the value of anthropic_version.
const Version = "bedrock-2023-05-31"

// DefaultMaxTokens is the limit of an answer for a request without one. The
// format requires a limit, and every Claude allows this one. A budget for
// thinking comes on top of it.
const DefaultMaxTokens = 4096

// Codec reads answers of the format. It has no state.
type Codec struct{}
