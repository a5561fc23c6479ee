// Package local is a Bedrock on localhost for programs in any language. It is
// the server of package bedrocktest, with answers that depend on the request,
// and with control over HTTP. The command bedrock-local runs it; a Go program
// can embed it.
//
//	s, err := local.New(&local.Options{Answers: "answers.json"})
//	…
//	err = http.ListenAndServe("127.0.0.1:8080", s)
//
// # Worlds
//
// A world is a Bedrock of its own, with its own answers, faults, clock, date,
// prompt cache and recorded calls. Parallel tests take one each and share the
// server. The header X-Bedrock-Local-World names the world of a request. A
// request without the header belongs to the world of its API key or access key,
// if a control call was made with that key before, else to the world "default".
// So a server has one world at first, whatever credentials a client uses.
//
// # Control
//
// The paths below /_local/v1/ control the server, in JSON. A control call is
// about the world of the request, as described above. API keys are sent as
// "Authorization: Bearer KEY"; the key selects a world and is not checked
// further. Everything below v1 keeps its meaning in later releases; they may
// add to it.
//
//	GET    health      whether the server is up
//	GET    counters    calls by operation, status and exception
//	GET    schema      the JSON Schema of documents of answers
//	GET    answers     the world's document; PUT: replace it
//	GET    script      the position of the script; PUT: replace it, POST: extend it, DELETE: remove it
//	POST   reset       restore the world's initial state
//	GET    requests    the calls, raw and neutral; ?after=N&limit=N&operation=…&model=…
//	POST   verify      whether the expected calls were made, so often, in this order
//	GET    faults      the faults that are left; POST: add some, DELETE: remove all
//	GET    clock       the world's time and date; PUT: set them
//	GET    load        a report of quotas and time; PUT: set quotas, DELETE: remove them; ?format=text or svg
//	POST   vet/model/ID/converse   every rule that a body breaks; any path of the runtime
//	GET    recording   the recording in progress; POST: write it
//	GET    worlds      all worlds; DELETE worlds/NAME: forget one
//
// The answer to an invalid call has a status of 400 or more and the body
//
//	{"error": {"field": "script[0].error", "line": 3, "column": 5, "message": "it has no code, such as ThrottlingException"}}
//
// The file control.md beside this one describes the documents that these calls
// take.
//
// # Proxies
//
// With Options.Record and Options.Upstream the server signs requests anew,
// forwards them to another Bedrock, and records them under the rules of package
// recordings. Each world has a cassette, which is named after it. The cassette
// is written when the server or the world is closed, or by the control call. An
// answer is sent to the client only when it has arrived whole.
//
// With Options.Replay such recordings answer. Neither mode judges or remembers
// requests.
//
// With Options.Model another model, such as one of package backend, answers the
// requests that no answer fits. Bedrock's rules still apply.
package local
