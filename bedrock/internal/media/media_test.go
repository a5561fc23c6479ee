package media_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
)

func TestFormat(t *testing.T) {
	for _, row := range []struct {
		class     media.Class
		mediaType string
		want      string // empty: an error
	}{
		{media.Image, "image/png", "png"},
		{media.Image, "IMAGE/JPG; q=1", "jpeg"},
		{media.Image, "jpeg", "jpeg"},
		{media.Image, "image/x-bedrock-avif", "avif"},
		{media.Image, "image/tiff", ""},
		{media.Image, "", ""},
		{media.Document, "text/plain; charset=utf-8", "txt"},
		{media.Document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
		{media.Video, "video/3gpp", "three_gp"},
		{media.Audio, "audio/mp3", "mp3"},
	} {
		got, err := row.class.Format(row.mediaType)
		if got != row.want || (err == nil) != (row.want != "") {
			t.Errorf("Format(%q) = %q, %v; want %q", row.mediaType, got, err, row.want)
		}
	}
	for format, want := range map[string]string{"png": "image/png", "jpeg": "image/jpeg", "avif": "image/x-bedrock-avif", "": ""} {
		if got := media.Image.Type(format); got != want {
			t.Errorf("Type(%q) = %q, want %q", format, got, want)
		}
	}
}

func TestSniff(t *testing.T) {
	for data, want := range map[string]string{
		"\x89PNG\r\n\x1a\nrest":    "image/png",
		"\xff\xd8\xff\xe0":         "image/jpeg",
		"GIF89a":                   "image/gif",
		"RIFF\x00\x00\x00\x00WEBP": "image/webp",
		"RIFF\x00\x00\x00\x00WAVE": "",
		"RIFF":                     "",
		"%PDF-1.7":                 "application/pdf",
		"words":                    "",
		"":                         "",
	} {
		if got := media.Sniff([]byte(data)); got != want {
			t.Errorf("Sniff(%q) = %q, want %q", data, got, want)
		}
	}
}

func TestByExtension(t *testing.T) {
	for name, want := range map[string]string{"a.png": "image/png", "s3://b/x.JPG": "image/jpeg", "a.pdf": "", "a.": "", "a": "", "": ""} {
		if got := media.Image.ByExtension(name); got != want {
			t.Errorf("ByExtension(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestDataURL(t *testing.T) {
	for uri, want := range map[string][2]string{
		"data:image/png;base64,aGk=":            {"image/png", "hi"},
		"data:text/plain;charset=utf-8,a%20b":   {"text/plain", "a b"},
		"data:,hi":                              {"", "hi"},
		"data:image/png;base64,aGk%3D":          {"image/png", "hi"},
		"DATA:image/png;BASE64,aGk=":            {"image/png", "hi"},
		"data:image/png;base64,aGk":             {"image/png", "hi"},
		"data:image/png;base64,aG\r\nk=\n":      {"image/png", "hi"},
		"data:image/png;base64,_-8=":            {"image/png", "\xff\xef"},
		"image/png;base64,aGk=":                 {},
		"data:image/png;base64,":                {},
		"data:image/png;base64,?":               {},
		"data:image/png":                        {},
		"data:text/plain,%zz":                   {},
		"data:IMAGE/PNG; charset=x;base64,aGk=": {"image/png", "hi"},
	} {
		mediaType, data, err := media.DataURL(uri)
		if mediaType != want[0] || string(data) != want[1] || (err == nil) != (want[1] != "") {
			t.Errorf("DataURL(%q) = %q, %q, %v; want %q", uri, mediaType, data, err, want)
		}
	}
}
