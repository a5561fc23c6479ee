package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// instructions begin every conversation. They are the same for all, so the
// provider's cache serves them after the first call.
const instructions = `You help people to plan short trips.
Use the tools: forecast for tomorrow's weather, flights for tomorrow's flights.
If a tool fails, say so in a sentence and answer what you can.`

// maxQuestion limits a question, in bytes.
const maxQuestion = 64 << 10

// ask sends a question to a chat and streams the answer.
func (s *service) ask(w http.ResponseWriter, r *http.Request) {
	var question struct {
		Text string `json:"text"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxQuestion)).Decode(&question); err != nil {
		fail(w, http.StatusBadRequest, fmt.Errorf("the question cannot be read: %w", err))
		return
	}
	if strings.TrimSpace(question.Text) == "" {
		fail(w, http.StatusBadRequest, errors.New("the question is empty"))
		return
	}
	id, history, ok := s.find(w, r)
	if !ok {
		return
	}
	if !s.take(id) {
		fail(w, http.StatusConflict, errors.New("an answer in this chat is in progress"))
		return
	}
	defer s.release(id)
	history, err := s.store.messages(r.Context(), id) // no other request adds messages meanwhile
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	asked := append(history, model.User(question.Text))
	run := runnable.Stream(r.Context(), s.agent, &model.Request{
		Messages:  append([]model.Message{model.System(instructions)}, asked...),
		MaxTokens: 2000,
		Cache:     &model.CacheConfig{}, // cache points where they save tokens, if the model caches
	})
	out := newEventWriter(w)
	for ev, err := range run.Events() {
		if err != nil || shown(ev) && out.send("", ev) != nil {
			break // the client has left, or the run has ended; Result shows which
		}
	}
	conversation, failed := run.Result()
	if lost, ok := errors.AsType[*runnable.ToolLoopError](failed); ok {
		conversation = lost.Conversation // the part so far, so that tools that have run are not run again
	}
	// In any case the question and the answer so far are stored.
	keep, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
	defer cancel()
	messages, calls := asked, []model.Usage(nil)
	if conversation != nil {
		messages, calls = conversation.Messages[1:], conversation.StepUsage
	}
	if err := s.store.add(keep, id, len(history), messages[len(history):], calls, s.prices); err != nil {
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		out.send("failed", map[string]string{"error": failed.Error()})
		return
	}
	bill, err := s.bill(keep, id)
	if err != nil {
		out.send("failed", map[string]string{"error": err.Error()})
		return
	}
	out.send("done", bill)
}

// shown reports whether an event is for the browser. Signatures and redacted
// thinking are only for the provider.
func shown(ev runnable.Event) bool {
	switch ev.Kind {
	case model.EventText, model.EventThinking, model.EventToolCall, model.EventPart:
		return true
	}
	return ev.Progress != nil
}

// An eventWriter writes server-sent events.
// https://html.spec.whatwg.org/multipage/server-sent-events.html
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func newEventWriter(w http.ResponseWriter) *eventWriter {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // makes proxies pass on events at once
	return &eventWriter{w, http.NewResponseController(w)}
}

// send writes one event. A client that reads nothing for a while counts as
// gone.
func (o *eventWriter) send(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := o.control.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if name != "" {
		if _, err := fmt.Fprintf(o.w, "event: %s\n", name); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(o.w, "data: %s\n\n", data); err != nil {
		return err
	}
	return o.control.Flush()
}
