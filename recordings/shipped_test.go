package recordings_test

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

var update = flag.Bool("update", false, "write the transcribed cassettes anew")

// A transcript is a cassette of this package as it was written down from a
// document.
type transcript struct {
	origin    recordings.Origin
	exchanges []recordings.Exchange
}

const (
	chatBedrockPage = "LangChain documentation, page ChatBedrock"
	sonnet35        = "anthropic.claude-3-5-sonnet-20240620-v1:0"
	sonnet35URL     = "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/"

	translateRequest = `{"messages":[{"content":[{"text":"I love programming."}],"role":"user"}],"system":[{"text":"You are a helpful assistant that translates English to French. Translate the user sentence."}]}`
)

// transcripts returns the conversations of the ChatBedrock page: its words and
// counters, in the wire format of the Converse API.
func transcripts() map[string]transcript {
	origin := recordings.Origin{Source: chatBedrockPage, Model: sonnet35, Region: "us-east-1", Date: "2026-11-22"}
	stream := slices.Concat(
		testFrame("messageStart", `{"role":"assistant"}`),
		testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"J"}}`),
		testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"'adore la"}}`),
		testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":" programmation."}}`),
		testFrame("contentBlockStop", `{"contentBlockIndex":0}`),
		testFrame("messageStop", `{"stopReason":"end_turn"}`),
		testFrame("metadata", `{"metrics":{"latencyMs":600},"usage":{"cacheReadInputTokens":0,"cacheWriteInputTokens":0,"inputTokens":29,"outputTokens":11,"totalTokens":40}}`))
	return map[string]transcript{
		"seed/translate": {origin, []recordings.Exchange{{
			URL: sonnet35URL + "converse", RequestHeader: jsonHeader(), RequestBody: []byte(translateRequest),
			ResponseHeader: jsonHeader(),
			ResponseBody:   []byte(`{"metrics":{"latencyMs":488},"output":{"message":{"content":[{"text":"J'adore la programmation."}],"role":"assistant"}},"stopReason":"end_turn","usage":{"cacheReadInputTokens":0,"cacheWriteInputTokens":0,"inputTokens":29,"outputTokens":11,"totalTokens":40}}`),
		}}},
		"seed/translate-stream": {origin, []recordings.Exchange{{
			URL: sonnet35URL + "converse-stream", RequestHeader: jsonHeader(), RequestBody: []byte(translateRequest),
			ResponseHeader: streamHeader(), ResponseBody: stream,
		}}},
	}
}

func TestShippedCassettes(t *testing.T) {
	dir := t.TempDir()
	if *update {
		dir = "cassettes"
	}
	for name, tr := range transcripts() {
		if err := recordings.Transcribe(dir, name, tr.origin, tr.exchanges...); err != nil {
			t.Fatal(err)
		}
		for _, ext := range []string{".yaml", ".txt"} {
			want, err := os.ReadFile(dir + "/" + name + ext)
			if err != nil {
				continue // no stream, no view
			}
			got, err := fs.ReadFile(recordings.Cassettes(), name+ext)
			if err != nil || string(got) != string(want) {
				t.Errorf("%s%s is not what its transcript says (%v); run go test ./recordings -run TestShippedCassettes -update", name, ext, err)
			}
		}
	}
	if err := recordings.Check(recordings.Cassettes(), slices.Collect(maps.Keys(transcripts()))...); err != nil {
		t.Error(err)
	}
}
