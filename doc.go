// Package chatmodel is the root of the module. It holds no code. The README
// describes the packages:
//
//   - model: the interface, its values and the rules of streams
//   - bedrock: models on Amazon Bedrock
//   - fake: a model that plays a script
//   - runnable: typed pipes, structured output and tools
//   - recordings: conversations recorded and replayed
//   - conformance: the rules for every chat model, as a suite
package chatmodel

//go:generate go test -count=1 -run ^TestAPI$ . -update
