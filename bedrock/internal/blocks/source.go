package blocks

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

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

// SniffImage returns the media type of an image by its first bytes, empty if it
// is none of those that Converse takes.
func SniffImage(data []byte) string {
	if t := media.Sniff(data); strings.HasPrefix(t, "image/") {
		return t
	}
	return ""
}
