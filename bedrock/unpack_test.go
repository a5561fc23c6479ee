package bedrock

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// wantChunk is a payload's chunk by the standard library alone.
func wantChunk(payload []byte) ([]byte, error) {
	var chunk struct{ Bytes []byte }
	err := json.Unmarshal(payload, &chunk)
	return chunk.Bytes, err
}

func payloadOf(encoded string) []byte { return []byte(`{"bytes":"` + encoded + `"}`) }

// TestUnpackChunks reads, with one unpacker, chunks of all lengths that share
// an end, and a few among them that do not.
func TestUnpackChunks(t *testing.T) {
	var u unpacker
	for i := range 200 {
		chunk := fmt.Sprintf(`{"delta":%q,"id":"chatcmpl-1","model":"a model with a name","nothing":null}`, strings.Repeat("x", i*7%23))
		if i%50 == 10 {
			chunk = fmt.Sprintf(`{"other":%d}`, i)
		}
		if err := u.unpack(payloadOf(base64.StdEncoding.EncodeToString([]byte(chunk)))); err != nil || string(u.chunk) != chunk {
			t.Fatalf("chunk %d: %s, %v; want %s", i, u.chunk, err, chunk)
		}
	}
	for i, end := range u.ends {
		if len(end.encoded) < 40 || !strings.HasSuffix(`a model with a name","nothing":null}`, string(end.decoded[len(end.decoded)-20:])) {
			t.Errorf("with padding %d the end is %q, want what the chunks share", i, end.decoded)
		}
	}
}

// TestUnpackGivesUp reads chunks without a common end.
func TestUnpackGivesUp(t *testing.T) {
	var u unpacker
	for i := range 50 {
		chunk := []byte(strings.Repeat(string(rune('0'+i)), 60))
		if err := u.unpack(payloadOf(base64.StdEncoding.EncodeToString(chunk))); err != nil || !bytes.Equal(u.chunk, chunk) {
			t.Fatalf("chunk %d: %s, %v; want %s", i, u.chunk, err, chunk)
		}
	}
	if got := u.ends[0].misses; got != 8 {
		t.Errorf("%d attempts at an end, want 8", got)
	}
}

// FuzzUnpack compares the unpacker with the standard library on a stream of
// payloads, one a line. Payloads that it has read before must make no
// difference.
func FuzzUnpack(f *testing.F) {
	end := strings.Repeat("QUJD", 10)
	for _, lines := range [][]string{
		{"", "QQ==", "QUI=", "QUJD", "QUJ", "====", "QQ==QUJD"},
		{end, end, "QUJD" + end, "QQ==" + end, "QUI" + end, "QUJDQU" + end, "Q" + end, "!!!!" + end},
		{end + "QQ==", "eHh4" + end + "QQ==", "eHh4eHh4" + end + "QQ==", "eA==" + end + "QQ=="},
		{end, "x" + end, `QU\n` + end, "QU\r\r" + end, "QUJD\r\r\r\r" + end, end + "\r\r\r\r", "Q" + end + "UJD"},
		{end, "QUJD\r\r\r\r" + end, "eHh4" + end},
	} {
		f.Add(strings.Join(lines, "\n"))
	}
	f.Fuzz(func(t *testing.T, lines string) {
		var u unpacker
		for line := range strings.SplitSeq(lines, "\n") {
			payload := payloadOf(line)
			want, wantErr := wantChunk(payload)
			err := u.unpack(payload)
			if wantErr != nil {
				// A payload that is no JSON may be read all the same.
				if _, e := base64.StdEncoding.DecodeString(line); e != nil && err == nil && !strings.Contains(line, `"`) {
					t.Fatalf("unpack(%q) = %q, want %v", payload, u.chunk, wantErr)
				}
				continue
			}
			if err != nil || !bytes.Equal(u.chunk, want) {
				t.Fatalf("unpack(%q) = %q, %v; want %q", payload, u.chunk, err, want)
			}
		}
	})
}
