package plan

import (
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// A sampler sets what bounds and varies the answer, without what the model
// refuses by its nature or because it thinks. Temperature, top-p and top-k are
// dropped with a warning: a program that sets one for all models should run with
// all of them. Stop sequences are refused: the answer would not end where the
// program expects it.
type sampler struct {
	*scope
	req   *model.Request
	given *additional
	mind  *mind
	out   Sampling
}

// sampling returns the sampling of a plan.
func sampling(s *scope, req *model.Request, given *additional, m *mind) Sampling {
	a := sampler{scope: s, req: req, given: given, mind: m}
	a.all()
	return a.out
}

// all runs the rules. Those about two parameters come after those about one.
func (a *sampler) all() {
	a.maxTokens()
	a.temperature()
	a.topP()
	a.topK()
	// One of the two must go; the temperature stays.
	if a.facts.Sampling.Both.No() && a.out.Temperature != nil && a.out.TopP != nil {
		a.drop("sampling.both", "top_p", "this model takes temperature or top_p, not both")
		a.out.TopP = nil
	}
	a.stops()
	a.highEffort()
}

// maxTokens sets the limit of the answer. Some models refuse a small one, and
// Anthropic's format requires one.
func (a *sampler) maxTokens() {
	n, least := a.req.MaxTokens, a.facts.Limits.MinOutput
	if n != 0 {
		a.given.overridden(a.format.Members.MaxTokens, "max_tokens")
	}
	switch {
	case n == 0 && a.format.MaxTokensDefault > 0: // thinking counts, too, so it comes on top
		n = a.format.MaxTokensDefault + a.mind.asked.Budget
	case n > 0 && n < least:
		a.change("limits.min_output", "max_tokens", "%s takes at least %d; %d is raised to it", a.name(), least, n)
		n = least
	}
	a.out.MaxTokens, a.out.MaxTokensField = n, a.format.Members.MaxTokens
}

// temperature sets the temperature. Zero is one, so only nil is not sent.
func (a *sampler) temperature() {
	t, s := a.req.Temperature, &a.facts.Sampling
	switch {
	case t == nil || a.given.overridden(a.format.Members.Temperature, "temperature"):
		return
	case s.Temperature.No():
		a.drop("sampling.temperature", "temperature", "%s takes no temperature", a.name())
		return
	case s.TemperatureOne && *t != 1:
		a.drop("sampling.temperature", "temperature", "%s takes no temperature other than 1", a.name())
		return
	case *t != 1 && a.mind.mindsSampling():
		a.drop("sampling.while_thinking", "temperature", "it must be 1 while thinking is on")
		return
	case s.TemperatureMax > 0 && *t > s.TemperatureMax:
		a.change("sampling.temperature_max", "temperature", "%s takes at most %g; %g is lowered to it", a.name(), s.TemperatureMax, *t)
		t = new(s.TemperatureMax)
	}
	a.out.Temperature = t
}

// topP sets top-p. While Claude thinks it takes nothing below 0.95.
func (a *sampler) topP() {
	t, s := a.req.TopP, &a.facts.Sampling
	switch {
	case t == nil || a.given.overridden(a.format.Members.TopP, "top_p"):
		return
	case s.TopP.No():
		a.drop("sampling.top_p", "top_p", "%s takes no top_p", a.name())
		return
	case *t < 0.95 && a.mind.mindsSampling():
		a.drop("sampling.while_thinking", "top_p", "it must be 0.95 or more while thinking is on")
		return
	case *t < s.TopPMin:
		a.drop("sampling.top_p_min", "top_p", "%s takes %g or more", a.name(), s.TopPMin)
		return
	}
	a.out.TopP = t
}

// topK sets top-k and the member that it goes into. Converse has none for it, so
// it is the model's own; a body of the model's own has its format's.
func (a *sampler) topK() {
	k, s := a.req.TopK, &a.facts.Sampling
	member := a.format.Members.TopK
	if !a.format.Invoke {
		if member = s.TopKField; member == "" {
			member = "top_k"
		}
	}
	root, _, _ := strings.Cut(member, ".") // inferenceConfig of inferenceConfig.topK, which the caller may have set
	switch {
	case k == 0:
	case !a.format.TopK:
		a.drop("", "top_k", "%s has no such parameter", a.format.Name)
	case s.TopK.No():
		a.drop("sampling.top_k", "top_k", "%s has no such parameter", a.name())
	case a.mind.mindsSampling(): // there is no value of top-k that Claude takes then
		a.drop("sampling.while_thinking", "top_k", "not allowed while thinking is on")
	case a.given.overridden(root, "top_k"):
	default:
		a.out.TopK, a.out.TopKField = k, member
	}
}

// stops sets the stop sequences. What Claude refuses in them, "each stop sequence
// must contain non-whitespace", is a mistake and is not mended.
func (a *sampler) stops() {
	stops, s := a.req.StopSequences, &a.facts.Sampling
	switch {
	case len(stops) == 0 || a.given.overridden(a.format.Members.StopSequences, "stop_sequences"):
		return
	case !a.format.StopSequences:
		a.unsupported("", "stop_sequences", "%s has no such parameter", a.format.Name)
		return
	case a.lacks("sampling.stop_sequences", s.StopSequences):
		a.unsupported("sampling.stop_sequences", "stop_sequences", "%s takes no stop sequences", a.name())
		return
	case s.StopsMax > 0 && len(stops) > s.StopsMax:
		a.unsupported("sampling.stops_max", "stop_sequences", "has %d entries; %s takes at most %d", len(stops), a.name(), s.StopsMax)
		return
	}
	if a.facts.Turns.BlankStop.No() {
		for i, stop := range stops {
			if strings.TrimSpace(stop) == "" {
				a.invalid(at("stop_sequences", i), "must hold more than white space")
			}
		}
	}
	a.out.StopSequences = stops
}

// highEffort leaves out what high effort excludes.
// https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
func (a *sampler) highEffort() {
	without := a.facts.Thinking.HighWithout
	if len(without) == 0 || !a.mind.thinks() || a.mind.effort() != "high" {
		return
	}
	// Facts may have a field under its neutral name or under the model's.
	excludes := func(set bool, field, other string) bool {
		if !set || !slices.Contains(without, field) && !slices.Contains(without, other) {
			return false
		}
		a.drop("thinking.high_without", field, "not allowed with thinking effort high")
		return true
	}
	if excludes(a.out.Temperature != nil, "temperature", "temperature") {
		a.out.Temperature = nil
	}
	if excludes(a.out.TopP != nil, "top_p", "topP") {
		a.out.TopP = nil
	}
	if excludes(a.out.TopK != 0, "top_k", "topK") {
		a.out.TopK, a.out.TopKField = 0, ""
	}
	if excludes(a.out.MaxTokens != 0, "max_tokens", "maxTokens") {
		a.out.MaxTokens = 0
	}
}
