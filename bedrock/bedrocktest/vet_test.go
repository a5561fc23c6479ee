package bedrocktest_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// operationNames are the API's names of what paths end in.
var operationNames = map[string]string{
	"": "Converse", "converse": "Converse", "converse-stream": "ConverseStream", "count-tokens": "CountTokens",
	"invoke": "InvokeModel", "invoke-with-response-stream": "InvokeModelWithResponseStream",
}

// TestVet checks that the first of the violations is what a call is told.
func TestVet(t *testing.T) {
	options := unsigned(&bedrocktest.Options{Denied: []string{"us.anthropic.denied"}, Retired: []string{"us.anthropic.retired"}})
	h := bedrocktest.New(always("ok"), options)
	seen := 0
	for _, row := range slices.Concat(refusals, bodies) {
		name, ok := operationNames[row.operation]
		if !ok {
			continue
		}
		all, err := h.Vet(name, row.model, []byte(row.sent()))
		if err != nil || len(all) == 0 {
			t.Errorf("%s: %v, %v", row.name, all, err)
			continue
		}
		if row.rule == "" {
			continue
		}
		seen++
		if first := all[0]; first.Exception.Message != row.message {
			t.Errorf("%s: %s is told %q first, want %q", row.name, first.Rule, first.Exception.Message, row.message)
		}
		if !slices.ContainsFunc(all, func(v bedrocktest.Violation) bool { return string(v.Rule) == string(row.rule) }) {
			t.Errorf("%s: %s is not among %v", row.name, row.rule, all)
		}
	}
	if seen < 90 {
		t.Errorf("only %d bodies were judged", seen)
	}
	if n := len(h.Calls()); n != 0 {
		t.Errorf("%d calls are remembered", n)
	}
}

// TestVetAll checks the report of a body that breaks several rules.
func TestVetAll(t *testing.T) {
	h := bedrocktest.New(always("ok"), nil)
	body := `{"messages":[{"role":"user","content":[{"text":" "}]},{"role":"assistant","content":[{"text":"yes "}]}],"inferenceConfig":{"temperature":2},"more":1}`
	all, err := h.Vet("Converse", sonnet45, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range all {
		got = append(got, string(v.Rule))
	}
	for _, want := range []string{"unknown-member", "blank-text", "sampling-range", "trailing-space"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %v", want, got)
		}
	}
	if all, err := h.Vet("Converse", sonnet45, []byte(conversation(hello))); err != nil || len(all) != 0 {
		t.Errorf("a good body: %v, %v", all, err)
	}
	if all, err := h.Vet("Converse", sonnet45, []byte(`{`)); err != nil || len(all) != 1 || all[0].Rule != "" || all[0].Exception.Code != "SerializationException" {
		t.Errorf("no JSON: %v, %v", all, err)
	}
	if _, err := h.Vet("Reverse", sonnet45, nil); err == nil || !strings.Contains(err.Error(), "Reverse") {
		t.Errorf("an unknown operation: %v", err)
	}
	if all, err := bedrocktest.New(always("ok"), &bedrocktest.Options{Off: []bedrocktest.Rule{"blank-text"}}).Vet("Converse", sonnet45, []byte(body)); err != nil ||
		slices.ContainsFunc(all, func(v bedrocktest.Violation) bool { return v.Rule == "blank-text" }) {
		t.Errorf("a rule that is off: %v, %v", all, err)
	}
}

// FuzzVet vets arbitrary bodies for every operation. Vet must not panic, and
// its first violation must be the one that the call itself is told.
func FuzzVet(f *testing.F) {
	for i, row := range slices.Concat(refusals, bodies) {
		if row.long == nil && len(row.body) < 10_000 && i%4 == 0 {
			f.Add(row.model, row.body)
		}
	}
	f.Add(sonnet45, `{"input":{"invokeModel":{"body":"e30="}}}`)
	f.Add("", `null`)
	f.Add("anthropic.\xec", conversation(hello)) // the refusal quotes the model id
	s := memory(says("ok"), &bedrocktest.Options{Keep: -1})
	f.Fuzz(func(t *testing.T, modelID, body string) {
		for path, name := range operationNames {
			all, err := s.Vet(name, modelID, []byte(body))
			if err != nil {
				t.Fatal(err)
			}
			if path == "" || modelID == "" || len(all) == 0 {
				continue
			}
			a := post(t, s, modelID, path, body)
			if _, message := a.failure(t); a.status == 200 || message != all[0].Exception.Message {
				t.Errorf("%s: Vet says %q first, the call is told %d %q", name, all[0].Exception.Message, a.status, message)
			}
		}
	})
}

// FuzzRules vets arbitrary bodies of one operation, without a call beside it, so
// that more of them are tried. Each violation must be of another rule and say
// all there is to say, and the second time they must be the same.
func FuzzRules(f *testing.F) {
	operations := slices.Sorted(maps.Values(operationNames))
	for i, row := range slices.Concat(refusals, beliefs, bodies) {
		if row.long == nil && len(row.body) < 10_000 && i%2 == 0 {
			f.Add(uint8(slices.Index(operations, operationNames[row.operation])), row.model, row.body)
		}
	}
	known := map[bedrocktest.Rule]bool{"": true} // without a rule: what could not be read
	for _, r := range bedrocktest.Rules() {
		known[r.Rule] = true
	}
	s := memory(says("ok"), &bedrocktest.Options{Keep: -1})
	f.Fuzz(func(t *testing.T, which uint8, modelID, body string) {
		name := operations[int(which)%len(operations)]
		all, err := s.Vet(name, modelID, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[bedrocktest.Rule]bool{}
		for _, v := range all {
			if e := v.Exception; e.Code == "" || e.Message == "" || !utf8.ValidString(e.Message) || seen[v.Rule] || !known[v.Rule] {
				t.Errorf("%s: a violation of %q, which says too little, is no rule, or comes twice: %+v", name, v.Rule, e)
			}
			seen[v.Rule] = true
		}
		again, err := s.Vet(name, modelID, []byte(body))
		if err != nil || !reflect.DeepEqual(all, again) {
			t.Errorf("%s: %v and then %v, %v", name, all, again, err)
		}
	})
}

// TestSetDate changes the date, and with it the rule of TestDate, while the
// server runs.
func TestSetDate(t *testing.T) {
	s := memory(always("ok"), nil)
	for _, row := range []struct {
		date   time.Time
		status int
	}{{time.Time{}, 400}, {time.Date(2026, time.November, 12, 0, 0, 0, 0, time.UTC), 200}, {time.Time{}, 400}} {
		s.SetDate(row.date)
		if got := ask(t, s, opus5, output(closed)); got.status != row.status {
			t.Errorf("%v: status %d %s, want %d", row.date, got.status, got.body, row.status)
		}
	}
}
