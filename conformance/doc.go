// Package conformance checks chat models: one's own provider, somebody else's,
// a live service. It holds a model against what package model asks of every
// [model.ChatModel], a case a rule, and says which rule is broken and how.
//
// A [Subject] needs a test server that speaks the provider's wire and is
// driven by a script, which is a [fake.Model]. With [NewTransport] it needs no
// socket:
//
//	func TestConformance(t *testing.T) {
//		conformance.Test(t, conformance.Subject{
//			Name:         "parrot",
//			Provider:     "parrot",
//			Capabilities: conformance.Capabilities{Sampling: true}, // what it can do
//			InMemory:     true,
//			New: func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
//				wire := conformance.NewTransport(env, serve(script)) // an http.Handler
//				return parrot.New(&http.Client{Transport: wire})
//			},
//		})
//	}
//
// A case plays both ends. It writes the script, calls the model, and looks at
// the answer and at what the provider was asked:
//
//	case ── calls ──► model ── wire ──► test server ── asks ──► script
//
// What the server owes the script is told at [Subject].New; example_test.go is
// a whole provider with its server. RULES.md lists all cases by the ids that
// [Subject].Gaps and -run know. [Laws] check streams and requests that no
// script made: recorded ones, a live model's.
//
// A server that shares its wire code with the model can't show what both get
// wrong: a field that both misspell, bytes that both escape. Over NewTransport
// what was asked is also looked for in the body itself, by [CheckWire], which
// shows what is lost. For what is misnamed or misplaced use recordings of the
// service ([Subject].Conversations), and keep the bytes of every request and
// answer ([Subject].Pins).
//
// Test and Check may run concurrently. A Subject is not modified, but for the
// pins that it writes, and its functions are called concurrently.
package conformance

//go:generate go test -count=1 -run ^TestRulesAreUpToDate$ . -update
