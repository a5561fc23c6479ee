package conformance

import (
	"bytes"
	"encoding/base64"
	"fmt"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func multimodalCases() []Case {
	images, documents := []Capability{capImages}, []Capability{capDocuments}
	return []Case{
		{ID: "MUL-01", Name: "ImageBytes", check: imageBytes, Needs: images,
			Rule: "an image arrives byte for byte, with its type"},
		{ID: "MUL-02", Name: "ImageTypes", check: imageTypes, Needs: images,
			Rule: "PNG, JPEG, GIF and WebP are told apart by their first bytes where the caller does not say"},
		{ID: "MUL-03", Name: "Order", check: mediaOrder, Needs: images,
			Rule: "text and images keep their order"},
		{ID: "MUL-04", Name: "ImageInResult", check: imageInResult, Needs: []Capability{capImages, capTools},
			Rule: "an image in a tool result arrives there, or is told in Warnings"},
		{ID: "MUL-05", Name: "DocumentBytes", check: documentBytes, Needs: documents,
			Rule: "a document arrives byte for byte, with its type and its name"},
		{ID: "MUL-06", Name: "DocumentText", check: documentText, Needs: documents,
			Rule: "a document that is text arrives whole"},
		{ID: "MUL-07", Name: "DocumentNames", check: documentNames, Needs: documents,
			Rule: "documents keep their names apart and in every call the same; a name that was changed is told in Warnings"},
		{ID: "MUL-08", Name: "VideoBytes", check: videoBytes, Needs: []Capability{capVideo},
			Rule: "a video arrives byte for byte, with its type"},
		{ID: "MUL-09", Name: "AudioBytes", check: audioBytes, Needs: []Capability{capAudio},
			Rule: "audio arrives byte for byte, with its type"},
		{ID: "MUL-10", Name: "URINotFetched", check: uriNotFetched, Needs: []Capability{capImages, capMediaURIs},
			Rule: "a URI is passed on as it is; nothing is fetched"},
		{ID: "MUL-11", Name: "BytesNotKept", check: bytesNotKept, Needs: images,
			Rule: "once a call has returned, the caller may change the bytes of its files"},
		{ID: "MUL-12", Name: "LargeImage", check: largeImage, Needs: images,
			Rule: "a large image arrives whole"},
		{ID: "MUL-13", Name: "ImagesRefused", check: imagesRefused, Unless: capImages,
			Rule: "a model without images refuses one with ErrUnsupported and sends nothing"},
		{ID: "MUL-14", Name: "DocumentsRefused", check: documentsRefused, Unless: capDocuments,
			Rule: "a model without documents refuses one with ErrUnsupported and sends nothing"},
		{ID: "MUL-15", Name: "VideoRefused", check: videoRefused, Unless: capVideo,
			Rule: "a model without video refuses it with ErrUnsupported and sends nothing"},
		{ID: "MUL-16", Name: "AudioRefused", check: audioRefused, Unless: capAudio,
			Rule: "a model without audio refuses it with ErrUnsupported and sends nothing"},
		{ID: "MUL-17", Name: "HugeImage", check: hugeImage, Needs: []Capability{capImages},
			Rule: "an image of more than 5 MB arrives whole, or is refused"},
		{ID: "MUL-18", Name: "GuardContent", check: guardContent,
			Rule: "guarded text and images arrive with their qualifiers, in system messages too, are refused, or it is told what was left out"},
		{ID: "MUL-19", Name: "SearchResults", check: searchResultFields,
			Rule: "search results arrive with every field, are refused, or it is told what was left out"},
		{ID: "MUL-20", Name: "DocumentFields", check: documentFields, Needs: []Capability{capDocuments},
			Rule: "a document's context, chunks, wish for citations and owner arrive, are refused, or it is told what was left out"},
		{ID: "MUL-21", Name: "FilesByURI", check: filesByURIArrive,
			Rule: "every kind of file by URI arrives with its type and its owner, is refused, or it is told what was left out"},
		{ID: "MUL-22", Name: "GivenTypes", check: givenTypesArrive,
			Rule: "the type that the caller gives is the one that arrives, or is refused"},
		{ID: "MUL-23", Name: "OwnBlocks", check: ownBlocks,
			Rule: "an opaque block of the provider's own arrives byte for byte, is refused, or it is told that it was left out"},
		{ID: "MUL-24", Name: "PartsInResults", check: partsInResults, Needs: []Capability{capTools},
			Rule: "what a tool result may hold arrives inside it with every field, is refused, or it is told what was left out or moved"},
	}
}

// pixel is a PNG of one pixel.
var pixel = func() []byte {
	data, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	return data
}()

// page is the beginning of a PDF, with bytes that are not text.
var page = []byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n\x00\xff\n%%EOF")

// arrives checks that a message of a user arrives as it is, without warnings.
func (p *probe) arrives(parts ...model.Part) {
	p.sent(&model.Request{Messages: []model.Message{model.UserParts(parts...)}}, func(w way, got *prompt, resp *model.Response) {
		p.equal(fmt.Sprintf("the turn that %s sent", w), got.last(), parts)
		p.silent(w, resp)
	})
}

func imageBytes(p *probe) {
	p.arrives(model.Text("What is it?"), model.Image{MediaType: "image/png", Data: pixel})
}

func imageTypes(p *probe) {
	for _, c := range []struct{ want, data string }{
		{"image/png", string(pixel)},
		{"image/jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00\xff\xd9"},
		{"image/gif", "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00,"},
		{"image/webp", "RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"},
	} {
		want, data := c.want, []byte(c.data)
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("What is it?"), model.Image{Data: data})}}
		p.sent(req, func(w way, got *prompt, _ *model.Response) {
			for _, part := range got.last() {
				img, ok := part.(model.Image)
				if !ok {
					continue
				}
				if img.MediaType != want && img.MediaType != "" {
					p.errorf("%s sent an image of type %q, want %q", w, img.MediaType, want)
				}
				if !bytes.Equal(img.Data, data) {
					p.errorf("%s sent an image of %s, want %s", w, digest(img.Data), digest(data))
				}
				return
			}
			p.errorf("%s sent no image: %s", w, describeParts(got.last()))
		})
	}
}

func mediaOrder(p *probe) {
	img := model.Image{MediaType: "image/png", Data: pixel}
	p.arrives(model.Text("First:"), img, model.Text("Second:"), img, model.Text("Which is better?"))
}

func imageInResult(p *probe) {
	result := model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("The map:"), model.Image{MediaType: "image/png", Data: pixel}}}
	p.sent(toolTurn([]model.Part{call("c1", "map", `{"city":"Oslo"}`)}, result), func(w way, got *prompt, resp *model.Response) {
		if !warned(resp, "messages[2]") {
			p.equal(fmt.Sprintf("the turn that %s sent", w), got.last(), []model.Part{result})
		}
	})
}

func documentBytes(p *probe) {
	p.arrives(model.Text("Sum it up."), model.Document{Name: "report", MediaType: "application/pdf", Data: page})
}

func documentText(p *probe) {
	const text = "Line one.\nLine two – ünd drei.\n"
	req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("Sum it up."), model.Document{Name: "notes", MediaType: "text/plain", Text: text})}}
	p.sent(req, func(w way, got *prompt, _ *model.Response) {
		for _, part := range got.last() {
			if d, ok := part.(model.Document); ok {
				p.equal(fmt.Sprintf("text of the document that %s sent", w), d.Text+string(d.Data), text)
				return
			}
		}
		p.errorf("%s sent no document: %s", w, describeParts(got.last()))
	})
}

func documentNames(p *probe) {
	given := []string{"report", "report", "résumé (final).v2.pdf", ""}
	var parts []model.Part
	for i, name := range given {
		parts = append(parts, model.Document{Name: name, MediaType: "application/pdf", Data: append(bytes.Clone(page), byte(i))})
	}
	req := &model.Request{Messages: []model.Message{model.UserParts(append(parts, model.Text("Sum them up."))...)}}
	var first []string
	for range 3 {
		p.sent(req, func(w way, got *prompt, resp *model.Response) {
			names := documentNamesOf(got)
			if first == nil {
				first = names
			}
			p.equal(fmt.Sprintf("names of documents that %s sent, compared with an earlier call", w), names, first)
			if len(names) != len(given) {
				p.fatalf("%s sent %d documents, want %d", w, len(names), len(given))
			}
			for i, name := range names {
				if name != given[i] && !warned(resp, fmt.Sprintf("messages[0].parts[%d]", i)) {
					p.errorf("%s sent document %d as %q, want %q or a warning", w, i, name, given[i])
				}
			}
		})
	}
}

func documentNamesOf(got *prompt) []string {
	var names []string
	for _, part := range got.all(model.RoleUser) {
		if d, ok := part.(model.Document); ok {
			names = append(names, d.Name)
		}
	}
	return names
}

func videoBytes(p *probe) {
	p.arrives(model.Text("What happens?"), model.Video{MediaType: "video/mp4", Data: []byte("\x00\x00\x00\x18ftypmp42\x00\xff\x80")})
}

func audioBytes(p *probe) {
	p.arrives(model.Text("What is said?"), model.Audio{MediaType: "audio/mp3", Data: []byte("ID3\x04\x00\x00\xff\xfb\x90")})
}

func uriNotFetched(p *probe) {
	p.arrives(model.Text("What is it?"), model.Image{MediaType: "image/png", URI: "s3://nowhere-0/a b/ü.png"})
}

func bytesNotKept(p *probe) {
	for _, w := range ways {
		r := p.play(fake.Text("ok").Times(2))
		data := bytes.Clone(pixel)
		req := &model.Request{Messages: []model.Message{model.UserParts(model.Text("What is it?"), model.Image{MediaType: "image/png", Data: data})}}
		if w == streaming {
			s := r.stream(p.ctx, req)
			clear(data)
			if _, err := s.Response(); err != nil {
				p.fatalf("Stream failed: %v", err)
			}
		} else {
			r.answer(w, req)
			clear(data)
		}
		for _, part := range r.prompt(0).last() {
			if img, ok := part.(model.Image); ok && !bytes.Equal(img.Data, pixel) {
				p.errorf("%s sent an image of %s after its bytes were changed, want %s", w, digest(img.Data), digest(pixel))
			}
		}
	}
}

func largeImage(p *probe) {
	data := append(bytes.Clone(pixel), bytes.Repeat([]byte{0, 1, 0xfe, 0xff}, 1<<14)...)
	p.arrives(model.Text("What is it?"), model.Image{MediaType: "image/png", Data: data})
}

// mediaRefused checks that a file is refused, in a message and, where there
// are tools, in a tool result.
func (p *probe) mediaRefused(what string, part model.Part) {
	p.refused(what, &model.Request{Messages: []model.Message{model.UserParts(model.Text("Look."), part)}}, model.ErrUnsupported)
	if p.subject.Capabilities.Tools {
		result := model.ToolResult{CallID: "c1", Parts: []model.Part{model.Text("Here."), part}}
		p.refused(what+" in a tool result", toolTurn([]model.Part{call("c1", "look", `{}`)}, result), model.ErrUnsupported)
	}
}

func imagesRefused(p *probe) {
	p.mediaRefused("an image", model.Image{MediaType: "image/png", Data: pixel})
}

func documentsRefused(p *probe) {
	p.mediaRefused("a document", model.Document{Name: "report", MediaType: "application/pdf", Data: page})
}

func videoRefused(p *probe) {
	p.mediaRefused("a video", model.Video{MediaType: "video/mp4", Data: []byte("\x00\x00\x00\x18ftypmp42")})
}

func audioRefused(p *probe) {
	p.mediaRefused("audio", model.Audio{MediaType: "audio/mp3", Data: []byte("ID3\x04\x00")})
}
