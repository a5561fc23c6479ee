package bedrock_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A madeAnswer is an answer that was written by hand, to have in it what no
// recording has: a body, or the events of a stream, one a line.
type madeAnswer struct {
	name   string
	format bedrock.Format
	stream bool
	text   string
}

// pointing asks for response fields, of which some are in the answers.
var pointing = &model.Request{Messages: hello.Messages, ProviderOptions: []model.ProviderOptions{&bedrock.ProviderOptions{
	ResponseFieldPaths: []string{"/id", "/a~1b/0/c", "/list/1", "/list/2", "/list/x", "/list/-1", "/stop_sequence", "/none/a", "/choices/0/index", "/usage/input_tokens", "/a~1b/1", "/deep/a~0/b", "/deep/c", "/id/0", "id"}}}}

// TestGoldensMembers keeps what becomes of every member that an answer may
// have, in every format.
func TestGoldensMembers(t *testing.T) {
	for file, all := range madeAnswers() {
		var blocks []block
		for i, m := range all {
			if !inSample(i) {
				continue
			}
			a, body, _ := m.open(t)
			var told strings.Builder
			a.read(&told, body)
			b := block{name: m.name}
			for line := range strings.Lines(told.String()) {
				b.text += "  " + line
			}
			blocks = append(blocks, b)
		}
		checkSample(t, "members-"+file, blocks)
	}
}

// TestGoldensChangedMembers keeps one digest of all those answers with a change
// of one kind, as TestGoldensAnswers does for those that were recorded.
func TestGoldensChangedMembers(t *testing.T) {
	withoutRace(t)
	for file, all := range madeAnswers() {
		var blocks []block
		for i, m := range all {
			if !oneOf(12, i) {
				continue
			}
			a, _, changes := m.open(t)
			if !m.stream {
				a.codec(t) // which reads what a call would, in a tenth of the time
			}
			b := block{name: m.name}
			for _, kind := range slices.Sorted(maps.Keys(changes)) {
				b.text += fmt.Sprintf("  %s %s\n", kind, a.digest(changes[kind]))
			}
			blocks = append(blocks, b)
		}
		checkSample(t, "changed-members-"+file, blocks)
	}
}

func madeAnswers() map[string][]madeAnswer {
	return map[string][]madeAnswer{"converse": converseAnswers(), "anthropic": anthropicAnswers(), "openai": openaiAnswers(), "prompts": promptAnswers()}
}

// open returns who reads an answer, its bytes, and those of answers with changes.
func (m madeAnswer) open(t *testing.T) (a *answering, body []byte, changes map[string][][]byte) {
	t.Helper()
	a = &answering{id: "unheard-of", format: m.format, stream: m.stream, req: pointing, words: true}
	if m.format == bedrock.FormatConverse {
		a.id = claude
	}
	a.open(t)
	switch {
	case !m.stream:
		body = []byte(m.text)
		changes = changedBodies(body)
	case m.format == bedrock.FormatConverse:
		body = frames(strings.Split(m.text, "\n")...)
		changes = changedStreams(t, body)
	default:
		body = chunks(strings.Split(m.text, "\n")...)
		changes = changedStreams(t, body)
	}
	return a, body, changes
}

// codec has answers read without a call.
func (a *answering) codec(t *testing.T) {
	t.Helper()
	c, err := bedrock.NewCodec(a.id, &bedrock.Options{Format: a.format})
	if err != nil {
		t.Fatal(err)
	}
	request, err := c.Encode(a.req)
	if err != nil {
		t.Fatal(err)
	}
	a.decode = func(body []byte) (*model.Response, error) { return c.Decode(request, body) }
}

// converseBlocks are content blocks of every kind.
var converseBlocks = []string{
	`{"text":"a"}`, `{"text":""}`, `{"text":"a","image":{"format":"png"}}`, `{"te\u0078t":"a\u00e9\n"}`, `{"text":"a","text":"b"}`, `{ "text" : "a" , "more" : 1 }`, `{"text":null,"__type":"x"}`, `{}`,
	`{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}}`, `{"reasoningContent":{"reasoningText":{"text":""}}}`, `{"reasoningContent":{"redactedContent":"AQID"}}`,
	`{"reasoningContent":{"hologram":{"a":1.50}}}`, `{"reasoningContent":{}}`,
	`{"toolUse":{"toolUseId":"c1","name":"f","input":{"b": 1.50,"a":[]}}}`, `{"toolUse":{"toolUseId":"c1","name":"f"}}`, `{"toolUse":{"toolUseId":"c1","name":"f","input":null,"type":"tool_use"}}`,
	`{"toolUse":{"toolUseId":"s1","name":"nova_grounding","input":{},"type":"server_tool_use"}}`,
	`{"toolResult":{"toolUseId":"s1","type":"nova_grounding_result","status":"success","content":[{"text":"a"},{"json":{"n":1.0}},{"json":null},{"hologram":1},{}]}}`,
	`{"toolResult":{"toolUseId":"s1","status":"error","content":[{"image":{"format":"png","source":{"bytes":"AQID"}}},{"video":{"format":"mp4","source":{"bytes":"AQID"}}}]}}`,
	`{"toolResult":{"toolUseId":"s1","content":[{"document":{"format":"pdf","name":"d","source":{"bytes":"AQID"}}},{"searchResult":{"source":"s","title":"t","content":[{"text":"a"},{"text":"b"}],"citations":{"enabled":true}}}]}}`,
	`{"toolResult":{"toolUseId":"s1"}}`,
	`{"citationsContent":{"content":[{"text":"a"},{"text":"b"},{"hologram":1}],"citations":[{"title":"T","source":"S","sourceContent":[{"text":"q"},{"text":"r"},{"x":1}],"location":{"documentChar":{"documentIndex":1,"start":2,"end":3}}}]}}`,
	`{"citationsContent":{"content":[{"text":"a"}],"citations":[{"location":{"documentPage":{"documentIndex":1,"start":2,"end":3}}},{"location":{"documentChunk":{"documentIndex":4,"start":5,"end":6}}}]}}`,
	`{"citationsContent":{"content":[{"text":"a"}],"citations":[{"location":{"searchResultLocation":{"searchResultIndex":1,"start":2,"end":3}}},{"location":{"web":{"url":"https://a.example","domain":"a.example"}}},{"location":{"hologram":{"x":1.0}}},{"location":{}},{}]}}`,
	`{"citationsContent":{"content":[]}}`, `{"citationsContent":{"citations":[{"sourceContent":[]}]}}`,
	`{"image":{"format":"png","source":{"bytes":"AQID"}}}`, `{"image":{"format":"webp","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"123456789012"}}}}`, `{"image":{"format":"tiff","source":{"hologram":{"a":1}}}}`,
	`{"image":{"format":"png","error":{"message":"too bright"}}}`, `{"image":{"error":{}}}`,
	`{"audio":{"format":"mp3","source":{"bytes":"AQID"}}}`, `{"audio":{"format":"wav","source":{"s3Location":{"uri":"s3://b/k"}}}}`, `{"audio":{"error":{"message":"too loud"}}}`,
	`{"video":{"format":"mp4","source":{"bytes":"AQID"}}}`, `{"video":{"format":"three_gp","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"1"}}}}`, `{"video":{"format":"mov"}}`,
	`{"document":{"format":"pdf","name":"d","context":"c","citations":{"enabled":true},"source":{"bytes":"AQID"}}}`, `{"document":{"name":"d","citations":{"enabled":false},"source":{"text":"t"}}}`,
	`{"document":{"format":"txt","name":"d","source":{"content":[{"text":"a"},{"text":"b"},{"x":1}]}}}`, `{"document":{"format":"docx","name":"d","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"1"}}}}`,
	`{"document":{"format":"md","name":"d","context":"c","citations":{"enabled":true},"source":{"hologram":1}}}`, `{"document":{"name":"d"}}`,
	`{"searchResult":{"source":"s","title":"t","content":[{"text":"a"}],"citations":{"enabled":true}}}`, `{"searchResult":{"source":"s"}}`,
	`{"guardContent":{"text":{"text":"a","qualifiers":["query","grounding_source"]}}}`, `{"guardContent":{"text":{"text":"a","qualifiers":[]}}}`, `{"guardContent":{"image":{"format":"jpeg","source":{"bytes":"AQID"}}}}`,
	`{"guardContent":{"image":{"format":"png"}}}`, `{"guardContent":{"image":{"format":"png","source":{"x":1}}}}`, `{"guardContent":{"hologram":{"a":1}}}`, `{"guardContent":{}}`,
	`{"cachePoint":{"type":"default"}}`, `{"cachePoint":{"type":"default","ttl":"1h"}}`, `{"cachePoint":{"type":"default","ttl":"long"}}`,
	`{"toolAddition":{"tool":{"name":"f","serverName":"s","type":"mcp"}}}`, `{"toolAddition":{}}`, `{"toolRemoval":{"tool":{"name":"f"}}}`,
	`{"hologram":{"x": 1.0,"y":[null]}}`, `{"hologram":null,"other":"x"}`, `{"__type":"hologram","hologram":1}`,
}

// converseStreams are streams with events of every kind, one a line.
var converseStreams = map[string]string{
	"texts": `messageStart {"role":"assistant"}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"},"p":"ab"}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"\u00e9\n"}}
contentBlockDelta {"delta":{"text":"b"}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"c"},"q":"ab"}
contentBlockStop {"contentBlockIndex":0}
messageStop {"stopReason":"end_turn","additionalModelResponseFields":{"usage":{"output_tokens_details":{"thinking_tokens":3}}}}
metadata {"metrics":{"latencyMs":7},"performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},"trace":{"guardrail":{"x":1.0}},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":21,"cacheReadInputTokens":4,"cacheWriteInputTokens":2,"cacheDetails":[{"inputTokens":2,"ttl":"1h"},{"inputTokens":1,"ttl":"x"}]}}`,
	"thinking": `contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"t"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"u"}},"p":"a"}
contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}
contentBlockStop {"contentBlockIndex":0}
contentBlockDelta {"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"AQID"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"reasoningContent":{"hologram":1}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"hologram":1}}
contentBlockDelta {"contentBlockIndex":3,"delta":{"reasoningContent":{}}}
messageStop {"stopReason":"model_context_window_exceeded"}`,
	"calls": `contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"c1","name":"f","type":"tool_use"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\""}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":":1}"}},"p":"a"}
contentBlockStop {"contentBlockIndex":0}
contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"s1","name":"g","type":"server_tool_use"}}}
contentBlockStart {"contentBlockIndex":2,"start":{"hologram":{}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"hologram":2}}
contentBlockStart {"contentBlockIndex":3}
contentBlockStop {"contentBlockIndex":3}
messageStop {"stopReason":"tool_use"}
metadata {"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}`,
	"results": `contentBlockStart {"contentBlockIndex":0,"start":{"toolResult":{"toolUseId":"s1","type":"k","status":"error"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"toolResult":[{"text":"a"}]}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"toolResult":[{"json":{"n":1.0}},{"hologram":1}]}}
contentBlockDelta {"contentBlockIndex":0,"delta":{}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"hologram":1}}
contentBlockStop {"contentBlockIndex":0}
contentBlockDelta {"contentBlockIndex":1,"delta":{"toolResult":[{"text":"b"}]}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"c"}}
contentBlockDelta {"contentBlockIndex":3,"delta":{"toolResult":[{"text":"d"}]}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"toolResult":[{"text":"e"}]}}
messageStop {"stopReason":"malformed_model_output"}`,
	"images": `contentBlockStart {"contentBlockIndex":0,"start":{"image":{"format":"png"}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"AQID"}}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"BAU="}}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"image":{}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"hologram":1}}
contentBlockStop {"contentBlockIndex":0}
contentBlockDelta {"contentBlockIndex":1,"delta":{"image":{"error":{"message":"too bright"}}}}
contentBlockDelta {"contentBlockIndex":1,"delta":{"reasoningContent":{"text":"t"}}}
contentBlockDelta {"contentBlockIndex":2,"delta":{"image":{"source":{"s3Location":{"uri":"s3://b/k"}}}}}
contentBlockStart {"contentBlockIndex":2,"start":{"image":{"format":"gif"}}}
messageStop {"stopReason":"end_turn"}`,
	"cited": `contentBlockDelta {"contentBlockIndex":0,"delta":{"citation":{"title":"T","source":"S","sourceContent":[{"text":"q"}],"location":{"documentPage":{"documentIndex":1,"start":2,"end":3}}}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"citation":{"location":{"hologram":1}}}}
contentBlockDelta {"contentBlockIndex":0,"delta":{"citation":{}}}
hologram {"x":1}
messageStop {"stopReason":"end_turn"}
metadata {}`,
}

func converseAnswers() (all []madeAnswer) {
	for _, b := range converseBlocks {
		all = append(all, madeAnswer{b, bedrock.FormatConverse, false, `{"output":{"message":{"content":[` + b + `]}}}`})
	}
	for name, body := range map[string]string{
		"about":      `{"additionalModelResponseFields":{"a/b":[{"c":1.0}],"usage":{"output_tokens_details":{"thinking_tokens":3}}},"metrics":{"latencyMs":7},"output":{"message":{"content":[{"text":"a"}],"role":"assistant"}},"performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},"stopReason":"model_context_window_exceeded","trace":{"guardrail":{"x":1.0}},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":21,"cacheReadInputTokens":4,"cacheWriteInputTokens":2,"cacheDetails":[{"inputTokens":2,"ttl":"1h"},{"inputTokens":1,"ttl":"x"}]}}`,
		"no message": `{"output":{}}`, "no output": `{"message":"Words."}`, "a list": `[1]`, "no JSON": `<html>`, "nothing": ``, "two values": `{} {}`, "space around": " {\"output\":{\"message\":{\"content\":[]}}} \n",
		"no sum fits": `{"output":{"message":{"content":[]}},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":99,"cacheReadInputTokens":4,"cacheWriteInputTokens":2}}`,
		"read inside": `{"output":{"message":{"content":[]}},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":14,"cacheReadInputTokens":4}}`, "in sum": `{"output":{"message":{"content":[]}},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":15,"cacheReadInputTokens":4,"cacheWriteInputTokens":6}}`,
		"inside and read": `{"output":{"message":{"content":[]}},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":19,"cacheReadInputTokens":4,"cacheWriteInputTokens":8}}`, "inside and written": `{"output":{"message":{"content":[]}},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":23,"cacheReadInputTokens":2,"cacheWriteInputTokens":8}}`,
	} {
		all = append(all, madeAnswer{name, bedrock.FormatConverse, false, body})
	}
	for i, garbled := range []string{`{"contentBlockIndex":0x"}}`, `{"contentBlockIndex":0,"delta":{"text":"a"}`, `{"contentBlockIndex":0,"delta":{"text":"a"}}}`, `{"contentBlockIndex":0,"delta":{"text":"a"},"p":"b}`, `{"contentBlockIndex":-,"delta":{"text":"a"}}`, `{"contentBlockIndex":0,"delta":{"text":"a\x"}}`} {
		all = append(all, madeAnswer{fmt.Sprint("garbled ", i), bedrock.FormatConverse, true, "contentBlockDelta " + garbled})
	}
	for name, events := range converseStreams {
		all = append(all, madeAnswer{name + ", streamed", bedrock.FormatConverse, true, events})
	}
	return byName(all)
}

// anthropicBlocks are content blocks of every kind.
var anthropicBlocks = []string{
	`{"type":"text","text":"a"}`, `{"type":"text","text":""}`, `{"type":"text","text":"a","citations":[]}`,
	`{"type":"text","text":"a","citations":[{"type":"char_location","cited_text":"q","document_index":1,"document_title":"T","start_char_index":2,"end_char_index":3}]}`,
	`{"type":"text","text":"a","citations":[{"type":"page_location","cited_text":"q","document_index":1,"document_title":null,"start_page_number":2,"end_page_number":3},{"type":"content_block_location","cited_text":"","document_index":1,"start_block_index":2,"end_block_index":3}]}`,
	`{"type":"text","text":"a","citations":[{"type":"search_result_location","cited_text":"q","search_result_index":1,"source":"s","title":"T","start_block_index":2,"end_block_index":3}]}`,
	`{"type":"text","text":"a","citations":[{"type":"web_search_result_location","cited_text":"q","url":"https://a.example","title":"T","encrypted_index":"e"},{"type":"hologram","x":1.0}]}`,
	`{"type":"thinking","thinking":"t","signature":"s"}`, `{"type":"redacted_thinking","data":"d"}`,
	`{"type":"tool_use","id":"c1","name":"f","input":{"b": 1.50}}`, `{"type":"tool_use","id":"c1","name":"f"}`, `{"type":"tool_use","id":"c1","name":"f","input":null}`, `{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}}`,
	`{"type":"web_search_tool_result","tool_use_id":"s1","content":[{"type":"web_search_result","url":"u"}]}`, `{"type":"web_search_tool_result","tool_use_id":"s1","content":{"type":"web_search_tool_result_error","error_code":"x"}}`,
	`{"type":"web_search_tool_result","tool_use_id":"s1","content":[],"caller":{"type":"direct"}}`, `{"type":"web_search_tool_result","tool_use_id":"s1","content":null}`, `{"type":"code_execution_tool_result","tool_use_id":"s1"}`,
	`{"type":"hologram","x":1.0}`, `{"type":"","text":"a"}`, `{"text":"a"}`, `{}`,
}

var anthropicStreams = map[string]string{
	"text": `{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1,"cache_read_input_tokens":4,"cache_creation_input_tokens":6,"cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":1}}}}
{"type":"ping"}
{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\u00e9\n"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"c"},"more":1}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"output_tokens":9,"input_tokens":null,"output_tokens_details":{"thinking_tokens":3}}}
{"type":"message_delta","delta":{},"usage":{"output_tokens":10,"new":1}}
{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"outputTokenCount":10,"invocationLatency":7,"firstByteLatency":3}}`,
	"thinking": `{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"t","signature":"s"}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"u"}}
{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"v"}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"d"}}
{"type":"content_block_stop","index":1}
{"type":"content_block_start","index":2,"content_block":{"type":"thinking","thinking":""}}
{"type":"content_block_delta","index":2,"delta":{"type":"hologram_delta","thinking":1}}
{"type":"content_block_delta","index":2,"delta":{"type":"hologram_delta","thinking":2}}
{"type":"content_block_delta","index":3,"delta":{"type":"hologram_delta"}}
{"type":"message_delta","delta":{"stop_reason":"model_context_window_exceeded"}}
{"type":"message_stop"}`,
	"calls": `{"type":"message_start"}
{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"c1","name":"f","input":{}}}
{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c2","name":"g","input":{"b": 1.50}}}
{"type":"content_block_stop","index":1}
{"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"query\":\"q\"}"}}
{"type":"content_block_stop","index":2}
{"type":"content_block_start","index":3,"content_block":{"type":"web_search_tool_result","tool_use_id":"s1","content":[]}}
{"type":"content_block_stop","index":3}
{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"input_tokens":1,"output_tokens":2}}
{"type":"message_stop","amazon-bedrock-guardrailAction":"INTERVENED","amazon-bedrock-trace":{"x":1.0}}`,
	"held": `{"type":"content_block_start","index":0,"content_block":{"type":"mcp_tool_use","id":"m1","name":"f","input":{},"server_name":"s"}}
{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}
{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}
{"type":"content_block_stop","index":0}
{"type":"content_block_start","index":1,"content_block":{"type":"mcp_tool_use","id":"m2","input":{"b":1.50}}}
{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}
{"type":"content_block_stop","index":1}
{"type":"content_block_start","index":2,"content_block":{"type":"hologram","x":1}}
{"type":"content_block_start","index":2,"content_block":{"type":"hologram","x":2}}
{"type":"content_block_delta","index":4,"delta":{"type":"text_delta","text":"y"}}
{"type":"content_block_stop","index":2}
{"type":"content_block_start","index":3,"content_block":{"type":"web_search_tool_result","tool_use_id":"s1","content":[1],"caller":{}}}
{"type":"content_block_stop","index":3}
{"type":"message_delta","delta":{"stop_reason":"malformed_model_output"}}
{"type":"message_stop"}`,
	"cited": `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":[{"type":"char_location","cited_text":"q","document_index":1,"document_title":"T","start_char_index":2,"end_char_index":3}]}}
{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"web_search_result_location","cited_text":"q","url":"u","title":"T","encrypted_index":"e"}}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"content_block_stop","index":0}
{"type":"message_delta","delta":{"stop_reason":"end_turn"}}
{"type":"message_stop"}`,
	"an error": `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"error","error":{"type":"overloaded_error","message":"Words."}}`,
	"an error without a name": `{"type":"error"}`,
	"a completion":            `{"type":"completion","completion":"a"}`,
}

func anthropicAnswers() (all []madeAnswer) {
	for _, b := range anthropicBlocks {
		all = append(all, madeAnswer{b, bedrock.FormatAnthropic, false, `{"content":[` + b + `]}`},
			madeAnswer{b + ", streamed", bedrock.FormatAnthropic, true, `{"type":"content_block_start","index":0,"content_block":` + b + "}\n" + `{"type":"content_block_stop","index":0}` + "\n" + `{"type":"message_stop"}`})
	}
	for name, body := range map[string]string{
		"about":        `{"id":"m","a/b":[{"c":1.0},2],"list":[1,2],"deep":{"a~0":{"b":1},"a~":{"b":2},"c":null},"type":"message","role":"assistant","content":[],"stop_reason":"stop_sequence","stop_sequence":"END","usage":{"input_tokens":3,"output_tokens":9,"cache_read_input_tokens":4,"cache_creation_input_tokens":6,"cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":1},"output_tokens_details":{"thinking_tokens":3}},"amazon-bedrock-guardrailAction":"NONE","amazon-bedrock-trace":{"x":1.0}}`,
		"an error":     `{"type":"error","error":{"type":"overloaded_error","message":"Words."}}`,
		"a completion": `{"type":"completion","completion":"a","stop_reason":"stop_sequence"}`,
		"no content":   `{"type":"message"}`, "no JSON": `<html>`, "counters of the service": `{"content":[],"amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"outputTokenCount":10,"cacheReadInputTokenCount":4,"cacheWriteInputTokenCount":2,"invocationLatency":7}}`,
	} {
		all = append(all, madeAnswer{name, bedrock.FormatAnthropic, false, body})
	}
	for i, garbled := range []string{`{"type":"content_block_delta","index":0x"}}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}}`, `{"type":"content_block_delta","index":-,"delta":{"type":"text_delta","text":"a"}}`, `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\x"}}`} {
		all = append(all, madeAnswer{fmt.Sprint("garbled ", i), bedrock.FormatAnthropic, true, garbled})
	}
	for name, events := range anthropicStreams {
		all = append(all, madeAnswer{name + ", streamed", bedrock.FormatAnthropic, true, events})
	}
	return byName(all)
}

// openaiMessages are messages, and deltas of them, of every kind.
var openaiMessages = []string{
	`{"content":"a"}`, `{"content":""}`, `{"content":null}`, `{"content":"<reasoning>t</reasoning>a"}`, `{"content":"<reasoning>t</reasoning><reasoning>u</reasoning>a<reasoning>b"}`, `{"content":"<reasoning>t</reason"}`, `{"content":"<reas"}`,
	`{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"hologram","x":1.0},{"type":"text","text":1}]}`,
	`{"content":"a","reasoning":"t"}`, `{"content":"a","reasoning_content":"t"}`, `{"content":"a","reasoning":"t","reasoning_content":"u"}`, `{"content":"<reasoning>t</reasoning>","reasoning":"u"}`,
	`{"content":null,"refusal":"no"}`, `{"content":"a","refusal":"no"}`, `{"content":"a","refusal":""}`,
	`{"content":"a","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1.50}"}},{"index":1,"id":"c2","function":{"name":"g","arguments":""}}]}`,
	`{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\":"}},{"id":"c2","function":{"name":"g","arguments":" "}},{"id":"c3","function":{"name":"h","arguments":"[1]"}}]}`,
	`{"tool_calls":[{"index":2,"id":"c1","function":{"name":"f"}},{"index":0,"id":"c2","function":{"name":"g","arguments":"{}"}},{"index":-1,"id":"c3","function":{"name":"h"}}]}`,
	`{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"c2","function":{"name":"g","arguments":"{}"}},{"index":9223372036854775807,"id":"c3","function":{"name":"h"}}]}`,
	`{}`,
}

var openaiStreams = map[string]string{
	"text": `{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}
{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"b\n"},"finish_reason":null}]}
{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"c","refusal":"no"},"finish_reason":null}]}
{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"d"},"finish_reason":null},{"index":1,"delta":{"content":"e"}}]}
{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"f"},"finish_reason":null}],"usage":{"prompt_tokens":1,"completion_tokens":1}}
{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"g"},"finish_reason":null}],"usage":null}
{"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}}
[DONE]`,
	"tags": `{"choices":[{"index":0,"delta":{"content":"<reas"}}]}
{"choices":[{"index":0,"delta":{"content":"oning>t</reas"}}]}
{"choices":[{"index":0,"delta":{"content":"oning><reasoning>u"}}]}
{"choices":[{"index":0,"delta":{"content":"</reasoning>a<"}}]}
{"choices":[{"index":0,"delta":{"content":"b"}}]}
{"choices":[{"index":0,"delta":{"content":"<reasoning>"},"finish_reason":"length"}]}`,
	"a tag that is none":     "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"<reas\"},\"finish_reason\":\"stop\"}]}",
	"thinking that is cut":   "{\"choices\":[{\"delta\":{\"content\":\"<reasoning>t</reas\"}}]}\n{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}",
	"a whole answer at once": `{"choices":[{"index":0,"message":{"content":"a","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}`,
	"calls": `{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]}}]}
{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}
{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}
{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c2","function":{"name":"g","arguments":"{}"}},{"index":0,"id":"c3","function":{"name":"h","arguments":"{}"}}]}}]}
{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}`,
	"calls without numbers": `{"choices":[{"delta":{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\""}}]}}]}
{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":":1"}}]}}]}
{"choices":[{"delta":{"tool_calls":[{"id":"c1","function":{"arguments":"}"}}]}}]}
{"choices":[{"delta":{"tool_calls":[{"id":"c2","function":{"name":"g","arguments":"{}"}},{"id":"c3","function":{"name":"h"}}]}}]}
{"choices":[{"delta":{},"finish_reason":"function_call"}]}`,
	"calls that are all the first": `{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]}}]}
{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c2","function":{"name":"g","arguments":"{}"}}]}}]}
{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"","function":{"name":"","arguments":""}}]},"finish_reason":"tool_calls"}]}`,
	"an error":     "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n{\"error\":{\"type\":\"server_error\",\"message\":\"Words.\"}}",
	"a completion": `{"choices":[{"text":"a","finish_reason":"stop"}]}`,
	"no usage":     "{\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"content_filter\"}],\"usage\":{}}\n{\"choices\":[],\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3,\"outputTokenCount\":4}}",
}

func openaiAnswers() (all []madeAnswer) {
	for _, m := range openaiMessages {
		all = append(all, madeAnswer{m, bedrock.FormatOpenAI, false, `{"choices":[{"message":` + m + `,"finish_reason":"stop"}]}`},
			madeAnswer{m + ", streamed", bedrock.FormatOpenAI, true, `{"choices":[{"delta":` + m + "}]}\n" + `{"choices":[{"delta":{},"finish_reason":"stop"}]}`})
	}
	for name, body := range map[string]string{
		"about":    `{"id":"x","a/b":[{"c":1.0}],"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"length"},{"index":1,"message":{"content":"b"}}],"usage":{"prompt_tokens":5,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}}`,
		"an error": `{"error":{"type":"server_error","message":"Words."}}`, "an error in words": `{"error":"Words."}`, "an error that is a list": `{"error":[1]}`, "no error": `{"error":null,"choices":[{"message":{"content":"a"}}]}`,
		"a completion": `{"choices":[{"text":"a","finish_reason":"stop"}]}`, "no message": `{"choices":[{"finish_reason":"stop"}]}`, "no choices": `{"choices":[]}`, "no JSON": `<html>`,
		"counters of the service": `{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":5},"amazon-bedrock-invocationMetrics":{"inputTokenCount":13,"outputTokenCount":10}}`,
	} {
		all = append(all, madeAnswer{name, bedrock.FormatOpenAI, false, body})
	}
	for name, events := range openaiStreams {
		all = append(all, madeAnswer{name + ", streamed", bedrock.FormatOpenAI, true, events})
	}
	return byName(all)
}

func promptAnswers() (all []madeAnswer) {
	const metrics = "\n" + `{"amazon-bedrock-invocationMetrics":{"inputTokenCount":3,"outputTokenCount":4,"invocationLatency":7}}`
	for format, text := range map[bedrock.Format]string{
		bedrock.FormatLlama3: `{"generation":"a","prompt_token_count":5,"generation_token_count":1,"stop_reason":null}
{"generation":"b","prompt_token_count":null,"generation_token_count":2,"stop_reason":null}
{"generation":"c\n","prompt_token_count":null,"generation_token_count":3,"stop_reason":null}
{"generation":"","prompt_token_count":null,"generation_token_count":4,"stop_reason":"stop"}`,
		bedrock.FormatMistral: `{"outputs":[{"text":"a","stop_reason":null}]}
{"outputs":[{"text":"b","stop_reason":null}]}
{"outputs":[{"text":"c","stop_reason":null}],"more":1}
{"outputs":[{"text":"","stop_reason":"length"}]}`,
		bedrock.FormatTitan: `{"outputText":"a","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":5}
{"outputText":"b","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":null}
{"outputText":"c","index":0,"totalOutputTextTokenCount":7,"completionReason":"FINISH","inputTextTokenCount":5}`,
	} {
		all = append(all, madeAnswer{string(format) + ", streamed", format, true, text + metrics})
		for i, line := range strings.Split(text, "\n") {
			all = append(all, madeAnswer{fmt.Sprint(format, " ", i), format, false, line})
		}
	}
	for i, text := range []string{
		`{"results":[{"outputText":"a","tokenCount":2,"completionReason":"FINISHED"},{"outputText":"b"}],"inputTextTokenCount":5}`, `{"results":[{"completionReason":"CONTENT_FILTERED"}]}`, `{"generation":"a","stop_reason":"STOP_CRITERIA_MET"}`,
		`{"stop_reason":"stop"}`, `{"choices":[{"text":"a","stop_reason":"LENGTH"}]}`, `{"results":[]}`, `{"x":1}`, `[]`, `<html>`,
	} {
		all = append(all, madeAnswer{fmt.Sprint("body ", i), bedrock.FormatTitan, false, text}, madeAnswer{fmt.Sprint("body ", i, ", streamed"), bedrock.FormatTitan, true, text})
	}
	for i, text := range []string{"t</think>a", "<think>\nt\n</think>\n\na", "t", " <think>t", "</think>a", "t </think> ", "<thin", "a</think>b</think>c", " ", ""} {
		q, _ := json.Marshal(text)
		all = append(all, madeAnswer{fmt.Sprintf("thinking %d, %s", i, q), bedrock.FormatDeepSeek, false, `{"choices":[{"text":` + string(q) + `,"stop_reason":"stop"}]}`})
		var pieces []string
		for _, r := range text {
			q, _ := json.Marshal(string(r))
			pieces = append(pieces, `{"choices":[{"text":`+string(q)+`,"stop_reason":null}]}`)
		}
		all = append(all, madeAnswer{fmt.Sprintf("thinking %d, %s, streamed", i, q), bedrock.FormatDeepSeek, true, strings.Join(append(pieces, `{"choices":[{"text":"","stop_reason":"stop"}]}`), "\n")})
	}
	return byName(all)
}

func byName(all []madeAnswer) []madeAnswer {
	slices.SortStableFunc(all, func(a, b madeAnswer) int { return strings.Compare(a.name, b.name) })
	return all
}
