package bedrock_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// picture returns a PNG file of a size, with zeros behind it up to a length.
func picture(t *testing.T, w, h, length int) model.Image {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black})); err != nil {
		t.Fatal(err)
	}
	return model.Image{MediaType: "image/png", Data: append(b.Bytes(), make([]byte, max(0, length-b.Len()))...)}
}

// TestSizesOfFiles checks that a file which the service refuses for its size is
// refused before anything is sent in the last turn, and is a text in an earlier
// one; and that it is sent where nothing is known against it.
func TestSizesOfFiles(t *testing.T) {
	const (
		sonnet37 = "anthropic.claude-3-7-sonnet-20250219-v1:0"
		nova     = "amazon.nova-pro-v1:0"
		scout    = "meta.llama4-scout-17b-instruct-v1:0"
	)
	document := func(format string, length int) model.Part {
		return model.Document{Name: "report", MediaType: "application/x-bedrock-" + format, Data: bytes.Repeat([]byte("a "), (length+1)/2)[:length]}
	}
	for _, tt := range []struct {
		name, id string
		invoke   bool
		part     model.Part
		refused  string // in the error; empty: the file is sent
	}{
		{"an image of 3.75 MB", sonnet45, false, picture(t, 1, 1, 3_932_160), ""},
		{"a longer one", sonnet45, false, picture(t, 1, 1, 3_932_161), "5242880 bytes in base64, and this one has 5242884"},
		{"a longer one, invoked", sonnet45, true, picture(t, 1, 1, 3_932_161), "5242880 bytes in base64, and this one has 5242884"},
		{"a longer one to Nova", nova, false, picture(t, 1, 1, 3_932_161), ""},
		{"a longer one to Llama", scout, false, picture(t, 1, 1, 3_932_161), ""},
		{"a wide image", sonnet45, false, picture(t, 8000, 1, 0), ""},
		{"a wider one", sonnet45, false, picture(t, 8001, 1, 0), "8000 pixels a side, and this one has 8001 by 1"},
		{"a higher one, invoked", sonnet45, true, picture(t, 1, 8001, 0), "8000 pixels a side, and this one has 1 by 8001"},
		{"a wider one to Nova", nova, false, picture(t, 8001, 1, 0), ""},
		{"a CSV file of 4.5 MB", sonnet45, false, document("csv", 4_718_592), ""},
		{"a longer one", sonnet45, false, document("csv", 4_718_593), "text/csv with at most 4718592 bytes"},
		{"a longer one to Nova", nova, false, document("csv", 4_718_593), "text/csv with at most 4718592 bytes"},
		{"a long PDF", sonnet45, false, document("pdf", 4_718_593), ""},
		{"a long PDF to an older one", sonnet37, false, document("pdf", 4_718_593), "application/pdf with at most 4718592 bytes"},
		{"a long PDF to an older one, invoked", sonnet37, true, document("pdf", 4_718_593), ""},
		{"a long PDF to Nova", nova, false, document("pdf", 4_718_593), ""},
		{"a long DOCX to Nova", nova, false, document("docx", 4_718_593), ""},
		{"a long DOCX to Claude", sonnet45, false, document("docx", 4_718_593), "wordprocessingml.document with at most"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			longest := 0
			client := roundTrip(func(r *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(r.Body)
				longest = max(longest, len(body))
				if err != nil {
					return nil, err
				}
				answer := unaryText("Hi")
				if tt.invoke {
					answer = claudeBody
				}
				return respond(200, strings.NewReader(answer), "Content-Type", "application/json")(r)
			})
			m := newModel(t, tt.id, client, nil)
			if tt.invoke {
				m = invoked(t, tt.id, bedrock.FormatAnthropic, client, nil)
			}
			about := model.Message{Role: model.RoleUser, Parts: []model.Part{model.Text("What is this?"), tt.part}}
			_, err := m.Generate(t.Context(), &model.Request{Messages: []model.Message{about}})
			if tt.refused == "" {
				if err != nil || longest < 4000 && !strings.Contains(tt.name, "wid") {
					t.Errorf("%v, with %d bytes sent; want the file to be sent", err, longest)
				}
				return
			}
			if !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), "messages[0].parts[1]") || !strings.Contains(err.Error(), tt.refused) || longest != 0 {
				t.Errorf("%v after %d bytes, want an unsupported error with messages[0].parts[1] and %q, and nothing sent", err, longest, tt.refused)
			}
			resp, err := m.Generate(t.Context(), &model.Request{Messages: []model.Message{about, model.Assistant("A file."), model.User("And now?")}})
			if err != nil || longest > 1000 || len(resp.Warnings) != 1 || resp.Warnings[0].Field != "messages[0].parts[1]" || !strings.Contains(resp.Warnings[0].Reason, tt.refused) {
				t.Errorf("%v, %v with %d bytes sent; want a warning and a text in its place", resp, err, longest)
			}
		})
	}
}
