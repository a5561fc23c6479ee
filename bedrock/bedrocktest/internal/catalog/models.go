package catalog

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
)

// A summary is the service's description of a model, in a list and alone.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_FoundationModelSummary.html
type summary struct {
	Customizations []string  `json:"customizationsSupported"`
	Inference      []string  `json:"inferenceTypesSupported"`
	Input          []string  `json:"inputModalities"`
	ARN            string    `json:"modelArn"`
	ID             string    `json:"modelId"`
	Lifecycle      lifecycle `json:"modelLifecycle"`
	Name           string    `json:"modelName"`
	Output         []string  `json:"outputModalities"`
	Provider       string    `json:"providerName"`
	Streaming      bool      `json:"responseStreamingSupported"`
}

type lifecycle struct {
	Status string `json:"status"`
}

// makers maps the first word of an id to the maker's name.
var makers = map[string]string{
	"ai21": "AI21 Labs", "amazon": "Amazon", "anthropic": "Anthropic", "cohere": "Cohere", "deepseek": "DeepSeek", "google": "Google",
	"meta": "Meta", "minimax": "MiniMax", "mistral": "Mistral AI", "moonshotai": "Moonshot AI", "nvidia": "NVIDIA", "openai": "OpenAI",
	"qwen": "Qwen", "writer": "Writer", "xai": "xAI", "zai": "Z.AI",
}

// models answers ListFoundationModels.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html
func (c *Catalog) models(_ string, query url.Values) (any, *Refusal) {
	for name, values := range map[string]string{
		"byCustomizationType": "FINE_TUNING, CONTINUED_PRE_TRAINING, DISTILLATION",
		"byInferenceType":     "ON_DEMAND, PROVISIONED",
		"byOutputModality":    "TEXT, IMAGE, EMBEDDING",
	} {
		if refusal := oneOf(query, name, values); refusal != nil {
			return nil, refusal
		}
	}
	wants := func(name string, has []string) bool {
		v := query.Get(name)
		return v == "" || slices.Contains(has, v)
	}
	all := []summary{}
	for _, base := range rules.Rows() {
		m := c.Table.Model(base)
		if !c.lists(m) {
			continue
		}
		s := c.summary(m)
		provider := query.Get("byProvider")
		if wants("byCustomizationType", s.Customizations) && wants("byInferenceType", s.Inference) && wants("byOutputModality", s.Output) &&
			(provider == "" || strings.EqualFold(provider, s.Provider)) {
			all = append(all, s)
		}
	}
	return map[string]any{"modelSummaries": all}, nil
}

// lists reports whether a model of the table can be called.
func (c *Catalog) lists(m *rules.Model) bool {
	return m.NotServed == "" && !slices.Contains(c.Account.Retired, m.ID.Base)
}

// model answers GetFoundationModel.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModel.html
func (c *Catalog) model(id string, _ url.Values) (any, *Refusal) {
	m := c.Table.Model(id)
	if !m.Known || m.ID.Geography != "" || !c.lists(m) {
		return nil, invalidID
	}
	return map[string]any{"modelDetails": c.summary(m)}, nil
}

func (c *Catalog) summary(m *rules.Model) summary {
	s := summary{
		Customizations: []string{}, Inference: []string{"ON_DEMAND"}, Input: []string{"TEXT"}, Output: []string{"TEXT"},
		ARN: c.modelARN(m.ID.Base), ID: m.ID.Base, Lifecycle: lifecycle{"ACTIVE"}, Name: modelName(m), Provider: providerName(m), Streaming: true,
	}
	if m.ProfileOnly {
		s.Inference[0] = "INFERENCE_PROFILE"
	}
	for _, kind := range []struct {
		media rules.Media
		name  string
	}{{rules.Images, "IMAGE"}, {rules.Videos, "VIDEO"}, {rules.Audios, "SPEECH"}} {
		if m.Media&kind.media != 0 {
			s.Input = append(s.Input, kind.name)
		}
	}
	return s
}

func (c *Catalog) modelARN(base string) string {
	return "arn:aws:bedrock:" + c.Region + "::foundation-model/" + base
}

func providerName(m *rules.Model) string {
	if name, ok := makers[m.ID.Maker]; ok {
		return name
	}
	return m.ID.Maker
}

// modelName makes a name from a model's line, version and size: "Claude Sonnet
// 4.5".
func modelName(m *rules.Model) string {
	var words []string
	for w := range strings.SplitSeq(m.ID.Line, "-") {
		if w != "" {
			words = append(words, strings.ToUpper(w[:1])+w[1:])
		}
	}
	if m.ID.Named {
		version := fmt.Sprint(m.ID.Generation)
		if m.ID.Minor > 0 {
			version += fmt.Sprintf(".%d", m.ID.Minor)
		}
		words = append(words, version)
	}
	if m.ID.Size != "" {
		words = append(words, strings.ToUpper(m.ID.Size))
	}
	return strings.Join(words, " ")
}
