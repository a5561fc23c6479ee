package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func multimodalMutants() []mutant {
	images := func(f func(model.Image) model.Image) func(*model.Request) {
		edit := each(func(p model.Image) []model.Part { return keep(f(p)) })
		return inHistory(model.RoleUser, func(p model.Part) []model.Part {
			if r, ok := p.(model.ToolResult); ok {
				r.Parts = edited(r.Parts, edit)
				return keep(r)
			}
			return edit(p)
		})
	}
	documents := func(f func(model.Document) model.Document) func(*model.Request) {
		return inHistory(model.RoleUser, each(func(p model.Document) []model.Part { return keep(f(p)) }))
	}
	var names atomic.Int64
	return []mutant{
		sends("images in base64 twice", "MUL-01 MUL-02", images(func(p model.Image) model.Image {
			p.Data = []byte(base64.StdEncoding.EncodeToString(p.Data))
			return p
		})).alsoIn("caching"),
		sends("all images PNG", "MUL-02", images(func(p model.Image) model.Image { p.MediaType = "image/png"; return p })),
		sends("images first", "MUL-03", func(r *model.Request) {
			for i, m := range r.Messages {
				var first, rest []model.Part
				for _, p := range m.Parts {
					if _, ok := p.(model.Image); ok {
						first = append(first, p)
					} else {
						rest = append(rest, p)
					}
				}
				r.Messages[i].Parts = append(first, rest...)
			}
		}).alsoIn("caching"),
		sends("images in results dropped", "MUL-04", inHistory(model.RoleUser, toolResults(func(r model.ToolResult) model.ToolResult {
			r.Parts = edited(r.Parts, each(func(model.Image) []model.Part { return nil }))
			return r
		}))),
		sends("documents cut at NUL", "MUL-05", documents(func(d model.Document) model.Document {
			if i := bytes.IndexByte(d.Data, 0); i >= 0 {
				d.Data = d.Data[:i]
			}
			return d
		})),
		sends("text of documents trimmed", "MUL-06", documents(func(d model.Document) model.Document { d.Text = strings.TrimSpace(d.Text); return d })),
		sends("names of documents random", "MUL-07 MUL-05", documents(func(d model.Document) model.Document {
			d.Name = fmt.Sprintf("document-%d", names.Add(1))
			return d
		})),
		sends("names of documents changed in silence", "MUL-07", documents(func(d model.Document) model.Document {
			d.Name = strings.ReplaceAll(d.Name, ".", "-")
			return d
		})),
		sends("videos dropped", "MUL-08", inHistory(model.RoleUser, each(func(model.Video) []model.Part { return nil }))),
		sends("audio all wav", "MUL-09", inHistory(model.RoleUser, each(func(a model.Audio) []model.Part { a.MediaType = "audio/wav"; return keep(a) }))),
		sends("URIs escaped", "MUL-10", images(func(p model.Image) model.Image { p.URI = strings.ReplaceAll(p.URI, " ", "%20"); return p })),
		{name: "bytes of images kept", kills: ids("MUL-11"), model: func(inner model.ChatModel, script *fake.Model) model.ChatModel {
			return lateImages(inner)
		}, also: []string{"basics", "concurrency"}},
		sends("large images cut", "MUL-12", images(func(p model.Image) model.Image { p.Data = p.Data[:min(len(p.Data), 1<<15)]; return p })),
		ignores("images ignored", "MUL-13", func(c *Capabilities) { c.Images = false }),
		ignores("documents ignored", "MUL-14", func(c *Capabilities) { c.Documents = false }),
		ignores("video ignored", "MUL-15", func(c *Capabilities) { c.Video = false }),
		ignores("audio ignored", "MUL-16", func(c *Capabilities) { c.Audio = false }),
	}
}

func structuredMutants() []mutant {
	output := func(f func(*model.OutputFormat)) func(*model.Request) {
		return func(r *model.Request) {
			if r.Output != nil {
				f(r.Output)
			}
		}
	}
	return []mutant{
		sends("output schema dropped", "SCH-01 SCH-02 SCH-05", func(r *model.Request) { r.Output = nil }),
		sends("output schema without its required fields", "SCH-01 TOL-22", output(func(o *model.OutputFormat) {
			o.Schema = bytes.ReplaceAll(o.Schema, []byte(`"required"`), []byte(`"requires"`))
		})),
		sends("output schema through maps", "TOL-22", output(func(o *model.OutputFormat) { o.Schema = throughFloats(o.Schema) })),
		sends("output renamed", "SCH-02", output(func(o *model.OutputFormat) { o.Name = "output" })),
		sends("output description dropped", "SCH-02", output(func(o *model.OutputFormat) { o.Description = "" })),
		returns("JSON answers compacted through maps", "SCH-03", inAnswer(each(func(t model.Text) []model.Part {
			if strings.HasPrefix(string(t), "{") {
				return keep(model.Text(throughFloats(json.RawMessage(t))))
			}
			return keep(t)
		}))),
		{name: "cut JSON an error", kills: ids("SCH-04"), wrap: func(w *wrapper) {
			inner := w.inner
			w.generate = generateUnless(inner, func(r *model.Response) bool {
				return strings.HasPrefix(r.Text(), "{") && !json.Valid([]byte(r.Text()))
			})
		}},
		sends("tools dropped with an output schema", "SCH-05", func(r *model.Request) {
			if r.Output != nil {
				r.Tools = nil
			}
		}),
		sends("output schema made up", "SCH-06 BAS-17", func(r *model.Request) {
			if r.Output == nil {
				r.Output = &model.OutputFormat{Schema: json.RawMessage(`{}`)}
			}
		}).alsoIn("basics"),
		ignores("output schema ignored", "SCH-07", func(c *Capabilities) { c.StructuredOutput = false }),
	}
}
