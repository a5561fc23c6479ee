package show

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// Parts returns parts on one line.
func Parts(parts []model.Part) string {
	lines := make([]string, len(parts))
	for i, p := range parts {
		lines[i] = Part(p)
	}
	return "[" + strings.Join(lines, ", ") + "]"
}

// Part returns a part on one line.
func Part(p model.Part) string {
	switch p := p.(type) {
	case nil:
		return "nil"
	case model.Text:
		return "text " + Text(string(p))
	case model.Thinking:
		return "thinking(" + thinking(p) + ")"
	case model.ToolCall:
		return fmt.Sprintf("call(%q %s %s)", p.ID, p.Name, Input(p.Input, p.InvalidInput))
	case model.ServerToolCall:
		return fmt.Sprintf("server call(%q %s %s)", p.ID, p.Name, Input(p.Input, p.InvalidInput))
	case model.ToolResult:
		return fmt.Sprintf("result(%q error=%v %s)", p.CallID, p.IsError, Parts(p.Parts))
	case model.ServerToolResult:
		return fmt.Sprintf("server result(%q error=%v %s)", p.CallID, p.IsError, Parts(p.Parts))
	case model.JSON:
		return "json " + Text(string(p))
	case model.Image:
		return fmt.Sprintf("image(%s %s)", p.MediaType, data(p.Data, p.URI))
	case model.Video:
		return fmt.Sprintf("video(%s %s)", p.MediaType, data(p.Data, p.URI))
	case model.Audio:
		return fmt.Sprintf("audio(%s %s)", p.MediaType, data(p.Data, p.URI))
	case model.Document:
		return fmt.Sprintf("document(%q %s %s%s)", p.Name, p.MediaType, data(p.Data, p.URI), Text(p.Text))
	case model.CachePoint:
		return fmt.Sprintf("cache point(%v)", p.TTL)
	case model.CitedText:
		return fmt.Sprintf("cited text(%s %s)", Text(p.Text), JSON(p.Citations))
	}
	return fmt.Sprintf("%T %s", p, JSON(model.Message{Parts: []model.Part{p}}))
}

func thinking(p model.Thinking) string {
	d := []string{Text(p.Text)}
	if p.Signature != "" {
		d = append(d, "signature of "+Digest([]byte(p.Signature)))
	}
	if len(p.Redacted) > 0 {
		d = append(d, "redacted "+Digest(p.Redacted))
	}
	if p.Provider != "" {
		d = append(d, "of "+p.Provider)
	}
	if p.Incomplete {
		d = append(d, "incomplete")
	}
	return strings.Join(d, ", ")
}
