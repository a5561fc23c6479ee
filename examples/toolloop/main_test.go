package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/runnable"
)

const want = `Let me look up both cities.
-> weather {"city":"Lisbon"}
-> weather {"city":"Atlantis"}
<- {"sky":"sunny","celsius":31}
<- error: no weather station in Atlantis
-> convert {"celsius":31}
<- 88 °F
It is 88 °F and sunny in Lisbon: pack light. Nobody has measured Atlantis.
3 calls of the model, 7 messages to keep
`

// The two calls of the first answer run concurrently, so their results come in
// any order.
func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), &out, scripted()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if strings.HasPrefix(lines[3], "<- error") {
		lines[3], lines[4] = lines[4], lines[3]
	}
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("output:\n%s\nwant:\n%s", got, want)
	}
}

func TestRunOutOfSteps(t *testing.T) {
	var out strings.Builder
	endless := fake.New(fake.Calls(fake.Call("convert", `{"celsius":0}`)).Always())
	err := run(context.Background(), &out, endless)
	if !errors.Is(err, runnable.ErrStepLimit) || !strings.HasSuffix(out.String(), "ended after 5 calls of the model\n") {
		t.Errorf("error = %v after\n%s\nwant the step limit after 5 answers", err, out.String())
	}
}
