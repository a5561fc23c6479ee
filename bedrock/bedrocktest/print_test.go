package bedrocktest_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
)

// TestNothingPrintedShowsKeys prints every value that knows keys, in every way.
func TestNothingPrintedShowsKeys(t *testing.T) {
	canaries := []string{"canary-secret-key", "canary-bearer", "canary-signing"}
	o := bedrocktest.Options{Credentials: map[string]string{"AKIDEXAMPLE": canaries[0]}, BearerTokens: []string{canaries[1]}, Key: []byte(canaries[2])}
	s := bedrocktest.Start(t, fake.New(), &o)
	type holder struct {
		O any
		s *bedrocktest.Server
	}
	for i, thing := range []any{o, &o, []bedrocktest.Options{o}, s, s.Handler, holder{o, s}, &holder{s.Handler, s}, []any{s}} {
		shown := map[string]string{}
		for _, verb := range strings.Fields("v +v #v s q d x X t e g c U b o") {
			shown["%"+verb] = fmt.Sprintf("%"+verb, thing)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "thing", thing)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "thing", thing)
		shown["slog"] = log.String()
		for how, text := range shown {
			for _, canary := range canaries {
				if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", canary)) || strings.Contains(text, strings.Trim(fmt.Sprint([]byte(canary)), "[]")) {
					t.Errorf("thing %d, a %T, by %s shows %q: %.300s", i, thing, how, canary, text)
				}
			}
		}
	}
	if o.Credentials["AKIDEXAMPLE"] != canaries[0] || o.BearerTokens[0] != canaries[1] {
		t.Error("printing has changed the options")
	}
	if got := fmt.Sprint(o); !strings.Contains(got, "AKIDEXAMPLE:[hidden]") {
		t.Errorf("%%v = %s, want the key id in it", got)
	}
}
