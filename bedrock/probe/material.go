package probe

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// What the calls are made of. Prompts and answers are short, since they cost.

func user(parts ...model.Part) plan.Turn      { return turn(model.RoleUser, parts) }
func assistant(parts ...model.Part) plan.Turn { return turn(model.RoleAssistant, parts) }

func turn(role model.Role, parts []model.Part) plan.Turn {
	t := plan.Turn{Role: role}
	for _, p := range parts {
		if point, ok := p.(model.CachePoint); ok {
			last := &t.Blocks[len(t.Blocks)-1].Cache
			last.Set = true
			if point.TTL > 0 {
				last.TTL = "5m"
			}
			continue
		}
		t.Blocks = append(t.Blocks, plan.Block{Part: p})
	}
	return t
}

const hello = model.Text("Say ok.")

// talk is a conversation with a short answer.
func (r *run) talk(turns ...plan.Turn) *plan.Plan {
	if len(turns) == 0 {
		turns = []plan.Turn{user(hello)}
	}
	p := &plan.Plan{Turns: turns}
	p.MaxTokens = r.small()
	return p
}

// small is how many tokens an answer may have that is of no interest.
func (r *run) small() int { return max(16, r.facts.Limits.MinOutput) }

// room is enough for a call of a tool, and for an answer with a little thinking.
const room = 200

const toolName = "clock"

func clock() plan.Tool {
	return plan.Tool{Name: toolName, Description: "Tells the time.", Schema: json.RawMessage(`{"type":"object","properties":{},"additionalProperties":false}`)}
}

// armed is a conversation with a tool on offer.
func (r *run) armed(turns ...plan.Turn) *plan.Plan {
	p := r.talk(turns...)
	p.Tools = []plan.Tool{clock()}
	return p
}

const callID = "call_1"

func call(id string) model.Part {
	return model.ToolCall{ID: id, Name: toolName, Input: json.RawMessage(`{}`)}
}

func result(id string, parts ...model.Part) model.Part {
	if len(parts) == 0 {
		parts = []model.Part{model.Text("It is noon.")}
	}
	return model.ToolResult{CallID: id, Parts: parts}
}

// round is a conversation in which a tool was called.
func (r *run) round(parts ...model.Part) *plan.Plan {
	return r.armed(user(model.Text("What time is it?")), assistant(call(callID)), user(result(callID, parts...)))
}

// thinking makes a request one for thinking, in the way that the model is known
// to be asked. It reports false if none is known.
func (r *run) thinking(p *plan.Plan) bool {
	t := &r.facts.Thinking
	p.MaxTokens = max(p.MaxTokens, room)
	switch {
	case t.Style == facts.ThinkingStyleClaude && t.Adaptive.Yes():
		p.Thinking = plan.Thinking{Style: t.Style, Type: "adaptive"}
	case t.Style == facts.ThinkingStyleClaude:
		p.Thinking = plan.Thinking{Style: t.Style, Type: "enabled", Budget: max(1024, t.BudgetMin)}
		p.MaxTokens = p.Thinking.Budget + 64
	case t.Style == facts.ThinkingStyleNova:
		p.Thinking = plan.Thinking{Style: t.Style, Type: "enabled", Effort: "low"}
	case t.Style == facts.ThinkingStyleEffort, t.Style == facts.ThinkingStyleNested, t.Style == facts.ThinkingStyleQwen:
		p.Thinking = plan.Thinking{Style: t.Style, Effort: "low"}
		if t.EffortAsk != "" {
			p.Thinking.Effort = t.EffortAsk
		}
	default:
		return false
	}
	return true
}

// askable needs a known way to ask for thinking.
func askable(r *run) string {
	if r.thinking(new(plan.Plan)) {
		return ""
	}
	return "no field is known that asks it to think"
}

// picture is a small image that every model can read.
var picture = sync.OnceValue(func() model.Image {
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for x := range 64 {
		for y := range 64 {
			m.Set(x, y, color.RGBA{200, uint8(x * 3), 0, 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes all
	return model.Image{MediaType: "image/png", Data: b.Bytes()}
})

func paper() model.Document {
	return model.Document{MediaType: "text/plain", Name: "note", Data: []byte("The sky is blue.")}
}

// Videos and sounds that are not real: a model that takes no such files refuses
// them before anybody looks at the bytes.
func film() model.Video {
	return model.Video{MediaType: "video/mp4", Data: []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat")}
}

func sound() model.Audio {
	return model.Audio{MediaType: "audio/mpeg", Data: []byte("ID3\x03\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64")}
}

// long returns a text of about n tokens that nobody has sent before.
func (r *run) long(n int) string {
	return r.salt + strings.Repeat(" word", n)
}

// schema returns a schema that every model takes if it takes any.
func schema(properties string) json.RawMessage {
	return json.RawMessage(`{"type":"object","properties":{` + properties + `},"required":["answer"],"additionalProperties":false}`)
}

const answerProperty = `"answer":{"type":"string"}`

// shaped is a request for an answer by a schema.
func (r *run) shaped(s json.RawMessage) *plan.Plan {
	p := r.talk(user(model.Text("Answer ok, as JSON.")))
	p.Output = &plan.Output{Name: "answer", Schema: s}
	p.MaxTokens = max(p.MaxTokens, 32)
	return p
}
