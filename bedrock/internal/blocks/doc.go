// Package blocks translates between the parts of a neutral message and the
// content blocks of Converse, in both directions and without regard to what a
// model allows: that is the business of the bedrock package, which uses it for
// requests and answers, and of bedrocktest, which uses it the other way round.
//
// Encoding and decoding are inverse to each other as far as the wire has a
// place for things; the functions say where it has none.
package blocks
