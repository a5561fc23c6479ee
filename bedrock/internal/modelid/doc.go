// Package modelid reads the ids of models on Amazon Bedrock: base ids, ids of
// inference profiles, and ARNs.
//
// A base id is a maker and a name, such as "anthropic.claude-opus-4-6-v1" or
// "deepseek.v3.2". The name holds, in no fixed order, the words of a line of
// models, a version, sizes, the date of a snapshot, and a suffix that counts
// the service's own releases of it. Nothing in an id says which number is
// which. This package follows a convention that fits all known ids, and gives
// some answer for every other.
package modelid
