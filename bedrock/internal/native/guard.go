package native

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/chatmodel-go/chatmodel/model"
)

// A Guards marks the parts of a prompt that a guardrail should look at, by the
// tags that InvokeModel has for it.
// https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tagging.html
//
// The tags end in a suffix, so that text in them cannot close them. It is made
// from all the marked text: whoever wanted to write the suffix into the text
// would have to find a text that holds its own digest. So the body stays a
// function of the request, and its cached prefix with it.
type Guards struct{ suffix string }

// NewGuards returns the marks for a request. Where it marks nothing, or no
// guardrail is applied, there are none.
func NewGuards(req *model.Request, g *Guardrail) Guards {
	if g == nil {
		return Guards{}
	}
	digest, found := sha256.New(), false
	for _, m := range req.Messages {
		for _, p := range m.Parts {
			if p, ok := p.(model.Guard); ok {
				found = true
				fmt.Fprintf(digest, "%d %s", len(p.Text), p.Text)
			}
		}
	}
	if !found {
		return Guards{}
	}
	return Guards{hex.EncodeToString(digest.Sum(nil))[:20]}
}

// tagOf are the tags by qualifier.
var tagOf = map[string]string{
	"grounding_source": "groundingSource",
	"query":            "query",
	"guard_content":    "guardContent",
}

// Text returns the text of a marked part, in its tags.
func (g Guards) Text(field string, p model.Guard, r *Report) string {
	if p.Image != nil {
		r.Unsupported(field, "InvokeModel has no tag for images that a guardrail should look at")
		return ""
	}
	if g.suffix == "" {
		r.Warn(model.WarningChanged, field, "no guardrail is set, so it is sent as plain text")
		return p.Text
	}
	qualifiers := p.Qualifiers
	if len(qualifiers) == 0 {
		qualifiers = []string{"guard_content"}
	}
	text := p.Text
	for _, q := range qualifiers {
		tag, ok := tagOf[q]
		if !ok {
			r.Unsupported(field+".qualifiers", "InvokeModel has no tag for %q", q)
			continue
		}
		name := "amazon-bedrock-guardrails-" + tag + "_" + g.suffix
		text = "<" + name + ">" + text + "</" + name + ">"
	}
	return text
}

// Config adds the guardrail's settings to the body.
func (g Guards) Config(body *Fields, in *Input) {
	if in.Guardrail == nil {
		return
	}
	var c Fields
	if g.suffix != "" {
		c.Text("tagSuffix", "", g.suffix)
	}
	if in.Stream {
		switch mode := in.Guardrail.StreamMode; mode {
		case "":
		case "sync":
			c.Text("streamProcessingMode", "", "SYNCHRONOUS")
		case "async":
			c.Text("streamProcessingMode", "", "ASYNCHRONOUS")
		default:
			c.Text("streamProcessingMode", "", mode)
		}
	}
	body.Object("amazon-bedrock-guardrailConfig", "", c)
}
