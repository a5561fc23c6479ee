// Package openai is the codec of OpenAI's chat completions, as InvokeModel takes
// and gives them for gpt-oss, Qwen and imported models.
//
// The format has no place for cache points, documents, video, audio, search
// results, citations, the provider's own tools, and thinking of the history. The
// plan knows that from its plan.Format, so none of them reaches the writer.
//
// Reasoning arrives in three ways, all of which become thinking: as a member
// reasoning or reasoning_content beside the content, and, from gpt-oss on
// Bedrock, at the content's beginning, in tags: <reasoning>…</reasoning>. A
// stream may open and close the tags around every piece.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
package openai

// Provider is the provider of this format's opaque parts. It differs from that
// of Converse, to which a block of this format means nothing.
const Provider = "bedrock/openai"

// Codec reads answers of the format. It has no state.
type Codec struct{}
