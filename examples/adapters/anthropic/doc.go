// Package anthropic makes Anthropic's own Go SDK a chat model, so that package
// conformance can check it against the rules for every model.
//
//	client := sdk.NewClient(option.WithMaxRetries(0))
//	llm := anthropic.New(client, "claude-sonnet-4-5-20250929")
//
// It supports text, images, tools and thinking. Any other setting of a request
// is an error of kind [model.ErrUnsupported] before anything is sent. The test
// lists the rules that the SDK breaks, with the reasons. It fails as soon as
// one of them is kept.
package anthropic
