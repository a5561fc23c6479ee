package mcptools_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/mcptools"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

var png = []byte("\x89PNG\r\n\x1a\n0000")

var object = json.RawMessage(`{"type":"object"}`)

// serve connects to a server that a function fills.
func serve(t *testing.T, fill func(s *mcp.Server), options *mcptools.Options) (*mcptools.Source, *mcp.ServerSession) {
	t.Helper()
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "v1"}, nil)
	fill(server)
	return connect(t, server, options)
}

func connect(t *testing.T, server *mcp.Server, options *mcptools.Options) (*mcptools.Source, *mcp.ServerSession) {
	t.Helper()
	here, there := mcp.NewInMemoryTransports()
	session, err := server.Connect(t.Context(), there, nil)
	if err != nil {
		t.Fatal(err)
	}
	source, err := mcptools.Connect(t.Context(), here, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close(); session.Wait() })
	return source, session
}

func answers(content ...mcp.Content) mcp.ToolHandler {
	return func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{Content: content}, nil
	}
}

func add(name string, handler mcp.ToolHandler) func(*mcp.Server) {
	return func(s *mcp.Server) { s.AddTool(&mcp.Tool{Name: name, InputSchema: object}, handler) }
}

func only(t *testing.T, source *mcptools.Source) *mcptools.Tool {
	t.Helper()
	tools, err := source.Tools(t.Context())
	if err != nil || len(tools) != 1 {
		t.Fatalf("tools = %v, %v; want one", tools, err)
	}
	return tools[0].(*mcptools.Tool)
}

// TestContent calls a tool for every kind of content.
func TestContent(t *testing.T) {
	size := int64(7)
	for _, test := range []struct {
		name    string
		content mcp.Content
		want    model.Part
	}{
		{"text", &mcp.TextContent{Text: "hi"}, model.Text("hi")},
		{"blank text", &mcp.TextContent{Text: " \n"}, model.Text("[an empty text]")},
		{"image", &mcp.ImageContent{MIMEType: "image/png", Data: png}, model.Image{MediaType: "image/png", Data: png}},
		{"image that is another", &mcp.ImageContent{MIMEType: "image/jpeg", Data: png}, model.Image{MediaType: "image/png", Data: png}},
		{"image that is none", &mcp.ImageContent{MIMEType: "image/png", Data: []byte("<html>")}, model.Text(`[image that cannot be shown: 6 bytes, said to be "image/png", looks like text/html]`)},
		{"image without data", &mcp.ImageContent{MIMEType: "image/png"}, model.Text(`[image that cannot be shown: 0 bytes, said to be "image/png", looks like text/plain]`)},
		{"image of a kind that nobody takes", &mcp.ImageContent{MIMEType: "image/tiff", Data: []byte("II*\x00")}, model.Text(`[image that cannot be shown: 4 bytes, said to be "image/tiff", looks like application/octet-stream]`)},
		{"audio", &mcp.AudioContent{MIMEType: "audio/wav", Data: []byte("RIFF")}, model.Audio{MediaType: "audio/wav", Data: []byte("RIFF")}},
		{"text resource", &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "file:///a.txt", MIMEType: "text/plain", Text: "inside"}}, model.Text("inside")},
		{"image resource", &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "file:///a.png", MIMEType: "image/png", Blob: png}}, model.Image{MediaType: "image/png", Data: png}},
		{"pdf resource", &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "file:///dir/a%20b.pdf", MIMEType: "application/pdf", Blob: []byte("%PDF-1.7")}}, model.Document{Name: "a b", MediaType: "application/pdf", Data: []byte("%PDF-1.7")}},
		{"pdf that is none", &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "x:/a.pdf", MIMEType: "application/pdf", Blob: []byte("\x00\x01")}}, model.Text(`[resource x:/a.pdf that cannot be shown: 2 bytes, said to be "application/pdf", looks like application/octet-stream]`)},
		{"csv resource", &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "x://a/b.csv", MIMEType: "text/csv; charset=utf-8", Blob: []byte("a,b")}}, model.Document{Name: "b", MediaType: "text/csv", Data: []byte("a,b")}},
		{"binary resource", &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "x:/y", Blob: []byte("\x00\x01\x02")}}, model.Text(`[resource x:/y that cannot be shown: 3 bytes, said to be "", looks like application/octet-stream]`)},
		{"text in bytes", &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "x:/y", Blob: []byte("plain words")}}, model.Text("plain words")},
		{"link", &mcp.ResourceLink{URI: "file:///a", Name: "a", MIMEType: "text/plain", Size: &size, Description: "the a"}, model.Text("[resource file:///a, a, text/plain, the a]")},
	} {
		t.Run(test.name, func(t *testing.T) {
			source, _ := serve(t, add("t", answers(test.content)), nil)
			parts, err := only(t, source).Call(t.Context(), nil)
			if err != nil || len(parts) != 1 || fmt.Sprintf("%#v", parts[0]) != fmt.Sprintf("%#v", test.want) {
				t.Errorf("parts = %#v, %v\nwant %#v", parts, err, test.want)
			}
		})
	}
}

func TestResults(t *testing.T) {
	for _, test := range []struct {
		name   string
		result *mcp.CallToolResult
		want   string
		failed bool
	}{
		{"nothing", &mcp.CallToolResult{}, "The tool has returned nothing.", false},
		{"structured", &mcp.CallToolResult{StructuredContent: map[string]any{"a": 1}}, `{"a":1}`, false},
		{"structured list", &mcp.CallToolResult{StructuredContent: []int{1}}, `[1]`, false},
		{"error", &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: "broken"}, &mcp.ImageContent{MIMEType: "image/png", Data: png}}}, "broken", true},
	} {
		source, _ := serve(t, add("t", func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return test.result, nil }), nil)
		parts, err := only(t, source).Call(t.Context(), json.RawMessage(`{}`))
		if failure, ok := errors.AsType[*runnable.ToolError](err); ok {
			if parts = failure.Parts; len(parts) != 2 {
				t.Errorf("%s: parts = %v, want both", test.name, parts)
			}
		}
		if (err != nil) != test.failed || fmt.Sprintf("%s", parts[0]) != test.want && !strings.Contains(fmt.Sprint(parts[0]), test.want) {
			t.Errorf("%s: parts = %v, %v; want %s", test.name, parts, err, test.want)
		}
	}
}

func TestNamesAndSchemas(t *testing.T) {
	var called []string
	handler := func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		called = append(called, req.Params.Name+" "+string(req.Params.Arguments))
		return &mcp.CallToolResult{}, nil
	}
	long := strings.Repeat("x", 80)
	fill := func(s *mcp.Server) {
		for _, name := range []string{"files.read", "files_read", "files/read", long + "1", long + "2"} {
			s.AddTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object","properties":{"n":{"type":"integer"},"o":{"type":"string"}},"required":["n"]}`)}, handler)
		}
	}
	source, _ := serve(t, fill, &mcptools.Options{Prefix: "srv_", Strict: new(true)})
	tools, err := source.Tools(t.Context())
	if err != nil || len(tools) != 5 {
		t.Fatalf("%d tools, %v", len(tools), err)
	}
	seen := map[string]bool{}
	for _, tool := range tools {
		d := tool.Definition()
		if seen[d.Name] || len(d.Name) > 64 || strings.ContainsAny(d.Name, "./") || !strings.HasPrefix(d.Name, "srv_") || !*d.Strict {
			t.Errorf("definition = %+v", d)
		}
		seen[d.Name] = true
		if _, err := tool.Call(t.Context(), json.RawMessage(`{"n":12345678901234567890,"o":null}`)); err != nil {
			t.Error(err)
		}
		if want := tool.(*mcptools.Tool).Remote().Name + ` {"n":12345678901234567890}`; called[len(called)-1] != want {
			t.Errorf("the server was called as %s, want %s", called[len(called)-1], want)
		}
	}
	n := len(called)
	if _, err := tools[0].Call(t.Context(), json.RawMessage(`{"n":"x"}`)); err == nil || !strings.Contains(err.Error(), "/n: want integer") || len(called) != n {
		t.Errorf("invalid input: %v, and the server was called %d times", err, len(called)-n)
	}
}

func TestAnnotationsReachTheHook(t *testing.T) {
	fill := func(s *mcp.Server) {
		s.AddTool(&mcp.Tool{Name: "read", InputSchema: object, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true}}, answers(&mcp.TextContent{Text: "read"}))
		s.AddTool(&mcp.Tool{Name: "add", InputSchema: object, Annotations: &mcp.ToolAnnotations{DestructiveHint: new(false)}}, answers(&mcp.TextContent{Text: "added"}))
		s.AddTool(&mcp.Tool{Name: "drop", InputSchema: object}, answers(&mcp.TextContent{Text: "dropped"}))
	}
	source, _ := serve(t, fill, nil)
	m := fake.New(fake.Calls(fake.Call("read", `{}`), fake.Call("add", `{}`), fake.Call("drop", `{}`)))
	_, err := runnable.ToolLoop(m, runnable.ToolSetOf(source.Tools, nil), &runnable.ToolLoopOptions{
		Before: func(_ context.Context, r runnable.ToolRequest) (runnable.Decision, error) {
			if tool, ok := r.Tool.(*mcptools.Tool); ok && tool.Destructive() {
				return runnable.Hold("it may destroy something"), nil
			}
			return runnable.Decision{}, nil
		},
	}).Invoke(t.Context(), &model.Request{Messages: []model.Message{model.User("x")}})
	p, ok := errors.AsType[*runnable.PausedError](err)
	if !ok || len(p.State.Pending) != 1 || p.State.Pending[0].Name != "drop" || len(p.State.Results.Parts) != 2 {
		t.Fatalf("error = %v, want a held call of drop", err)
	}
	tools, _ := source.Tools(t.Context())
	for _, tool := range tools {
		if tool := tool.(*mcptools.Tool); tool.ReadOnly() != (tool.Remote().Name == "read") {
			t.Errorf("ReadOnly of %s is %v", tool.Remote().Name, tool.ReadOnly())
		}
	}
}

// TestListChanged adds a tool while a loop runs.
func TestListChanged(t *testing.T) {
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "v1"}, nil)
	changed := make(chan struct{}, 8)
	add("grow", func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		add("grown", answers(&mcp.TextContent{Text: "I am new"}))(server)
		return &mcp.CallToolResult{}, nil
	})(server)
	source, _ := connect(t, server, &mcptools.Options{Client: &mcp.ClientOptions{
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { changed <- struct{}{} },
	}})
	m := fake.New(fake.Calls(fake.Call("grow", `{}`)), fake.Func(func(context.Context, *model.Request) (*model.Response, error) {
		return &model.Response{Message: model.AssistantParts(model.ToolCall{ID: "2", Name: "grown", Input: object})}, nil
	}), fake.Text("done"))
	c, err := runnable.ToolLoop(m, runnable.ToolSetOf(source.Tools, nil), &runnable.ToolLoopOptions{
		Prepare: func(ctx context.Context, step int, req *model.Request) error {
			if step == 1 {
				return nil
			}
			if step == 2 { // the server tells after it has answered
				select {
				case <-changed:
				case <-ctx.Done():
					return ctx.Err()
				}
				tools, err := source.Tools(ctx)
				if err != nil {
					return err
				}
				req.Tools = nil
				for _, tool := range tools {
					req.Tools = append(req.Tools, tool.Definition())
				}
			}
			return nil
		},
	}).Invoke(t.Context(), &model.Request{Messages: []model.Message{model.User("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(m.Request(1).Tools); n != 2 {
		t.Errorf("the second step has %d tools, want 2", n)
	}
	if n := len(m.Request(2).Tools); n != 2 {
		t.Errorf("the third step has %d tools, want 2", n)
	}
	_ = c
}

// TestProgress checks that the run has an event for each progress. The server
// waits for each to arrive: the protocol's library passes progress and results
// on by goroutines of their own, in any order.
func TestProgress(t *testing.T) {
	seen := make(chan bool, 3)
	source, _ := serve(t, add("slow", func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for i := range 3 {
			err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: req.Params.GetProgressToken(), Progress: float64(i + 1), Total: 3, Message: "step"})
			if err != nil {
				return nil, err
			}
			select {
			case <-seen:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "done"}}}, nil
	}), nil)
	m := fake.New(fake.Calls(fake.Call("slow", `{}`)), fake.Text("ok"))
	run := runnable.Stream(t.Context(), runnable.ToolLoop(m, runnable.ToolSetOf(source.Tools, nil), nil), &model.Request{Messages: []model.Message{model.User("x")}})
	var got []string
	for ev, err := range run.Events() {
		if err != nil {
			t.Fatal(err)
		}
		if ev.Progress != nil {
			got = append(got, ev.String())
			seen <- true
		}
	}
	want := []string{"loop/tools[0]/slow: progress 1 of 3: step", "loop/tools[0]/slow: progress 2 of 3: step", "loop/tools[0]/slow: progress 3 of 3: step"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("progress = %q, want %q", got, want)
	}
	c, err := run.Result()
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := c.Artifacts["call_1_1"].(*mcp.CallToolResult); !ok || len(r.Content) != 1 {
		t.Errorf("artifacts = %v, want the server's result", c.Artifacts)
	}
}

// TestLeftDuringProgress leaves the loop while the server works. The call must
// be cancelled, and waited for.
func TestLeftDuringProgress(t *testing.T) {
	ended := make(chan error, 1)
	source, _ := serve(t, add("slow", func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: req.Params.GetProgressToken(), Progress: 1})
		if err != nil {
			return nil, err
		}
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, ctx.Err()
	}), nil)
	m := fake.New(fake.Calls(fake.Call("slow", `{}`)))
	run := runnable.Stream(t.Context(), runnable.ToolLoop(m, runnable.ToolSetOf(source.Tools, nil), nil), &model.Request{Messages: []model.Message{model.User("x")}})
	for ev := range run.Events() {
		if ev.Progress != nil {
			break
		}
	}
	if err := <-ended; err == nil {
		t.Error("the server's call was not cancelled")
	}
	_, err := run.Result()
	e, ok := errors.AsType[*runnable.ToolLoopError](err)
	if !ok || len(e.Conversation.Messages) != 3 {
		t.Errorf("error = %v, want the conversation so far", err)
	}
}

// TestLyingServers runs against servers that say what cannot be true.
func TestLyingServers(t *testing.T) {
	raw := func(schema string) func(*mcp.Server) {
		return func(s *mcp.Server) {
			add("good", answers())(s)
			s.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
				return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
					if method != "tools/list" {
						return next(ctx, method, req)
					}
					return &mcp.ListToolsResult{Tools: []*mcp.Tool{
						{Name: "bad", InputSchema: json.RawMessage(schema)},
						{Name: "good", InputSchema: object},
					}}, nil
				}
			})
		}
	}
	for schema, want := range map[string]string{
		`{"type":"string"}`:                `tool "bad": its schema: the schema is of type string; want object`,
		`false`:                            "the schema allows nothing",
		`{"type":"object","properties":7}`: "at /properties: want an object",
		strings.Repeat(`{"not":`, 300) + `{}` + strings.Repeat(`}`, 300): "levels of nesting",
	} {
		source, _ := serve(t, raw(schema), nil)
		_, err := source.Tools(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `server "test"`) {
			t.Errorf("schema %.40s: error = %v, want one with %q", schema, err, want)
		}
		var skipped []string
		source, _ = serve(t, raw(schema), &mcptools.Options{Skip: func(tool *mcp.Tool, err error) { skipped = append(skipped, tool.Name) }})
		if only(t, source).Remote().Name != "good" || fmt.Sprint(skipped) != "[bad]" {
			t.Errorf("schema %.40s: skipped %v", schema, skipped)
		}
	}
	// A schema that is not understood here is the server's to check.
	source, _ := serve(t, raw(`{"type":"object","$ref":"https://example.com/x"}`), nil)
	if tools, err := source.Tools(t.Context()); err != nil || len(tools) != 2 {
		t.Errorf("tools = %v, %v", tools, err)
	}
	// A list without an end.
	source, _ = serve(t, func(s *mcp.Server) {
		add("good", answers())(s)
		s.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
			return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
				if method != "tools/list" {
					return next(ctx, method, req)
				}
				return &mcp.ListToolsResult{Tools: []*mcp.Tool{{Name: "again", InputSchema: object}}, NextCursor: "more"}, nil
			}
		})
	}, nil)
	if _, err := source.Tools(t.Context()); err == nil || !strings.Contains(err.Error(), "more than 1000 tools") {
		t.Errorf("a list without an end: %v", err)
	}
}

func TestDeadServer(t *testing.T) {
	source, session := serve(t, add("t", func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return nil, errors.New("out of order")
	}), nil)
	tool := only(t, source)
	if _, err := tool.Call(t.Context(), nil); err == nil || !strings.Contains(err.Error(), `server "test": tool "t": `) || !strings.Contains(err.Error(), "out of order") {
		t.Errorf("a protocol error: %v", err)
	}
	session.Close()
	m := fake.New(fake.Calls(fake.Call("t", `{}`)), fake.Text("It is gone."))
	c, err := runnable.ToolLoop(m, runnable.ToolSetOf(source.Tools, nil), nil).Invoke(t.Context(), &model.Request{Messages: []model.Message{model.User("x")}})
	if err != nil || c.Text() != "It is gone." {
		t.Fatalf("conversation = %v, %v", c, err)
	}
	r := c.Messages[2].Parts[0].(model.ToolResult)
	if !r.IsError || !strings.Contains(fmt.Sprint(r.Parts[0]), `server "test": tool "t"`) {
		t.Errorf("the model is told %v", r)
	}
	source.Changed()
	if _, err := source.Tools(t.Context()); err == nil || !strings.Contains(err.Error(), `server "test": list of tools`) {
		t.Errorf("a list of a dead server: %v", err)
	}
}

func TestOwnSession(t *testing.T) {
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "v1"}, nil)
	add("t", answers(&mcp.TextContent{Text: "hi"}))(server)
	here, there := mcp.NewInMemoryTransports()
	if _, err := server.Connect(t.Context(), there, nil); err != nil {
		t.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "me", Version: "v1"}, nil).Connect(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	source, err := mcptools.New(session, nil)
	if err != nil || source.Session() != session {
		t.Fatal(err)
	}
	if parts, err := only(t, source).Call(t.Context(), nil); err != nil || parts[0] != model.Text("hi") {
		t.Errorf("parts = %v, %v", parts, err)
	}
	if _, err := mcptools.New(nil, nil); err == nil {
		t.Error("New takes a nil session")
	}
}

// TestEverythingServer talks over stdio to the server that the SDK's own
// conformance tests use.
func TestEverythingServer(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "server")
	build := exec.Command("go", "build", "-o", binary, "github.com/modelcontextprotocol/go-sdk/conformance/everything-server")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	source, err := mcptools.Connect(ctx, &mcp.CommandTransport{Command: exec.Command(binary)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	tools, err := source.Tools(ctx)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]runnable.Tool{}
	for _, tool := range tools {
		byName[tool.Definition().Name] = tool
	}
	for name, want := range map[string]string{
		"test_simple_text":            "model.Text",
		"test_image_content":          "model.Image",
		"test_audio_content":          "model.Audio",
		"test_embedded_resource":      "model.Text",
		"test_multiple_content_types": "model.Text model.Image model.Text",
	} {
		tool := byName[name]
		if tool == nil {
			t.Errorf("the server has no tool %s", name)
			continue
		}
		parts, err := tool.Call(ctx, nil)
		var kinds []string
		for _, p := range parts {
			kinds = append(kinds, fmt.Sprintf("%T", p))
		}
		if err != nil || strings.Join(kinds, " ") != want {
			t.Errorf("%s: parts %v, %v; want %s", name, kinds, err, want)
		}
	}
	_, err = byName["test_error_handling"].Call(ctx, nil)
	if _, ok := errors.AsType[*runnable.ToolError](err); !ok {
		t.Errorf("test_error_handling: %v, want an error of the tool", err)
	}
	if _, err := byName["json_schema_2020_12_tool"].Call(ctx, json.RawMessage(`{"name":"x","contactMethod":"phone"}`)); err == nil || !strings.Contains(err.Error(), "/phone: required") {
		t.Errorf("the schema with alternatives takes what it must not: %v", err)
	}
}
