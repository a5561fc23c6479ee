package multimodal

import (
	"bytes"
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// page is the beginning of a PDF, with bytes that are not text.
var page = []byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n\x00\xff\n%%EOF")

// arrives checks that a message of a user arrives unchanged, without warnings.
func arrives(p *probe.Probe, parts ...model.Part) {
	p.Sent(&model.Request{Messages: []model.Message{model.UserParts(parts...)}}, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		p.Equal(fmt.Sprintf("the turn that %s sent", w), got.Last(), parts)
		p.Silent(w, resp)
	})
}

func imageBytes(p *probe.Probe) {
	arrives(p, model.Text("What is it?"), model.Image{MediaType: "image/png", Data: probe.Pixel})
}

func imageTypes(p *probe.Probe) {
	for _, c := range []struct{ want, data string }{
		{"image/png", string(probe.Pixel)},
		{"image/jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00\xff\xd9"},
		{"image/gif", "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00,"},
		{"image/webp", "RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"},
	} {
		want, data := c.want, []byte(c.data)
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("What is it?"), model.Image{Data: data})}}
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
			for _, part := range got.Last() {
				img, ok := part.(model.Image)
				if !ok {
					continue
				}
				if img.MediaType != want && img.MediaType != "" {
					p.Errorf("%s sent an image of type %q, want %q", w, img.MediaType, want)
				}
				if !bytes.Equal(img.Data, data) {
					p.Errorf("%s sent an image of %s, want %s", w, show.Digest(img.Data), show.Digest(data))
				}
				return
			}
			p.Errorf("%s sent no image: %s", w, show.Parts(got.Last()))
		})
	}
}

func mediaOrder(p *probe.Probe) {
	img := model.Image{MediaType: "image/png", Data: probe.Pixel}
	arrives(p, model.Text("First:"), img, model.Text("Second:"), img, model.Text("Which is better?"))
}

func imageInResult(p *probe.Probe) {
	result := model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("The map:"), model.Image{MediaType: "image/png", Data: probe.Pixel}}}
	p.Sent(probe.ToolTurn([]model.Part{probe.ToolCall("c1", "map", `{"city":"Oslo"}`)}, result), func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
		if !probe.Warned(resp, "messages[2]") {
			p.Equal(fmt.Sprintf("the turn that %s sent", w), got.Last(), []model.Part{result})
		}
	})
}

func documentBytes(p *probe.Probe) {
	arrives(p, model.Text("Sum it up."), model.Document{Name: "report", MediaType: "application/pdf", Data: page})
}

func documentText(p *probe.Probe) {
	const text = "Line one.\nLine two – ünd drei.\n"
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Sum it up."), model.Document{Name: "notes", MediaType: "text/plain", Text: text})}}
	p.Sent(req, func(w probe.Way, got *prompt.Prompt, _ *model.Response) {
		for _, part := range got.Last() {
			if d, ok := part.(model.Document); ok {
				p.Equal(fmt.Sprintf("text of the document that %s sent", w), d.Text+string(d.Data), text)
				return
			}
		}
		p.Errorf("%s sent no document: %s", w, show.Parts(got.Last()))
	})
}

func documentNames(p *probe.Probe) {
	given := []string{"report", "report", "résumé (final).v2.pdf", ""}
	var parts []model.Part
	for i, name := range given {
		parts = append(parts, model.Document{Name: name, MediaType: "application/pdf", Data: append(bytes.Clone(page), byte(i))})
	}
	req := &model.Request{Messages: []model.Message{model.UserParts(append(parts, model.Text("Sum them up."))...)}}
	var first []string
	for range 3 {
		p.Sent(req, func(w probe.Way, got *prompt.Prompt, resp *model.Response) {
			names := documentNamesOf(got)
			if first == nil {
				first = names
			}
			p.Equal(fmt.Sprintf("names of documents that %s sent, compared with an earlier call", w), names, first)
			if len(names) != len(given) {
				p.Fatalf("%s sent %d documents, want %d", w, len(names), len(given))
			}
			for i, name := range names {
				if name != given[i] && !probe.Warned(resp, fmt.Sprintf("messages[0].parts[%d]", i)) {
					p.Errorf("%s sent document %d as %q, want %q or a warning", w, i, name, given[i])
				}
			}
		})
	}
}

func documentNamesOf(got *prompt.Prompt) []string {
	var names []string
	for _, part := range got.All(model.RoleUser) {
		if d, ok := part.(model.Document); ok {
			names = append(names, d.Name)
		}
	}
	return names
}

func videoBytes(p *probe.Probe) {
	arrives(p, model.Text("What happens?"), model.Video{MediaType: "video/mp4", Data: []byte("\x00\x00\x00\x18ftypmp42\x00\xff\x80")})
}

func audioBytes(p *probe.Probe) {
	arrives(p, model.Text("What is said?"), model.Audio{MediaType: "audio/mp3", Data: []byte("ID3\x04\x00\x00\xff\xfb\x90")})
}

func uriNotFetched(p *probe.Probe) {
	arrives(p, model.Text("What is it?"), model.Image{MediaType: "image/png", URI: "s3://nowhere-0/a b/ü.png"})
}

func bytesNotKept(p *probe.Probe) {
	for _, w := range probe.Ways {
		r := p.Play(fake.Text("ok").Times(2))
		data := bytes.Clone(probe.Pixel)
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("What is it?"), model.Image{MediaType: "image/png", Data: data})}}
		if w == probe.Stream {
			s := r.Stream(p.Ctx, req)
			clear(data)
			if _, err := s.Response(); err != nil {
				p.Fatalf("Stream failed: %v", err)
			}
		} else {
			r.Answer(w, req)
			clear(data)
		}
		for _, part := range r.Prompt(0).Last() {
			if img, ok := part.(model.Image); ok && !bytes.Equal(img.Data, probe.Pixel) {
				p.Errorf("%s sent an image of %s after its bytes were changed, want %s", w, show.Digest(img.Data), show.Digest(probe.Pixel))
			}
		}
	}
}

func largeImage(p *probe.Probe) {
	data := append(bytes.Clone(probe.Pixel), bytes.Repeat([]byte{0, 1, 0xfe, 0xff}, 1<<14)...)
	arrives(p, model.Text("What is it?"), model.Image{MediaType: "image/png", Data: data})
}

// mediaRefused checks that a file is refused, in a message and, where there
// are tools, in a tool result.
func mediaRefused(p *probe.Probe, what string, part model.Part) {
	p.Refused(what, &model.Request{Messages: []model.Message{model.UserParts(model.Text("Look."), part)}}, model.ErrUnsupported)
	if p.Subject.Capabilities.Tools {
		result := model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("Here."), part}}
		p.Refused(what+" in a tool result", probe.ToolTurn([]model.Part{probe.ToolCall("c1", "look", `{}`)}, result), model.ErrUnsupported)
	}
}

func imagesRefused(p *probe.Probe) {
	mediaRefused(p, "an image", model.Image{MediaType: "image/png", Data: probe.Pixel})
}

func documentsRefused(p *probe.Probe) {
	mediaRefused(p, "a document", model.Document{Name: "report", MediaType: "application/pdf", Data: page})
}

func videoRefused(p *probe.Probe) {
	mediaRefused(p, "a video", model.Video{MediaType: "video/mp4", Data: []byte("\x00\x00\x00\x18ftypmp42")})
}

func audioRefused(p *probe.Probe) {
	mediaRefused(p, "audio", model.Audio{MediaType: "audio/mp3", Data: []byte("ID3\x04\x00")})
}
