package main

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// failures are the scenarios about errors.
func failures() []scenario {
	hello := model.Request{Messages: []model.Message{model.User("Hello.")}}
	fail := func(e bedrocktest.Exception) fake.Turn { return fake.Fail(&e) }
	return []scenario{{
		name: "conformance/errors-request", model: claude, settings: hello,
		turns: []turn{
			{afresh: true, edit: func(r *model.Request) { r.MaxTokens = 10_000_000 }, refused: true, fails: model.ErrInvalidRequest},
			{afresh: true, edit: func(r *model.Request) { r.MaxTokens = 10_000_000 }, refused: true, stream: true, fails: model.ErrInvalidRequest},
			{afresh: true, edit: func(r *model.Request) { r.StopSequences = []string{" "} }, refused: true, fails: model.ErrInvalidRequest},
		},
	}, {
		name: "conformance/errors-model", model: "nobody.no-such-model-v1:0", settings: hello,
		turns: []turn{
			{afresh: true, refused: true, fails: noSuchModel},
			{afresh: true, refused: true, stream: true, fails: noSuchModel},
		},
	}, {
		name: "conformance/errors-service", model: claude, settings: hello,
		localOnly: "no request makes the service fail",
		turns: []turn{
			{answer: fail(bedrocktest.Exception{Code: "ThrottlingException", RetryAfter: 3 * time.Second}), fails: model.ErrThrottled},
			{answer: fail(bedrocktest.Exception{Code: "ThrottlingException", Message: "Too many tokens per day, please wait before trying again."}), fails: model.ErrQuota},
			{answer: fail(bedrocktest.Exception{Code: "AccessDeniedException"}), fails: model.ErrPermission},
			{answer: fail(bedrocktest.Exception{Code: "ExpiredTokenException"}), fails: model.ErrAuthentication},
			{answer: fail(bedrocktest.Exception{Code: "ServiceUnavailableException"}), stream: true, fails: model.ErrUnavailable},
			{answer: fail(bedrocktest.Exception{Code: "ModelTimeoutException"}), fails: model.ErrTimeout},
			{answer: fail(bedrocktest.Exception{Code: "InternalServerException"}), fails: model.ErrProvider},
			{answer: fake.Fail(&model.Error{Kind: model.ErrContextOverflow}), fails: model.ErrContextOverflow},
		},
	}, {
		name: "conformance/errors-stream", model: claude, settings: hello,
		localOnly: "no request makes the service fail in the middle of an answer",
		turns: []turn{
			{stream: true, answer: fake.Text("Hello, I am").FailAfter(2, &bedrocktest.Exception{Code: "ThrottlingException"}), fails: model.ErrThrottled},
			{stream: true, answer: fake.Text("Hello, I am").FailAfter(2, &bedrocktest.Exception{Code: "ModelStreamErrorException"}), fails: model.ErrProvider},
			{stream: true, answer: fake.Text("Hello, I am").CutAfter(2), fails: model.ErrTruncated},
		},
	}}
}

// noSuchModel is the kind of the service's ValidationException for an unknown
// model.
const noSuchModel = model.ErrNotFound

// natives returns scenarios over InvokeModel, in the models' own formats.
func natives() []scenario {
	return []scenario{{
		name: "conformance/invoke-anthropic", model: claude, invoke: true,
		settings: model.Request{Tools: []model.Tool{weather}, MaxTokens: 4096, Thinking: &model.ThinkingConfig{Budget: 1024}},
		turns: []turn{{
			says: user("Is it warm in Lisbon? Look it up."), stream: true,
			answer: fake.Thinking("Look.", "", fake.Call("weather", `{"city":"Lisbon"}`)),
		}, {
			says:   results(measured),
			answer: fake.Text("Yes."),
		}},
	}, {
		name: "conformance/invoke-openai", model: gptOSS, invoke: true,
		settings: model.Request{Tools: []model.Tool{weather}, MaxTokens: 1000, Thinking: &model.ThinkingConfig{Effort: "low"}},
		turns: []turn{{
			says:   user("Is it warm in Lisbon? Look it up."),
			answer: fake.Thinking("Look.", "", fake.Call("weather", `{"city":"Lisbon"}`)),
		}, {
			says: results(measured), stream: true,
			answer: fake.Text("Yes."),
		}},
	}}
}

// seedScenarios returns the conversations of the seed document. Their first
// requests are those of the cassettes that were transcribed from it.
func seedScenarios() ([]scenario, error) {
	more := map[string][]turn{
		"translate":        {{}},
		"translate-stream": {{stream: true}},
		"thinking":         {{}, {says: user("I love AI")}},
		"caching":          {{}, {afresh: true}},
		"chain":            {{}},
	}
	shipped := recordings.Cassettes()
	files, err := fs.Glob(shipped, "seed/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []scenario
	for _, file := range files {
		s, err := seedScenario(shipped, strings.TrimSuffix(file, ".yaml"))
		if err != nil {
			return nil, err
		}
		if s.turns = more[path.Base(s.name)]; s.turns == nil {
			return nil, fmt.Errorf("%s: there is no scenario for this conversation", s.name)
		}
		all = append(all, s)
	}
	return all, nil
}

func seedScenario(shipped fs.FS, name string) (scenario, error) {
	c, err := recordings.Load(shipped, name)
	if err != nil {
		return scenario{}, err
	}
	first, err := bedrocktest.DecodeRequest(c.Origin.Model, c.Exchanges[0].RequestBody)
	if err != nil {
		return scenario{}, fmt.Errorf("%s: %w", name, err)
	}
	return scenario{name: name, model: c.Origin.Model, settings: *first, liveOnly: "it was transcribed from documentation; -live records it"}, nil
}
