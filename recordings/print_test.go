package recordings_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// TestNothingPrintedShowsSecrets prints every value that knows secrets, in
// every way.
func TestNothingPrintedShowsSecrets(t *testing.T) {
	const canary = "the secret project"
	o := recordings.Options{Secrets: []string{canary}, Dir: "d", Origin: recordings.Origin{Model: "m"}}
	record(t.TempDir(), o, func(tape *recordings.Tape) {
		type holder struct {
			O any
			t *recordings.Tape
		}
		for i, thing := range []any{o, &o, []any{o}, tape, holder{o, tape}, &holder{tape, tape}, []any{tape}} {
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
				if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", canary)) {
					t.Errorf("thing %d, a %T, by %s shows the secret: %.300s", i, thing, how, text)
				}
			}
		}
	})
	if o.Secrets[0] != canary || !strings.Contains(fmt.Sprint(o), "Dir:d") {
		t.Errorf("%%v = %v, want the folder in it and the options as they were", o)
	}
}
