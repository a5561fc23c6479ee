// Package backend lets a server that speaks OpenAI's chat completions, such as
// Ollama or vLLM, answer behind the test server. A client gets real answers of
// a local model over Bedrock's wire, under Bedrock's rules.
//
//	llm, err := backend.New("http://localhost:11434", &backend.Options{Model: "llama3.2"})
//	…
//	s := bedrocktest.Start(t, llm, nil)
//
// # What is passed on
//
// Messages, images, tools, the choice among them, schemas, sampling, limits,
// stop sequences and the effort of thinking reach the back end. Text,
// reasoning, tool calls, stop reasons and usage come back. Cache points,
// earlier thinking, thinking budgets, and fields that only Bedrock or the
// played model has are not sent: the test server has already judged and counted
// them. Documents, video and audio have no place in the format and are refused.
//
// # Failures
//
// A failure of the back end becomes the service's error for it. A back end that
// cannot be reached becomes a ServiceUnavailableException. A refusal becomes
// the exception for its status, such as a ValidationException for 400 and a
// ThrottlingException for 429. An answer that cannot be read, that breaks off,
// or that calls a tool with input that is not JSON becomes a
// ModelErrorException, or in a stream a modelStreamErrorException. Unknown
// members are skipped.
package backend
