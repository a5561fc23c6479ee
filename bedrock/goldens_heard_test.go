package bedrock_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensHeard keeps how the blocks of a request are read by a server: each
// kind in a turn of the user, in one of the model, in a tool's result and in the
// system prompt.
func TestGoldensHeard(t *testing.T) {
	var blocks []block
	for _, c := range append(converseBlocks, heardBlocks...) {
		b := block{name: visible.Replace(c)}
		for _, body := range []string{
			`{"messages":[{"role":"user","content":[` + c + `]}]}`,
			`{"messages":[{"role":"assistant","content":[` + c + `,{"text":"z"}]}]}`,
			`{"messages":[{"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[` + c + `],"status":"error"}}]}]}`,
			`{"messages":[{"role":"assistant","content":[{"toolResult":{"toolUseId":"c1","type":"k","content":[` + c + `]}}]}]}`,
			`{"system":[` + c + `]}`,
		} {
			req, err := bedrocktest.DecodeRequest(claude45, []byte(body))
			if err != nil {
				b.text += "  " + visible.Replace(ownWords(err.Error())) + "\n"
				continue
			}
			data, err := json.Marshal(req.Messages)
			b.text += fmt.Sprintf("  %s%s\n", data, failed(err))
		}
		blocks = append(blocks, b)
	}
	checkGoldens(t, "heard", blocks)
}

// heardBlocks are blocks that requests have and answers have not, and unions of
// which nobody knows which member counts.
var heardBlocks = []string{
	`{"audio":{"format":"mp3","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"123456789012"}}}}`, `{"audio":{"format":"mp3","source":{"hologram":1}}}`, `{"audio":{"format":"mp3","source":{}}}`,
	`{"video":{"format":"mp4","source":{"hologram":1}}}`, `{"video":{"error":{"message":"too long"}}}`,
	`{"image":{"format":"png","source":{"bytes":""}}}`, `{"image":{"source":{"bytes":"AQID"}}}`, `{"image":{}}`,
	`{"document":{"name":"d","source":{}}}`, `{"document":{"name":"d","source":{"text":""}}}`, `{"document":{"name":"d","source":{"content":[]}}}`, `{"document":{"name":"d","source":{"bytes":""}}}`,
	`{"toolUse":{"toolUseId":"c1","name":"f","input":[],"type":"k"}}`, `{"toolUse":{}}`, `{"toolResult":{}}`, `{"toolResult":{"toolUseId":"c1","status":"success","content":[]}}`,
	`{"toolResult":{"toolUseId":"c1","status":"error","content":[{"text":"a","json":1},{"json":{}},{"image":{}},{"audio":{}}]}}`,
	`{"guardContent":{"text":{}}}`, `{"guardContent":{"text":{"text":"a"},"image":{"format":"png"}}}`, `{"guardContent":{"image":{}}}`,
	`{"cachePoint":{}}`, `{"cachePoint":{"ttl":"5m"}}`, `{"searchResult":{}}`, `{"searchResult":{"content":[{}],"citations":{}}}`,
	`{"toolAddition":{"tool":{}}}`, `{"toolRemoval":{}}`, `{"toolRemoval":{"tool":{"name":"f","serverName":"s","type":"mcp"}}}`,
	`{"citationsContent":{}}`, `{"citationsContent":{"content":[{"text":"a"}],"citations":[{"location":{"documentChar":{}}},{"location":{"web":{}}},{"location":{"searchResultLocation":{}}},{"source":"S"},{"title":"T"}]}}`,
	`{"reasoningContent":{"reasoningText":{"text":"t"},"redactedContent":"AQID"}}`,
}

// TestGoldensSentOn keeps what is sent for each of those parts again, so that
// what was heard from one side can go on to the other.
func TestGoldensSentOn(t *testing.T) {
	var blocks []block
	for _, c := range append(converseBlocks, heardBlocks...) {
		b := block{name: visible.Replace(c)}
		for who, body := range map[string]string{
			"user":  `{"messages":[{"role":"user","content":[{"text":"a"},` + c + `]}]}`,
			"model": `{"messages":[{"role":"user","content":[{"text":"a"}]},{"role":"assistant","content":[` + c + `,{"text":"b"}]},{"role":"user","content":[{"text":"z"}]}]}`,
		} {
			req, err := bedrocktest.DecodeRequest(claude45, []byte(body))
			if err != nil {
				continue // as TestGoldensHeard says
			}
			if strings.Contains(c, "tool") {
				req.Tools = weather
			}
			b.text += sentOn(t, who, claude45, bedrock.FormatConverse, req) + sentOn(t, who, nova2, bedrock.FormatConverse, req) + sentOn(t, who, claude45, bedrock.FormatAnthropic, req) + sentOn(t, who, claude45, bedrock.FormatOpenAI, req)
		}
		lines := splitLines(b.text)
		slices.Sort(lines)
		b.text = strings.Join(lines, "\n") + "\n"
		if len(lines) > 0 {
			blocks = append(blocks, b)
		}
	}
	checkGoldens(t, "sent-on", blocks)
}

// sentOn tells in a line what a codec makes of the messages of a request.
func sentOn(t *testing.T, who, id string, format bedrock.Format, req *model.Request) string {
	t.Helper()
	codec, err := bedrock.NewCodec(id, &bedrock.Options{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	body, err := codec.Encode(req)
	if err != nil {
		return fmt.Sprintf("  %s %s %s %s\n", who, id, format, visible.Replace(ownWords(strings.TrimPrefix(err.Error(), "bedrock: encode "+id+": "))))
	}
	var sent struct{ Messages json.RawMessage }
	if err := json.Unmarshal(body.JSON, &sent); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("  %s %s %s %s", who, id, format, visible.Replace(string(sent.Messages)))
	for _, w := range body.Warnings {
		text += "; warned " + visible.Replace(w.String())
	}
	return text + "\n"
}
