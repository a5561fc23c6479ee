package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

var callRows = []row{
	{work: "short call", against: "raw SDK", measure: shortCall,
		remark: "timed apart, the middleware, the signature and the transport of the SDK, with the path and the reading of the body here, take 0.84 of a call by it, and make 250 of the allocations; the plan and the body take 0.12, and the answer 0.14"},
	{work: "history of 400 tool calls, Converse", against: "raw SDK", measure: history("", 1./3),
		remark: "a sixth of what is left is the SHA-256 of the signature, a tenth the check that what the caller gives as JSON is JSON, a tenth the clearing of the memory that the body is written to"},
	{work: "history of 400 tool calls, InvokeModel", against: "raw SDK's Converse", measure: history(bedrock.FormatAnthropic, 0)},
}

var shortAnswer = fmt.Sprintf(`{"metrics":{"latencyMs":7},"output":{"message":{"content":[{"text":%q}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":4,"serverToolUsage":{},"totalTokens":7}}`,
	strings.Repeat("Some words of an answer. ", 20))

// shortCall measures one question and one answer, where what every call costs
// weighs most.
func shortCall(l *lab) ([]figure, error) {
	in := &bedrockruntime.ConverseInput{ModelId: aws.String(claude), Messages: []types.Message{{
		Role: types.ConversationRoleUser, Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "Hello"}}}}}
	return besideConverse(l, "", hello, in, shortAnswer, 1.1)
}

// besideConverse compares a call with the same by the SDK, whose form is made
// beforehand, as if a program kept it.
func besideConverse(l *lab, format bedrock.Format, req *model.Request, in *bedrockruntime.ConverseInput, answer string, most float64) ([]figure, error) {
	transport := always("application/json", []byte(answer))
	m, err := ours(transport, format)
	if err != nil {
		return nil, err
	}
	client := sdk(always("application/json", []byte(shortAnswer)))
	call := func() error {
		_, err := m.Generate(context.Background(), req)
		return err
	}
	raw := func() error {
		_, err := client.Converse(context.Background(), in)
		return err
	}
	// A call makes a hundredth of the work of a cycle of the garbage collector. By
	// the SDK's types, a long history makes many times as much as here.
	ratio, err := l.long().ratio(call, raw)
	if err != nil {
		return nil, err
	}
	n, _, err := l.allocated(call)
	if err != nil {
		return nil, err
	}
	by, _, err := l.allocated(raw)
	return []figure{{value: ratio, unit: "times", wanted: most}, {value: n, unit: "allocations"}, {value: by, unit: "of the SDK"}}, err
}

const (
	prompt   = "You help with orders. Look them up before you say anything about them."
	question = "Where is order 4711, and when will it be delivered?"
	reply    = "Order 4711 left the warehouse in Leipzig yesterday. It will be with you on Friday, between 9 and 12."
	toolForm = `{"type":"object","properties":{"order":{"type":"integer","description":"the number of the order"},"details":{"type":"boolean"}},"required":["order"]}`
)

var toolNames = []string{"find_order", "cancel_order", "change_address"}

const historyCalls = 400

// rows of the database, which the tool returns.
func found4711(i int) string {
	return fmt.Sprintf(`{"order":%d,"state":"shipped","notes":"%s"}`, i, strings.Repeat("left at the gate, ", 40))
}

// historyRequest is a conversation with many calls of a tool and their results.
func historyRequest() *model.Request {
	req := &model.Request{MaxTokens: 1000, Messages: []model.Message{model.System(prompt), model.User(question)}}
	for _, name := range toolNames {
		req.Tools = append(req.Tools, model.Tool{Name: name, Description: prompt, InputSchema: json.RawMessage(toolForm)})
	}
	for i := range historyCalls {
		id := fmt.Sprint("tooluse_", i)
		req.Messages = append(req.Messages,
			model.AssistantParts(model.Text(reply), model.ToolCall{ID: id, Name: toolNames[0], Input: json.RawMessage(fmt.Sprintf(`{"order":%d}`, i))}),
			model.UserParts(model.ToolResult{CallID: id, Parts: []model.Part{model.JSON(found4711(i))}}))
	}
	return req
}

// historyInput is historyRequest in the SDK's types.
func historyInput() (*bedrockruntime.ConverseInput, error) {
	var invalid error
	value := func(text string) document.Interface {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			invalid = err
		}
		return document.NewLazyDocument(v)
	}
	in := &bedrockruntime.ConverseInput{
		ModelId:         aws.String(claude),
		InferenceConfig: &types.InferenceConfiguration{MaxTokens: aws.Int32(1000)},
		System:          []types.SystemContentBlock{&types.SystemContentBlockMemberText{Value: prompt}},
		ToolConfig:      &types.ToolConfiguration{},
	}
	for _, name := range toolNames {
		in.ToolConfig.Tools = append(in.ToolConfig.Tools, &types.ToolMemberToolSpec{Value: types.ToolSpecification{
			Name: aws.String(name), Description: aws.String(prompt), InputSchema: &types.ToolInputSchemaMemberJson{Value: value(toolForm)}}})
	}
	say := func(role types.ConversationRole, content ...types.ContentBlock) {
		in.Messages = append(in.Messages, types.Message{Role: role, Content: content})
	}
	say(types.ConversationRoleUser, &types.ContentBlockMemberText{Value: question})
	for i := range historyCalls {
		id := aws.String(fmt.Sprint("tooluse_", i))
		say(types.ConversationRoleAssistant, &types.ContentBlockMemberText{Value: reply},
			&types.ContentBlockMemberToolUse{Value: types.ToolUseBlock{ToolUseId: id, Name: aws.String(toolNames[0]), Input: value(fmt.Sprintf(`{"order":%d}`, i))}})
		say(types.ConversationRoleUser, &types.ContentBlockMemberToolResult{Value: types.ToolResultBlock{ToolUseId: id, Status: types.ToolResultStatusSuccess,
			Content: []types.ToolResultContentBlock{&types.ToolResultContentBlockMemberJson{Value: value(found4711(i))}}}})
	}
	return in, invalid
}

// history measures a call whose request is long. The SDK's side speaks Converse
// whatever the format, since the SDK has no types for the bodies of
// InvokeModel.
func history(format bedrock.Format, most float64) func(l *lab) ([]figure, error) {
	return func(l *lab) ([]figure, error) {
		in, err := historyInput()
		if err != nil {
			return nil, err
		}
		answer := shortAnswer
		if format != "" {
			answer = `{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":4}}`
		}
		return besideConverse(l, format, historyRequest(), in, answer, most)
	}
}
