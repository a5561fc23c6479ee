package blocks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// A format is one of the file formats that Converse names, and its MIME types,
// the canonical one first.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
type format struct {
	name  string
	types []string
}

var imageFormats = []format{
	{"png", []string{"image/png"}},
	{"jpeg", []string{"image/jpeg", "image/jpg", "image/pjpeg"}},
	{"gif", []string{"image/gif"}},
	{"webp", []string{"image/webp"}},
}

var documentFormats = []format{
	{"pdf", []string{"application/pdf"}},
	{"csv", []string{"text/csv"}},
	{"doc", []string{"application/msword"}},
	{"docx", []string{"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}},
	{"xls", []string{"application/vnd.ms-excel"}},
	{"xlsx", []string{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}},
	{"html", []string{"text/html"}},
	{"txt", []string{"text/plain"}},
	{"md", []string{"text/markdown", "text/x-markdown"}},
}

var videoFormats = []format{
	{"mkv", []string{"video/x-matroska", "video/matroska"}},
	{"mov", []string{"video/quicktime"}},
	{"mp4", []string{"video/mp4"}},
	{"webm", []string{"video/webm"}},
	{"flv", []string{"video/x-flv"}},
	{"mpeg", []string{"video/mpeg"}},
	{"mpg", []string{"video/mpg"}},
	{"wmv", []string{"video/x-ms-wmv"}},
	{"three_gp", []string{"video/3gpp"}},
}

var audioFormats = []format{
	{"mp3", []string{"audio/mpeg", "audio/mp3"}},
	{"opus", []string{"audio/opus"}},
	{"wav", []string{"audio/wav", "audio/x-wav", "audio/vnd.wave"}},
	{"aac", []string{"audio/aac"}},
	{"flac", []string{"audio/flac", "audio/x-flac"}},
	{"mp4", []string{"audio/mp4"}},
	{"ogg", []string{"audio/ogg"}},
	{"mkv", []string{"audio/x-matroska", "audio/matroska"}},
	{"mka", []string{"audio/x-mka"}},
	{"m4a", []string{"audio/m4a", "audio/x-m4a"}},
	{"mpeg", []string{"audio/x-mpeg"}},
	{"mpga", []string{"audio/mpga"}},
	{"pcm", []string{"audio/pcm", "audio/l16"}},
	{"webm", []string{"audio/webm"}},
	{"x-aac", []string{"audio/x-aac"}},
}

// formatOf returns the wire's name of a MIME type. Parameters such as a
// charset do not matter; a type that is the wire's own name serves as well.
func formatOf(known []format, mediaType string) (string, error) {
	t, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	t = strings.TrimSpace(t)
	for _, f := range known {
		if t == f.name || slices.Contains(f.types, t) {
			return f.name, nil
		}
	}
	if i := strings.IndexByte(t, '/'); i >= 0 { // as decoded from a format that is new to us
		if rest, ok := strings.CutPrefix(t[i+1:], "x-bedrock-"); ok && rest != "" {
			return rest, nil
		}
	}
	return "", fmt.Errorf("media type %q is not one that Converse takes; it takes %s", mediaType, typeList(known))
}

// typeOf returns the MIME type of a format. A format that is new to us gets a
// type of its own, which formatOf turns back.
func typeOf(known []format, class, name string) string {
	for _, f := range known {
		if f.name == name {
			return f.types[0]
		}
	}
	if name == "" {
		return ""
	}
	return class + "/x-bedrock-" + name
}

func typeList(known []format) string {
	all := make([]string, len(known))
	for i, f := range known {
		all[i] = f.types[0]
	}
	return strings.Join(all, ", ")
}

// SniffImage returns the MIME type of an image by its first bytes, empty if it
// is none of those that Converse takes.
func SniffImage(data []byte) string {
	switch {
	case hasPrefix(data, "\x89PNG\r\n\x1a\n"):
		return "image/png"
	case hasPrefix(data, "\xff\xd8\xff"):
		return "image/jpeg"
	case hasPrefix(data, "GIF87a"), hasPrefix(data, "GIF89a"):
		return "image/gif"
	case len(data) >= 12 && hasPrefix(data, "RIFF") && string(data[8:12]) == "WEBP":
		return "image/webp"
	}
	return ""
}

func hasPrefix(data []byte, prefix string) bool {
	return len(data) >= len(prefix) && string(data[:len(prefix)]) == prefix
}

// source returns where the bytes of a file are.
func source(data []byte, uri, owner string) (*wire.MediaSource, error) {
	if uri == "" {
		return &wire.MediaSource{Bytes: data}, nil
	}
	loc, err := location(uri, owner)
	return &wire.MediaSource{S3Location: loc}, err
}

// location accepts what Converse fetches. This library fetches nothing itself:
// a URL given by a stranger must not be a way into the caller's network.
func location(uri, owner string) (*wire.S3Location, error) {
	if !strings.HasPrefix(uri, "s3://") {
		return nil, fmt.Errorf("uri %q is not in S3; Bedrock reads s3://bucket/key, and other files must be given as data", shorten(uri))
	}
	loc := &wire.S3Location{URI: uri}
	if owner != "" {
		loc.BucketOwner = &owner
	}
	return loc, nil
}

// shorten keeps data URLs out of errors.
func shorten(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}

// fromSource is the reverse of source.
func fromSource(s *wire.MediaSource) (data []byte, uri, owner string) {
	if s.S3Location != nil {
		uri, owner = fromLocation(s.S3Location)
		return nil, uri, owner
	}
	return s.Bytes, "", ""
}

func fromLocation(l *wire.S3Location) (uri, owner string) {
	if l.BucketOwner != nil {
		owner = *l.BucketOwner
	}
	return l.URI, owner
}
