package blocks

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/wire"
)

// source returns where the bytes of a file are: in the body, if there is no URI.
func source(data []byte, uri, owner string) (*wire.MediaSource, error) {
	if uri == "" {
		return &wire.MediaSource{Bytes: data}, nil
	}
	loc, err := location(uri, owner)
	return &wire.MediaSource{S3Location: loc}, err
}

// location accepts what Converse fetches, which is S3 alone. This library fetches
// nothing itself: a URL given by a stranger must not be a way into the caller's
// network.
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

// shorten keeps long URIs out of errors. A data: URL holds the whole file.
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

// fromLocation returns the place of a file in S3, and the account that owns it.
func fromLocation(l *wire.S3Location) (uri, owner string) {
	if l.BucketOwner != nil {
		owner = *l.BucketOwner
	}
	return l.URI, owner
}

// SniffImage returns the media type of an image by its first bytes. It is empty
// if the data is not an image of a type that Converse takes.
func SniffImage(data []byte) string {
	if t := media.Sniff(data); strings.HasPrefix(t, "image/") {
		return t
	}
	return ""
}
