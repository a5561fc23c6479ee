package prompt

import (
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/model"
)

// Cached returns where a prompt asks for caching, or an empty text.
func Cached(got *Prompt) string {
	if got.Cache != nil {
		return "by its cache settings"
	}
	if len(Points(got.System)) > 0 {
		return "in its system messages"
	}
	for _, m := range got.Turns {
		if len(Points(m.Parts)) > 0 {
			return "in a turn of the " + string(m.Role)
		}
	}
	for _, t := range got.Tools {
		if t.Cache != nil {
			return "after the tool " + t.Name
		}
	}
	return ""
}

// Front returns the prompt as one text, without cache points, in the order in
// which a provider's cache reads it.
func Front(got *Prompt) string {
	var b strings.Builder
	for _, t := range got.Tools {
		t.Cache = nil
		b.WriteString(show.JSON(t))
	}
	write := func(role model.Role, parts []model.Part) {
		for _, part := range WithoutPoints(parts) {
			data, err := json.Marshal(model.Message{Role: role, Parts: []model.Part{part}})
			if err != nil {
				data = []byte(show.Part(part))
			}
			b.Write(data)
		}
	}
	write(model.RoleSystem, got.System)
	for _, m := range got.Turns {
		write(m.Role, m.Parts)
	}
	return b.String()
}

// Points returns, for every cache point among parts, the part before it.
func Points(parts []model.Part) []string {
	var all []string
	for i, p := range parts {
		if _, ok := p.(model.CachePoint); !ok {
			continue
		}
		behind := "nothing"
		if i > 0 {
			behind = show.Part(parts[i-1])
		}
		all = append(all, behind)
	}
	return all
}

// WithoutPoints returns the parts that are not cache points.
func WithoutPoints(parts []model.Part) []model.Part {
	var all []model.Part
	for _, p := range parts {
		if _, ok := p.(model.CachePoint); !ok {
			all = append(all, p)
		}
	}
	return all
}
