// Package local is a Bedrock on localhost for programs in any language: the
// server of package bedrocktest with answers that depend on the request, and
// with control over HTTP. The command bedrock-local runs it; a Go program can
// embed it.
//
//	s, err := local.New(&local.Options{Answers: "answers.json"})
//	…
//	err = http.ListenAndServe("127.0.0.1:8080", s)
//
// # Worlds
//
// A world is a Bedrock of its own, with its own answers, faults, clock, date,
// prompt cache and recorded calls. Parallel tests take one each and share the
// server. A request belongs to the world that its header X-Bedrock-Local-World
// names. Without the header it belongs to the world of its API key or access
// key, once a control call was made with that key; else to the world "default".
// So by default a server has one world, whatever credentials a client uses.
//
// # Control
//
// The paths below /_local/v1/ control the server, in JSON, for the world of the
// request as described above. API keys are sent as "Authorization: Bearer KEY";
// the key names a world and is not checked further. The path belongs to version
// 1 and keeps its meaning; additions may come.
//
//	GET    health      how the server is
//	GET    counters    calls by operation, status and exception
//	GET    schema      the JSON Schema of documents of answers
//	GET    answers     the world's document; PUT: another one
//	GET    script      how far the script is; PUT: another one, POST: more of it, DELETE: none
//	POST   reset       the world as it was at first
//	GET    requests    what was asked, raw and neutral; ?after=N&limit=N&operation=…&model=…
//	POST   verify      whether this was asked, so often, in this order
//	GET    faults      those that are left; POST: more of them, DELETE: none
//	GET    clock       the world's time and date; PUT: others
//	GET    load        a report of quotas and time; PUT: others, DELETE: none; ?format=text or svg
//	POST   vet/model/ID/converse   every rule that a body breaks; any path of the runtime
//	GET    recording   what is being recorded; POST: write it
//	GET    worlds      all of them; DELETE worlds/NAME: forget one
//
// The answer to a wrong call has a status of 400 or more and the body
//
//	{"error": {"field": "script[0].error", "line": 3, "column": 5, "message": "it has no code, such as ThrottlingException"}}
//
// The documents that these calls take are described in control.md beside this
// file.
//
// # Proxies
//
// With Options.Record the server forwards requests to a Bedrock, signed anew,
// and records them under the rules of package recordings: a cassette for each
// world, named after it, which is written when the server or the world is
// closed, or by the control call. An answer arrives whole. With Options.Replay
// such recordings answer. Neither mode judges or remembers requests. With
// Options.Model another model, such as one of package backend, answers the
// requests that no answer fits, behind Bedrock's rules.
package local
