package plan

import (
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// sampling sets what bounds and varies the answer, without what the model
// refuses by its nature or because it thinks.
func (p *planner) sampling() {
	if p.in.Prompt {
		return
	}
	p.maxTokens()
	p.temperature()
	p.topP()
	p.topK()
	if p.facts.Sampling.Both.No() && p.out.Temperature != nil && p.out.TopP != nil {
		p.drop("sampling.both", "top_p", "this model takes temperature or top_p, not both")
		p.out.TopP = nil
	}
	p.stops()
	p.highEffort()
}

func (p *planner) maxTokens() {
	n, least := p.req.MaxTokens, p.facts.Limits.MinOutput
	if n != 0 {
		p.overridden(p.format.Members.MaxTokens, "max_tokens")
	}
	switch {
	case n == 0 && p.format.MaxTokensDefault > 0:
		n = p.format.MaxTokensDefault + p.out.Thinking.Budget
	case n > 0 && n < least:
		p.change("limits.min_output", "max_tokens", "%s takes %d or more; %d is sent as that", p.name(), least, n)
		n = least
	}
	p.out.MaxTokens, p.out.MaxTokensField = n, p.format.Members.MaxTokens
}

// strictThinking reports whether the model thinks and then minds sampling.
// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
func (p *planner) strictThinking() bool {
	s := p.facts.Sampling.WhileThinking
	return p.thinks() && (s.No() || s == facts.SupportUnknown && p.facts.Thinking.Style == facts.ThinkingStyleClaude)
}

func (p *planner) temperature() {
	t, s := p.req.Temperature, &p.facts.Sampling
	switch {
	case t == nil || p.overridden(p.format.Members.Temperature, "temperature"):
		return
	case s.Temperature.No():
		p.drop("sampling.temperature", "temperature", "%s takes no temperature", p.name())
		return
	case s.TemperatureOne && *t != 1:
		p.drop("sampling.temperature", "temperature", "%s takes no temperature but 1", p.name())
		return
	case *t != 1 && p.strictThinking():
		p.drop("sampling.while_thinking", "temperature", "it must be 1 while thinking is on")
		return
	case s.TemperatureMax > 0 && *t > s.TemperatureMax:
		p.change("sampling.temperature_max", "temperature", "%s takes at most %g; %g is sent as that", p.name(), s.TemperatureMax, *t)
		t = new(s.TemperatureMax)
	}
	p.out.Temperature = t
}

func (p *planner) topP() {
	t, s := p.req.TopP, &p.facts.Sampling
	switch {
	case t == nil || p.overridden(p.format.Members.TopP, "top_p"):
		return
	case s.TopP.No():
		p.drop("sampling.top_p", "top_p", "%s takes no top_p", p.name())
		return
	case *t < 0.95 && p.strictThinking():
		p.drop("sampling.while_thinking", "top_p", "it must be 0.95 or more while thinking is on")
		return
	case *t < s.TopPMin:
		p.drop("sampling.top_p_min", "top_p", "%s takes %g or more", p.name(), s.TopPMin)
		return
	}
	p.out.TopP = t
}

func (p *planner) topK() {
	k, s := p.req.TopK, &p.facts.Sampling
	member := p.format.Members.TopK
	if !p.format.Invoke {
		if member = s.TopKField; member == "" {
			member = "top_k"
		}
	}
	root, _, _ := strings.Cut(member, ".")
	switch {
	case k == 0:
	case !p.format.TopK:
		p.drop("", "top_k", "%s has no such parameter", p.format.Name)
	case s.TopK.No():
		p.drop("sampling.top_k", "top_k", "%s has no such parameter", p.name())
	case p.strictThinking():
		p.drop("sampling.while_thinking", "top_k", "not allowed while thinking is on")
	case p.overridden(root, "top_k"):
	default:
		p.out.TopK, p.out.TopKField = k, member
	}
}

func (p *planner) stops() {
	stops, s := p.req.StopSequences, &p.facts.Sampling
	switch {
	case len(stops) == 0 || p.overridden(p.format.Members.StopSequences, "stop_sequences"):
		return
	case !p.format.StopSequences:
		p.unsupported("", "stop_sequences", "%s has no such parameter", p.format.Name)
		return
	case p.lacks("sampling.stop_sequences", s.StopSequences):
		p.unsupported("sampling.stop_sequences", "stop_sequences", "%s takes no stop sequences", p.name())
		return
	case s.StopsMax > 0 && len(stops) > s.StopsMax:
		p.unsupported("sampling.stops_max", "stop_sequences", "are %d; %s takes at most %d", len(stops), p.name(), s.StopsMax)
		return
	}
	if p.facts.Turns.BlankStop.No() {
		for i, stop := range stops {
			if strings.TrimSpace(stop) == "" {
				p.invalid(at("stop_sequences", i), "must hold more than white space")
			}
		}
	}
	p.out.StopSequences = stops
}

// highEffort leaves out what high effort excludes.
// https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
func (p *planner) highEffort() {
	without := p.facts.Thinking.HighWithout
	if len(without) == 0 || !p.thinks() || p.effort() != "high" {
		return
	}
	excludes := func(set bool, field, other string) bool {
		if !set || !slices.Contains(without, field) && !slices.Contains(without, other) {
			return false
		}
		p.drop("thinking.high_without", field, "not allowed with thinking effort high")
		return true
	}
	if excludes(p.out.Temperature != nil, "temperature", "temperature") {
		p.out.Temperature = nil
	}
	if excludes(p.out.TopP != nil, "top_p", "topP") {
		p.out.TopP = nil
	}
	if excludes(p.out.TopK != 0, "top_k", "topK") {
		p.out.TopK, p.out.TopKField = 0, ""
	}
	if excludes(p.out.MaxTokens != 0, "max_tokens", "maxTokens") {
		p.out.MaxTokens = 0
	}
}
