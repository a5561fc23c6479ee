package recordings

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// This file defines the format: go-vcr's own, version 2, with the origin in
// front of it. go-vcr ignores unknown keys.

// A document is a cassette file. It is written from this type and not from
// go-vcr's for two reasons: those have no place for an origin, and their bodies
// are plain strings, some of which YAML does not preserve.
type document struct {
	Origin       originDoc        `yaml:"origin"`
	Version      int              `yaml:"version"`
	Interactions []interactionDoc `yaml:"interactions"`
}

type originDoc struct {
	Kind   Kind     `yaml:"kind"`
	Source string   `yaml:"source,omitempty"`
	Model  string   `yaml:"model"`
	Region string   `yaml:"region,omitempty"`
	SDK    []string `yaml:"sdk,omitempty"`
	Date   string   `yaml:"date"`
}

type interactionDoc struct {
	ID       int         `yaml:"id"`
	Request  requestDoc  `yaml:"request"`
	Response responseDoc `yaml:"response"`
}

type requestDoc struct {
	Proto         string      `yaml:"proto"`
	ProtoMajor    int         `yaml:"proto_major"`
	ProtoMinor    int         `yaml:"proto_minor"`
	ContentLength int64       `yaml:"content_length"`
	Host          string      `yaml:"host"`
	Body          bodyDoc     `yaml:"body,omitempty"`
	Headers       http.Header `yaml:"headers,omitempty"`
	URL           string      `yaml:"url"`
	Method        string      `yaml:"method"`
}

type responseDoc struct {
	Proto         string      `yaml:"proto"`
	ProtoMajor    int         `yaml:"proto_major"`
	ProtoMinor    int         `yaml:"proto_minor"`
	ContentLength int64       `yaml:"content_length"`
	Body          bodyDoc     `yaml:"body"`
	Headers       http.Header `yaml:"headers"`
	Status        string      `yaml:"status"`
	Code          int         `yaml:"code"`
	Duration      string      `yaml:"duration"`
}

// A bodyDoc is a body in the form that it has in the file: as text if YAML
// preserves it, else in base64.
type bodyDoc string

func (b bodyDoc) MarshalYAML() (any, error) {
	if !fragile(string(b)) {
		return string(b), nil
	}
	return &yaml.Node{
		Kind:  yaml.ScalarNode,
		Tag:   "!!binary",
		Style: yaml.LiteralStyle,
		Value: wrap(base64.StdEncoding.EncodeToString([]byte(b)), 76),
	}, nil
}

// fragile reports whether YAML may not preserve a text. A text that starts with
// white space loses it, or makes a file that cannot be read, depending on the
// version of the YAML library. Keep-alive blank lines before JSON are such
// texts. The line separators of Unicode are line breaks to YAML anywhere.
func fragile(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && (!utf8.ValidString(s) || unicode.IsSpace(first) || first == '\ufeff' || strings.ContainsAny(s, "\u2028\u2029"))
}

func wrap(s string, width int) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + "\n")
		s = s[width:]
	}
	b.WriteString(s)
	return b.String()
}

func marshalCassette(origin Origin, c *cassette.Cassette) ([]byte, error) {
	doc := document{Origin: originDoc(origin), Version: cassette.CassetteFormatVersion}
	for i, in := range c.Interactions {
		doc.Interactions = append(doc.Interactions, interactionDoc{
			ID: i,
			Request: requestDoc{
				Proto: in.Request.Proto, ProtoMajor: in.Request.ProtoMajor, ProtoMinor: in.Request.ProtoMinor,
				ContentLength: in.Request.ContentLength, Host: in.Request.Host, Body: bodyDoc(in.Request.Body),
				Headers: in.Request.Headers, URL: in.Request.URL, Method: in.Request.Method,
			},
			Response: responseDoc{
				Proto: in.Response.Proto, ProtoMajor: in.Response.ProtoMajor, ProtoMinor: in.Response.ProtoMinor,
				ContentLength: in.Response.ContentLength, Body: bodyDoc(in.Response.Body),
				Headers: in.Response.Headers, Status: in.Response.Status, Code: in.Response.Code,
				Duration: "0s", // the real duration differs every time, and replay never waits for it
			},
		})
	}
	return yaml.Marshal(doc)
}
