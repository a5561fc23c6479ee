// Package blocks translates between the parts of a neutral message and the
// content blocks of Converse, in both directions and without regard to what a
// model allows. The bedrock package reads answers with it; bedrocktest reads
// requests and writes answers. Requests are written by package converse, straight
// from a plan.
//
// Encoding and decoding are inverse to each other as far as the wire has a
// place for things; the functions say where it has none. A value that is decoded
// may share memory with the wire's structs, which hold no memory of a body.
package blocks
