package local_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

// TestNothingPrintedShowsUpstreamKeys prints every value that knows an
// upstream, in every way.
func TestNothingPrintedShowsUpstreamKeys(t *testing.T) {
	canaries := []string{"ASIACANARYKEYID00001", "canary-secret-key", "canary-token", "canary-api-key-0123456789"}
	u := local.Upstream{Endpoint: "https://bedrock-runtime.us-west-2.amazonaws.com", Region: "us-west-2",
		Credentials: credentials.NewStaticCredentialsProvider(canaries[0], canaries[1], canaries[2]), APIKey: canaries[3]}
	o := local.Options{Upstream: &u, Record: t.TempDir(), Loopback: true}
	s, err := local.New(&o)
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		O any
		s *local.Server
	}
	for i, thing := range []any{u, &u, []any{u}, o, &o, s, holder{o, s}, &holder{s, s}, []any{s}} {
		shown := map[string]string{}
		for _, verb := range strings.Fields("v +v #v s q d x X t e g c U b o") {
			shown["%"+verb] = fmt.Sprintf("%"+verb, thing)
		}
		data, _ := json.Marshal(thing)
		shown["JSON"] = string(data)
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "thing", thing)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "thing", thing)
		shown["slog"] = log.String()
		for how, text := range shown {
			for _, canary := range canaries {
				if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", canary)) {
					t.Errorf("thing %d, a %T, by %s shows %q: %.300s", i, thing, how, canary, text)
				}
			}
		}
	}
	if got, want := fmt.Sprint(u), "local.Upstream https://bedrock-runtime.us-west-2.amazonaws.com (us-west-2)"; got != want {
		t.Errorf("%%v = %s, want %s", got, want)
	}
}
