package prompt

import (
	"github.com/chatmodel-go/chatmodel/model"
)

// The estimate of tokens. Each tool and each part of a message has one token
// for every four bytes of names and values, rounded up, without the JSON around
// them. Files have the average of their kind, because their bytes say little
// about their tokens.
const (
	BytesPerToken  = 4
	imageSize      = 1600 * BytesPerToken
	videoSize      = 3000 * BytesPerToken
	audioSize      = 1000 * BytesPerToken
	documentFactor = 16 // bytes of a binary document that count as one byte of text
)

// Tokens returns the estimate for a number of bytes.
func Tokens(size int) int { return (size + BytesPerToken - 1) / BytesPerToken }

func toolSize(t model.Tool) int { return len(t.Name) + len(t.Description) + len(t.InputSchema) }

func partsSize(parts []model.Part) int {
	n := 0
	for _, p := range parts {
		n += partSize(p)
	}
	return n
}

// partSize returns the number of bytes of text that a part counts as.
func partSize(p model.Part) int {
	switch p := p.(type) {
	case model.Text:
		return len(p)
	case model.CitedText:
		return len(p.Text)
	case model.Thinking:
		return len(p.Text) + len(p.Redacted)
	case model.ToolCall:
		return len(p.ID) + len(p.Name) + len(p.Input) + len(p.InvalidInput)
	case model.ServerToolCall:
		return len(p.ID) + len(p.Name) + len(p.Input) + len(p.InvalidInput)
	case model.ToolResult:
		return len(p.CallID) + partsSize(p.Parts)
	case model.ServerToolResult:
		return len(p.CallID) + partsSize(p.Parts)
	case model.JSON:
		return len(p)
	case model.SearchResult:
		n := len(p.Source) + len(p.Title)
		for _, c := range p.Content {
			n += len(c)
		}
		return n
	case model.Guard:
		if p.Image != nil {
			return imageSize
		}
		return len(p.Text)
	case model.Image:
		return imageSize
	case model.Video:
		return videoSize
	case model.Audio:
		return audioSize
	case model.Document:
		n := len(p.Name) + len(p.Context) + len(p.Text) + len(p.Data)/documentFactor
		for _, c := range p.Chunks {
			n += len(c)
		}
		return n
	case model.Opaque:
		return len(p.Data)
	}
	return 0
}
