// Package converse writes a [plan.Plan] as a body of Converse, ConverseStream
// or CountTokens.
//
// [Append] puts the whole body into one buffer, which it sizes beforehand, so
// that a request costs its own length and little else. It knows the names of
// the wire and no rules: whatever the service or a model refuses has been
// settled by the plan. Equal plans give equal bytes: members are in
// alphabetical order, names of maps are sorted, and JSON documents go through
// byte for byte.
//
// The other direction is package wire's, which reads requests for servers and
// answers for clients.
package converse
