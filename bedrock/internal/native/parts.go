package native

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/blocks"
	"github.com/chatmodel-go/chatmodel/model"
)

// IsBlank reports whether a part is text of nothing but white space, which no
// model takes.
func IsBlank(p model.Part) bool {
	switch p := p.(type) {
	case model.Text:
		return strings.TrimSpace(string(p)) == ""
	case model.CitedText:
		return strings.TrimSpace(p.Text) == ""
	case model.Guard:
		return p.Image == nil && strings.TrimSpace(p.Text) == ""
	}
	return false
}

// Opaque reports whether a block that this version does not know goes back to
// the format that it came from, which is that of provider.
func (r *Report) Opaque(field string, p model.Opaque, provider string) bool {
	switch {
	case p.Provider != provider:
		r.Warn(model.WarningDropped, field, "a block of kind %q that is not of this format", p.Kind)
		return false
	case !blocks.IsObject(p.Data) || !json.Valid(p.Data):
		r.Invalid(field+".data", "is not a JSON object")
		return false
	}
	return true
}

// Replays reports whether thinking of the history may go back to a model of
// Bedrock, and if not, why.
func Replays(p model.Thinking) (bool, string) {
	switch {
	case p.Incomplete:
		return false, "the block was cut off; its signature is missing"
	case p.Provider != "" && p.Provider != blocks.Provider:
		return false, "it was made by another provider, " + p.Provider
	}
	return true, ""
}

// Arguments returns the input of a tool call as a JSON object, and whether it had
// to be put inside one.
func Arguments(input json.RawMessage, invalid string) (object json.RawMessage, wrapped bool) {
	switch {
	case invalid == "" && len(input) == 0:
		return json.RawMessage("{}"), false
	case invalid == "" && blocks.IsObject(input):
		return input, false
	case invalid == "":
		invalid = string(input)
	}
	var f Fields
	f.Text("invalid_input", "", invalid)
	return f.Append(nil), true
}

// CallID returns the id of a tool call in letters, digits, _ and -, which is all
// that some formats take. Ids that are given out by others get a sum at their
// end, so that different ones stay different. The same id gives the same result.
func CallID(id string) (legal string, changed bool) {
	legal = strings.Map(func(c rune) rune {
		if isNameRune(c) {
			return c
		}
		return '_'
	}, id)
	if legal == id {
		return id, false
	}
	return fmt.Sprintf("%s_%08x", legal, crc32.ChecksumIEEE([]byte(id))), true
}

// ImageType returns the media type of an image that is given as data.
func ImageType(p model.Image) (string, error) {
	if p.URI != "" {
		return "", fmt.Errorf("InvokeModel takes images as data, not by URI")
	}
	mediaType := p.MediaType
	if mediaType == "" {
		mediaType = blocks.SniffImage(p.Data)
	}
	switch t := baseType(mediaType); t {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return t, nil
	case "image/jpg", "image/pjpeg":
		return "image/jpeg", nil
	case "":
		return "", fmt.Errorf("the media type is empty, and the data is none of image/png, image/jpeg, image/gif, image/webp")
	}
	return "", fmt.Errorf("media type %q is none of image/png, image/jpeg, image/gif, image/webp", mediaType)
}

// baseType is a media type without its parameters, in lower case.
func baseType(mediaType string) string {
	t, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	return strings.TrimSpace(t)
}

// IsPDF and IsTextType tell the kinds of document apart.
func IsPDF(p model.Document) bool {
	return baseType(p.MediaType) == "application/pdf" ||
		p.MediaType == "" && strings.HasPrefix(string(p.Data[:min(len(p.Data), 5)]), "%PDF-")
}

func IsTextType(mediaType string) bool { return strings.HasPrefix(baseType(mediaType), "text/") }

// AsText puts tool calls and results in words, for a request that offers no
// tools. Files in results stay what they are, and so do other parts.
func AsText(p model.Part) []model.Part {
	switch p := p.(type) {
	case model.ToolCall:
		return []model.Part{callText(p.Name, p.Input, p.InvalidInput)}
	case model.ServerToolCall:
		return []model.Part{callText(p.Name, p.Input, p.InvalidInput)}
	case model.ToolResult:
		return resultText(p.Parts, p.IsError)
	case model.ServerToolResult:
		return resultText(p.Parts, p.IsError)
	}
	return []model.Part{p}
}

func callText(name string, input json.RawMessage, invalid string) model.Part {
	args := invalid
	if args == "" {
		args = "{}"
		if len(input) > 0 {
			args = string(input)
		}
	}
	return model.Text(fmt.Sprintf("(tool call: %s %s)", name, args))
}

func resultText(parts []model.Part, isError bool) []model.Part {
	var words []string
	var files []model.Part
	for _, p := range parts {
		switch p := p.(type) {
		case model.Text:
			words = append(words, string(p))
		case model.JSON:
			words = append(words, string(p))
		default:
			files = append(files, p)
		}
	}
	label := "tool result"
	if isError {
		label = "tool error"
	}
	text := model.Text(fmt.Sprintf("(%s: %s)", label, strings.Join(words, "\n")))
	return append([]model.Part{text}, files...)
}
