package bedrock_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

// TestMapMediaTypes checks every MIME type that Converse has a format for.
func TestMapMediaTypes(t *testing.T) { runMappings(t, mapMediaTypes()) }

func mapMediaTypes() (rows []mapping) {
	data := []byte("\x01\x02")
	kinds := []struct {
		member  string
		part    func(mediaType string) model.Part
		formats map[string]string // MIME type to format
		refused []string
	}{
		{"image", func(mt string) model.Part { return model.Image{MediaType: mt, Data: data} }, map[string]string{
			"image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/pjpeg": "jpeg", "image/gif": "gif", "image/webp": "webp",
			"IMAGE/PNG": "png", "image/png; charset=x": "png", " image/png ": "png", "png": "png", "image/x-bedrock-avif": "avif",
		}, []string{"", "image/bmp", "image/", "invalidmimetype", "application/pdf", "image/x-bedrock-"}},
		{"document", func(mt string) model.Part { return model.Document{Name: "d", MediaType: mt, Data: data} }, map[string]string{
			"application/pdf": "pdf", "text/csv": "csv", "application/msword": "doc",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
			"application/vnd.ms-excel": "xls", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
			"text/html": "html", "text/plain": "txt", "text/markdown": "md", "text/x-markdown": "md", "text/html; charset=utf-8": "html",
		}, []string{"", "application/unknown-format", "image/png", "application/octet-stream"}},
		{"video", func(mt string) model.Part { return model.Video{MediaType: mt, Data: data} }, map[string]string{
			"video/x-matroska": "mkv", "video/matroska": "mkv", "video/quicktime": "mov", "video/mp4": "mp4", "video/webm": "webm",
			"video/x-flv": "flv", "video/mpeg": "mpeg", "video/mpg": "mpg", "video/x-ms-wmv": "wmv", "video/3gpp": "three_gp",
		}, []string{"", "video/avi", "audio/mpeg"}},
		{"audio", func(mt string) model.Part { return model.Audio{MediaType: mt, Data: data} }, map[string]string{
			"audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/opus": "opus", "audio/wav": "wav", "audio/x-wav": "wav", "audio/vnd.wave": "wav",
			"audio/aac": "aac", "audio/flac": "flac", "audio/x-flac": "flac", "audio/mp4": "mp4", "audio/ogg": "ogg",
			"audio/x-matroska": "mkv", "audio/matroska": "mkv", "audio/x-mka": "mka", "audio/m4a": "m4a", "audio/x-m4a": "m4a",
			"audio/x-mpeg": "mpeg", "audio/mpga": "mpga", "audio/pcm": "pcm", "audio/l16": "pcm", "audio/webm": "webm", "audio/x-aac": "x-aac",
		}, []string{"", "audio/midi", "video/mp4"}},
	}
	for _, k := range kinds {
		model1 := nova1
		if k.member == "audio" {
			model1 = unknown // none that is known hears
		}
		for mediaType, format := range k.formats {
			name := ""
			if k.member == "document" {
				name = `"name":"d",`
			}
			m := mapping{name: k.member + " " + mediaType, model: model1, req: talk(user(model.Text("Hi"), k.part(mediaType))),
				want: `{"messages":[{"role":"user","content":[{"text":"Hi"},{"` + k.member + `":{` + name + `"format":"` + format + `","source":{"bytes":"AQI="}}}]}]}`}
			rows = append(rows, m)
		}
		for _, mediaType := range k.refused {
			m := mapping{name: "refused " + k.member + " " + mediaType, model: model1, req: talk(user(model.Text("Hi"), k.part(mediaType))),
				fails: model.ErrUnsupported, field: "messages[0].parts[1]"}
			rows = append(rows, m)
		}
	}
	return rows
}

// TestMapMediaSources checks the places that files can be in.
func TestMapMediaSources(t *testing.T) { checkMappings(t, mapMediaSources()) }

func mapMediaSources() []mapping {
	one := func(block string) string { return `{"messages":[{"role":"user","content":[` + block + `]}]}` }
	image := func(data string) model.Request { return talk(user(model.Image{Data: []byte(data)})) }
	return []mapping{
		{name: "an image in S3", model: nova1, req: talk(user(model.Image{MediaType: "image/png", URI: "s3://b/k.png"})), want: one(`{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/k.png"}}}}`)},
		{name: "a video in another account's S3", model: nova1, req: talk(user(model.Video{MediaType: "video/mp4", URI: "s3://b/k", Owner: "123456789012"})),
			want: one(`{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"123456789012"}}}}`)},
		{name: "audio in S3", model: unknown, req: talk(user(model.Audio{MediaType: "audio/wav", URI: "s3://b/k"})), want: one(`{"audio":{"format":"wav","source":{"s3Location":{"uri":"s3://b/k"}}}}`)},
		{name: "a document in S3", model: nova1, req: talk(user(model.Text("a"), model.Document{Name: "d", MediaType: "application/pdf", URI: "s3://b/k", Owner: "123456789012"})),
			want: one(`{"text":"a"},{"document":{"name":"d","format":"pdf","source":{"s3Location":{"uri":"s3://b/k","bucketOwner":"123456789012"}}}}`)},
		{name: "an image elsewhere", why: "nothing is fetched for the caller", model: nova1, req: talk(user(model.Image{MediaType: "image/png", URI: "https://a.example/x.png"})), fails: model.ErrUnsupported, field: "messages[0].parts[0]"},
		{name: "an image in a data URL", model: nova1, why: "it holds its data itself", req: talk(user(model.Image{MediaType: "image/png", URI: "data:image/png;base64,AQI="})), want: one(`{"image":{"format":"png","source":{"bytes":"AQI="}}}`)},
		{name: "a document elsewhere", model: nova1, req: talk(user(model.Document{Name: "d", MediaType: "application/pdf", URI: "file:///etc/passwd"})), fails: model.ErrUnsupported, field: "messages[0].parts[0]"},
		{name: "a video elsewhere", model: nova1, req: talk(user(model.Text("a"), model.Video{MediaType: "video/mp4", URI: "http://a.example"})), fails: model.ErrUnsupported, field: "messages[0].parts[1]"},
		{name: "a document of text", model: nova1, req: talk(user(model.Text("a"), model.Document{Name: "d", Text: "t", Context: "about", Citations: true})),
			want: one(`{"text":"a"},{"document":{"name":"d","format":"txt","source":{"text":"t"},"context":"about","citations":{"enabled":true}}}`)},
		{name: "a document of chunks", model: nova1, why: "chunks are for citations; without them it is a file", req: talk(user(model.Text("a"), model.Document{Name: "d", MediaType: "text/markdown", Chunks: []string{"a", "b"}})),
			want: one(`{"text":"a"},{"document":{"name":"d","format":"md","source":{"bytes":"YQpi"}}}`)},
		{name: "a PNG by its first bytes", model: nova1, req: image("\x89PNG\r\n\x1a\n"), want: one(`{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}}`)},
		{name: "a JPEG by its first bytes", model: nova1, req: image("\xff\xd8\xff\xe0"), want: one(`{"image":{"format":"jpeg","source":{"bytes":"/9j/4A=="}}}`)},
		{name: "a GIF by its first bytes", model: nova1, req: image("GIF89a"), want: one(`{"image":{"format":"gif","source":{"bytes":"R0lGODlh"}}}`)},
		{name: "an old GIF by its first bytes", model: nova1, req: image("GIF87a"), want: one(`{"image":{"format":"gif","source":{"bytes":"R0lGODdh"}}}`)},
		{name: "a WebP by its first bytes", model: nova1, req: image("RIFF\x00\x00\x00\x00WEBP"), want: one(`{"image":{"format":"webp","source":{"bytes":"UklGRgAAAABXRUJQ"}}}`)},
		{name: "a RIFF that is no WebP", model: nova1, req: image("RIFF\x00\x00\x00\x00WAVE"), fails: model.ErrUnsupported, field: "messages[0].parts[0]"},
		{name: "data and a URI", model: nova1, req: talk(user(model.Image{MediaType: "image/png", Data: []byte("x"), URI: "s3://b/k"})), fails: model.ErrInvalidRequest, field: "messages[0].parts[0]"},
	}
}

// TestMapDocumentNames checks how names are made legal and distinct.
func TestMapDocumentNames(t *testing.T) { runMappings(t, mapDocumentNames()) }

func mapDocumentNames() (rows []mapping) {
	for _, row := range []struct{ name, mediaType, want string }{
		{"report", "application/pdf", "report"},
		{"report.pdf", "application/pdf", "report"},
		{"report.PDF", "application/pdf", "report"},
		{"report.pdf", "text/plain", "report-pdf"},
		{"company_policy", "text/plain", "company_policy"},
		{"a.b.c", "text/plain", "a-b-c"},
		{"a  b\t\nc ", "text/plain", "a b c"},
		{"q(1) [x]-y", "text/plain", "q(1) [x]-y"},
		{"a/b\\c:d", "text/plain", "a-b-c-d"},
		{"Übersicht", "text/plain", "-bersicht"},
		{"日本", "text/plain", "document"},
		{"", "text/plain", "document"},
		{" ", "text/plain", "document"},
		{".pdf", "application/pdf", "document"},
		{strings.Repeat("x", 200), "text/plain", strings.Repeat("x", 200)},
		{strings.Repeat("x", 201), "text/plain", strings.Repeat("x", 200)},
		{strings.Repeat("x", 199) + " y", "text/plain", strings.Repeat("x", 199)},
	} {
		m := mapping{name: fmt.Sprintf("%.30q", row.name), model: claude45, req: talk(user(model.Text("Hi"), model.Document{Name: row.name, MediaType: row.mediaType, Data: []byte("\x01")}))}
		format := "txt"
		if row.mediaType == "application/pdf" {
			format = "pdf"
		}
		m.want = `{"messages":[{"role":"user","content":[{"text":"Hi"},{"document":{"name":"` + row.want + `","format":"` + format + `","source":{"bytes":"AQ=="}}}]}]}`
		if row.name != row.want {
			m.warns = []string{"changed messages[0].parts[1].name"}
		}
		rows = append(rows, m)
	}
	return rows
}

// documentNames finds the names of documents, and of those that are too many for
// a request, in the texts in their place.
var documentNames = regexp.MustCompile(`"document":\{"format":"txt","name":"([^"]*)"|"\(document: ([^"]*)\)"`)

// TestMapDocumentNamesDiffer checks that no two documents of a request have the
// same name, and that names stay the same when the history grows.
func TestMapDocumentNamesDiffer(t *testing.T) {
	for _, row := range sameNames() {
		unary, _ := callBoth(t, claude45, &row.req)
		if unary.err != nil {
			t.Fatal(unary.err)
		}
		var got []string
		for _, found := range documentNames.FindAllSubmatch(unary.body, -1) {
			got = append(got, string(found[1])+string(found[2]))
		}
		if strings.Join(got, "|") != strings.Join(row.want, "|") {
			t.Errorf("names of %d messages = %q, want %q", len(row.req.Messages), got, row.want)
		}
		warned := short(unary.resp.Warnings)
		if !contained(warned, "changed messages[0].parts[2].name") || row.req.Tools != nil && !contained(warned, "changed messages[2].parts[0].parts[1].name") ||
			contained(warned, "changed messages[0].parts[1].name") {
			t.Errorf("warnings = %q", warned)
		}
	}
}

// A sameName is a request with documents of one name, and the names they get.
type sameName struct {
	req  model.Request
	want []string
}

func sameNames() []sameName {
	doc := func(name string) model.Document {
		return model.Document{Name: name, MediaType: "text/plain", Text: "t"}
	}
	long := strings.Repeat("x", 250)
	first := []model.Message{
		user(model.Text("Hi"), doc("a"), doc("a"), doc("a (2)"), doc("a.txt")),
		assistant(call("c1")),
		user(result("c1", model.Text(" "), doc("a"), doc("b")), model.Text("So"), doc("b")),
	}
	want := []string{"a", "a (2)", "a (2) (2)", "a (3)", "a (4)", "b", "b (2)"}
	grown := append(append([]model.Message{}, first...), model.Assistant("Yes"), user(doc(long), doc(long), doc("a"), doc("b (2)")))
	wantGrown := append(append([]string{}, want...), strings.Repeat("x", 200), strings.Repeat("x", 196)+" (2)", "a (5)", "b (2) (2)")
	return []sameName{{withWeather(first...), want}, {withWeather(grown...), wantGrown}, {talk(first...), want}}
}

func contained(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}
