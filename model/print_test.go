package model_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// What must never be seen.
const (
	secretSignature = "SIGNATURE<secret>"
	secretRedacted  = "REDACTED<secret>"
)

// forms returns how a secret could come to light.
func forms(secret string) []string {
	var decimal, goHex []string
	for _, b := range []byte(secret) {
		decimal = append(decimal, fmt.Sprint(b))
		goHex = append(goHex, fmt.Sprintf("0x%x", b))
	}
	escaped, _ := json.Marshal(secret)
	word, _, _ := strings.Cut(secret, "<")
	return []string{
		secret, word, string(escaped), base64.StdEncoding.EncodeToString([]byte(secret)),
		hex.EncodeToString([]byte(word)), strings.ToUpper(hex.EncodeToString([]byte(word))), fmt.Sprintf("% x", word),
		strings.Join(decimal, " "), strings.Join(goHex, ", "),
	}
}

func checkHidden(t *testing.T, what, shown string) {
	t.Helper()
	for _, secret := range []string{secretSignature, secretRedacted} {
		for _, form := range forms(secret) {
			if strings.Contains(shown, form) {
				t.Errorf("%s shows %s as %q: %s", what, secret, form, shown)
				return
			}
		}
	}
}

// secretive returns values that hold a signature and redacted bytes.
func secretive() map[string]any {
	signed := model.Thinking{Text: "hm", Signature: secretSignature}
	redacted := model.Thinking{Redacted: []byte(secretRedacted)}
	m := model.AssistantParts(signed, redacted, model.Text("a"), model.ToolResult{Parts: []model.Part{signed, redacted}})
	resp := &model.Response{Message: m, Usage: &model.Usage{}}
	req := &model.Request{Messages: []model.Message{m}}
	type nested struct {
		Message  model.Message
		Messages []model.Message
		Pointer  *model.Message
		Part     model.Part
		Parts    map[string]model.Part
		Response model.Response
		Event    model.Event
		Request  model.Request
	}
	n := nested{m, []model.Message{m}, &m, signed, map[string]model.Part{"a": redacted}, *resp, partEvent(0, signed), *req}
	failed := &model.Error{Kind: model.ErrTruncated, Partial: resp}
	return map[string]any{
		"Message": m, "*Message": &m, "[]Message": []model.Message{m}, "[]*Message": []*model.Message{&m},
		"Thinking": signed, "redacted Thinking": redacted, "*Thinking": &signed,
		"Part": m.Parts[3], "[]Part": m.Parts, "[]Thinking": m.Thinking(),
		"Response": *resp, "*Response": resp, "Request": *req, "*Request": req,
		"signature Event": signatureEvent(0, secretSignature), "redacted Event": redactedEvent(0, secretRedacted),
		"part Event": partEvent(0, signed), "done Event": donePart(0, m.Parts[3]),
		"finish Event": model.Event{Kind: model.EventFinish, Response: resp}, "[]Event": []model.Event{signatureEvent(0, secretSignature)},
		"nested": n, "*nested": &n, "Error": *failed, "*Error": failed,
		"Stream": finished(resp), "broken Stream": broken(signed),
	}
}

func finished(resp *model.Response) *model.Stream {
	s := play(context.Background(), nil, model.Event{Kind: model.EventFinish, Response: resp})
	s.Response()
	return s
}

func broken(p model.Part) *model.Stream {
	s := play(context.Background(), errBoom, partEvent(0, p), signatureEvent(1, secretSignature), redactedEvent(2, secretRedacted))
	s.Response()
	return s
}

func TestSecretsNotPrinted(t *testing.T) {
	for name, v := range secretive() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%10v", "%t", "%T"} {
			checkHidden(t, name+" by "+verb, fmt.Sprintf(verb, v))
		}
		checkHidden(t, name+" by Sprint", fmt.Sprint(v))
		checkHidden(t, name+" in an error", fmt.Errorf("a: %v", v).Error())
	}
}

func TestSecretsNotLogged(t *testing.T) {
	handlers := map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	}
	// slog's JSON handler encodes what lies inside other values by
	// encoding/json, which is for storing and leaves nothing out.
	inJSON := map[string]bool{
		"Message": true, "*Message": true, "Thinking": true, "redacted Thinking": true, "*Thinking": true,
		"*Response": true, "*Request": true, "signature Event": true, "redacted Event": true, "part Event": true,
		"done Event": true, "finish Event": true, "*Error": true, "Stream": true, "broken Stream": true,
	}
	for format, handler := range handlers {
		for name, v := range secretive() {
			if format == "json" && !inJSON[name] {
				continue
			}
			var b bytes.Buffer
			log := slog.New(handler(&b))
			log.With("with", v).WithGroup("g").Info("hello", "v", v, slog.Group("h", "w", v))
			checkHidden(t, name+" in slog "+format, b.String())
			if b.Len() == 0 || strings.Contains(b.String(), "panicked") {
				t.Errorf("slog %s of %s = %q", format, name, &b)
			}
		}
	}
}

func TestString(t *testing.T) {
	tests := []struct {
		part model.Part
		want string
	}{
		{nil, `nil`},
		{model.Text("a\n"), `"a\n"`},
		{everyCitation(), `"Oaks <3" with 3 citations`},
		{model.Thinking{}, `thinking()`},
		{model.Thinking{Text: "hm", Signature: "abc", Redacted: []byte("ab"), Incomplete: true},
			`thinking("hm", signature of 3 bytes, redacted 2 bytes, incomplete)`},
		{model.Image{MediaType: "image/png", Data: []byte("abc")}, `image(image/png 3 bytes)`},
		{model.Image{URI: "s3://b/k"}, `image(s3://b/k)`},
		{model.Image{Data: []byte("abc")}, `image(3 bytes)`},
		{model.Video{MediaType: "video/mp4", URI: "u"}, `video(video/mp4 u)`},
		{model.Audio{MediaType: "audio/mp3", Data: []byte{1}}, `audio(audio/mp3 1 bytes)`},
		{model.Document{Name: "n", MediaType: "text/plain"}, `document("n" text/plain)`},
		{model.Document{}, `document("")`},
		{model.ToolCall{ID: "t1", Name: "n", Input: json.RawMessage(`{"a":1}`)}, `tool_call(t1 n {"a":1})`},
		{model.ToolCall{ID: "t1", Name: "n"}, `tool_call(t1 n)`},
		{model.ToolCall{ID: "t1", Name: "n", InvalidInput: `{"a`}, `tool_call(t1 n invalid "{\"a")`},
		{model.ServerToolCall{ID: "t1", Name: "n", Input: json.RawMessage(`{}`)}, `server_tool_call(t1 n {})`},
		{model.ToolResult{CallID: "t1", Parts: []model.Part{model.Text("a"), model.JSON(`{"b": 1}`), nil}}, `tool_result(t1 "a" {"b": 1} nil)`},
		{model.ToolResult{CallID: "t1", IsError: true}, `tool_result error(t1)`},
		{model.ServerToolResult{CallID: "t1", Parts: []model.Part{model.Text("a")}}, `server_tool_result(t1 "a")`},
		{model.CachePoint{}, `cache_point()`},
		{model.CachePoint{TTL: 3600e9}, `cache_point(1h)`},
		{model.SearchResult{Title: "t"}, `search_result("t")`},
		{model.Guard{Text: "g"}, `guard("g")`},
		{model.Guard{Image: &model.Image{URI: "u"}}, `guard(image(u))`},
		{model.Opaque{Provider: "p", Kind: "k", Data: json.RawMessage("{}")}, `opaque(p k 2 bytes)`},
		{model.Opaque{Kind: "k"}, `opaque(k 0 bytes)`},
		{embedded{"a"}, `model_test.embedded`},
		{(*model.Image)(nil), `*model.Image`},
	}
	var all []model.Part
	var want []string
	for _, tt := range tests {
		all, want = append(all, tt.part), append(want, tt.want)
		if got := model.UserParts(tt.part).String(); got != "user: "+tt.want {
			t.Errorf("String() = %s, want user: %s", got, tt.want)
		}
		ev := partEvent(3, tt.part)
		if got := ev.String(); got != "part[3] "+tt.want {
			t.Errorf("Event.String() = %s, want part[3] %s", got, tt.want)
		}
	}
	if got, want := fmt.Sprint(model.UserParts(all...)), "user: "+strings.Join(want, " "); got != want {
		t.Errorf("Sprint(message) = %s, want %s", got, want)
	}
	if got, want := (model.Thinking{Text: "a"}).String(), `thinking("a")`; got != want {
		t.Errorf("Thinking.String() = %s, want %s", got, want)
	}
}

func TestEventString(t *testing.T) {
	tests := []struct {
		ev   model.Event
		want string
	}{
		{model.Event{}, `unknown[0] nil`},
		{textEvent(1, "a\n"), `text[1] "a\n"`},
		{thinkingEvent(1, "a"), `thinking[1] "a"`},
		{inputEvent(1, `{"a`), `tool_input[1] "{\"a"`},
		{signatureEvent(1, "abc"), `signature[1] 3 bytes`},
		{redactedEvent(1, "abc"), `redacted[1] thinking(redacted 3 bytes)`},
		{callEvent(1, "t", "n"), `tool_call[1] tool_call(t n)`},
		{doneEvent(1), `part_done[1] nil`},
		{finishEvent(), `finish : (end_turn)`},
		{model.Event{Kind: model.EventFinish}, `finish no response`},
	}
	for _, tt := range tests {
		for _, verb := range []string{"%v", "%s", "%q", "%#v", "%d"} {
			if got := fmt.Sprintf(verb, tt.ev); got != tt.want {
				t.Errorf("Sprintf(%s, event) = %s, want %s", verb, got, tt.want)
			}
		}
	}
}

func TestResponseString(t *testing.T) {
	resp := &model.Response{Message: model.Assistant("a"), StopReason: model.StopEndTurn, Usage: &model.Usage{Known: true, InputTokens: 2, OutputTokens: 1}}
	if got, want := resp.String(), `assistant: "a" (end_turn, 2 in, 1 out)`; got != want {
		t.Errorf("String() = %s, want %s", got, want)
	}
	if got, want := (*model.Response)(nil).String(), `no response`; got != want {
		t.Errorf("String() of nil = %s, want %s", got, want)
	}
	if got, want := (&model.Response{Message: model.Assistant("a")}).String(), `assistant: "a" ()`; got != want {
		t.Errorf("String() = %s, want %s", got, want)
	}
}

func TestStreamFormat(t *testing.T) {
	s := play(t.Context(), nil, script()...)
	s.Response()
	for _, verb := range []string{"%v", "%s", "%#v", "%t"} {
		if got, want := fmt.Sprintf(verb, s), "stream(test m-1)"; got != want {
			t.Errorf("Sprintf(%s, stream) = %s, want %s", verb, got, want)
		}
	}
	if got, want := fmt.Sprint((*model.Response)(nil)), "<nil>"; got != want {
		t.Errorf("Sprint(nil response) = %s, want %s", got, want)
	}
}

func TestLog(t *testing.T) {
	tests := []struct {
		name       string
		v          any
		text, json string
	}{
		{"message", model.UserParts(model.Text("a"), model.Image{URI: "u"}), `v.role=user v.parts="[\"a\" image(u)]"`, `{"role":"user","parts":["\"a\"","image(u)"]}`},
		{"thinking", model.Thinking{Text: "a"}, `v="thinking(\"a\")"`, `"thinking(\"a\")"`},
		{"event", textEvent(1, "a"), `v="text[1] \"a\""`, `"text[1] \"a\""`},
		{"response", &model.Response{Message: model.Assistant("a"), StopReason: "end_turn", Model: "m", RequestID: "r", Usage: &model.Usage{Known: true, InputTokens: 2, OutputTokens: 1}},
			`v.message.role=assistant v.message.parts="[\"a\"]" v.stop_reason=end_turn v.model=m v.request_id=r v.usage="{Known:true InputTokens:2 OutputTokens:1 CacheReadTokens:0 CacheWriteTokens:0 ReasoningTokens:0 CacheWrites:[]}"`,
			`{"message":{"role":"assistant","parts":["\"a\""]},"stop_reason":"end_turn","model":"m","request_id":"r","usage":{"input_tokens":2,"output_tokens":1}}`},
		{"nil response", (*model.Response)(nil), `v="no response"`, `"no response"`},
		{"request", &model.Request{Messages: []model.Message{model.User("a")}, Tools: make([]model.Tool, 2)},
			`v.messages="[user: \"a\"]" v.tools=2`, `{"messages":["user: \"a\""],"tools":2}`},
		{"nil request", (*model.Request)(nil), `v="no request"`, `"no request"`},
	}
	plain := &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.MessageKey) {
			return slog.Attr{}
		}
		return a
	}}
	for _, tt := range tests {
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, plain)).Info("", "v", tt.v)
		diff(t, tt.name+" as text", tt.text+"\n", b.String())
		b.Reset()
		slog.New(slog.NewJSONHandler(&b, plain)).Info("", "v", tt.v)
		diff(t, tt.name+" as JSON", `{"v":`+tt.json+"}\n", b.String())
	}
}
