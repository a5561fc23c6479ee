package answers

import (
	"context"
	"fmt"
	"sync"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Player answers the calls of one world by a book. It is safe for concurrent
// use.
type Player struct {
	// Else, if not nil, answers in place of the book's otherwise, unless that
	// refuses.
	Else model.ChatModel

	mu     sync.Mutex
	book   *Book
	script []Answer // the book's, or the one that replaced it
	at     int      // the number of answers played
	used   []int    // how often each rule answered
}

// NewPlayer returns a player of a book.
func NewPlayer(b *Book) *Player {
	p := &Player{}
	p.Play(b)
	return p
}

// Play plays a book from its start.
func (p *Player) Play(b *Book) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.book, p.script, p.at, p.used = b, b.Script, 0, make([]int, len(b.Rules))
}

// Book returns the book that is played.
func (p *Player) Book() *Book {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.book
}

// Restart plays the script and the rules from their start again.
func (p *Player) Restart() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.used = 0, make([]int, len(p.book.Rules))
}

// SetScript replaces the book's script and starts the new one.
func (p *Player) SetScript(script []Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.script, p.at = script, 0
}

// Append adds answers to the end of the script.
func (p *Player) Append(more []Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.script = append(p.script[:len(p.script):len(p.script)], more...)
}

// Script returns the number of answers in the script, and how many were played.
func (p *Player) Script() (all, played int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.script), p.at
}

// A Use counts how often a rule answered.
type Use struct {
	Name string `json:"name,omitempty"`
	Used int    `json:"used"`
}

// Uses returns how often each rule answered.
func (p *Player) Uses() []Use {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]Use, len(p.used))
	for i, n := range p.used {
		all[i] = Use{p.book.Rules[i].Name, n}
	}
	return all
}

type askedInContext struct{}

// WithAsked returns a context with the operation and the model of a call. A
// neutral request has neither.
func WithAsked(ctx context.Context, operation, modelID string) context.Context {
	return context.WithValue(ctx, askedInContext{}, Asked{Operation: operation, Model: modelID})
}

// answerer returns a model that answers one call.
func (p *Player) answerer(ctx context.Context, req *model.Request) model.ChatModel {
	asked, _ := ctx.Value(askedInContext{}).(Asked)
	asked.Request = req
	p.mu.Lock()
	defer p.mu.Unlock()
	if t, ok := p.next(&asked); ok {
		return fake.New(t)
	}
	switch otherwise := p.otherwise(); {
	case otherwise == Refuse:
		return fake.New(fake.Fail(&bedrocktest.Exception{Code: "ValidationException", Message: p.nothing()}))
	case p.Else != nil:
		return p.Else
	case otherwise == CallTools, req.Output != nil, req.ToolChoice.Mode == model.ToolsAny, req.ToolChoice.Mode == model.ToolsNamed:
		return fake.New(fake.Auto(1).Usage(nil))
	}
	text := asked.Text()
	if text == "" {
		text = silence
	}
	return fake.New(fake.Text(text).Usage(nil))
}

// silence is the answer if the user's message has no text.
const silence = "(no text)"

// next returns the answer of the first rule that fits, or else the next answer
// of the script.
func (p *Player) next(asked *Asked) (fake.Turn, bool) {
	for i := range p.book.Rules {
		r := &p.book.Rules[i]
		if r.Times > 0 && p.used[i] >= r.Times || !r.When.Fits(asked) {
			continue
		}
		t := r.Answer.turns[p.used[i]%len(r.Answer.turns)]
		p.used[i]++
		return t, true
	}
	if p.at >= len(p.script) {
		return fake.Turn{}, false
	}
	p.at++
	return p.script[p.at-1].turns[0], true
}

// otherwise returns the book's otherwise. If a script has replaced the book's
// own, it refuses instead, because a call beyond that script is a mistake.
func (p *Player) otherwise() Otherwise {
	if p.book.Otherwise == Echo && len(p.script) > 0 && len(p.book.Script) == 0 && !p.book.said {
		return Refuse
	}
	return p.book.Otherwise
}

// nothing returns why a call is refused.
func (p *Player) nothing() string {
	script := "The script"
	if p.book.Name != "" {
		script += " " + p.book.Name
	}
	switch {
	case len(p.script) > 0:
		return fmt.Sprintf("%s is at its end: all of its %d answers have been played.", script, len(p.script))
	case len(p.book.Rules) > 0:
		return "No answer fits this request, and there is no script."
	}
	return script + " holds no answers."
}

// Generate answers by the request.
func (p *Player) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return p.answerer(ctx, req).Generate(ctx, req)
}

// Stream answers by the request.
func (p *Player) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return p.answerer(ctx, req).Stream(ctx, req)
}

// CallOf returns the values that WithAsked put into a context.
func CallOf(ctx context.Context) (operation, modelID string) {
	asked, _ := ctx.Value(askedInContext{}).(Asked)
	return asked.Operation, asked.Model
}
