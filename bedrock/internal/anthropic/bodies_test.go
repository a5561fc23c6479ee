package anthropic_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/anthropic"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native/nativetest"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// written is the body of a request to a model that takes all that the format has.
func written(req *model.Request, settings plan.Settings) ([]byte, error) {
	known := facts.Lookup("anthropic.claude-sonnet-4-6")
	p, err := plan.New(req, plan.Input{Facts: &known, Format: plan.Anthropic(anthropic.DefaultMaxTokens), Settings: settings})
	if err != nil {
		return nil, err
	}
	return anthropic.Append(nil, p), nil
}

// goesBack sends an answer back in the history, and returns the body.
func goesBack(t *testing.T, answer []model.Part) []byte {
	t.Helper()
	return nativetest.GoesBack(t, answer, func(req *model.Request) ([]byte, error) { return written(req, plan.Settings{}) })
}

// bodies are requests of the format, each in the only way that it is written.
var bodies = []struct{ name, body string }{
	{"text", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}`},
	{"no escapes but those of JSON", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"<é> & \"q\" \n"}]}]}`},
	{"system", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Now."}],"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}`},
	{"sampling", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"temperature":0,"top_k":5,"stop_sequences":["END","\"x"]}`},
	{"image and files", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgpyZXN0"}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjc="},"title":"a.pdf","context":"old","citations":{"enabled":true}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"some text"},"title":"t"},{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a,b"}},{"type":"search_result","source":"s","title":"T","content":[{"type":"text","text":"c"}],"citations":{"enabled":true}},{"type":"text","text":"Look."}]}]}`},
	{"tools", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"const":9007199254740993}},"additionalProperties":false },"strict":true,"cache_control":{"type":"ephemeral","ttl":"1h"}},{"name":"now","input_schema":{"type":"object","properties":{}}}]}`},
	{"choice auto", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }}],"tool_choice":{"type":"auto"}}`},
	{"choice any, one at a time", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}}`},
	{"one at a time", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}`},
	{"choice none keeps the tools", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }}],"tool_choice":{"type":"none"}}`},
	{"choice named", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }}],"tool_choice":{"type":"tool","name":"weather"}}`},
	{"forced while thinking", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":5000,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }}],"tool_choice":{"type":"auto"},"thinking":{"type":"enabled","budget_tokens":1024}}`},
	{"adaptive thinking", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}`},
	{"thinking disabled", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"thinking":{"type":"disabled"}}`},
	{"output", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false}}}}`},
	{"thinking in another word", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"thinking":{"type":"between_tools"}}`},
	{"thinking goes back", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"thinking","thinking":"","signature":"only"},{"type":"redacted_thinking","data":"RXRr"},{"type":"text","text":"Hello"}]},{"role":"user","content":[{"type":"text","text":"And?"}]}]}`},
	{"calls and results", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"weather","input":{ "b":2.50, "a":1 }},{"type":"tool_use","id":"functions_w_0_a4431ed5","name":"weather","input":{"invalid_input":"{\"cut"}},{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}},{"type":"web_search_tool_result","tool_use_id":"s1","content":[ {"type":"x"} ]},{"type":"mcp", "z":1}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"40"},{"type":"text","text":"{\"c\":1}"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgpyZXN0"}}]},{"type":"tool_result","tool_use_id":"functions_w_0_a4431ed5","content":[{"type":"text","text":"(no output)"}],"is_error":true},{"type":"text","text":"So:"}]}],"tools":[{"name":"weather","description":"Get weather","input_schema":{ "type":"object", "properties":{"n":{"maximum":9007199254740993}} }}]}`},
	{"citations go back", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"text","text":"So.","citations":[{"type":"char_location","cited_text":"q","document_index":1,"document_title":"D","start_char_index":2,"end_char_index":3},{"type":"page_location","cited_text":"q","document_index":0,"document_title":null,"start_page_number":1,"end_page_number":2},{"type":"content_block_location","cited_text":"q","document_index":0,"document_title":null,"start_block_index":1,"end_block_index":2},{"type":"search_result_location","cited_text":"q","search_result_index":4,"source":"s","title":"T","start_block_index":1,"end_block_index":2},{"type":"web_search_result_location", "encrypted_index":"e"}]}]},{"role":"user","content":[{"type":"text","text":"And?"}]}]}`},
	{"turns", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":[{"type":"text","text":"c"}]},{"role":"user","content":[{"type":"text","text":"d"}]}]}`},
	{"cache points", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"},"cache_control":{"type":"ephemeral"}},{"type":"text","text":"q","cache_control":{"type":"ephemeral","ttl":"5m"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"thinking","thinking":"t","signature":"s"}]},{"role":"user","content":[{"type":"text","text":"b"}]}]}`},
}
