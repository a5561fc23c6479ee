// Package backend lets a server that speaks OpenAI's chat completions, such as
// Ollama or vLLM, answer behind the test server: real answers of a local model,
// by Bedrock's wire and rules.
//
//	llm, err := backend.New("http://localhost:11434", &backend.Options{Model: "llama3.2"})
//	…
//	s := bedrocktest.Start(t, llm, nil)
//
// # What goes over
//
// Messages, images, tools, the choice among them, schemas, sampling, limits, stop
// sequences and the effort of thinking go over; so do text, reasoning, tool calls,
// stop reasons and usage on the way back. Cache points, earlier thinking,
// thinking budgets, and fields that are Bedrock's or the played model's own stay
// behind: the test server has judged and counted them. Documents, video and audio
// have no place in the format and are refused.
//
// # When it goes wrong
//
// What a back end does wrong becomes the error that the service has for it. One
// that cannot be reached is a ServiceUnavailableException; one that refuses is
// what its status stands for, such as a ValidationException for 400 and a
// ThrottlingException for 429; an answer that cannot be read, that breaks off, or
// that calls a tool with input that is not JSON is a ModelErrorException, or in a
// stream a modelStreamErrorException. Members that are not known are skipped.
package backend
