package batch

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// outside returns the first part of a request whose file is in S3 but not in
// the given folder, and whether any file is in S3. The folder ends in a slash.
//
// "When using S3 URIs in your prompts, all resources must be in the same S3
// bucket and folder". That is the folder of the job's input.
// https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
func outside(req *model.Request, folder string) (field string, any bool) {
	for i, m := range req.Messages {
		for j, p := range m.Parts {
			at := fmt.Sprintf("messages[%d].parts[%d]", i, j)
			f, found := outsidePart(p, at, folder)
			any = any || found
			if f != "" {
				return f, true
			}
		}
	}
	return "", any
}

func outsidePart(p model.Part, at, folder string) (field string, any bool) {
	var uri string
	switch p := p.(type) {
	case model.Image:
		uri = p.URI
	case model.Document:
		uri = p.URI
	case model.Video:
		uri = p.URI
	case model.Audio:
		uri = p.URI
	case model.Guard:
		if p.Image != nil {
			uri = p.Image.URI
		}
	case model.ToolResult:
		for k, q := range p.Parts {
			f, found := outsidePart(q, fmt.Sprintf("%s.parts[%d]", at, k), folder)
			any = any || found
			if f != "" {
				return f, true
			}
		}
		return "", any
	}
	if !strings.HasPrefix(uri, "s3://") {
		return "", false
	}
	if !strings.HasPrefix(uri, folder) {
		return at + ".uri", true
	}
	return "", true
}
