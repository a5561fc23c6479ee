package multimodal

import (
	"bytes"
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

// A wish is a part of a message, with its description.
type wish struct {
	what string
	part model.Part
}

func guards() []wish {
	image := model.Image{MediaType: "image/png", Data: probe.Pixel}
	return []wish{
		{"a guarded text", model.Guard{Text: "Secret plans."}},
		{"a guarded text with qualifiers", model.Guard{Text: "Secret plans.", Qualifiers: []string{"grounding_source", "query"}}},
		{"a guarded image", model.Guard{Image: &image}},
	}
}

func searchResults() []wish {
	return []wish{
		{"a search result", model.SearchResult{Source: "https://example.org/a?b=c&d", Title: "A – B", Content: []string{"One.", "Two."}}},
		{"a search result to cite", model.SearchResult{Source: "doc-7", Title: "Seven", Content: []string{"One."}, Citations: true}},
	}
}

func documents() []wish {
	pdf := model.Document{Name: "report", MediaType: "application/pdf", Data: page}
	edit := func(f func(*model.Document)) model.Document {
		d := pdf
		f(&d)
		return d
	}
	return []wish{
		{"a document with context", edit(func(d *model.Document) { d.Context = "Of the year 2024." })},
		{"a document to cite", edit(func(d *model.Document) { d.Citations = true })},
		{"a document in chunks", model.Document{Name: "notes", MediaType: "text/plain", Chunks: []string{"One.", "Two."}, Citations: true}},
		{"a document of text with context, to cite", model.Document{Name: "notes", MediaType: "text/plain", Text: "One.", Context: "Mine.", Citations: true}},
		{"a document by URI with its owner", model.Document{Name: "report", MediaType: "application/pdf", URI: "s3://b/a b.pdf", Owner: "123456789012"}},
	}
}

func filesByURI() []wish {
	return []wish{
		{"an image by URI", model.Image{MediaType: "image/png", URI: "s3://b/ü.png", Owner: "123456789012"}},
		{"a video by URI", model.Video{MediaType: "video/mp4", URI: "s3://b/v.mp4", Owner: "123456789012"}},
		{"audio by URI", model.Audio{MediaType: "audio/mp3", URI: "s3://b/a.mp3", Owner: "123456789012"}},
		{"a document by URI", model.Document{Name: "report", MediaType: "text/csv", URI: "s3://b/t.csv"}},
	}
}

func givenTypes() []wish {
	return []wish{
		{"an image of a given type", model.Image{MediaType: "image/webp", Data: []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00")}},
		{"a document of a given type", model.Document{Name: "t", MediaType: "text/csv", Data: []byte("a,b\n1,2\n")}},
		{"a document in Markdown", model.Document{Name: "t", MediaType: "text/markdown", Data: []byte("# T\n")}},
		{"a video of a given type", model.Video{MediaType: "video/webm", Data: []byte("\x1a\x45\xdf\xa3\x01")}},
		{"audio of a given type", model.Audio{MediaType: "audio/wav", Data: []byte("RIFF\x00\x00\x00\x00WAVE")}},
	}
}

// wishes checks that parts of the user arrive, one at a time.
func wishes(p *probe.Probe, all []wish) {
	for _, w := range all {
		p.Conserved(w.what, probe.Says(model.Text("Look:"), w.part, model.Text("What is it?")))
	}
}

func guardContent(p *probe.Probe) {
	wishes(p, guards())
	for _, w := range guards() {
		p.Conserved(w.what+" in a system message", &model.Request{Messages: []model.Message{
			model.SystemParts(model.Text("Be kind."), w.part), model.User("Hi"),
		}})
	}
}

func searchResultFields(p *probe.Probe) { wishes(p, searchResults()) }

func documentFields(p *probe.Probe) { wishes(p, documents()) }

func filesByURIArrive(p *probe.Probe) { wishes(p, filesByURI()) }

func givenTypesArrive(p *probe.Probe) { wishes(p, givenTypes()) }

func hugeImage(p *probe.Probe) {
	data := append(bytes.Clone(probe.Pixel), bytes.Repeat([]byte("\x00\xff0123456789abcdef\r\n"), 5<<20/20)...)
	p.Conserved("an image of more than 5 MB", probe.Says(model.Text("What is it?"), model.Image{MediaType: "image/png", Data: data}))
}

// ownBlock returns a block that only the subject's provider knows.
func ownBlock(p *probe.Probe) model.Opaque {
	return model.Opaque{Provider: p.Subject.Provider, Kind: "hologram", Data: json.RawMessage(`{"z":1,"a":9007199254740993,"t":"<&> \u00fc","n":2.50}`)}
}

func ownBlocks(p *probe.Probe) {
	if p.Subject.Provider == "" {
		return // the provider has no name, so it has no blocks
	}
	p.Conserved("a block of the provider's own", probe.Says(model.Text("Look:"), ownBlock(p)))
	p.Conserved("a block of the provider's own in the history", &model.Request{Messages: []model.Message{
		model.User("Hi"), model.AssistantParts(model.Text("Yes?"), ownBlock(p)), model.User("Go on."),
	}})
}

func partsInResults(p *probe.Probe) {
	all := append(append(append(searchResults(), documents()...), filesByURI()...), givenTypes()...)
	if p.Subject.Provider != "" {
		all = append(all, wish{"a block of the provider's own", ownBlock(p)})
	}
	for _, w := range all {
		result := model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("Here:"), w.part}}
		p.Conserved(w.what+" in a tool result", probe.ToolTurn([]model.Part{probe.ToolCall("c1", "look", `{"at":1}`)}, result))
	}
}
