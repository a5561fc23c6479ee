package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// conversation returns the beginning of the first three scenes.
func conversation() []model.Message {
	return []model.Message{
		model.System("You are a helpful assistant that translates English to French. Translate the user sentence."),
		model.User("I love programming."),
	}
}

// translate calls the model and waits for the whole answer.
func translate(ctx context.Context, w io.Writer, llm model.ChatModel) error {
	resp, err := llm.Generate(ctx, &model.Request{Messages: conversation()})
	if err != nil {
		return err
	}
	u := resp.Usage
	fmt.Fprintln(w, resp.Text())
	fmt.Fprintf(w, "%d tokens in, %d out, %d in all\n", u.InputTokens, u.OutputTokens, u.Total())
	return nil
}

// stream prints the pieces of the answer as they arrive.
func stream(ctx context.Context, w io.Writer, llm model.ChatModel) error {
	answer := llm.Stream(ctx, &model.Request{Messages: conversation()})
	fmt.Fprint(w, "|")
	for text, err := range answer.Text() {
		if err != nil {
			return err
		}
		fmt.Fprint(w, text, "|")
	}
	resp, err := answer.Response()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%d tokens in, %d out, %d in all\n", resp.Usage.InputTokens, resp.Usage.OutputTokens, resp.Usage.Total())
	return nil
}

// think asks for extended thinking. The answer is appended to the history
// unchanged, with its signed thinking, and the conversation goes on.
func think(ctx context.Context, w io.Writer, llm model.ChatModel) error {
	req := &model.Request{
		Messages:  conversation(),
		MaxTokens: 4096,
		Thinking:  &model.ThinkingConfig{Budget: 1024},
	}
	for turn := range 2 {
		resp, err := llm.Generate(ctx, req)
		if err != nil {
			return err
		}
		for _, t := range resp.Thinking() {
			fmt.Fprintf(w, "thinking: %s\n(signed with %d bytes)\n", t.Text, len(t.Signature))
		}
		fmt.Fprintln(w, "answer:", resp.Text())
		if turn == 0 {
			fmt.Fprintln(w)
			req.Messages = append(req.Messages, resp.Message, model.User("I love AI"))
		}
	}
	return nil
}

//go:embed about.txt
var about string

// cache sends the same long prompt twice. The first call writes it to the
// cache, and the second call reads it from there.
func cache(ctx context.Context, w io.Writer, llm model.ChatModel) error {
	req := &model.Request{Messages: []model.Message{model.UserParts(
		model.Text("What's chatmodel, according to its description?"),
		model.Text(about),
		model.CachePoint{},
	)}}
	for _, call := range []string{"first call", "second call"} {
		resp, err := llm.Generate(ctx, req)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %d tokens written, %d read\n", call, resp.Usage.CacheWriteTokens, resp.Usage.CacheReadTokens)
	}
	return nil
}

// chain connects a prompt template, the model and the text of the answer, and
// runs them as one step.
func chain(ctx context.Context, w io.Writer, llm model.ChatModel) error {
	type sentence struct{ InputLanguage, OutputLanguage, Input string }
	prompt, err := runnable.NewPrompt[sentence](
		runnable.System("You are a helpful assistant that translates {{.InputLanguage}} to {{.OutputLanguage}}."),
		runnable.User("{{.Input}}"),
	)
	if err != nil {
		return err
	}
	translate := runnable.Pipe3(prompt, runnable.Model(llm), runnable.Text())
	german, err := translate.Invoke(ctx, sentence{"English", "German", "I love programming."})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, german)
	return nil
}
