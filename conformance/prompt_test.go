package conformance_test

import (
	"context"
	"regexp"
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

// A reader is a script behind a server that knows a prompt as one text: it
// reads the turns out of it, as a model does that was trained on them.
type reader struct {
	script *fake.Model
	read   func(prompt string) []model.Message
	thinks bool // the prompt ends within thinking, which every answer ends first
}

// endsThinking is how an answer begins to a prompt that ends within thinking, if
// it has nothing to think.
const endsThinking = "</think>\n\n"

func (r reader) turns(req *model.Request) *model.Request {
	req = req.Clone()
	req.Messages = r.read(req.Messages[len(req.Messages)-1].Text())
	return req
}

func (r reader) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	resp, err := r.script.Generate(ctx, r.turns(req))
	if err == nil && r.thinks && len(resp.Thinking()) == 0 {
		resp.Message.Parts = append([]model.Part{model.Text(endsThinking)}, resp.Message.Parts...)
	}
	return resp, err
}

func (r reader) Stream(ctx context.Context, req *model.Request) *model.Stream {
	s := r.script.Stream(ctx, r.turns(req))
	if !r.thinks {
		return s
	}
	return model.NewStream(ctx, model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
		first := true
		for e, err := range s.Events() {
			if err != nil {
				return err
			}
			if first && e.Kind == model.EventText {
				e.Text = endsThinking + e.Text
			}
			if first = false; !emit(model.Event{Kind: e.Kind, Index: e.Index, Text: e.Text, Response: bare(e.Response)}) {
				break
			}
		}
		return nil
	})
}

// bare returns an answer without its parts, which the stream collects.
func bare(resp *model.Response) *model.Response {
	if resp == nil {
		return nil
	}
	r := *resp
	r.Message.Parts = nil
	return &r
}

// turns returns the messages that a prompt's turns are, without the last one
// if it is the beginning of an answer of which nothing has been said.
func turns(all ...model.Message) []model.Message {
	if n := len(all); n > 0 && all[n-1].Role == model.RoleAssistant && all[n-1].Text() == "" {
		all = all[:n-1]
	}
	return all
}

var llamaTurn = regexp.MustCompile(`(?s)<\|start_header_id\|>(\w+)<\|end_header_id\|>\n\n(.*?)(?:<\|eot_id\|>|$)`)

// readLlama3 reads the prompts of Llama 3.
// https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/
func readLlama3(prompt string) []model.Message {
	var all []model.Message
	for _, m := range llamaTurn.FindAllStringSubmatch(strings.TrimPrefix(prompt, "<|begin_of_text|>"), -1) {
		all = append(all, model.Message{Role: model.Role(m[1]), Parts: []model.Part{model.Text(m[2])}})
	}
	return turns(all...)
}

var mistralTurn = regexp.MustCompile(`(?s)\[INST\] (.*?) \[/INST\](?: (.*?)(?:</s>|$))?`)

// readMistral reads the prompts of Mistral 7B and its like, where a system
// message is a part of what the user says first.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
func readMistral(prompt string) []model.Message {
	var all []model.Message
	for _, m := range mistralTurn.FindAllStringSubmatch(strings.TrimPrefix(prompt, "<s>"), -1) {
		all = append(all, model.User(m[1]), model.Assistant(m[2]))
	}
	return turns(all...)
}

// readDeepSeek reads the prompts of DeepSeek-R1.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html
func readDeepSeek(prompt string) []model.Message {
	prompt = strings.TrimSuffix(strings.TrimPrefix(prompt, "<｜begin▁of▁sentence｜>"), "<｜Assistant｜><think>\n")
	var all []model.Message
	if system, _, _ := strings.Cut(prompt, "<｜User｜>"); system != "" {
		all = append(all, model.System(system))
	}
	for _, piece := range strings.Split(prompt, "<｜User｜>")[1:] {
		said, answer, answered := strings.Cut(piece, "<｜Assistant｜>")
		all = append(all, model.User(said))
		if answered {
			all = append(all, model.Assistant(strings.TrimSuffix(answer, "<｜end▁of▁sentence｜>")))
		}
	}
	return turns(all...)
}

var titanTurn = regexp.MustCompile(`(?s)(User|Bot):(?: (.*?))?(?:\n(?:User|Bot):|$)`)

// readTitan reads the prompts of Titan Text.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
func readTitan(prompt string) []model.Message {
	var all []model.Message
	for len(prompt) > 0 {
		at := titanTurn.FindStringSubmatchIndex(prompt)
		if at == nil {
			break
		}
		role, text := model.RoleUser, ""
		if prompt[at[2]:at[3]] == "Bot" {
			role = model.RoleAssistant
		}
		if at[4] >= 0 {
			text = prompt[at[4]:at[5]]
		}
		all = append(all, model.Message{Role: role, Parts: []model.Part{model.Text(text)}})
		if at[4] < 0 {
			break
		}
		prompt = strings.TrimPrefix(prompt[at[5]:], "\n")
	}
	return turns(all...)
}

// promptSubject is a model over InvokeModel whose format is a prompt.
func promptSubject(modelID string, format bedrock.Format, read reader, gaps map[conformance.ID]string) conformance.Subject {
	m, err := bedrock.New(bedrockruntime.New(bedrockruntime.Options{Credentials: aws.CredentialsProviderFunc(nobody)}), modelID, &bedrock.Options{Format: format})
	if err != nil {
		panic(err)
	}
	s := bedrockSubject(modelID, func(c *conformance.Capabilities) {
		*c = conformance.Capabilities{
			Capabilities: m.Capabilities(), Sampling: true, OneText: true, HTTP: true, RequestIDs: true, RetryAfter: true, ErrorCodes: true,
			UnsignedThinking: m.Capabilities().Thinking, StopReasons: []model.StopReason{model.StopMaxTokens}, ErrorKinds: c.ErrorKinds, StreamErrorKinds: c.StreamErrorKinds,
		}
	}, gaps)
	s.Name = "bedrock with a prompt over InvokeModel on bedrocktest, " + modelID
	s.New = func(env *conformance.Env, script *fake.Model) (model.ChatModel, error) {
		read := read
		read.script = script
		server := bedrocktest.InMemory(read, &bedrocktest.Options{KeepSignatures: true})
		return bedrock.New(clientOf(env, server), modelID, &bedrock.Options{Format: format})
	}
	return s
}

// Why a prompt can't do what messages can.
const (
	joinedGap = "a turn is one text: its parts are joined by a blank line"
	spaceGap  = "a turn is trimmed, as the models were trained on turns without white space around them, and that is told"
)

func llama3Subject() conformance.Subject {
	return promptSubject("meta.llama3-8b-instruct-v1:0", bedrock.FormatLlama3, reader{read: readLlama3}, promptGaps(nil))
}

func TestInvokeLlama3(t *testing.T) {
	testSome(t, pinned(llama3Subject(), "prompt-llama3"), always)
}
