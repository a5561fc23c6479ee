package prompt_test

import (
	"encoding/json"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/prompt"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestAppend(t *testing.T) {
	text := func(texts ...string) (all []plan.Block) {
		for _, s := range texts {
			all = append(all, plan.Block{Part: model.Text(s)})
		}
		return all
	}
	p := &plan.Plan{
		System: text("be", "brief"),
		Turns: []plan.Turn{
			{Role: model.RoleUser, Blocks: text("a ", "b")},
			{Role: model.RoleAssistant, Blocks: text("c")},
			{Role: model.RoleUser, Blocks: text("d")},
		},
		Sampling:   plan.Sampling{MaxTokens: 9, Temperature: new(0.5), TopP: new(0.25), TopK: 3, StopSequences: []string{"x"}},
		Additional: json.RawMessage(`{"images":[]}`),
	}
	for name, row := range map[string]struct {
		codec prompt.Codec
		want  string
	}{
		"llama3": {prompt.Llama3, `{"prompt":"<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nbe\n\nbrief<|eot_id|>` +
			`<|start_header_id|>user<|end_header_id|>\n\na \n\nb<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nc<|eot_id|>` +
			`<|start_header_id|>user<|end_header_id|>\n\nd<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",` +
			`"max_gen_len":9,"temperature":0.5,"top_p":0.25,"images":[]}`},
		"mistral": {prompt.Mistral, `{"prompt":"<s>[INST] be\n\nbrief\n\na \n\nb [/INST] c</s>[INST] d [/INST]",` +
			`"max_tokens":9,"temperature":0.5,"top_p":0.25,"top_k":3,"stop":["x"],"images":[]}`},
		"titan": {prompt.Titan, `{"inputText":"be\n\nbrief\n\nUser: a \n\nb\nBot: c\nUser: d\nBot:",` +
			`"textGenerationConfig":{"maxTokenCount":9,"temperature":0.5,"topP":0.25,"stopSequences":["x"]},"images":[]}`},
	} {
		if got := string(row.codec.Append(nil, p)); got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, row.want)
		}
	}
	bare := &plan.Plan{Turns: []plan.Turn{{Role: model.RoleUser, Blocks: text("hi")}}}
	if got, want := string(prompt.Titan.Append(nil, bare)), `{"inputText":"User: hi\nBot:"}`; got != want {
		t.Errorf("without settings:\n got %s\nwant %s", got, want)
	}
}
