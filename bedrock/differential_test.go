package bedrock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

// FuzzStream reads one body with this package and with the SDK's own reader.
// Both must see the same pieces of text, thinking, signatures, redacted bytes,
// tool calls and stop reason, up to where one of them gives up.
//
// A script makes frames that pass the checksums: each line is a letter for the
// event's type and its payload. What follows in tail comes as it is.
//
// The readers differ on purpose in how a stream may end:
//
//   - The SDK takes every end for a good one, in the middle of a frame too.
//     Here only messageStop and what follows it completes an answer; see
//     TestCutInMemory. To the SDK headers that contradict their length are an
//     end as well; here they are malformed.
//   - After messageStop and metadata the answer is complete here, and nothing
//     that follows counts; the SDK reads on.
//   - An exception whose payload is no JSON is an exception here by its name,
//     there an error of the decoder.
//   - A payload that is no JSON is an error here. The SDK overlooks what follows
//     a value, and what it has no use for.
//   - Bytes that are no UTF-8 are replaced here; see valid.
//   - The SDK hands unknown deltas on as nil; here they are a warning.
func FuzzStream(f *testing.F) {
	var script []string
	for _, e := range everyKind {
		for letter, name := range eventLetters {
			if name == e.event {
				script = append(script, string(letter)+e.payload)
			}
		}
	}
	f.Add(strings.Join(script, "\n"), []byte{})
	for _, line := range script {
		f.Add(line, []byte{})
	}
	f.Add("d{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\"}}\nx{\"message\":\"slow down\"}", []byte{})
	f.Add("d{\"delta\":{\"text\":\"a\",\"toolUse\":{\"input\":\"{}\"}}}", []byte{})
	f.Add("d{\"contentBlockIndex\":1.0,\"delta\":{\"hologram\":{}}}\n?{}", []byte{})
	f.Add("m{\"stopReason\":\"end_turn\"}\nu{}\nd{\"delta\":{\"text\":\"late\"}}", []byte{})
	f.Add("u{}\nm{\"stopReason\":\"end_turn\"}", []byte{})
	f.Add("", textStream("Hello", " world"))
	f.Add("b{\"role\":\"assistant\"}", textStream("Hello")[:90])
	f.Fuzz(func(t *testing.T, script string, tail []byte) {
		body := append(scripted(script), tail...)
		ours, ourErr := ourPieces(t, body)
		theirs, theirErr := sdkPieces(t, body)
		if errors.Is(ourErr, model.ErrTruncated) && slices.Contains(theirs, "finish") {
			theirs = theirs[:len(theirs)-2] // cut between messageStop and metadata
		}
		n := min(len(ours), len(theirs))
		if diff := cmp.Diff(theirs[:n], ours[:n]); diff != "" {
			t.Fatalf("pieces (-sdk +chatmodel):\n%s", diff)
		}
		complete := slices.Contains(ours, "finish")
		switch {
		case complete != (ourErr == nil):
			t.Fatalf("finished: %v, with error %v", complete, ourErr)
		case len(ours) > len(theirs) && theirErr == nil:
			t.Fatalf("more pieces than the SDK, which sees no error: %q", ours[n:])
		case len(theirs) > len(ours) && ourErr != nil && errors.Is(ourErr, model.ErrTruncated):
			t.Fatalf("fewer pieces than the SDK at the end of the stream: %q", theirs[n:])
		case !complete && theirErr == nil && errors.Is(ourErr, model.ErrMalformed) && len(tail) == 0 && validJSON(script):
			t.Fatalf("error %v where the SDK has none", ourErr)
		}
	})
}

// validJSON reports whether all payloads of a script are JSON.
func validJSON(script string) bool {
	for line := range strings.SplitSeq(script, "\n") {
		if line != "" && !json.Valid([]byte(line[1:])) {
			return false
		}
	}
	return true
}

// eventLetters are the types of events in scripts.
var eventLetters = map[rune]string{
	'b': "messageStart", 's': "contentBlockStart", 'd': "contentBlockDelta",
	'e': "contentBlockStop", 'm': "messageStop", 'u': "metadata", '?': "ping",
}

func scripted(script string) []byte {
	var body []byte
	for line := range strings.SplitSeq(script, "\n") {
		if line == "" {
			continue
		}
		if line[0] == 'x' {
			body = append(body, exception("throttlingException", line[1:])...)
		} else if name, ok := eventLetters[rune(line[0])]; ok {
			body = append(body, event(name, line[1:])...)
		}
	}
	return body
}

// ourPieces are the pieces of an answer as this package hands them on.
func ourPieces(t *testing.T, body []byte) ([]string, error) {
	m := newModel(t, claude, streamOf(bytes.NewReader(body)), nil)
	pieces := []string{}
	for ev, err := range m.Stream(t.Context(), hello).Events() {
		if err != nil {
			return pieces, err
		}
		switch ev.Kind {
		case model.EventText, model.EventThinking, model.EventSignature, model.EventToolInput:
			pieces = append(pieces, fmt.Sprintf("%d %v %q", ev.Index, ev.Kind, ev.Text))
		case model.EventRedacted:
			pieces = append(pieces, fmt.Sprintf("%d redacted %x", ev.Index, ev.Part.(model.Thinking).Redacted))
		case model.EventToolCall:
			pieces = append(pieces, fmt.Sprintf("%d %s", ev.Index, callPiece(ev.Part)))
		case model.EventCitation:
			pieces = append(pieces, fmt.Sprintf("%d citation %q", ev.Index, ev.Part.(model.CitedText).Citations[0].Title))
		case model.EventFinish:
			pieces = append(pieces, "stop "+string(ev.Response.StopReason), "finish")
		}
	}
	return pieces, nil
}

func callPiece(p model.Part) string {
	switch p := p.(type) {
	case model.ToolCall:
		return fmt.Sprintf("call %q %q", p.ID, p.Name)
	case model.ServerToolCall:
		return fmt.Sprintf("call %q %q", p.ID, p.Name)
	}
	return fmt.Sprintf("%T", p)
}

// sdkPieces are the same pieces as the SDK hands them on, up to where the
// answer is complete by the rules of this package.
func sdkPieces(t *testing.T, body []byte) ([]string, error) {
	client := newClient(streamOf(bytes.NewReader(body)))
	out, err := client.ConverseStream(t.Context(), &bedrockruntime.ConverseStreamInput{ModelId: aws.String(claude), Messages: sdkMessages})
	if err != nil {
		t.Fatal(err)
	}
	pieces, reason := []string{}, ""
	index, stopped, metadata := int32(0), false, false
	stream := out.GetStream()
	defer stream.Close()
	at := func(i *int32) int32 {
		if i != nil {
			index = *i
		}
		return index
	}
	for ev := range stream.Events() {
		switch ev := ev.(type) {
		case *types.ConverseStreamOutputMemberContentBlockStart:
			i := at(ev.Value.ContentBlockIndex)
			if s, ok := ev.Value.Start.(*types.ContentBlockStartMemberToolUse); ok {
				pieces = append(pieces, fmt.Sprintf("%d call %q %q", i, valid(s.Value.ToolUseId), valid(s.Value.Name)))
			}
		case *types.ConverseStreamOutputMemberContentBlockDelta:
			i := at(ev.Value.ContentBlockIndex)
			if piece := deltaPiece(ev.Value.Delta); piece != "" {
				pieces = append(pieces, fmt.Sprintf("%d %s", i, piece))
			}
		case *types.ConverseStreamOutputMemberContentBlockStop:
			at(ev.Value.ContentBlockIndex)
		case *types.ConverseStreamOutputMemberMessageStop:
			r := string(ev.Value.StopReason)
			stopped, reason = true, valid(&r)
		case *types.ConverseStreamOutputMemberMetadata:
			metadata = true
		}
		if stopped && metadata {
			return append(pieces, "stop "+reason, "finish"), nil
		}
	}
	if err := stream.Err(); err != nil {
		return pieces, err
	}
	if stopped {
		pieces = append(pieces, "stop "+reason, "finish")
	}
	return pieces, nil
}

func deltaPiece(delta types.ContentBlockDelta) string {
	switch d := delta.(type) {
	case *types.ContentBlockDeltaMemberText:
		return fmt.Sprintf("text %q", valid(&d.Value))
	case *types.ContentBlockDeltaMemberToolUse:
		return fmt.Sprintf("tool_input %q", valid(d.Value.Input))
	case *types.ContentBlockDeltaMemberCitation:
		return fmt.Sprintf("citation %q", valid(d.Value.Title))
	case *types.ContentBlockDeltaMemberReasoningContent:
		switch r := d.Value.(type) {
		case *types.ReasoningContentBlockDeltaMemberText:
			return fmt.Sprintf("thinking %q", valid(&r.Value))
		case *types.ReasoningContentBlockDeltaMemberSignature:
			return fmt.Sprintf("signature %q", valid(&r.Value))
		case *types.ReasoningContentBlockDeltaMemberRedactedContent:
			return fmt.Sprintf("redacted %x", r.Value)
		}
	}
	return ""
}

// valid replaces what is no UTF-8, byte by byte.
func valid(s *string) string {
	return strings.Map(func(r rune) rune { return r }, aws.ToString(s))
}
