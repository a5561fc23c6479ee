package answers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/document"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/internal/recorded"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// Parse reads a document: an object, or a list, which is only a script. The
// files in cassettes are the recordings that answers may come from; nil means
// that there are none. Errors in the document are of type [*document.Problem].
func Parse(name string, data []byte, cassettes fs.FS) (*Book, error) {
	root, err := document.Parse(data)
	if err != nil {
		return nil, err
	}
	b := &Book{Name: name, Source: append([]byte(nil), data...)}
	r := reader{cassettes}
	if root.Is('[') {
		b.Script, err = r.script(root)
	} else {
		err = root.Members(map[string]document.Take{
			"$schema": func(n *document.Node) error { _, err := n.Text(); return err },
			"answers": func(n *document.Node) (err error) { b.Rules, err = r.rules(n); return err },
			"script":  func(n *document.Node) (err error) { b.Script, err = r.script(n); return err },
			"otherwise": func(n *document.Node) error {
				s, err := n.OneOf(string(Echo), string(CallTools), string(Refuse))
				b.Otherwise, b.said = Otherwise(s), true
				return err
			},
		})
	}
	if err != nil {
		return nil, err
	}
	if b.Otherwise == "" && b.Script != nil {
		b.Otherwise = Refuse
	}
	b.Otherwise = cmp.Or(b.Otherwise, Echo)
	return b, nil
}

// ParseScript reads a list of answers.
func ParseScript(data []byte, cassettes fs.FS) ([]Answer, error) {
	root, err := document.Parse(data)
	if err != nil {
		return nil, err
	}
	r := reader{cassettes}
	return r.script(root)
}

type reader struct{ cassettes fs.FS }

func (r *reader) rules(n *document.Node) ([]Rule, error) {
	items, err := n.Items()
	if err != nil {
		return nil, err
	}
	all := make([]Rule, len(items))
	for i, item := range items {
		rule := &all[i]
		err := item.Members(map[string]document.Take{
			"name":   func(n *document.Node) (err error) { rule.Name, err = n.Text(); return err },
			"when":   func(n *document.Node) (err error) { rule.When, err = ReadWhen(n, nil); return err },
			"times":  func(n *document.Node) (err error) { rule.Times, err = n.Int(1); return err },
			"answer": func(n *document.Node) (err error) { rule.Answer, err = r.answer(n); return err },
		})
		if err != nil {
			return nil, err
		}
		if !item.Has("answer") {
			return nil, item.Problem("it has no answer")
		}
	}
	return all, nil
}

// script reads the answers of a script. An answer from a recording stands for
// all the answers that the recording has.
func (r *reader) script(n *document.Node) ([]Answer, error) {
	items, err := n.Items()
	if err != nil {
		return nil, err
	}
	all := make([]Answer, 0, len(items))
	for _, item := range items {
		a, err := r.answer(item)
		if err != nil {
			return nil, err
		}
		for _, t := range a.turns {
			all = append(all, Answer{[]fake.Turn{t}})
		}
	}
	return all, nil
}

// ReadWhen reads a condition. In more are the members that its object may have
// besides.
func ReadWhen(n *document.Node, more map[string]document.Take) (w When, err error) {
	takes := map[string]document.Take{
		"operation": func(n *document.Node) (err error) {
			w.Operation, err = n.OneOf("Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream", "CountTokens")
			return err
		},
		"model": func(n *document.Node) (err error) { w.Model, err = n.Text(); return err },
		"text":  func(n *document.Node) (err error) { w.Text, err = readText(n); return err },
		"tools": func(n *document.Node) error {
			names, err := n.Texts()
			w.Tools = &names
			return err
		},
		"turn":   func(n *document.Node) (err error) { w.Turn, err = n.Int(1); return err },
		"schema": func(n *document.Node) (err error) { w.Schema, err = n.Text(); return err },
	}
	for name, take := range more {
		takes[name] = take
	}
	return w, n.Members(takes)
}

func readText(n *document.Node) (*Text, error) {
	t := &Text{}
	if n.Is('"') {
		s, err := n.Text()
		t.Is = &s
		return t, err
	}
	count := 0
	one := func(take document.Take) document.Take {
		return func(n *document.Node) error { count++; return take(n) }
	}
	err := n.Members(map[string]document.Take{
		"is":       one(func(n *document.Node) error { s, err := n.Text(); t.Is = &s; return err }),
		"contains": one(func(n *document.Node) (err error) { t.Contains, err = n.Text(); return err }),
		"pattern": one(func(n *document.Node) error {
			s, err := n.Text()
			if err != nil {
				return err
			}
			if t.Pattern, err = regexp.Compile(s); err != nil {
				return n.Problem("it is not a regular expression in Go's syntax: %v", err)
			}
			return nil
		}),
	})
	if err == nil && count != 1 {
		err = n.Problem("it should have one of is, contains and pattern")
	}
	return t, err
}

// answer reads an answer: a text, or an object with one of text, message, error
// and recording.
func (r *reader) answer(n *document.Node) (Answer, error) {
	if n.Is('"') {
		s, err := n.Text()
		return Answer{[]fake.Turn{fake.Text(s).Usage(nil)}}, err
	}
	var turns []fake.Turn
	var how pace
	resp := &model.Response{}
	kinds, told := 0, 0
	kind := func(take document.Take) document.Take {
		return func(n *document.Node) error { kinds++; return take(n) }
	}
	about := func(take document.Take) document.Take {
		return func(n *document.Node) error { told++; return take(n) }
	}
	err := n.Members(map[string]document.Take{
		"text": kind(func(n *document.Node) error {
			s, err := n.Text()
			resp.Message = model.Message{Role: model.RoleAssistant, Parts: []model.Part{model.Text(s)}}
			return err
		}),
		"message": kind(func(n *document.Node) (err error) { resp.Message, err = readMessage(n); return err }),
		"error": kind(func(n *document.Node) error {
			e, err := ReadException(n)
			turns = []fake.Turn{fake.Fail(e)}
			return err
		}),
		"recording": kind(func(n *document.Node) (err error) { turns, err = r.recording(n); return err }),

		"stop_reason": about(func(n *document.Node) error { s, err := n.Text(); resp.StopReason = model.StopReason(s); return err }),
		"usage":       about(func(n *document.Node) (err error) { resp.Usage, err = readUsage(n); return err }),
		"latency_ms": about(func(n *document.Node) error {
			ms, err := n.Int(0)
			resp.Latency = time.Duration(ms) * time.Millisecond
			return err
		}),

		"after":  func(n *document.Node) (err error) { how.after, err = n.Duration(); return err },
		"every":  func(n *document.Node) (err error) { how.every, err = n.Duration(); return err },
		"pieces": func(n *document.Node) (err error) { how.pieces, err = n.Int(1); return err },
	})
	switch {
	case err != nil:
		return Answer{}, err
	case kinds != 1:
		return Answer{}, n.Problem("an answer should have one of text, message, error and recording")
	case turns != nil && told > 0:
		return Answer{}, n.Problem("stop_reason, usage and latency_ms need a text or a message")
	case turns == nil:
		turns = []fake.Turn{fake.Respond(resp).Usage(resp.Usage)}
	}
	for i := range turns {
		turns[i] = how.apply(turns[i])
	}
	return Answer{turns}, nil
}

func readUsage(n *document.Node) (*model.Usage, error) {
	u := &model.Usage{Known: true}
	count := func(to *int) document.Take {
		return func(n *document.Node) (err error) { *to, err = n.Int(0); return err }
	}
	return u, n.Members(map[string]document.Take{
		"input_tokens":       count(&u.InputTokens),
		"output_tokens":      count(&u.OutputTokens),
		"cache_read_tokens":  count(&u.CacheReadTokens),
		"cache_write_tokens": count(&u.CacheWriteTokens),
		"cache_writes": func(n *document.Node) error {
			items, err := n.Items()
			for _, item := range items {
				var w model.CacheWrite
				err = cmp.Or(err, item.Members(map[string]document.Take{
					"ttl":    func(n *document.Node) error { return ttl(n, &w.TTL) },
					"tokens": count(&w.Tokens),
				}))
				u.CacheWrites = append(u.CacheWrites, w)
			}
			return err
		},
	})
}

func ttl(n *document.Node, to *time.Duration) error {
	s, err := n.OneOf("5m", "1h")
	if err == nil {
		*to, err = time.ParseDuration(s)
	}
	return err
}

// readMessage reads a message and checks that it can be sent.
func readMessage(n *document.Node) (m model.Message, err error) {
	if !n.Is('{') {
		return m, n.Problem("it should be an object")
	}
	if err := json.Unmarshal(n.Raw(), &m); err != nil {
		return m, n.Problem("%s", strings.TrimPrefix(err.Error(), "model: "))
	}
	switch m.Role {
	case "":
		m.Role = model.RoleAssistant
	case model.RoleAssistant:
	default:
		return m, n.Problem("the role should be assistant")
	}
	for i, p := range m.Parts {
		_, err := blocks.Encode(p)
		if o, ok := p.(model.Opaque); ok && o.Provider != blocks.Provider {
			err = errors.New("there is no part of this type")
		}
		if err != nil {
			return m, n.Problem("parts[%d] cannot be sent: %v", i, err)
		}
	}
	return m, nil
}

// ReadException reads an exception of the service. Only its code is required.
func ReadException(n *document.Node) (*bedrocktest.Exception, error) {
	e := &bedrocktest.Exception{}
	err := n.Members(map[string]document.Take{
		"code":        func(n *document.Node) (err error) { e.Code, err = n.Text(); return err },
		"message":     func(n *document.Node) (err error) { e.Message, err = n.Text(); return err },
		"retry_after": func(n *document.Node) (err error) { e.RetryAfter, err = n.Duration(); return err },
		"status": func(n *document.Node) (err error) {
			if e.Status, err = n.Int(400); err == nil && e.Status > 599 {
				err = n.Problem("it should be an HTTP status from 400 to 599")
			}
			return err
		},
	})
	if err == nil && e.Code == "" {
		err = n.Problem("it has no code, such as ThrottlingException")
	}
	return e, err
}

// recording reads the answers of a recording, by the path of its file.
func (r *reader) recording(n *document.Node) ([]fake.Turn, error) {
	name, err := n.Text()
	if err != nil {
		return nil, err
	}
	name = strings.TrimSuffix(path.Clean(name), ".yaml")
	switch {
	case r.cassettes == nil:
		return nil, n.Problem("there is no folder of recordings here")
	case !fs.ValidPath(name) || strings.Contains(name, `\`):
		return nil, n.Problem("it should be the path of a file below the folder of recordings")
	}
	cassette, err := recordings.Load(r.cassettes, name)
	if err != nil {
		return nil, n.Problem("%v", err)
	}
	var turns []fake.Turn
	for i, e := range cassette.Exchanges {
		switch a, err := recorded.AnswerOf(context.Background(), e); {
		case err != nil:
			return nil, n.Problem("exchange %d: %v", i, err)
		case a.Err != nil:
			turns = append(turns, fake.Fail(a.Err))
		case a.Response != nil:
			turns = append(turns, fake.Respond(a.Response).Usage(a.Response.Usage))
		}
	}
	if len(turns) == 0 {
		return nil, n.Problem("the recording holds no answer of a model")
	}
	return turns, nil
}
