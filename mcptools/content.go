package mcptools

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/chatmodel-go/chatmodel/model"
)

// partsOf makes the parts of a result. There is always one, since providers
// want it.
func partsOf(result *mcp.CallToolResult) []model.Part {
	var parts []model.Part
	for _, c := range result.Content {
		parts = append(parts, partOf(c))
	}
	if len(parts) == 0 && result.StructuredContent != nil {
		if data, err := json.Marshal(result.StructuredContent); err == nil {
			if data[0] == '{' {
				return []model.Part{model.JSON(data)}
			}
			return []model.Part{model.Text(data)}
		}
	}
	if len(parts) == 0 {
		return []model.Part{model.Text("The tool has returned nothing.")}
	}
	return parts
}

func partOf(c mcp.Content) model.Part {
	switch c := c.(type) {
	case *mcp.TextContent:
		return text(c.Text)
	case *mcp.ImageContent:
		return file("image", c.MIMEType, "", c.Data)
	case *mcp.AudioContent:
		return file("audio", c.MIMEType, "", c.Data)
	case *mcp.EmbeddedResource:
		return resource(c.Resource)
	case *mcp.ResourceLink:
		return link(c)
	}
	data, err := json.Marshal(c)
	if err != nil {
		return model.Text(fmt.Sprintf("[content of an unknown kind: %T]", c))
	}
	return text(string(data))
}

// text is never blank, which providers refuse, and is UTF-8.
func text(s string) model.Part {
	if strings.TrimSpace(s) == "" {
		return model.Text("[an empty text]")
	}
	return model.Text(strings.ToValidUTF8(s, "\uFFFD"))
}

func resource(r *mcp.ResourceContents) model.Part {
	switch {
	case r == nil:
		return model.Text("[a resource without contents]")
	case r.Blob != nil:
		return file("resource "+r.URI, r.MIMEType, r.URI, r.Blob)
	}
	return text(r.Text)
}

func link(c *mcp.ResourceLink) model.Part {
	what := "[resource " + c.URI
	for _, s := range []string{c.Title, c.Name, c.MIMEType, c.Description} {
		if s != "" {
			what += ", " + s
		}
	}
	return text(what + "]")
}

// Media types that providers take, by the kind of part. What a server says of
// its data is not trusted where the data shows what it is.
var (
	images    = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}
	documents = map[string]bool{
		"application/pdf": true, "text/csv": true, "text/html": true, "text/plain": true, "text/markdown": true,
		"application/msword": true, "application/vnd.ms-excel": true,
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": true,
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       true,
	}
)

// file makes a part of data, or says in words what it is.
func file(what, mediaType, uri string, data []byte) model.Part {
	claimed, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		claimed = ""
	}
	found, _, _ := mime.ParseMediaType(http.DetectContentType(data))
	switch {
	case len(data) == 0:
	case images[found]:
		return model.Image{MediaType: found, Data: data}
	case strings.HasPrefix(claimed, "image/"): // of a kind that nobody takes, or none
	case strings.HasPrefix(claimed, "audio/"):
		return model.Audio{MediaType: claimed, Data: data}
	case strings.HasPrefix(claimed, "video/"):
		return model.Video{MediaType: claimed, Data: data}
	case claimed == "application/pdf" && found != "application/pdf":
	case documents[claimed]:
		return model.Document{Name: fileName(uri), MediaType: claimed, Data: data}
	case strings.HasPrefix(found, "text/") && utf8.Valid(data):
		return text(string(data))
	}
	return model.Text(fmt.Sprintf("[%s that cannot be shown: %d bytes, said to be %q, looks like %s]", what, len(data), mediaType, found))
}

// fileName returns the last part of a URI without its extension.
func fileName(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return "file"
	}
	name := path.Base(u.Path)
	if name == "." || name == "/" {
		name = u.Host
	}
	if name = strings.TrimSuffix(name, path.Ext(name)); name == "" {
		return "file"
	}
	return name
}
