package probe

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
)

// A body is a request in the service's own words, by what it breaks or, without
// a rule, by what it has.
type body struct {
	rule      string // of package bedrocktest; empty: the service takes it
	about     string
	operation string // empty: converse
	model     string // empty: the one that is asked; bare: its id without a geography
	text      string
}

const (
	said1    = `{"role":"user","content":[{"text":"Say ok."}]}`
	calls    = `{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"f","input":{}}},{"toolUse":{"toolUseId":"t2","name":"f","input":{}}}]}`
	oneCall  = `{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"f","input":{}}}]}`
	result1  = `{"toolResult":{"toolUseId":"t1","content":[{"text":"r"}]}}`
	result2  = `{"toolResult":{"toolUseId":"t2","content":[{"text":"r"}]}}`
	oneTool  = `"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}]}`
	aPoint   = `{"cachePoint":{"type":"default"}}`
	few      = `"inferenceConfig":{"maxTokens":16}`
	thinking = `"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}`
	open     = `{"type":"object","properties":{"a":{"type":"string"}}}`
)

// bareID stands for the id of the model without a geography.
const bareID = "bare"

// talk is a request with members.
func talk(messages []string, members ...string) string {
	all := append([]string{`"messages":[` + strings.Join(messages, ",") + `]`}, members...)
	text := "{" + strings.Join(all, ",") + "}"
	if !strings.Contains(text, `"inferenceConfig"`) {
		text = strings.TrimSuffix(text, "}") + "," + few + "}"
	}
	return text
}

func of(messages ...string) []string { return messages }

func says(role string, blocks ...string) string {
	return `{"role":"` + role + `","content":[` + strings.Join(blocks, ",") + `]}`
}

func asks(blocks ...string) string { return says("user", blocks...) }

func words(s string) string { return `{"text":"` + s + `"}` }

func file(name, format string) string {
	return fmt.Sprintf(`{"document":{"name":%q,"format":%q,"source":{"bytes":"d29yZHM="}}}`, name, format)
}

func drawn() string {
	return `{"image":{"format":"png","source":{"bytes":"` + base64.StdEncoding.EncodeToString(picture().Data) + `"}}}`
}

func armedWith(name, schema string) string {
	return `"toolConfig":{"tools":[{"toolSpec":{"name":"` + name + `","inputSchema":{"json":` + schema + `}}}]}`
}

func chosen(choice string) string {
	return strings.Replace(oneTool, `{"tools"`, `{"toolChoice":`+choice+`,"tools"`, 1)
}

func shapedBy(schema string) string {
	return `"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"` + strings.ReplaceAll(schema, `"`, `\"`) + `"}}}}`
}

func fieldsOf(members string) string { return `"additionalModelRequestFields":{` + members + `}` }

func configured(members string) string { return `"inferenceConfig":{` + members + `}` }

// unions is a closed schema with n parameters of two types.
func unions(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"p%d":{"type":["string","null"]}`, i))
	}
	return `{"type":"object","additionalProperties":false,"properties":{` + strings.Join(all, ",") + `}}`
}

// optional is a closed schema with n members that may be left out.
func optional(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"p%d":{"type":"string"}`, i))
	}
	return `{"type":"object","additionalProperties":false,"properties":{` + strings.Join(all, ",") + `}}`
}

// strictTools are n strict tools with different names.
func strictTools(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"toolSpec":{"name":"f%d","strict":true,"inputSchema":{"json":{"type":"object","properties":{},"additionalProperties":false}}}}`, i))
	}
	return strings.Join(all, ",")
}

// wide is a black image, n pixels wide and one high.
func wide(n int) string {
	var b bytes.Buffer
	if png.Encode(&b, image.NewPaletted(image.Rect(0, 0, n, 1), color.Palette{color.Black})) != nil {
		return "" // not reached: n is more than zero
	}
	return `{"image":{"format":"png","source":{"bytes":"` + base64.StdEncoding.EncodeToString(b.Bytes()) + `"}}}`
}

// bodies are requests that break one rule each. Package bedrocktest decides
// whether a model has the rule.
func bodies() []body {
	hello := of(said1)
	return []body{
		{rule: "model-id", about: "a model that does not exist", model: "us.does-not-exist-model-v1:0", text: talk(hello)},
		{rule: "count-tokens", about: "the tokens of a model that they are not counted for", operation: "count-tokens", text: `{"input":{"converse":{"messages":[` + said1 + `]}}}`},
		{rule: "inference-profile", about: "an id without a geography", model: bareID, text: talk(hello)},
		{rule: "model-variant", about: "an id with a context of its own", model: "amazon.nova-lite-v1:0:24k", text: talk(hello)},
		{rule: "invoke-model", about: "a model that InvokeModel does not have", operation: "invoke", text: `{"messages":[{"role":"user","content":"Say ok."}],"max_completion_tokens":16}`},
		{rule: "body-form", about: "a body of InvokeModel that is a list", operation: "invoke", text: `[]`},
		{rule: "body-version", about: "a body of Claude without a version", operation: "invoke", text: `{"max_tokens":16,"messages":[{"role":"user","content":"Say ok."}]}`},
		{rule: "body-max-tokens", about: "a body of Claude without a limit", operation: "invoke", text: `{"anthropic_version":"bedrock-2023-05-31","messages":[{"role":"user","content":"Say ok."}]}`},
		{rule: "body-member", about: "a member that a body does not have", operation: "invoke", text: `{"anthropic_version":"bedrock-2023-05-31","max_tokens":16,"maxTokens":16,"messages":[{"role":"user","content":"Say ok."}]}`},
		{rule: "unknown-member", about: "a member that does not exist", text: talk(hello, `"max_tokens":5`)},
		{rule: "unknown-member", about: "a kind of block that does not exist", text: talk(of(asks(words("x"), `{"hologram":{}}`)))},

		{rule: "max-tokens", about: "no tokens", text: talk(hello, configured(`"maxTokens":0`))},
		{rule: "max-tokens-limit", about: "more tokens than the model gives", text: talk(hello, configured(`"maxTokens":9999999`))},
		{rule: "sampling-range", about: "a temperature of 5", text: talk(hello, configured(`"maxTokens":16,"temperature":5`))},
		{rule: "sampling", about: "a temperature", text: talk(hello, configured(`"maxTokens":16,"temperature":0.5`))},
		{rule: "sampling", about: "a temperature and a topP", text: talk(hello, configured(`"maxTokens":16,"temperature":0.5,"topP":0.5`))},
		{rule: "blank-stop", about: "a stop sequence of a line break", text: talk(hello, configured(`"maxTokens":16,"stopSequences":["\n"]`))},
		{rule: "metadata", about: "17 entries of metadata", text: talk(hello, `"requestMetadata":{`+strings.TrimSuffix(entries(17), ",")+`}`)},

		{rule: "no-messages", about: "no messages", text: talk(of())},
		{rule: "role", about: "the role tool", text: talk(of(said1, says("tool", words("x"))))},
		{rule: "system-prompt", about: "a system prompt", text: talk(hello, `"system":[{"text":"s"}]`)},
		{rule: "system-turn", about: "a system message between turns", text: talk(of(said1, says("system", words("s")), said1))},
		{rule: "user-first", about: "the assistant first", text: talk(of(says("assistant", words("x")), said1))},
		{rule: "alternate", about: "two turns of the user", text: talk(of(said1, said1))},
		{rule: "empty-content", about: "a message without content", text: talk(of(asks(), said1))},
		{rule: "blank-text", about: "an empty text", text: talk(of(asks(words("x"), words(""))))},
		{rule: "blank-text", about: "a text of a blank", text: talk(of(asks(words(" "))))},
		{rule: "prefill", about: "the beginning of the answer", text: talk(of(said1, says("assistant", words("o"))))},
		{rule: "trailing-space", about: "the beginning of the answer, with a blank at its end", text: talk(of(said1, says("assistant", words("o "))))},

		{rule: "tool-config", about: "calls without tools", text: talk(of(said1, calls, asks(result1, result2)))},
		{rule: "tool-support", about: "a tool", text: talk(hello, oneTool)},
		{rule: "tool-support", about: "a tool, in a stream", operation: "converse-stream", text: talk(hello, oneTool)},
		{rule: "tool-list", about: "an empty list of tools", text: talk(hello, `"toolConfig":{"tools":[]}`)},
		{rule: "tool-name", about: "a point in a tool's name", text: talk(hello, armedWith("a.b", open))},
		{rule: "tool-name-length", about: "a tool's name of 65 letters", text: talk(hello, armedWith(strings.Repeat("a", 65), open))},
		{rule: "tool-unique", about: "two tools of one name", text: talk(hello, strings.Replace(oneTool, `]}`, `,{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}]}`, 1))},
		{rule: "tool-schema", about: "a tool's schema of an array", text: talk(hello, armedWith("f", `{"type":"array"}`))},
		{rule: "tool-schema-root", about: "alternatives at the top of a tool's schema", text: talk(hello, armedWith("f", `{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}]}`))},
		{rule: "strict-tools", about: "21 strict tools", text: talk(hello, `"toolConfig":{"tools":[`+strictTools(21)+`]}`)},
		{rule: "tool-choice", about: "a choice of any tool", text: talk(hello, chosen(`{"any":{}}`))},
		{rule: "tool-choice", about: "a choice of a tool by name", text: talk(hello, chosen(`{"tool":{"name":"f"}}`))},
		{rule: "tool-json", about: "an input that is a list", text: talk(of(said1, strings.Replace(oneCall, `{}`, `[1]`, 1), asks(result1)), oneTool)},
		{rule: "tool-json", about: "a JSON result that is null", text: talk(of(said1, oneCall, asks(`{"toolResult":{"toolUseId":"t1","content":[{"json":null}]}}`)), oneTool)},
		{rule: "call-id", about: "a bar in a call's id", text: talk(of(said1, strings.Replace(oneCall, "t1", "a|b", 1), asks(strings.Replace(result1, "t1", "a|b", 1))), oneTool)},
		{rule: "call-unique", about: "two calls of one id", text: talk(of(said1, strings.Replace(calls, "t2", "t1", 1), asks(result1)), oneTool)},
		{rule: "tool-results", about: "a call without its result", text: talk(of(said1, calls, asks(result1)), oneTool)},
		{rule: "tool-results", about: "calls at the end", text: talk(of(said1, calls), oneTool)},
		{rule: "tool-result-count", about: "a result without a call", text: talk(of(said1, oneCall, asks(result1, result2)), oneTool)},
		{rule: "tool-turn", about: "a text beside a result", text: talk(of(said1, oneCall, asks(result1, words("x"))), oneTool)},
		{rule: "results-first", about: "a text before a result", text: talk(of(said1, oneCall, asks(words("x"), result1)), oneTool)},
		{rule: "unsupported-field", about: "the status of a result", text: talk(of(said1, oneCall, asks(strings.Replace(result1, `"content"`, `"status":"success","content"`, 1))), oneTool)},
		{rule: "strict", about: "a strict tool", text: talk(hello, strings.Replace(armedWith("f", `{"type":"object","properties":{},"additionalProperties":false}`), `"name":"f"`, `"name":"f","strict":true`, 1))},

		{rule: "native-output", about: "a schema for the answer", text: talk(hello, shapedBy(`{"type":"object","properties":{},"additionalProperties":false}`))},
		{rule: "closed-schema", about: "an open schema for the answer", text: talk(hello, shapedBy(open))},
		{rule: "union-types", about: "17 parameters of two types", text: talk(hello, shapedBy(unions(17)))},
		{rule: "optional-members", about: "25 optional members", text: talk(hello, shapedBy(optional(25)))},

		{rule: "document-name", about: "a point in a document's name", text: talk(of(asks(words("x"), file("a.txt", "txt"))))},
		{rule: "document-unique", about: "two documents of one name", text: talk(of(asks(words("x"), file("a", "txt"), file("a", "txt"))))},
		{rule: "document-count", about: "six documents", text: talk(of(asks(words("x"), file("a", "txt"), file("b", "txt"), file("c", "txt"), file("d", "txt"), file("e", "txt"), file("f", "txt"))))},
		{rule: "document-text", about: "a document without a text", text: talk(of(asks(file("a", "txt"))))},
		{rule: "document-type", about: "a document of format exe", text: talk(of(asks(words("x"), file("a", "exe"))))},
		{rule: "document-source", about: "a text in a document's place", text: talk(of(asks(words("x"), `{"document":{"name":"a","format":"txt","source":{"text":"words"}}}`)))},
		{rule: "media-role", about: "an image from the assistant", text: talk(of(said1, says("assistant", drawn()), said1))},
		{rule: "media-support", about: "an image", text: talk(of(asks(words("x"), drawn())))},
		{rule: "media-support", about: "a video", text: talk(of(asks(words("x"), `{"video":{"format":"mp4","source":{"bytes":"AAAA"}}}`)))},
		{rule: "media-source", about: "an image in S3", text: talk(of(asks(words("x"), `{"image":{"format":"png","source":{"s3Location":{"uri":"s3://bucket/x.png"}}}}`)))},
		{rule: "image-count", about: "21 images", text: talk(of(asks(words("x"), strings.TrimSuffix(strings.Repeat(drawn()+",", 21), ","))))},
		{rule: "image-data", about: "an image that is none", text: talk(of(asks(words("x"), `{"image":{"format":"png","source":{"bytes":"aGVsbG8="}}}`)))},

		{rule: "image-type", about: "an image of format bmp", text: talk(of(asks(words("x"), strings.Replace(drawn(), "png", "bmp", 1))))},
		{rule: "image-match", about: "a PNG file that is said to be a JPEG", text: talk(of(asks(words("x"), strings.Replace(drawn(), "png", "jpeg", 1))))},
		{rule: "image-pixels", about: "an image of 8001 pixels", text: talk(of(asks(words("x"), wide(8001))))},

		{rule: "cache-support", about: "a cache point", text: talk(of(asks(words("x"), aPoint)))},
		{rule: "cache-tools", about: "a cache point behind the tools", text: talk(hello, strings.Replace(oneTool, `]}`, `,`+aPoint+`]}`, 1))},
		{rule: "cache-results", about: "a cache point behind a result", text: talk(of(said1, oneCall, asks(result1, aPoint)), oneTool)},
		{rule: "cache-first", about: "a cache point first", text: talk(of(asks(aPoint, words("x"))))},
		{rule: "cache-points", about: "five cache points", text: talk(of(asks(strings.TrimSuffix(strings.Repeat(words("x")+","+aPoint+",", 5), ","))))},
		{rule: "cache-document", about: "a cache point behind a document", text: talk(of(asks(words("x"), file("a", "txt"), aPoint)))},
		{rule: "cache-ttl", about: "a lifetime of two hours", text: talk(of(asks(words("x"), `{"cachePoint":{"type":"default","ttl":"2h"}}`)))},
		{rule: "cache-ttl-order", about: "an hour after five minutes", text: talk(of(asks(words("x"), aPoint, words("y"), `{"cachePoint":{"type":"default","ttl":"1h"}}`)))},

		{rule: "additional-field", about: "a field of another maker", text: talk(hello, fieldsOf(`"reasoning_effort":"high","num_ctx":1`))},
		{rule: "thinking-type", about: "thinking of type adaptive", text: talk(hello, fieldsOf(`"thinking":{"type":"adaptive"}`), configured(`"maxTokens":200`))},
		{rule: "thinking-type", about: "thinking with a budget", text: talk(hello, thinking, configured(`"maxTokens":1100`))},
		{rule: "effort", about: "an effort that no model has", text: talk(hello, fieldsOf(`"output_config":{"effort":"utmost"}`))},
		{rule: "effort", about: "an effort that no model has", text: talk(hello, fieldsOf(`"reasoning":{"effort":"utmost"}`))},
		{rule: "high-effort", about: "a limit at high effort", text: talk(hello, fieldsOf(`"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}`), configured(`"maxTokens":16`))},
		{rule: "forced-thinking", about: "a choice of any tool while it thinks", text: talk(hello, thinking, configured(`"maxTokens":1100`), chosen(`{"any":{}}`))},
		{rule: "budget", about: "a budget of 1023", text: talk(hello, strings.Replace(thinking, "1024", "1023", 1), configured(`"maxTokens":1100`))},
		{rule: "budget-max-tokens", about: "a budget of all tokens", text: talk(hello, thinking, configured(`"maxTokens":1024`))},
		{rule: "thinking-temperature", about: "a temperature of 0.5 while it thinks", text: talk(hello, thinking, configured(`"maxTokens":1100,"temperature":0.5`))},
		{rule: "reasoning-replay", about: "thinking in the clear, back", text: talk(of(said1, says("assistant", `{"reasoningContent":{"reasoningText":{"text":"t"}}}`, words("x")), said1))},
		{rule: "thinking-signature", about: "thinking with a signature that is none", text: talk(of(said1, says("assistant", `{"reasoningContent":{"reasoningText":{"text":"t","signature":"EsgE"}}}`, words("x")), said1))},
		{rule: "thinking-first", about: "calls without the thinking that led to them", text: talk(of(said1, oneCall, asks(result1)), thinking, configured(`"maxTokens":1100`), oneTool)},
	}
}

func entries(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":"v",`, i)
	}
	return b.String()
}

// rightBodies are requests that the service takes of most models.
func rightBodies() []body {
	hello := of(said1)
	return []body{
		{about: "a conversation", text: talk(of(said1, says("assistant", words("ok")), said1))},
		{about: "no limits", text: `{"messages":[` + said1 + `]}`},
		{about: "texts of all scripts", text: talk(of(asks(words("Sag ok. 你好 \\ud83d\\ude00 \\u0000 «ок»"))))},
		{about: "a system prompt", text: talk(hello, `"system":[{"text":"Be brief."}]`)},
		{about: "a temperature", text: talk(hello, configured(`"maxTokens":16,"temperature":0.5`))},
		{about: "stop sequences", text: talk(hello, configured(`"maxTokens":16,"stopSequences":["STOP","END"]`))},
		{about: "metadata", text: talk(hello, `"requestMetadata":{"team":"a b"}`)},
		{about: "fields of the answer that are asked for", text: talk(hello, `"additionalModelResponseFieldPaths":["/stop_sequence"]`)},
		{about: "a tool", text: talk(hello, oneTool)},
		{about: "two calls, and their results in another order", text: talk(of(said1, calls, asks(result2, result1)), oneTool)},
		{about: "an input with numbers that no float holds", text: talk(of(said1, strings.Replace(oneCall, `{}`, `{"n":12345678901234567890,"x":1e400}`, 1), asks(result1)), oneTool)},
		{about: "a failed result", text: talk(of(said1, oneCall, asks(`{"toolResult":{"toolUseId":"t1","status":"error","content":[{"text":"no"}]}}`)), oneTool)},
		{about: "a JSON result", text: talk(of(said1, oneCall, asks(`{"toolResult":{"toolUseId":"t1","content":[{"json":{"a":1}}]}}`)), oneTool)},
		{about: "a choice of any tool", text: talk(hello, chosen(`{"any":{}}`))},
		{about: "an image", text: talk(of(asks(words("x"), drawn())))},
		{about: "a document", text: talk(of(asks(words("x"), file("a", "txt"))))},
		{about: "a cache point", text: talk(of(asks(words("x"), aPoint)))},
		{about: "the number of tokens", operation: "count-tokens", text: `{"input":{"converse":{"messages":[` + said1 + `]}}}`},
	}
}
