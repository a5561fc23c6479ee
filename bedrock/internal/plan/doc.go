// Package plan decides what is sent to a model.
//
// It is the one place in which something of a request is dropped, moved,
// changed or refused. [New] turns a neutral request, the facts of a model and
// the abilities of a body format into a [Plan], which is neutral too, and lists
// every change as a [Finding]. Writers put a plan into bytes and know no rules,
// so that the doors to a model cannot differ.
//
// # Mental model
//
// New runs the rules once, from top to bottom, and each step passes its decisions
// to those below:
//
//	door, settings        is the model served here; are Bedrock's own settings legal
//	additional            what the caller's additional fields set by themselves
//	thinker, mind         how the model is asked to think; whether it will
//	offer, schemas        the tools, the choice among them, their schemas
//	guards                what a guardrail should look at
//	history               the messages, part by part:
//	  texts, files          what is sent for words, and for files
//	  toolParts, calls      what is sent for calls and results, by which ids
//	  conversation          where it goes: turns, their order, their cache points
//	  counts                how many files the request may hold
//	caching               cache points, the caller's and the automatic ones
//	sampler, output       what bounds, varies and shapes the answer
//
// All rules share a scope: the facts, the format, which they only read, and the
// report that they add to. Nothing else is shared; a rule takes the rest as
// arguments and returns what it has decided. The documentation of package
// bedrock has a table of the changes to the parts of a history.
//
// A rule whose fact about a model comes only from a sibling of the model does
// not refuse a request; see scope.lacks.
package plan
