package bedrock

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
)

// An unpacker takes the model's bytes out of the payloads of one stream's
// chunks. They come in base64, and in some formats nearly all of a chunk is an
// end that is the same in each: ids and members that say nothing. To decode that
// end once, and not in every chunk, saves a good part of a chunk's time.
type unpacker struct {
	chunk []byte // the last chunk's bytes; their space is used again

	// The ends by the number of padding characters. Where that is the same,
	// equal bytes at the end are equal characters.
	ends [3]chunkEnd
}

// unpack sets chunk from a payload, which usually is
//
//	{"bytes":"…","p":"…"}
func (u *unpacker) unpack(payload []byte) error {
	encoded, ok := bytes.CutPrefix(payload, []byte(`{"bytes":"`))
	end := bytes.IndexByte(encoded, '"')
	if ok && end >= 0 && u.decode(encoded[:end]) {
		return nil
	}
	var chunk struct {
		Bytes []byte `json:"bytes"`
	}
	err := json.Unmarshal(payload, &chunk)
	u.chunk = append(u.chunk[:0], chunk.Bytes...)
	return err
}

// decode sets chunk from base64. It reports whether it could.
func (u *unpacker) decode(encoded []byte) bool {
	u.chunk = slices.Grow(u.chunk[:0], base64.StdEncoding.DecodedLen(len(encoded)))
	space := u.chunk[:cap(u.chunk)]
	padding := min(len(encoded)-len(bytes.TrimRight(encoded, "=")), 2)
	end := &u.ends[padding]
	if head, ok := bytes.CutSuffix(encoded, end.encoded); ok && len(end.encoded) > 0 {
		// Nothing but whole groups, of four characters for three bytes.
		if n, err := base64.StdEncoding.Decode(space, head); err == nil && 4*n == 3*len(head) {
			u.chunk = append(u.chunk[:n], end.decoded...)
			return true
		}
	}
	n, err := base64.StdEncoding.Decode(space, encoded)
	if err != nil {
		return false
	}
	u.chunk = space[:n]
	if 4*(n+padding) == 3*len(encoded) { // no line breaks
		end.learn(encoded, u.chunk)
	}
	return true
}

// A chunkEnd is what chunks end in, in whole groups.
type chunkEnd struct {
	encoded, decoded []byte
	misses           int
}

// learn takes in a chunk that has another end: what both ends share, or all of
// the chunk, until the next one tells what that shares with it. A format whose
// chunks have no such end is soon left alone.
func (e *chunkEnd) learn(encoded, decoded []byte) {
	const worthwhile, patience = 32, 8
	if e.misses == patience {
		return
	}
	start := len(encoded) - commonEnd(encoded, e.encoded)&^3
	if len(encoded)-start < worthwhile {
		start = 0
		e.misses++
	}
	e.encoded = append(e.encoded[:0], encoded[start:]...)
	e.decoded = append(e.decoded[:0], decoded[start/4*3:]...)
}

// commonEnd returns how many bytes at the end of a and b are the same.
func commonEnd(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
