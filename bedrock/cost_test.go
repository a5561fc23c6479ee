package bedrock_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// What a request costs, in bytes allocated for each byte of its body. Bytes do
// not depend on how busy a machine is; time is for the benchmarks.

// costDoors are the ways in which the costs are measured.
var costDoors = map[string]*bedrock.Options{"Converse": nil, "InvokeModel": {Format: bedrock.FormatAnthropic}}

// manyImages is a request with four images of 3.75 MB, Claude's limit.
func manyImages() *model.Request {
	turn := model.User("Compare them.")
	for i := range 4 {
		data := make([]byte, 3_750_000)
		copy(data, "\x89PNG\r\n\x1a\n")
		data[len(data)-1] = byte(i)
		turn.Parts = append(turn.Parts, model.Image{MediaType: "image/png", Data: data})
	}
	return &model.Request{Messages: []model.Message{turn}}
}

// toolHistory is a conversation of 400 calls of a tool and their results.
func toolHistory() *model.Request {
	req := &model.Request{MaxTokens: 1000, Messages: []model.Message{model.System(longPrompt), model.User(longQuestion)}}
	for _, name := range longTools {
		req.Tools = append(req.Tools, model.Tool{Name: name, Description: longPrompt, InputSchema: json.RawMessage(longSchema)})
	}
	row := `{"order":%d,"state":"shipped","notes":"` + strings.Repeat("left at the gate, ", 40) + `"}`
	for i := range 400 {
		id := fmt.Sprint("tooluse_", i)
		req.Messages = append(req.Messages,
			model.AssistantParts(model.Text(longReply), model.ToolCall{ID: id, Name: longTools[0], Input: json.RawMessage(fmt.Sprintf(`{"order":%d}`, i))}),
			model.UserParts(model.ToolResult{CallID: id, Parts: []model.Part{model.JSON(fmt.Sprintf(row, i))}}))
	}
	return req
}

// costTransport answers at once, by any door, and counts the bytes of bodies.
func costTransport(sent *int64) roundTrip {
	piece := make([]byte, 64<<10)
	return func(r *http.Request) (*http.Response, error) {
		for {
			n, err := r.Body.Read(piece)
			if *sent += int64(n); err == io.EOF {
				break
			} else if err != nil {
				return nil, err
			}
		}
		d := door{op: r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]}
		if strings.HasPrefix(d.op, "invoke") {
			d.format = bedrock.FormatAnthropic
		}
		contentType, body := d.answer()
		return answer(body, contentType), nil
	}
}

// cost returns how many bytes a call allocates for each byte of its body.
func cost(t testing.TB, options *bedrock.Options, call func(m *bedrock.Model) error) float64 {
	t.Helper()
	var sent int64
	m := newModel(t, claude45, costTransport(&sent), options)
	if err := call(m); err != nil { // what is made once is made now
		t.Fatal(err)
	}
	least := 0.0
	for i := range 3 { // others, such as the collector, may allocate meanwhile
		sent = 0
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := call(m); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if c := float64(after.TotalAlloc-before.TotalAlloc) / float64(sent); i == 0 || c < least {
			least = c
		}
	}
	return least
}

func generateCost(t testing.TB, options *bedrock.Options, req *model.Request) float64 {
	t.Helper()
	return cost(t, options, func(m *bedrock.Model) error {
		_, err := m.Generate(t.Context(), req)
		return err
	})
}

// TestCostOfImages: files are written once, into a buffer of the right size. A
// stream costs the same; where it holds wishes that could be refused, the
// request is copied before, since it may be planned again after its caller has
// changed it, and the copy holds the files' bytes too.
func TestCostOfImages(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates as well")
	}
	req := manyImages()
	for door, options := range costDoors {
		if got := generateCost(t, options, req); got > 1.05 {
			t.Errorf("Generate over %s allocates %.2f bytes for each of the body, want 1.05 at most", door, got)
		}
	}
}

func TestCostOfHistory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates as well")
	}
	req := toolHistory()
	converse := generateCost(t, costDoors["Converse"], req)
	if converse > 2 {
		t.Errorf("Converse allocates %.2f bytes for each of the body, want 2 at most", converse)
	}
	if invoke := generateCost(t, costDoors["InvokeModel"], req); invoke > 1.3*converse {
		t.Errorf("InvokeModel allocates %.2f bytes for each of the body, want at most 1.3 times the %.2f of Converse", invoke, converse)
	}
}

// BenchmarkHistory measures a turn of a long conversation with tools, with the
// SDK used by hand and through both doors. The SDK's form is made beforehand,
// as if a program kept it. The last of them reports its time as a ratio to the
// SDK's.
func BenchmarkHistory(b *testing.B) {
	in, req := historyInput(), toolHistory()
	var sent int64
	var sdk float64
	b.Run("sdk", func(b *testing.B) {
		client := newClient(costTransport(&sent))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.Converse(b.Context(), in); err != nil {
				b.Fatal(err)
			}
		}
		sdk = float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	})
	for _, door := range []string{"Converse", "InvokeModel"} {
		b.Run(door, func(b *testing.B) {
			m := newModel(b, claude45, costTransport(&sent), costDoors[door])
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Generate(b.Context(), req); err != nil {
					b.Fatal(err)
				}
			}
			if sdk > 0 {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sdk, "of-sdk")
			}
		})
	}
}

// BenchmarkImages measures a request with ten images of 3.75 MB.
func BenchmarkImages(b *testing.B) {
	req := manyImages()
	for door, options := range costDoors {
		b.Run(door, func(b *testing.B) {
			var sent int64
			m := newModel(b, claude45, costTransport(&sent), options)
			b.ReportAllocs()
			for b.Loop() {
				sent = 0
				if _, err := m.Generate(b.Context(), req); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(sent)
		})
	}
}

// historyInput is toolHistory in the SDK's types.
func historyInput() *bedrockruntime.ConverseInput {
	in := longInput() // for the tools and the system prompt
	in.Messages = nil
	value := func(raw []byte) document.Interface {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			panic(err)
		}
		return document.NewLazyDocument(v)
	}
	for _, m := range toolHistory().Messages[1:] {
		out := types.Message{Role: types.ConversationRole(m.Role)}
		for _, p := range m.Parts {
			switch p := p.(type) {
			case model.Text:
				out.Content = append(out.Content, &types.ContentBlockMemberText{Value: string(p)})
			case model.ToolCall:
				out.Content = append(out.Content, &types.ContentBlockMemberToolUse{Value: types.ToolUseBlock{ToolUseId: &p.ID, Name: &p.Name, Input: value(p.Input)}})
			case model.ToolResult:
				out.Content = append(out.Content, &types.ContentBlockMemberToolResult{Value: types.ToolResultBlock{ToolUseId: &p.CallID, Status: types.ToolResultStatusSuccess,
					Content: []types.ToolResultContentBlock{&types.ToolResultContentBlockMemberJson{Value: value([]byte(p.Parts[0].(model.JSON)))}}}})
			}
		}
		in.Messages = append(in.Messages, out)
	}
	return in
}
