package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
	"github.com/chatmodel-go/chatmodel/model"
)

// decoded returns what a document is read as, and in a few words what it is
// written as if that is another document.
func decoded[T any](doc string) string {
	var v T
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		return fmt.Sprintf("%s: %s", doc, errorText(err))
	}
	again, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%s: %s, which is not written: %s", doc, dump(v), errorText(err))
	}
	if string(again) == doc {
		return doc + ": " + dump(v)
	}
	return fmt.Sprintf("%s: %s, written as %s", doc, dump(v), again)
}

// onePart is a message of a part.
func onePart(part string) string { return `{"role":"user","parts":[` + part + `]}` }

// fullest returns the longest of the documents of each kind of part.
func fullest() []string {
	all := map[string]string{}
	for _, c := range partCases() {
		var head struct{ Type string }
		if json.Unmarshal([]byte(c.want), &head) == nil && len(c.want) > len(all[head.Type]) {
			all[head.Type] = c.want
		}
	}
	var docs []string
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		docs = append(docs, all[kind])
	}
	return docs
}

// TestGoldenMembers takes each member of each part for another value, away, and
// twice, and adds one.
func TestGoldenMembers(t *testing.T) {
	var lines []string
	docs := append(fullest(), `{"type":"tool_call","id":"t","name":"n","input":{"a":1},"input_text":"{ \"a\":1}"}`)
	for _, doc := range docs {
		add := func(name, part string) {
			line := decoded[model.Message](onePart(part))
			lines = append(lines, name+strings.TrimPrefix(line, onePart(part)))
		}
		lines = append(lines, doc)
		add("  as it is", doc)
		add("  a later member", strings.Replace(doc, "{", `{"later":{"a":[1]},`, 1))
		add("  Type", strings.Replace(doc, `"type"`, `"Type"`, 1))
		add("  escaped type", strings.Replace(doc, `"type"`, `"\u0074ype"`, 1))
		var indented bytes.Buffer
		if err := json.Indent(&indented, []byte(doc), "\r", "\t"); err != nil {
			t.Fatal(err)
		}
		add("  indented", indented.String())
		rawjson.EachMember([]byte(doc), func(name, value []byte) {
			member := `"` + string(name) + `":` + string(value)
			for _, other := range []string{`null`, `1`, `"x"`, `[]`, `{}`, `[1]`, `true`} {
				add(fmt.Sprintf("  %s %s", name, other), strings.Replace(doc, member, `"`+string(name)+`":`+other, 1))
			}
			add(fmt.Sprintf("  %s without a name", name), strings.Replace(doc, `"`+string(name)+`":`, `"":`, 1))
			add(fmt.Sprintf("  no %s", name), strings.Replace(strings.Replace(doc, ","+member, "", 1), member+",", "", 1))
			add(fmt.Sprintf("  %s twice", name), strings.Replace(doc, member, member+","+member, 1))
		})
	}
	checkLines(t, "json-members", lines)
}

// TestGoldenDocuments reads whole documents, of which many are wrong.
func TestGoldenDocuments(t *testing.T) {
	var lines []string
	for _, doc := range []string{
		`null`, `{}`, `[]`, `1`, `"a"`, `{`, ``, ` {"role":"user","parts":[]} `, `{"role":"user"}`, `{"parts":[]}`, `{"role":"user","parts":null}`, `{"parts":[],"role":"user"}`,
		`{"role":null,"parts":[]}`, `{"role":1,"parts":[]}`, `{"role":"user","parts":{}}`, `{"role":"user","parts":"a"}`, `{"role":"user","role":"assistant","parts":[]}`,
		`{"role":"user","parts":[],"parts":[{"type":"text","text":"a"}]}`, `{"role":"user","parts":[],"more":1}`, `{"Role":"user","PARTS":[]}`, `{"text":"robot","parts":[]}`, `{"role":"user","later":[{"type":"text","text":"a"}]}`, `{"role":"us\u0065r","parts":[]}`,
		`{"role":"user","content":"a"}`, `{"content":"a","text":"b"}`, `{"Role":"user","Parts":null}`, `{"role":"user","parts":null,"content":[]}`, `{"role":"user","parts":[],"content":[]}`, "{\"role\":\"\xff\",\"parts\":[]}",
		`{"role":"user","parts":[null]}`, `{"role":"user","parts":[1]}`, `{"role":"user","parts":["a"]}`, `{"role":"user","parts":[[]]}`, `{"role":"user","parts":[{}]}`, `{"role":"user","parts":[{"type":""}]}`,
		`{"role":"user","parts":[{"type":"text","text":"a"},{"type":1}]}`, `{"role":"user","parts":[{"type":"later"},{"type":"later","x":[ 1 ]}]}`, `{"role":"user","parts":[{"type":"text","text":"a"}`,
	} {
		lines = append(lines, decoded[model.Message](doc))
	}
	for _, doc := range []string{"", " ", "{", "[", "nope", `{"role":"user","parts":[]`, `[]`} { // not checked by a decoder before
		m := model.Message{Role: "before"}
		lines = append(lines, fmt.Sprintf("%s, read directly: %s, %s", doc, errorText(m.UnmarshalJSON([]byte(doc))), dump(m)))
	}
	text, call := `{"type":"text","text":"a"}`, `{"type":"tool_call","id":"t","name":"n"`
	for _, part := range []string{
		`{"text":"a","type":"text"}`, `{"type":"text"}`, `{"type":"text","id":"t"}`, `{"type":"text","text":"a","id":"t"}`, `{"type":"text","text":"\ud83d\ude00\n\ud83d"}`, "{\"type\":\"text\",\"text\":\"\xff\"}",
		call + `}`, call + `,"input":{}}`, call + `,"input":{ "a" : "<" }}`, call + `,"input":null}`, call + `,"input":{},"input_text":"{ }"}`, call + `,"input":{},"input_text":"[ ]"}`, call + `,"input":{},"input_text":"{"}`, call + `,"input":{},"input_text":"{\"a"}`, call + `,"input":{},"input_text":""}`, call + `,"input_text":"null"}`, call + `,"input":[12],"input_text":"[1 2]"}`, call + `,"input":[ 12 ],"input_text":"[ 12 ]"}`,
		call + `,"input_text":"{ }"}`, call + `,"input":{},"input_text":1}`, call + `,"input":{},"input_text":null}`, call + `,"input":null,"input_text":"null "}`, call + `,"input":{},"call_id":"x"}`, call + `,"kind":"k"}`,
		call + `,"input":{ "a":1},"input_text":"{\"a\" :1}"}`, call + `,"input":{"a":"<"},"input_text":"{\"a\":\"\\u003c\"}"}`, call + `,"invalid_input":"{"}`, call + `,"input":{},"text":"x"}`, call + `,"input":{},"value":1}`,
		`{"type":"tool_call","name":"n"}`, `{"id":"t","name":"n"}`, `{"text":"a"}`, `{"value":1}`, `{"call_id":"t","parts":[]}`, `{"type":"tool_call","id":"t"}`, `{"type":"tool_call","id":1,"name":"n"}`, `{"type":"tool_call","id":"t","name":2}`,
		`{"type":"json"}`, `{"type":"json","value":null}`, `{"type":"json","value":null,"value_text":"null "}`, `{"type":"json","value":nope}`, `{"type":"json","value":[1,2],"value_text":"[1, 2]"}`, `{"type":"json","value":[1],"value_text":"[2]"}`,
		`{"type":"json","value_text":"[1]"}`, `{"type":"json","value":"n"}`, `{"type":"json","value":1,"value_text":" 1"}`, `{"type":"json","value":[1],"value_text":[1]}`, `{"type":"json","value":1,"id":"t"}`, `{"type":"json","value":{},"text":"t"}`,
		`{"type":"tool_result"}`, `{"type":"tool_result","call_id":"t"}`, `{"type":"tool_result","call_id":"t","parts":[]}`, `{"type":"tool_result","parts":[]}`, `{"type":"tool_result","call_id":1,"parts":[]}`, `{"type":"tool_result","call_id":"t","parts":null}`,
		`{"type":"tool_result","call_id":"t","parts":{}}`, `{"type":"tool_result","call_id":"t","parts":[` + text + `],"is_error":true}`, `{"type":"tool_result","call_id":"t","parts":[],"is_error":false}`, `{"type":"tool_result","call_id":"t","parts":[],"is_error":null}`,
		`{"type":"tool_result","call_id":"t","parts":[],"is_error":1}`, `{"type":"tool_result","call_id":"t","parts":[],"is_error":"true"}`, `{"type":"tool_result","call_id":"t","parts":[],"id":"x"}`, `{"type":"tool_result","call_id":"t","parts":[` + text + `,1]}`,
		`{"type":"tool_result","call_id":"t","parts":[{"type":"image","data":"?"}]}`, `{"type":"tool_result","call_id":"t","parts":[{"type":"cache_point","ttl":"soon"}],"x":1}`, `{"type":"server_tool_result","call_id":"t","parts":[` + text + `,{"type":"json","value":1}]}`,
		`{"type":"server_tool_result","parts":[{}]}`, `{"type":"opaque","provider":"p","kind":"k","data":[ 1 ],"data_text":"[1 ]"}`, `{"type":"opaque","kind":"k"}`, `{"type":"cited_text","citations":[{"location":{"data":{ "a": 1 }}}]}`,
		`{"type":"guard","image":{"type":"image","uri":"u"}}`, `{"type":"guard","image":null}`, `{"type":"cache_point","ttl":"90m"}`, `{"type":"cache_point","ttl":"-1s"}`, `{"type":"cache_point","ttl":"1h0m0s"}`, `{"type":"cache_point","ttl":5}`,
	} {
		lines = append(lines, decoded[model.Message](onePart(part)))
	}
	for _, doc := range []string{
		`null`, `{}`, `[]`, `{"kind":"text"}`, `{"kind":"text","index":3,"text":"a"}`, `{"kind":"text","bytes":"4oI="}`, `{"kind":"text","text":"a","bytes":"4oI="}`, `{"kind":"nope"}`, `{"kind":1}`, `{"kind":""}`, `{"kind":null}`, `{"index":1}`,
		`{"kind":"part","part":` + text + `}`, `{"kind":"part","part":null}`, `{"kind":"part","part":{}}`, `{"kind":"part","part":1}`, `{"kind":"part","part":{ "type":"later", "a":[ ] }}`, `{"kind":"finish","response":{"message":{"role":"assistant","parts":[]}}}`,
		`{"kind":"finish","response":{"message":{"role":"assistant","parts":[{}]}}}`, `{"kind":"text","text":"\ud83d","more":1}`, `{"kind":"text","kind":"thinking","index":"1"}`, `{"kind":"unknown"}`,
	} {
		lines = append(lines, decoded[model.Event](doc))
	}
	for _, doc := range []string{
		`null`, `{}`, `[]`, `{"message":null}`, `{"message":{"role":"assistant","parts":[` + text + `]},"latency_ms":1500,"usage":null,"more":1}`, `{"usage":{}}`, `{"usage":{"input_tokens":1}}`, `{"latency_ms":"1"}`, `{"latency_ms":-1}`,
		`{"message":{"role":"assistant","parts":[{"type":"tool_call","id":1}]}}`, `{"warnings":[{"action":"dropped","field":"f","reason":"r"}],"request_id":"r","model":"m","stop_reason":"later"}`, `{"Latency":5,"ProviderMetadata":{},"Attempts":[]}`,
	} {
		lines = append(lines, decoded[model.Response](doc))
	}
	for _, doc := range []string{
		`null`, `{}`, `[]`, `{"messages":null}`, `{"messages":[{"role":"user","parts":[{"type":"text","text":1}]}]}`, `{"messages":[{"role":"user","parts":[` + text + `]},{"role":"user","content":"a"}]}`, `{"tools":[{"name":"a","input_schema":{ "a": "<" },"cache":{"ttl":"1h"},"strict":false,"server_side":true}]}`,
		`{"tools":[{"cache":{"ttl":"soon"}}]}`, `{"cache":{"ttl":"5m"},"tool_choice":{"mode":"named","name":"a","parallel":false}}`, `{"cache":{"ttl":1}}`, `{"max_tokens":1.5}`, `{"temperature":"hot"}`, `{"thinking":{"mode":"enabled","budget":1,"effort":"low"},"output":{"schema":{},"name":"n","description":"d"}}`,
		`{"max_tokens":1,"max_tokens":2,"Max_Tokens":3}`, `{"provider_options":[1],"ProviderOptions":[1],"later":1}`, `{"stop_sequences":["a",1]}`, `{"messages":[`,
	} {
		lines = append(lines, decoded[model.Request](doc))
	}
	checkLines(t, "json-documents", lines)
}

// TestGoldenNesting writes and reads results within results, to the depth that
// is the last and beyond.
func TestGoldenNesting(t *testing.T) {
	var lines []string
	for _, form := range []string{"tool_result", "server_tool_result", "turns", "flags"} {
		for _, depth := range []int{1, 2, 15, 16, 17, 18} {
			var p model.Part = model.Text("a")
			doc := `{"type":"text","text":"a"}`
			for i := range depth {
				server, more := form == "server_tool_result" || form == "turns" && i%2 == 0, ""
				if p = (model.ToolResult{Parts: []model.Part{p}}); server {
					p = model.ServerToolResult{Parts: []model.Part{p.(model.ToolResult).Parts[0]}}
				}
				kind := "tool_result"
				if server {
					kind = "server_tool_result"
				}
				if form == "flags" {
					more = `,"later":1`
				}
				doc = `{"type":"` + kind + `","call_id":"","parts":[` + doc + `]` + more + `}`
			}
			data, err := json.Marshal(model.UserParts(p))
			lines = append(lines, fmt.Sprintf("%s %d is written: %d bytes, %s", form, depth, len(data), errorText(err)))
			if err == nil && form != "flags" && string(data) != onePart(doc) {
				t.Errorf("%s %d is written as %s", form, depth, data)
			}
			var m model.Message
			err = json.Unmarshal([]byte(onePart(doc)), &m)
			if err == nil && dump(m.Parts[0]) != dump(p) {
				t.Errorf("%s %d is read as %s", form, depth, dump(m))
			}
			lines = append(lines, fmt.Sprintf("%s %d is read: %s", form, depth, errorText(err)))
		}
	}
	circle := make([]model.Part, 1)
	circle[0] = model.ToolResult{Parts: circle}
	_, err := json.Marshal(model.UserParts(circle...))
	lines = append(lines, "a result within itself: "+errorText(err))
	deep := strings.Repeat("[", 10001) + strings.Repeat("]", 10001)
	for _, doc := range []string{deep, deep[1 : len(deep)-1], deep[5000 : len(deep)-5000]} {
		var m model.Message
		err := json.Unmarshal([]byte(onePart(`{"type":"json","value":`+doc+`}`)), &m)
		_, errWritten := json.Marshal(model.UserParts(model.JSON(doc)))
		lines = append(lines, fmt.Sprintf("JSON of %d bytes: read %s, written %t", len(doc), errorText(err), errWritten == nil))
	}
	checkLines(t, "json-nesting", lines)
}

// raws are JSON that encoders write in their own way, and what is none.
var raws = []string{"", "{}", "null", " null", "[1, 2]", "[1,\n2]", "[\t1]", "{\r}", "[1]\n", `"<"`, `">"`, `"&"`, `["<", 1]`, "\"\u2028\"", "\"\u2029\"", "\"\u2027\"", "\"\u20ac\"", "[ \"\u2028\"]",
	"\"\xff\"", "[ \"\xff\" ]", "\"<\xff\"", `"\u003c"`, `"é"`, `[1.50,1e400,9007199254740993]`, `{"b":1,"a":2,"a":3}`, `{"q":"a b"}`, "{", "x", " ", `{"type":"later"}`, `{"type":"later", "a":"<"}`, `{"type":""}`, `{"type":1}`, `{"type":"a","type":1}`}

// texts have characters of every kind, at the ends and within.
var texts = []string{"", "a", "a b", `"`, `\`, "\n\r\t\b\f", "\x00\x1f\x7f", "<", ">", "&", "é", "東京", "😀", "a\u2028b", "\u2029", "\xff", "a\xe2\x82", "\xf0\x9f\x98 b", "é\xff\u2028<", "\ufffd", "0123456789abcdef\n0123456789é"}

// TestGoldenExact writes such values and texts in each place, with encoders of
// three kinds, and reads them again.
func TestGoldenExact(t *testing.T) {
	var lines []string
	write := func(p model.Part) {
		m := model.UserParts(p)
		plain, err := json.Marshal(m)
		if err != nil {
			lines = append(lines, dump(p)+": "+errorText(err))
			return
		}
		var literal bytes.Buffer
		e := json.NewEncoder(&literal)
		e.SetEscapeHTML(false)
		e.Encode(m)
		direct, _ := m.MarshalJSON()
		if strings.TrimSuffix(literal.String(), "\n") != string(direct) {
			t.Errorf("%s: an encoder that does not escape writes %s, MarshalJSON %s", dump(p), &literal, direct)
		}
		indented, _ := json.MarshalIndent(m, "", " ")
		var reads []string
		for _, doc := range [][]byte{plain, direct, indented} {
			var again model.Message
			if err := json.Unmarshal(doc, &again); err != nil {
				t.Errorf("%s is not read: %v", doc, err)
				continue
			}
			if got := dump(again.Parts[0]); !slices.Contains(reads, got) {
				reads = append(reads, got)
			}
		}
		if len(reads) == 1 && reads[0] == dump(p) {
			reads = []string{"itself"}
		}
		lines = append(lines, fmt.Sprintf("%s: %q, read as %s", dump(p), direct[len(onePart(""))-2:len(direct)-2], strings.Join(reads, " or ")))
	}
	for _, raw := range raws {
		value := json.RawMessage(raw)
		write(model.ToolCall{ID: "t", Name: "n", Input: value})
		write(model.ToolCall{Input: value, InvalidInput: "x\xff"})
		write(model.ServerToolCall{ID: "s", Input: value})
		write(model.JSON(value))
		write(model.ToolResult{Parts: []model.Part{model.JSON(value), model.Text("b")}})
		write(model.Opaque{Provider: "p", Data: value})
		write(model.Opaque{Kind: "k", Data: value})
		write(model.CitedText{Citations: []model.Citation{{Location: model.CitationLocation{Data: value}}}})
	}
	for _, text := range texts {
		write(model.Text(text))
		write(model.CitedText{Text: text})
		write(model.Thinking{Text: text, Signature: text, Provider: text})
		write(model.ToolCall{ID: text, Name: text})
		write(model.ToolCall{InvalidInput: text})
		write(model.ToolResult{CallID: text, IsError: text != "", Parts: []model.Part{model.Text(text)}})
		write(model.ServerToolResult{CallID: text, IsError: text == ""})
		lines = append(lines, fmt.Sprintf("role %q: %q", text, mustMarshal(t, model.Message{Role: model.Role(text)})))
		lines = append(lines, decoded[model.Event](mustMarshal(t, textEvent(1, text))))
	}
	for _, p := range []model.Part{nil, &model.Image{}, (*model.Image)(nil), embedded{"a"}, model.ToolResult{Parts: []model.Part{nil}}, model.ServerToolResult{Parts: []model.Part{model.Text("a"), nil}}, model.ToolResult{Parts: []model.Part{model.JSON("{")}}} {
		write(p)
		_, err := json.Marshal(partEvent(0, p))
		lines = append(lines, "as an event: "+errorText(err))
	}
	long := strings.Repeat("long ", 2000)
	for _, p := range []model.Part{model.Text(long), model.JSON(`"` + long + `"`), model.JSON(`"` + long[:4] + strings.Repeat("x", 9000) + `"`), model.ToolCall{ID: long}, model.ToolCall{Name: long},
		model.ToolCall{Input: json.RawMessage(`["` + long + `"]`)}, model.ToolResult{CallID: long}, model.ToolResult{Parts: []model.Part{model.Text(long)}}, model.Image{URI: long}} {
		data, err := json.Marshal(model.UserParts(p))
		lines = append(lines, fmt.Sprintf("%s: %d bytes, %s", dump(p), len(data), errorText(err)))
	}
	_, err := json.Marshal(model.UserParts(model.Text("a"), model.Text("b"), nil))
	_, errEvent := json.Marshal(model.Event{})
	_, errResponse := json.Marshal(model.Response{Message: model.UserParts(nil)})
	lines = append(lines, errorText(err), errorText(errEvent), errorText(errResponse))
	checkLines(t, "json-exact", lines)
}
