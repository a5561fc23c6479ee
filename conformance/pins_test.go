package conformance_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// misspelled is a model whose client and server agree on a wrong member: what
// the one writes, the other reads.
func misspelled() conformance.Subject {
	s := claudeSubject()
	s.New = func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
		server := bedrocktest.InMemory(script, nil)
		wire := conformance.NewTransport(env, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = respelled(r.Body, "maxTokenz", "maxTokens")
			server.ServeHTTP(w, r)
		}))
		client := server.Client(func(o *bedrockruntime.Options) {
			o.Retryer = aws.NopRetryer{}
			o.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
				r.Body = respelled(r.Body, "maxTokens", "maxTokenz")
				return wire.RoundTrip(r)
			})
		})
		return bedrock.New(client, claude, nil)
	}
	return s
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) Do(r *http.Request) (*http.Response, error) { return f(r) }

func respelled(body io.ReadCloser, from, to string) io.ReadCloser {
	data, err := io.ReadAll(body)
	if err != nil {
		return body
	}
	return io.NopCloser(bytes.NewReader(bytes.ReplaceAll(data, []byte(from), []byte(to))))
}

func TestPins(t *testing.T) {
	file := filepath.Join(t.TempDir(), "below", "pins.txt")
	var settings conformance.Case
	for _, c := range conformance.Cases() {
		if c.ID == "BAS-14" {
			settings = c
		}
	}
	run := func(s conformance.Subject, p *conformance.Pins) (res conformance.Result) {
		s.Pins = p
		t.Run("case", func(t *testing.T) { res = conformance.RunCase(t, s, settings) })
		return res
	}
	failure := func(res conformance.Result) string {
		if res.Failure == nil {
			return ""
		}
		return strings.Join(res.Failure.Symptoms, "\n")
	}

	if res := run(claudeSubject(), &conformance.Pins{File: file}); !strings.Contains(failure(res), "not pinned") {
		t.Errorf("without a file: %s %s, want a failure that says what is not pinned", res.Status, failure(res))
	}
	written := &conformance.Pins{File: file, Write: true}
	if res := run(claudeSubject(), written); res.Status != conformance.Passed {
		t.Fatalf("writing: %s %s", res.Status, failure(res))
	}
	if err := written.Save(); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), "\nBAS-14 ") || strings.Contains(string(data), "\nBAS-01 ") {
		t.Errorf("the file is %q, %v; want pins of BAS-14 alone", data, err)
	}
	if res := run(claudeSubject(), &conformance.Pins{File: file}); res.Status != conformance.Passed {
		t.Errorf("as pinned: %s %s", res.Status, failure(res))
	}

	// What both ends get wrong passes by its rule, and differs from what is pinned.
	if res := run(misspelled(), nil); res.Status != conformance.Passed {
		t.Errorf("misspelled, by the rule: %s %s, want passed", res.Status, failure(res))
	}
	if res := run(misspelled(), &conformance.Pins{File: file}); !strings.Contains(failure(res), "maxTokenz") {
		t.Errorf("misspelled, pinned: %s %s, want a failure that shows maxTokenz", res.Status, failure(res))
	}

	sockets := claudeSubject()
	sockets.InMemory = false
	sockets.Pins = written
	if report := conformance.Check(t.Context(), conformance.Subject{Name: "x", Pins: written, New: sockets.New}); !strings.Contains(strings.Join(report.Problems, "\n"), "pins are for subjects in memory") {
		t.Errorf("problems %v, want one about pins", report.Problems)
	}
}
