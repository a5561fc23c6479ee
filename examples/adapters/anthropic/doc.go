// Package anthropic is Anthropic's own Go SDK as a chat model, so that package
// conformance can hold it against what is asked of every model.
//
//	client := sdk.NewClient(option.WithMaxRetries(0))
//	llm := anthropic.New(client, "claude-sonnet-4-5-20250929")
//
// It can say text, images, tools and thinking. What else a request asks for is
// an error of kind [model.ErrUnsupported] before anything is sent. The test says
// which rules the SDK does not keep, and why; such a gap fails as soon as it
// passes.
package anthropic
