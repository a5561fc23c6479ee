package media

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"path"
	"strings"
)

// DataURL reads a data: URL, which holds its data itself. Nothing is fetched. The
// error goes on from words such as "its data: URL" and holds no data.
// https://www.rfc-editor.org/rfc/rfc2397
func DataURL(uri string) (mediaType string, data []byte, err error) {
	head, body, ok := strings.Cut(uri, ",")
	if !ok || !IsDataURL(head) {
		return "", nil, errors.New("has no comma before its data")
	}
	head, encoded := cutBase64(head)
	if strings.Contains(body, "%") {
		if body, err = url.PathUnescape(body); err != nil {
			return "", nil, errors.New("holds a bad escape")
		}
	}
	data = []byte(body)
	if encoded {
		if data, err = decode(body); err != nil {
			return "", nil, errors.New("is not base64")
		}
	}
	if len(data) == 0 {
		return "", nil, errors.New("holds no data")
	}
	return Base(head[len("data:"):]), data, nil
}

// IsDataURL reports whether a URI holds its data itself. Schemes are of letters
// of either case.
func IsDataURL(uri string) bool {
	const scheme = "data:"
	return len(uri) >= len(scheme) && strings.EqualFold(uri[:len(scheme)], scheme)
}

// cutBase64 takes the mark of base64 from the head of a data: URL.
func cutBase64(head string) (string, bool) {
	i := strings.LastIndexByte(head, ';')
	if i < 0 || !strings.EqualFold(strings.TrimSpace(head[i+1:]), "base64") {
		return head, false
	}
	return head[:i], true
}

// decode reads base64 as programs write it: in either alphabet, with padding or
// without, in one line or in several.
func decode(s string) ([]byte, error) {
	if strings.ContainsAny(s, "-_ \t") {
		s = strings.NewReplacer("-", "+", "_", "/", " ", "", "\t", "").Replace(s)
	}
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "=\r\n"))
}

// ByExtension returns the media type of the class that a file's name ends in. It
// is empty if there is none.
func (c Class) ByExtension(name string) string {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if ext == "jpg" {
		ext = "jpeg"
	}
	format, err := c.Format(ext)
	if err != nil {
		return ""
	}
	return c.Type(format)
}

// Sniff returns the media type of a file by its first bytes. It is empty unless
// the type is one that Converse takes and that has bytes of its own. Those of Word
// and Excel are ZIP archives like any other, so they have none.
func Sniff(data []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.prefix)) && (s.at == 0 || len(data) >= s.at+len(s.then) && string(data[s.at:s.at+len(s.then)]) == s.then) {
			return s.mediaType
		}
	}
	return ""
}

// signatures are the first bytes of files, and what must follow at an offset.
var signatures = []struct {
	prefix    string
	at        int
	then      string
	mediaType string
}{
	{"\x89PNG\r\n\x1a\n", 0, "", "image/png"},
	{"\xff\xd8\xff", 0, "", "image/jpeg"},
	{"GIF87a", 0, "", "image/gif"},
	{"GIF89a", 0, "", "image/gif"},
	{"RIFF", 8, "WEBP", "image/webp"},
	{"%PDF-", 0, "", "application/pdf"},
}
