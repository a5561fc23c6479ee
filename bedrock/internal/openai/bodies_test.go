package openai_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/native/nativetest"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/openai"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/model"
)

// written is the body of a request to a model that takes all that the format has.
func written(req *model.Request, settings plan.Settings) ([]byte, error) {
	known := facts.Facts{Thinking: facts.Lookup("openai.gpt-oss-120b-1:0").Thinking}
	p, err := plan.New(req, plan.Input{Facts: &known, Format: plan.OpenAI("max_tokens"), Settings: settings})
	if err != nil {
		return nil, err
	}
	return openai.Append(nil, p), nil
}

// goesBack sends an answer back in the history, and returns the body.
func goesBack(t *testing.T, answer []model.Part) []byte {
	t.Helper()
	return nativetest.GoesBack(t, answer, func(req *model.Request) ([]byte, error) { return written(req, plan.Settings{}) })
}

// bodies are requests of the format, each in the only way that it is written.
var bodies = []struct{ name, body string }{
	{"text", `{"messages":[{"role":"user","content":"Hi"}]}`},
	{"system anywhere", `{"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"t"},{"role":"user","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]}]}`},
	{"limits", `{"messages":[{"role":"user","content":"Hi"}],"max_tokens":10,"temperature":0,"top_p":0.5,"top_k":3,"stop":["END"]}`},
	{"effort", `{"messages":[{"role":"user","content":"Hi"}],"reasoning_effort":"high"}`},
	{"no word of thinking", `{"messages":[{"role":"user","content":"Hi"}]}`},
	{"no thinking", `{"messages":[{"role":"user","content":"Hi"}],"reasoning":{"effort":"none"}}`},
	{"image", `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgpyZXN0"}},{"type":"text","text":"?"}]}]}`},
	{"tools", `{"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"weather","description":"Get weather","parameters":{"type":"object", "maximum":9007199254740993 },"strict":false}},{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}],"tool_choice":"auto","parallel_tool_calls":false}`},
	{"choice any", `{"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"weather","description":"Get weather","parameters":{"type":"object", "maximum":9007199254740993 }}}],"tool_choice":"required"}`},
	{"choice none", `{"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"weather","description":"Get weather","parameters":{"type":"object", "maximum":9007199254740993 }}}],"tool_choice":"none"}`},
	{"choice named", `{"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"weather","description":"Get weather","parameters":{"type":"object", "maximum":9007199254740993 }}}],"tool_choice":{"type":"function","function":{"name":"weather"}}}`},
	{"output", `{"messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"answer","description":"d","schema":{"type":"object","additionalProperties":false},"strict":true}}}`},
	{"calls and results", `{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Look:","tool_calls":[{"id":"functions_w_0","type":"function","function":{"name":"weather","arguments":"{ \"a\":2.50 }"}},{"id":"2","type":"function","function":{"name":"weather","arguments":"{\"cut"}},{"id":"3","type":"function","function":{"name":"weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"functions_w_0","content":[{"type":"text","text":"40"},{"type":"text","text":"{\"c\":1}"}]},{"role":"tool","tool_call_id":"2","content":"no"},{"role":"tool","tool_call_id":"3","content":"(no output)"},{"role":"user","content":[{"type":"text","text":"So:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgpyZXN0"}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"4","type":"function","function":{"name":"weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"4","content":"(no output)"}],"tools":[{"type":"function","function":{"name":"weather","description":"Get weather","parameters":{"type":"object", "maximum":9007199254740993 }}}]}`},
	{"tool blocks without tools", `{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"(tool call: w {})"},{"role":"user","content":"(tool result: 40)"}]}`},
	{"own parts go back", `{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"k", "n":1.0}]},{"role":"user","content":"x"}]}`},
	{"additional fields", `{"messages":[{"role":"user","content":"Hi"}],"max_tokens":2,"seed":1.0}`},
}
