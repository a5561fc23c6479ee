package model_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// checkLines compares lines with the file testdata/golden-NAME.txt. Each line is
// a claim about what a caller sees: -update writes the file anew, and the diff of
// it shows what a change means to them.
func checkLines(t *testing.T, name string, lines []string) {
	t.Helper()
	path := filepath.Join("testdata", "golden-"+name+".txt")
	lines = slices.Clone(lines)
	for i := range lines { // of UTF-8, and lines
		lines[i] = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(strings.ToValidUTF8(lines[i], `\x..`))
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	stored := strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n"), "\n")
	bad := 0
	for i := range max(len(stored), len(lines)) {
		want, got := "no line", "no line"
		if i < len(stored) {
			want = stored[i]
		}
		if i < len(lines) {
			got = lines[i]
		}
		if want == got {
			continue
		}
		if bad++; bad > 5 {
			t.Fatalf("%s: more lines differ", path)
		}
		t.Errorf("%s:%d is\n%s\nand now it would be\n%s", path, i+1, want, got)
	}
}

// dump returns a value on one line, without the methods of the package: fields
// that are set, texts and bytes quoted.
func dump(v any) string {
	var b strings.Builder
	dumpValue(&b, reflect.ValueOf(v), true)
	return b.String()
}

func dumpValue(b *strings.Builder, v reflect.Value, named bool) {
	switch v.Kind() {
	case reflect.Invalid:
		b.WriteString("nil")
		return
	case reflect.Interface, reflect.Pointer:
		switch err, isErr := v.Interface().(error); {
		case v.IsNil():
			b.WriteString("nil")
		case isErr && v.Kind() == reflect.Interface:
			fmt.Fprintf(b, "%T(%v)", err, err)
		default:
			dumpValue(b, v.Elem(), true)
		}
		return
	case reflect.Struct:
		b.WriteString(v.Type().Name() + "{")
		first := true
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() || v.Field(i).IsZero() {
				continue
			}
			if !first {
				b.WriteByte(' ')
			}
			first = false
			b.WriteString(v.Type().Field(i).Name + ":")
			dumpValue(b, v.Field(i), false)
		}
		b.WriteByte('}')
		return
	}
	if name := v.Type().Name(); named && name != "string" && name != "int" {
		b.WriteString(name + " ")
	}
	switch {
	case v.Kind() == reflect.Slice && v.IsNil():
		b.WriteString("nil")
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		b.WriteString(shortened(string(v.Bytes())))
	case v.Kind() == reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(' ')
			}
			dumpValue(b, v.Index(i), false)
		}
		b.WriteByte(']')
	case v.Kind() == reflect.String:
		b.WriteString(shortened(v.String()))
	default:
		fmt.Fprint(b, v.Interface())
	}
}

// shortened quotes a text, of one that is long its ends.
func shortened(s string) string {
	if len(s) > 1000 {
		return fmt.Sprintf("%q…%d bytes…%q", s[:30], len(s), s[len(s)-30:])
	}
	return strconv.Quote(s)
}

// errorText returns an error in words. Those of encoding/json are those of the
// Go release, so they are described by their fields.
func errorText(err error) string {
	if err == nil {
		return "ok"
	}
	text := err.Error()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		text = strings.Replace(text, syntax.Error(), fmt.Sprintf("<JSON: syntax, offset %d>", syntax.Offset), 1)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		text = strings.Replace(text, kind.Error(), fmt.Sprintf("<JSON: %s, field %q, offset %d>", kind.Value, kind.Field, kind.Offset), 1)
	}
	if inner, ok := errors.AsType[*json.MarshalerError](err); ok {
		if text = "<JSON> " + errorText(inner.Err); inner.Err == nil {
			text = "<JSON>"
		}
	}
	return strconv.Quote(text)
}

// failureText returns every field of an error.
func failureText(err error) string {
	e, ok := err.(*model.Error)
	if !ok {
		return errorText(err)
	}
	text := fmt.Sprintf("%q kind=%q provider=%q op=%q model=%q", e.Error(), string(e.Kind), e.Provider, e.Op, e.Model)
	if e.Code != "" || e.Status != 0 || e.RequestID != "" || e.RetryAfter != 0 {
		text += fmt.Sprintf(" code=%q status=%d request=%q after=%v", e.Code, e.Status, e.RequestID, e.RetryAfter)
	}
	if e.Message != "" {
		text += fmt.Sprintf(" message=%q", e.Message)
	}
	if e.Err != nil {
		text += fmt.Sprintf(" cause=%T(%q)", e.Err, e.Err.Error())
	}
	if e.Partial != nil {
		text += " partial=" + dump(*e.Partial)
	}
	return text
}

// TestGoldenUsage adds up usages and reads what they say.
func TestGoldenUsage(t *testing.T) {
	hour, five := time.Hour, 5*time.Minute
	write := func(ttl time.Duration, n int) model.CacheWrite { return model.CacheWrite{TTL: ttl, Tokens: n} }
	usages := func() []model.Usage {
		return []model.Usage{
			{},
			{InputTokens: 1},
			{Known: true, InputTokens: 100},
			{Known: true, OutputTokens: 20},
			{Known: true, CacheReadTokens: 3},
			{Known: true, CacheWriteTokens: 4},
			{Known: true, ReasoningTokens: 5},
			{Known: true, CacheWrites: []model.CacheWrite{}},
			{Known: true, CacheWrites: []model.CacheWrite{write(hour, 10)}},
			{Known: true, CacheWrites: []model.CacheWrite{write(five, 7)}},
			{Known: true, CacheWrites: []model.CacheWrite{write(five, 1), write(hour, 2), write(0, 4), write(five, 8), write(hour, 16)}},
			{Known: true, InputTokens: 1000, OutputTokens: 200, CacheReadTokens: 300, CacheWriteTokens: 400, ReasoningTokens: 50,
				CacheWrites: []model.CacheWrite{write(24*hour, 1), write(hour, 390), write(five, 9)}},
		}
	}
	var lines []string
	for i, u := range usages() {
		lines = append(lines, fmt.Sprintf("%s: total %d, uncached %d, JSON %s", dump(u), u.Total(), u.UncachedTokens(), mustMarshal(t, u)))
		for j, v := range usages() {
			before, beforeV := dump(u), dump(v)
			sum := u.Add(v)
			lines = append(lines, fmt.Sprintf("%d + %d = %s", i, j, dump(sum)))
			for k := range sum.CacheWrites {
				sum.CacheWrites[k].Tokens++
			}
			if dump(u) != before || dump(v) != beforeV {
				t.Errorf("the sum of %s and %s shares with them", before, beforeV)
			}
		}
	}
	for _, doc := range []string{`null`, `{}`, ` null`, `{"input_tokens":1,"output_tokens":2,"cache_read_tokens":3,"cache_write_tokens":4,"reasoning_tokens":5,"cache_writes":[{"ttl":"1h","tokens":6},{"ttl":"","tokens":7},{}],"more":1}`,
		`{"known":false}`, `{"input_tokens":"1"}`, `{"cache_writes":[{"ttl":"soon"}]}`, `{"cache_writes":[{"ttl":1}]}`, `{"cache_writes":[{"tokens":1.5}]}`, `[]`, `{"input_tokens":1,"input_tokens":2}`} {
		u := model.Usage{Known: true, InputTokens: 9}
		err := json.Unmarshal([]byte(doc), &u)
		lines = append(lines, fmt.Sprintf("%s is read as %s: %s", doc, dump(u), errorText(err)))
	}
	var none *model.Response
	for _, r := range []*model.Response{none, {}, {Usage: &model.Usage{}}, {Usage: &model.Usage{Known: true, InputTokens: 1}}} {
		lines = append(lines, "usage of a response: "+dump(r.TokenUsage()))
	}
	checkLines(t, "usage", lines)
}

// TestGoldenMessages asks messages and answers for what they hold.
func TestGoldenMessages(t *testing.T) {
	call := model.ToolCall{ID: "t", Name: "n", Input: json.RawMessage(`{}`)}
	cited := model.CitedText{Text: "cited", Citations: []model.Citation{{Title: "one"}, {Title: "two"}}}
	lists := [][]model.Part{
		nil, {}, {nil}, {model.Text("a")}, {model.Text("a"), model.Text(""), model.Text("b")}, {cited}, {model.CitedText{Text: "bare"}},
		{model.Text("a"), cited, model.Text("b"), cited}, {call}, {model.Thinking{Text: "hm"}}, {&cited},
		{model.Thinking{Text: "one"}, model.Text("x"), call, model.Thinking{Redacted: []byte{1}}, model.ToolCall{ID: "u"}, model.ServerToolCall{ID: "s"}},
		{model.ToolResult{Parts: []model.Part{model.Text("inside"), cited, call}}, model.Guard{Text: "g"}, model.Document{Text: "d"}, model.JSON(`"j"`)},
	}
	var lines []string
	for i, parts := range lists {
		m := model.Message{Role: model.RoleUser, Parts: parts}
		lines = append(lines,
			fmt.Sprintf("%d: text %q, calls %s, thinking %s, citations %s", i, m.Text(), dump(m.ToolCalls()), dump(m.Thinking()), dump(m.Citations())))
		r := &model.Response{Message: m}
		lines = append(lines, fmt.Sprintf("%d: as an answer: text %q, calls %s, thinking %s", i, r.Text(), dump(r.ToolCalls()), dump(r.Thinking())))
	}
	for _, m := range []model.Message{
		model.System("a"), model.User("b"), model.Assistant("c"), model.SystemParts(), model.UserParts(cited, call), model.AssistantParts(call),
		model.ToolResults(), model.ToolResults(model.ToolResult{CallID: "one"}, model.ToolResult{CallID: "two", IsError: true}),
	} {
		lines = append(lines, dump(m))
	}
	lines = append(lines, dump(model.UseTool("n")), model.Warning{Action: model.WarningMoved, Field: "f", Reason: "r"}.String())
	for k := range model.EventFinish + 2 {
		text, err := k.MarshalText()
		lines = append(lines, fmt.Sprintf("event kind %d: %s, %q, %s", k, k, text, errorText(err)))
		var again model.EventKind
		err = again.UnmarshalText([]byte(k.String()))
		lines = append(lines, fmt.Sprintf("and back: %d, %s", again, errorText(err)))
	}
	for _, name := range []string{"", "Text", "text "} {
		var k model.EventKind
		lines = append(lines, fmt.Sprintf("event kind %q: %s, %d", name, errorText(k.UnmarshalText([]byte(name))), k))
	}
	lines = append(lines, fmt.Sprint("event kind 255: ", model.EventKind(255)))
	checkLines(t, "messages", lines)
}

// TestGoldenClone changes all that a copy reaches, which leaves the original as
// it was, and the other way round. It does so with all fields set, and with one.
func TestGoldenClone(t *testing.T) {
	requests := []func() *model.Request{fullRequest, func() *model.Request { return &model.Request{Messages: []model.Message{everyMessage()}} }}
	for i := range reflect.TypeFor[model.Request]().NumField() {
		requests = append(requests, func() *model.Request {
			req := &model.Request{}
			reflect.ValueOf(req).Elem().Field(i).Set(reflect.ValueOf(fullRequest()).Elem().Field(i))
			return req
		})
	}
	for i, make := range requests {
		checkClone(t, fmt.Sprintf("request %d", i), make, (*model.Request).Clone)
	}
	for i := range everyPart() {
		checkClone(t, fmt.Sprintf("part %d", i), func() *model.Request {
			return &model.Request{Messages: []model.Message{model.UserParts(everyPart()[i]), model.UserParts(model.ToolResult{Parts: []model.Part{everyPart()[i]}})}}
		}, (*model.Request).Clone)
	}
	for i := range reflect.TypeFor[model.Response]().NumField() {
		checkClone(t, fmt.Sprintf("response %d", i), func() *model.Response {
			resp := &model.Response{}
			if name := reflect.TypeFor[model.Response]().Field(i).Name; name != "ProviderMetadata" && name != "Attempts" {
				reflect.ValueOf(resp).Elem().Field(i).Set(reflect.ValueOf(fullResponse()).Elem().Field(i))
			}
			return resp
		}, (*model.Response).Clone)
	}
	var lines []string
	for _, req := range []*model.Request{nil, {}, {Messages: []model.Message{}, Tools: []model.Tool{}, StopSequences: []string{}, ProviderOptions: []model.ProviderOptions{}},
		{Messages: []model.Message{{}, {Parts: []model.Part{}}, {Parts: []model.Part{nil, model.Text("a"), (*model.Image)(nil), embedded{"b"}}}}},
		{Tools: []model.Tool{{}, {InputSchema: json.RawMessage{}}}, Output: &model.OutputFormat{}, ProviderOptions: []model.ProviderOptions{nil, &testOptions{}}}} {
		lines = append(lines, dump(req.Clone()))
	}
	resp := fullResponse()
	copied := resp.Clone()
	copied.Attempts[0].Model = "changed"
	lines = append(lines, dump((*model.Response)(nil).Clone()), dump((&model.Response{}).Clone()), dump((&model.Response{Usage: &model.Usage{}}).Clone()),
		dump((&model.Response{Warnings: []model.Warning{}, Attempts: []model.Attempt{}}).Clone()),
		dump(resp.Attempts[0].Model), dump(resp.Clone().ProviderMetadata))
	checkLines(t, "clone", lines)
}

// checkClone checks that a copy is equal and shares nothing.
func checkClone[T any](t *testing.T, name string, make func() *T, clone func(*T) *T) {
	t.Helper()
	want := dump(make())
	original := make()
	copied := clone(original)
	if got := dump(copied); got != want {
		t.Errorf("%s: the copy is\n%s\nof\n%s", name, got, want)
	}
	changed := 0
	scrambleValue(reflect.ValueOf(copied).Elem(), &changed)
	if got := dump(original); got != want {
		t.Errorf("%s: with its copy changed, it is\n%s\nand was\n%s", name, got, want)
	}
	copied = clone(original)
	scrambleValue(reflect.ValueOf(original).Elem(), &changed)
	if got := dump(copied); got != want {
		t.Errorf("%s: with the original changed, the copy is\n%s\nand was\n%s", name, got, want)
	}
}

// roles are those that a message can have, and one that it cannot.
var roles = []model.Role{model.RoleSystem, model.RoleUser, model.RoleAssistant}

// TestGoldenRoles puts every part into a message of each role, into a result and
// into the result of a provider's tool.
func TestGoldenRoles(t *testing.T) {
	var lines []string
	for _, c := range append(partCases(), partCase{name: "nil"}, partCase{name: "pointer", part: &model.Image{}}, partCase{name: "nested", part: model.ToolResult{Parts: []model.Part{model.ToolResult{}}}}) {
		for _, role := range roles {
			for _, place := range []string{"message", "result", "server result"} {
				p := c.part
				switch place {
				case "result":
					p = model.ToolResult{Parts: []model.Part{model.Text("a"), p}}
				case "server result":
					p = model.ServerToolResult{Parts: []model.Part{p}}
				}
				req := &model.Request{Messages: []model.Message{model.User("a"), {Role: role, Parts: []model.Part{p}}}}
				if err := req.Validate(); err != nil {
					lines = append(lines, fmt.Sprintf("%s in a %s of the %s: %v", c.name, place, role, err))
				}
			}
		}
	}
	slices.Sort(lines)
	checkLines(t, "roles", lines)
}
