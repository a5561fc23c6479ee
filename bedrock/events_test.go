package bedrock

import (
	"context"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// FuzzEvents fuzzes the inside of FuzzStream: events without frames, a client
// or an SDK, a hundred times as fast. The message must be what the events add
// up to, and an answer is complete only after messageStop, if all of it can be read.
func FuzzEvents(f *testing.F) {
	f.Add("contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\\u00e9\"}}\nmessageStop {\"stopReason\":\"end_turn\"}\nmetadata {}")
	f.Add("contentBlockStart {\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"name\":\"n\",\"toolUseId\":\"t\"}}}\ncontentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{\"}}}")
	f.Add("contentBlockStart {\"contentBlockIndex\":1,\"start\":{\"image\":{\"format\":\"png\"}}}\ncontentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"image\":{\"source\":{\"bytes\":\"AA==\"}}}}\nmessageStop {}")
	f.Add("contentBlockDelta {\"contentBlockIndex\":3,\"delta\":{\"toolResult\":[{\"text\":\"t\"}]}}\ncontentBlockDelta {\"contentBlockIndex\":3,\"delta\":{\"text\":\"b\"}}\nmessageStop {}")
	f.Add("contentBlockDelta {\"delta\":{\"hologram\":{}}}\nping {}\nmessageStop {}\nmetadata {\"usage\":{\"inputTokens\":1e99}}")
	f.Add("messageStop {\"stopReason\":\"end_turn\"}\nmetadata")
	f.Fuzz(func(t *testing.T, script string) {
		stopped := false
		s := model.NewStream(context.Background(), model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
			d := streamDecoder{emit: emit, facts: &facts.Facts{}}
			for line := range strings.SplitSeq(script, "\n") {
				name, payload, _ := strings.Cut(line, " ")
				if err := d.event(name, []byte(payload)); err != nil {
					stopped = false // also behind messageStop: the end cannot be read
					return err
				}
				stop, complete := d.progress()
				if stopped = stop; complete {
					break
				}
			}
			if stopped {
				d.finish(false)
			}
			return nil
		})
		var text strings.Builder
		for ev, err := range s.Events() {
			if err == nil && ev.Kind == model.EventText {
				text.WriteString(ev.Text)
			}
		}
		resp, err := s.Response()
		if stopped != (err == nil) {
			t.Fatalf("messageStop seen: %v, error %v", stopped, err)
		}
		if resp == nil {
			return
		}
		if len(text.String()) > len(joined(resp.Message.Parts)) {
			t.Errorf("the events hold the text %q, the response %q", &text, joined(resp.Message.Parts))
		}
		if err == nil {
			if again := resp.Clone(); again.Text() != resp.Text() {
				t.Error("a copy has another text")
			}
		}
	})
}

// joined returns the texts of an answer, cited ones included.
func joined(parts []model.Part) string { return (model.Message{Parts: parts}).Text() }
