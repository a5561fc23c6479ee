// Package media holds the file formats that Converse names, and their media
// types.
package media

import (
	"fmt"
	"slices"
	"strings"
)

// A Class is a class of files, such as images.
type Class struct {
	name    string // as in a media type
	formats []format
}

// A format is one of the file formats of a class, and its MIME types, the
// canonical one first.
type format struct {
	name  string
	types []string
}

// The classes.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
var (
	Image = Class{"image", []format{
		{"png", []string{"image/png"}},
		{"jpeg", []string{"image/jpeg", "image/jpg", "image/pjpeg"}},
		{"gif", []string{"image/gif"}},
		{"webp", []string{"image/webp"}},
	}}

	Document = Class{"application", []format{
		{"pdf", []string{"application/pdf"}},
		{"csv", []string{"text/csv"}},
		{"doc", []string{"application/msword"}},
		{"docx", []string{"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}},
		{"xls", []string{"application/vnd.ms-excel"}},
		{"xlsx", []string{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}},
		{"html", []string{"text/html"}},
		{"txt", []string{"text/plain"}},
		{"md", []string{"text/markdown", "text/x-markdown"}},
	}}

	Video = Class{"video", []format{
		{"mkv", []string{"video/x-matroska", "video/matroska"}},
		{"mov", []string{"video/quicktime"}},
		{"mp4", []string{"video/mp4"}},
		{"webm", []string{"video/webm"}},
		{"flv", []string{"video/x-flv"}},
		{"mpeg", []string{"video/mpeg"}},
		{"mpg", []string{"video/mpg"}},
		{"wmv", []string{"video/x-ms-wmv"}},
		{"three_gp", []string{"video/3gpp"}},
	}}

	Audio = Class{"audio", []format{
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
	}}
)

// Base returns a media type without its parameters, such as a charset, in lower
// case.
func Base(mediaType string) string {
	t, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	return strings.TrimSpace(t)
}

// Format returns the wire's name of a media type. Parameters such as a charset
// do not matter; a type that is the wire's own name serves as well.
func (c Class) Format(mediaType string) (string, error) {
	t := Base(mediaType)
	for _, f := range c.formats {
		if t == f.name || slices.Contains(f.types, t) {
			return f.name, nil
		}
	}
	if i := strings.IndexByte(t, '/'); i >= 0 { // as decoded from a format that is new to us
		if rest, ok := strings.CutPrefix(t[i+1:], "x-bedrock-"); ok && rest != "" {
			return rest, nil
		}
	}
	return "", fmt.Errorf("media type %q is not one that Converse takes; it takes %s", mediaType, c.Types())
}

// Type returns the media type of one of the wire's formats. A format that is
// new to us gets a type of its own, which Format turns back.
func (c Class) Type(format string) string {
	for _, f := range c.formats {
		if f.name == format {
			return f.types[0]
		}
	}
	if format == "" {
		return ""
	}
	return c.name + "/x-bedrock-" + format
}

// All returns the canonical media types of the class.
func (c Class) All() []string {
	all := make([]string, len(c.formats))
	for i, f := range c.formats {
		all[i] = f.types[0]
	}
	return all
}

// Types lists the canonical media types of the class, for texts.
func (c Class) Types() string { return strings.Join(c.All(), ", ") }
