// Package eventstream reads and writes the frames of the content type
// application/vnd.amazon.eventstream, the binary framing of a streamed answer
// of Amazon Bedrock.
//
// A frame is
//
//	total length   4 bytes   of the whole frame, these four included
//	headers length 4 bytes
//	prelude CRC    4 bytes   of the eight bytes before it
//	headers                  name length (1), name, type (1), value
//	payload                  whatever is left
//	message CRC    4 bytes   of everything before it
//
// with integers in big endian and both checksums CRC-32 (IEEE). Headers say
// what the payload is: an event, an exception of the service, or an error.
//
// # Reading
//
// [Decoder.Next] returns one [Frame] after the other, with both checksums
// verified, and says how the stream ended. That is the reason for this package:
// [io.EOF] means that the connection ended between two frames, and nothing else
// does. A cut inside a frame is an [*Error] that matches
// [io.ErrUnexpectedEOF]; a failed read is an [*Error] that matches the reader's
// own error, such as [context.Canceled]. Whether the last frame seen completes
// the conversation is for the caller to know.
//
// All frames of a decoder share one buffer, and no frame costs an allocation
// once that buffer has grown to the longest frame. Next reads ahead, but waits for
// no more than the frame needs: a frame that has arrived is returned even when
// the connection stalls right behind it.
//
// # Writing
//
// [AppendEvent], [AppendException] and [AppendError] build frames as the service
// sends them, headers in the service's order. They serve local test servers.
//
// # Streams in memory
//
// [Parse] and [Split] take a recorded stream apart, every header kept, and
// [AppendMessage] puts a frame together again.
package eventstream
