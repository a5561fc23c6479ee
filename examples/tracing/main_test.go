package main

import (
	"compress/gzip"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

var update = flag.Bool("update", false, "write output.txt anew")

func nowhere(string) string { return "" }

// TestTree compares the printed trace with output.txt.
func TestTree(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), &out, scripted(), nowhere); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("output.txt", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("output.txt")
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("output:\n%s\nwant that of output.txt:\n%s", out.String(), want)
	}
}

// A received request is one that came to the collector.
type received struct {
	path    string
	header  http.Header
	payload *collector.ExportTraceServiceRequest
}

// TestLangSmith runs a collector and checks what arrives there.
func TestLangSmith(t *testing.T) {
	var mu sync.Mutex
	var all []received
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Error(err)
				return
			}
			body = z
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Error(err)
		}
		payload := new(collector.ExportTraceServiceRequest)
		if err := proto.Unmarshal(data, payload); err != nil {
			t.Error(err)
		}
		mu.Lock()
		all = append(all, received{r.URL.Path, r.Header, payload})
		mu.Unlock()
	}))
	defer server.Close()
	const key = "lsv2-not-a-key"
	env := map[string]string{"LANGSMITH_TRACING": "true", "LANGSMITH_API_KEY": key, "LANGSMITH_PROJECT": "trips", "LANGSMITH_ENDPOINT": server.URL}
	var out strings.Builder
	if err := run(t.Context(), &out, scripted(), func(name string) string { return env[name] }); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "chat") {
		t.Errorf("output = %s, want the answer alone", out.String())
	}
	if len(all) == 0 {
		t.Fatal("nothing arrived")
	}
	kinds := make(map[string]int)
	values := make(map[string]bool)
	for _, r := range all {
		if r.path != "/otel/v1/traces" || r.header.Get("X-Api-Key") != key || r.header.Get("Langsmith-Project") != "trips" {
			t.Errorf("%s with the headers %v, want /otel/v1/traces, the key and the project", r.path, r.header)
		}
		if strings.Contains(r.payload.String(), key) {
			t.Error("the key is in a span")
		}
		for _, rs := range r.payload.GetResourceSpans() {
			for _, ss := range rs.GetScopeSpans() {
				for _, span := range ss.GetSpans() {
					for _, a := range span.GetAttributes() {
						values[a.GetKey()+"="+a.GetValue().GetStringValue()] = true
						if a.GetKey() == "langsmith.span.kind" {
							kinds[a.GetValue().GetStringValue()]++
						}
					}
				}
			}
		}
	}
	if kinds["llm"] != 3 || kinds["tool"] != 3 || kinds["chain"] != 1 {
		t.Errorf("kinds = %v, want 3 llm, 3 tool, 1 chain", kinds)
	}
	for _, want := range []string{
		"gen_ai.system=aws.bedrock", "gen_ai.prompt.0.role=system", "gen_ai.prompt.1.content=Lisbon or Atlantis: what do I pack?",
		"gen_ai.completion.0.content=It is 88 °F and sunny in Lisbon: pack light. Nobody has measured Atlantis.",
		`gen_ai.prompt={"city":"Lisbon"}`, `gen_ai.completion={"celsius":31,"sky":"sunny"}`,
	} {
		if !values[want] {
			t.Errorf("no span has %s", want)
		}
	}
}

// TestOff: without both variables nothing is sent.
func TestOff(t *testing.T) {
	for _, env := range []map[string]string{{"LANGSMITH_TRACING": "true"}, {"LANGSMITH_API_KEY": "k"}, {"LANGSMITH_TRACING": "false", "LANGSMITH_API_KEY": "k"}} {
		if _, langsmith, err := newExporter(t.Context(), io.Discard, func(name string) string { return env[name] }); err != nil || langsmith {
			t.Errorf("%v: LangSmith %t, %v, want none", env, langsmith, err)
		}
	}
}
