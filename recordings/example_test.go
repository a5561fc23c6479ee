package recordings_test

import (
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// A program answers from a cassette that is part of it.
func ExampleReplay() {
	tape, err := recordings.Replay(recordings.Cassettes(), "seed/translate", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tape.Close()
	fmt.Println(tape.Origin().Kind, "from", tape.Origin().Source)

	const request = `{
		"system": [{"text": "You are a helpful assistant that translates English to French. Translate the user sentence."}],
		"messages": [{"role": "user", "content": [{"text": "I love programming."}]}]
	}`
	const url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-3-5-sonnet-20240620-v1:0/converse"
	resp, err := tape.Client().Post(url, "application/json", strings.NewReader(request))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(strings.Contains(string(body), "J'adore la programmation."), err)
	// Output:
	// transcribed from LangChain documentation, page ChatBedrock
	// true <nil>
}

// A stream can be reviewed without decoding base64 by hand.
func ExampleCassette_View() {
	c, err := recordings.Load(recordings.Cassettes(), "seed/translate-stream")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(c.View())
	// Output:
	// # exchange 0: POST /model/anthropic.claude-3-5-sonnet-20240620-v1:0/converse-stream -> 200
	// messageStart {"role":"assistant"}
	// contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"J"}}
	// contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"'adore la"}}
	// contentBlockDelta {"contentBlockIndex":0,"delta":{"text":" programmation."}}
	// contentBlockStop {"contentBlockIndex":0}
	// messageStop {"stopReason":"end_turn"}
	// metadata {"metrics":{"latencyMs":600},"usage":{"cacheReadInputTokens":0,"cacheWriteInputTokens":0,"inputTokens":29,"outputTokens":11,"totalTokens":40}}
}

// A conversation is written down from documentation, and says so.
func ExampleTranscribe() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	err = recordings.Transcribe(dir, "hello",
		recordings.Origin{Source: "the manual, page 3", Model: "m-1", Date: "2026-01-31"},
		recordings.Exchange{
			URL:          "https://bedrock-runtime.us-east-1.amazonaws.com/model/m-1/converse",
			RequestBody:  []byte(`{"messages":[]}`),
			ResponseBody: []byte(`{"stopReason":"end_turn"}`),
		})
	fmt.Println(err, recordings.Check(os.DirFS(dir), "hello"))
	// Output: <nil> <nil>
}

// What the service answers today is compared with the cassette: the model's
// words may differ, the shape of the answer may not.
func ExampleDrift() {
	old := &recordings.Cassette{Exchanges: []recordings.Exchange{{
		URL: converseURL, Status: 200, ResponseBody: []byte(`{"stopReason":"end_turn","usage":{"inputTokens":29}}`),
	}}}
	new := &recordings.Cassette{Exchanges: []recordings.Exchange{{
		URL: converseURL, Status: 200, ResponseBody: []byte(`{"stopReason":"max_tokens","usage":{"inputTokens":31,"cacheReadInputTokens":0}}`),
	}}}
	for _, change := range recordings.Drift(old, new) {
		fmt.Println(change)
	}
	// Output: exchange 0: response: key usage.cacheReadInputTokens (number) is new
}

// In a test file, -record is a flag like any other.
func ExampleRecordFlag() {
	flags := flag.NewFlagSet("example", flag.ContinueOnError) // in a test: flag.CommandLine
	record := recordings.RecordFlag(flags)
	if err := flags.Parse([]string{"-record"}); err != nil {
		fmt.Println(err)
		return
	}
	opts := recordings.Options{Record: *record}
	fmt.Println(opts.Record)
	// Output: true
}

// A folder of cassettes is checked by one test: none is orphaned, out of date,
// without origin, or holds a secret.
func ExampleCheck() {
	seed, err := fs.Sub(recordings.Cassettes(), "seed")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(recordings.Check(seed, "translate", "thinking", "caching", "chain"))
	// Output: recordings: translate-stream.yaml: no test claims this cassette
}

// Open is used in tests.
func ExampleOpen() {
	_ = func(t *testing.T) {
		tape := recordings.Open(t, "seed/translate", &recordings.Options{FS: recordings.Cassettes()})
		client := tape.Client() // give it to whatever makes requests
		_ = client
	}
}
