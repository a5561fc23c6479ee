// Package outside finds recordings of the real service that are not part of
// the project, for the tests that are held against them.
//
// The environment variable BEDROCK_RECORDINGS lists their folders, separated as
// in PATH. In a folder lies one conversation a file, NAME.yaml, a cassette as
// package recordings reads it, and beside it NAME.expected.json, what another
// program holds the responses to say.
package outside
