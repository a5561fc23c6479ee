package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func thoughts(f func(model.Thinking) []model.Part) func(model.Part) []model.Part { return each(f) }

func signatureOf(f func(string) string) func(model.Part) []model.Part {
	return thoughts(func(t model.Thinking) []model.Part {
		t.Signature = f(t.Signature)
		return keep(t)
	})
}

func thinkingMutants() []mutant {
	const wide = "thinking streaming caching serialisation errors"
	return []mutant{
		returns("thinking put into the text", "THK-01", inAnswer(thoughts(func(t model.Thinking) []model.Part { return keep(model.Text(t.Text)) }))).alsoIn(wide),
		returns("thinking dropped", "THK-01 THK-04 THK-08", inAnswer(thoughts(func(model.Thinking) []model.Part { return nil }))).alsoIn(wide),
		returns("signatures lost", "THK-02 THK-04", inAnswer(signatureOf(func(string) string { return "" }))).alsoIn(wide),
		finishes("signatures lost in streams", "THK-02 THK-12 STR-03", inAnswer(signatureOf(func(string) string { return "" }))).alsoIn(wide),
		returns("signatures trimmed", "THK-02 THK-04", inAnswer(signatureOf(strings.TrimSpace))),
		returns("padding of signatures lost", "THK-02 THK-04", inAnswer(signatureOf(func(s string) string { return strings.TrimRight(s, "=") }))).alsoIn(wide),
		returns("signatures decoded and encoded", "THK-02", inAnswer(signatureOf(func(s string) string {
			data, err := base64.StdEncoding.DecodeString(s)
			if err != nil {
				return s
			}
			return base64.RawURLEncoding.EncodeToString(data)
		}))).alsoIn(wide),
		emits("one piece of a signature kept", "THK-03", onKind(model.EventSignature, func(ev model.Event) []model.Event {
			return []model.Event{{Kind: model.EventSignature, Index: ev.Index, Text: ev.Text[:1]}}
		})).alsoIn(wide),
		sends("signatures cut by a byte on the way back", "THK-04 THK-11", inHistory(model.RoleAssistant, signatureOf(func(s string) string {
			return s[:max(0, len(s)-1)]
		}))).alsoIn(wide),
		sends("signatures HTML-escaped on the way back", "THK-04", inHistory(model.RoleAssistant, signatureOf(func(s string) string {
			return strings.ReplaceAll(s, "&", "\\u0026")
		}))),
		sends("signatures left out on the way back", "THK-04 THK-06 THK-11", inHistory(model.RoleAssistant, signatureOf(func(string) string { return "" }))).alsoIn(wide),
		sends("text of thinking trimmed on the way back", "THK-05", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			t.Text = strings.TrimSpace(t.Text)
			return keep(t)
		}))).alsoIn("thinking"),
		returns("blocks without text dropped", "THK-06", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if t.Text == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))),
		sends("blocks without text not sent back", "THK-06", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if t.Text == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))),
		returns("signatures of two blocks swapped", "THK-07 THK-09", swapSignatures).alsoIn(wide),
		sends("signatures of two blocks swapped on the way back", "THK-07", func(r *model.Request) {
			for _, m := range r.Messages {
				swapSignaturesOf(m.Parts)
			}
		}).alsoIn(wide),
		returns("two blocks merged", "THK-07", mergeThinking).alsoIn(wide),
		sends("thinking behind the call on the way back", "THK-08 THK-11", func(r *model.Request) {
			for _, m := range r.Messages {
				if n := len(m.Parts); n > 1 && m.Role == model.RoleAssistant {
					_, first := m.Parts[0].(model.Thinking)
					_, last := m.Parts[n-1].(model.ToolCall)
					if first && last {
						m.Parts[0], m.Parts[n-1] = m.Parts[n-1], m.Parts[0]
					}
				}
			}
		}).alsoIn(wide + " tools"),
		sends("thinking of tool turns not sent back", "THK-08 THK-11", func(r *model.Request) {
			for i, m := range r.Messages {
				if len(m.ToolCalls()) > 0 {
					r.Messages[i].Parts = edited(m.Parts, thoughts(func(model.Thinking) []model.Part { return nil }))
				}
			}
		}).alsoIn(wide),
		returns("thinking put first", "THK-09 THK-10", func(r *model.Response) {
			var first, rest []model.Part
			for _, p := range r.Message.Parts {
				if _, ok := p.(model.Thinking); ok {
					first = append(first, p)
				} else {
					rest = append(rest, p)
				}
			}
			r.Message.Parts = append(first, rest...)
		}),
		sends("old thinking not sent back", "THK-11", func(r *model.Request) {
			for i := range r.Messages[:max(0, len(r.Messages)-6)] {
				r.Messages[i].Parts = edited(r.Messages[i].Parts, thoughts(func(model.Thinking) []model.Part { return nil }))
			}
		}).alsoIn("caching"),
		generates("thinking of Generate is another provider's", "THK-12 THK-21", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			t.Provider = "another"
			return keep(t)
		}))).alsoIn(wide),
		returns("long thinking cut", "THK-13", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			t.Text = t.Text[:min(len(t.Text), 4096)]
			return keep(t)
		}))),
		returns("unsigned thinking dropped", "THK-14", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if t.Signature == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))).alsoIn(wide),
		sends("unsigned thinking given a signature", "THK-15", inHistory(model.RoleAssistant, signatureOf(func(s string) string {
			if s == "" {
				return "none"
			}
			return s
		}))).alsoIn("thinking"),
		sends("unsigned thinking left out in silence", "THK-15", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if t.Signature == "" && len(t.Redacted) == 0 {
				return nil
			}
			return keep(t)
		}))),
		returns("redacted bytes through text", "THK-16", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Redacted = []byte(strings.ToValidUTF8(string(t.Redacted), "\uFFFD"))
			}
			return keep(t)
		}))).alsoIn(wide),
		returns("redacted bytes in base64", "THK-16", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Redacted = []byte(base64.StdEncoding.EncodeToString(t.Redacted))
			}
			return keep(t)
		}))).alsoIn(wide),
		sends("redacted bytes in base64 on the way back", "THK-17", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Redacted = []byte(base64.StdEncoding.EncodeToString(t.Redacted))
			}
			return keep(t)
		}))).alsoIn(wide),
		sends("redacted blocks not sent back", "THK-17 THK-19", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				return nil
			}
			return keep(t)
		}))).alsoIn(wide),
		returns("redacted blocks merged", "THK-18", mergeRedacted).alsoIn(wide),
		returns("redacted blocks put last", "THK-19", func(r *model.Response) {
			var last []model.Part
			r.Message.Parts = edited(r.Message.Parts, thoughts(func(t model.Thinking) []model.Part {
				if len(t.Redacted) > 0 {
					last = append(last, t)
					return nil
				}
				return keep(t)
			}))
			r.Message.Parts = append(r.Message.Parts, last...)
		}).alsoIn(wide),
		{name: "signatures printed", kills: ids("THK-20"), seams: probe.Seams{Sprint: func(v any) string {
			switch v := v.(type) {
			case *model.Response:
				return show.JSON(v)
			case model.Message:
				return show.JSON(v)
			case model.Event:
				return v.Text
			}
			return ""
		}}},
		returns("provider of redacted thinking not named", "THK-21", inAnswer(thoughts(func(t model.Thinking) []model.Part {
			if len(t.Redacted) > 0 {
				t.Provider = ""
			}
			return keep(t)
		}))),
		returns("provider of thinking not named", "THK-21", inAnswer(thoughts(func(t model.Thinking) []model.Part { t.Provider = ""; return keep(t) }))).alsoIn(wide),
		sends("foreign and cut thinking sent", "THK-22 THK-23", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			t.Provider, t.Incomplete = "fake", false
			return keep(t)
		}))).alsoIn("basics streaming"),
		{name: "foreign thinking left out in silence", kills: ids("THK-22"), also: []string{"basics", "streaming"}, wrap: func(w *wrapper) {
			w.response = func(r *model.Response) { r.Warnings = nil }
		}},
		sends("foreign thinking downgraded to text in silence", "THK-22", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			if t.Provider == "elsewhere" {
				return keep(model.Text(t.Text))
			}
			return keep(t)
		}))),
		sends("cut thinking made whole", "THK-23", inHistory(model.RoleAssistant, thoughts(func(t model.Thinking) []model.Part {
			t.Incomplete = false
			return keep(t)
		}))),
		fails("cut thinking not marked", "THK-24 ERR-18", func(e *model.Error) error {
			if e.Partial != nil {
				e.Partial = e.Partial.Clone()
				e.Partial.Message.Parts = edited(e.Partial.Message.Parts, thoughts(func(t model.Thinking) []model.Part {
					t.Incomplete = false
					return keep(t)
				}))
			}
			return e
		}).alsoIn("streaming errors"),
		{name: "signatures lost in JSON", kills: ids("THK-25 SER-01 SER-03"), also: []string{"serialisation"}, seams: probe.Seams{Marshal: func(v any) ([]byte, error) {
			data, err := json.Marshal(v)
			return bytes.ReplaceAll(data, []byte(`"signature"`), []byte(`"sig"`)), err
		}}},
		returns("tags taken for thinking", "THK-26", inAnswer(each(func(t model.Text) []model.Part {
			if before, after, ok := strings.Cut(string(t), "</think>"); ok && strings.HasPrefix(before, "<think>") {
				return []model.Part{model.Thinking{Text: before[7:], Provider: "fake"}, model.Text(after)}
			}
			return keep(t)
		}))),
		sends("budget halved", "THK-27", func(r *model.Request) {
			if r.Thinking != nil {
				r.Thinking.Budget /= 2
			}
		}),
		sends("budget sent without thinking", "THK-27", func(r *model.Request) {
			if r.Thinking != nil && r.Thinking.Budget > 0 {
				r.Thinking = nil
			}
		}).alsoIn("tools"),
		sends("effort always medium", "THK-28", func(r *model.Request) {
			if r.Thinking != nil && r.Thinking.Effort != "" {
				r.Thinking.Effort = "medium"
			}
		}),
		sends("disabled sent as enabled", "THK-29", func(r *model.Request) {
			if r.Thinking != nil {
				r.Thinking.Mode = model.ThinkingEnabled
			}
		}),
		sends("thinking asked for unasked", "THK-30 BAS-17", func(r *model.Request) {
			if r.Thinking == nil {
				r.Thinking = &model.ThinkingConfig{}
			}
		}).alsoIn("caching basics concurrency"),
		ignores("thinking ignored", "THK-31", func(c *Capabilities) { c.Thinking = false }),
		{name: "disabled thinking refused", kills: ids("THK-31"), caps: func(c *Capabilities) { c.Thinking = false }, model: func(inner model.ChatModel, _ *fake.Model) model.ChatModel {
			w := wrapper{inner: inner}
			return &refusing{w, func(req *model.Request) string {
				if req.Thinking != nil && req.Validate() == nil {
					return "thinking"
				}
				return ""
			}}
		}},
		sends("text beside thinking trimmed", "THK-32", func(r *model.Request) {
			for i, m := range r.Messages {
				if len(m.Thinking()) > 0 {
					r.Messages[i].Parts = edited(m.Parts, each(func(t model.Text) []model.Part { return keep(model.Text(strings.TrimSuffix(string(t), "."))) }))
				}
			}
		}).alsoIn(wide),
	}
}

func swapSignatures(r *model.Response) { swapSignaturesOf(r.Message.Parts) }

func swapSignaturesOf(parts []model.Part) {
	var at []int
	for i, p := range parts {
		if t, ok := p.(model.Thinking); ok && t.Signature != "" {
			at = append(at, i)
		}
	}
	if len(at) < 2 {
		return
	}
	a, b := parts[at[0]].(model.Thinking), parts[at[1]].(model.Thinking)
	a.Signature, b.Signature = b.Signature, a.Signature
	parts[at[0]], parts[at[1]] = a, b
}

// mergeThinking makes one block of those in a row.
func mergeThinking(r *model.Response) {
	var out []model.Part
	for _, p := range r.Message.Parts {
		t, ok := p.(model.Thinking)
		if n := len(out); ok && n > 0 {
			if before, ok := out[n-1].(model.Thinking); ok && len(t.Redacted)+len(before.Redacted) == 0 {
				before.Text, before.Signature = before.Text+t.Text, before.Signature+t.Signature
				out[n-1] = before
				continue
			}
		}
		out = append(out, p)
	}
	r.Message.Parts = out
}

func mergeRedacted(r *model.Response) {
	var out []model.Part
	for _, p := range r.Message.Parts {
		t, ok := p.(model.Thinking)
		if n := len(out); ok && n > 0 && len(t.Redacted) > 0 {
			if before, ok := out[n-1].(model.Thinking); ok && len(before.Redacted) > 0 {
				before.Redacted = append(bytes.Clone(before.Redacted), t.Redacted...)
				out[n-1] = before
				continue
			}
		}
		out = append(out, p)
	}
	r.Message.Parts = out
}
