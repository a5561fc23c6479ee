//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A turn is an entry of a script.
type turn struct {
	resp *model.Response
	fail *failure
}

// A failure is an exception in a script.
type failure struct {
	Code    string `json:"code"`
	Status  int    `json:"status"`
	Message string `json:"message"`
}

func (t *turn) UnmarshalJSON(data []byte) error {
	var v struct {
		Error   *failure        `json:"error"`
		Message json.RawMessage `json:"message"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	switch {
	case (v.Error == nil) == (v.Message == nil):
		return fmt.Errorf("an answer needs a message or an error, and not both")
	case v.Error != nil:
		t.fail = v.Error
		return nil
	}
	t.resp = new(model.Response)
	return json.Unmarshal(data, t.resp)
}

// loadScript reads the answers of a file.
func loadScript(path string) (*player, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("%s: not a JSON array: %w", path, err)
	}
	p := &player{path: path, turns: make([]turn, len(entries))}
	for i, entry := range entries {
		if err := json.Unmarshal(entry, &p.turns[i]); err != nil {
			return nil, fmt.Errorf("%s: answer %d: %w", path, i, err)
		}
	}
	return p, nil
}

// A player answers with the turns of a script, in order.
type player struct {
	path  string
	turns []turn

	mu   sync.Mutex
	next int
}

// take returns a model that answers one call.
func (p *player) take() model.ChatModel {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next >= len(p.turns) {
		return fake.New(fake.Fail(&bedrocktest.Exception{Code: "ValidationException",
			Message: fmt.Sprintf("The script %s is at its end: all of its %d answers have been played.", p.path, len(p.turns))}))
	}
	t := p.turns[p.next]
	p.next++
	if t.fail != nil {
		return fake.New(fake.Fail(&bedrocktest.Exception{Code: t.fail.Code, Status: t.fail.Status, Message: t.fail.Message}))
	}
	return fake.New(fake.Respond(t.resp).Usage(t.resp.Usage))
}

func (p *player) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return p.take().Generate(ctx, req)
}

func (p *player) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return p.take().Stream(ctx, req)
}

// restartOnHangup plays the script from the start again at a SIGHUP, until
// the function that it returns is called.
func (p *player) restartOnHangup() (stop func()) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-hangup:
				p.mu.Lock()
				p.next = 0
				p.mu.Unlock()
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(hangup)
		close(done)
	}
}

// echo repeats the last text of the user.
type echo struct{}

// silence is the answer to a user who has said nothing in words.
const silence = "(no text)"

func (echo) answer(req *model.Request) model.ChatModel {
	text := silence
	for _, m := range req.Messages {
		if m.Role == model.RoleUser && m.Text() != "" {
			text = m.Text()
		}
	}
	return fake.New(fake.Text(text).Usage(nil))
}

func (e echo) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	return e.answer(req).Generate(ctx, req)
}

func (e echo) Stream(ctx context.Context, req *model.Request) *model.Stream {
	return e.answer(req).Stream(ctx, req)
}
